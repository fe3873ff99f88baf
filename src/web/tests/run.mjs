// Every job of the map, in a browser, on the demo. `node tests/run.mjs [PART OF A NAME]`, with RATTACHE and CHROMIUM in the environment.
import { Server, openBrowser } from "./harness.mjs";
import * as ask from "./ask.mjs";
import * as look from "./look.mjs";
import * as draw from "./draw.mjs";
import * as files from "./files.mjs";
import * as page from "./page.mjs";

const wanted = process.argv[2] ?? "";
const tests = [page, ask, look, draw, files].flatMap((part) => Object.entries(part)).filter(([name]) => name.includes(wanted));
const server = new Server();
const browser = await openBrowser();
let failed = 0;
try {
  await server.start();
  if (!(await (await fetch(server.url)).text()).includes("app/main-")) {
    console.error("la carte n'est pas dans ce programme : scripts/map, puis rebâtir / the map is not in this program: scripts/map, then build again");
    process.exitCode = 0;
    tests.length = 0;
  }
  for (const [name, test] of tests) {
    const began = Date.now();
    try {
      await test({ server, browser });
      console.log(`ok   ${name.replaceAll("_", " ")} (${Date.now() - began} ms)`);
    } catch (error) {
      failed += 1;
      console.log(`FAIL ${name.replaceAll("_", " ")}\n     ${String(error.message).replaceAll("\n", "\n     ")}`);
      if (process.env.TRACE) console.log(error.stack);
    }
  }
} finally {
  await browser.close();
  await server.end();
}
console.log(`${tests.length - failed} of ${tests.length} passed`);
process.exitCode = failed > 0 ? 1 : 0;
