// Compresses what was built, which the program then holds so, and says what a browser has to load.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const MOST_BYTES = 600_000;
const folder = new URL("../dist/app/", import.meta.url);
let total = 0;
for (const name of readdirSync(folder)) {
  const file = new URL(name, folder);
  if (/\.(js|mjs|css|svg)$/.test(name)) {
    const packed = gzipSync(readFileSync(file), { level: 9 });
    total += packed.length;
    writeFileSync(new URL(`${name}.gz`, folder), packed);
    console.log(`${name}: ${(packed.length / 1000).toFixed(1)} kB gzip`);
  }
  rmSync(file);
}
console.log(`${(total / 1000).toFixed(1)} kB in all`);
if (total > MOST_BYTES) {
  console.error(`the map is over ${MOST_BYTES / 1000} kB`);
  process.exit(1);
}
