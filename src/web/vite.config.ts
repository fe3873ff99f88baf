import { defineConfig } from "vite";

// One script, one style, MapLibre's worker: served under `app/`, beside the page, whatever prefix that has.
export default defineConfig({
  base: "./",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  worker: { format: "es" },
  build: {
    outDir: "dist/app",
    emptyOutDir: true,
    assetsDir: "",
    target: "es2022",
    modulePreload: false,
    // Everything is one answer away from the same machine: one file is quicker than many.
    rollupOptions: {
      input: "src/main.tsx",
      output: {
        entryFileNames: "main-[hash].js",
        chunkFileNames: "[name]-[hash].js",
        assetFileNames: "[name]-[hash][extname]",
      },
    },
  },
});
