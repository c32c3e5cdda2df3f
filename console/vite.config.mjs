// Builds src/*.ts into src/satwarn/web/static, where the result is committed: running satwarn needs no Node.
// MapLibre is not bundled: its own two files are laid beside ours as they are, and the worker is fetched from us.
import { readFileSync } from "node:fs";
import { defineConfig } from "vite";

const MAPLIBRE = ["maplibre-gl.mjs", "maplibre-gl-worker.mjs"];

const maplibre = {
  name: "maplibre",
  generateBundle() {
    const terms = readFileSync(new URL("node_modules/maplibre-gl/LICENSE.txt", import.meta.url));
    this.emitFile({ type: "asset", fileName: "maplibre-gl.LICENSE.txt", source: terms });
    for (const fileName of MAPLIBRE) {
      const text = readFileSync(new URL(`node_modules/maplibre-gl/dist/${fileName}`, import.meta.url), "utf8");
      this.emitFile({ type: "asset", fileName, source: text.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n") });
    }
  },
};

export default defineConfig({
  base: "./",
  publicDir: false,
  plugins: [maplibre],
  logLevel: "warn",
  build: {
    outDir: "../src/satwarn/web/static",
    emptyOutDir: false,
    target: "es2022",
    minify: false,
    modulePreload: false,
    reportCompressedSize: false,
    rollupOptions: {
      input: { desk: "src/desk.ts", public: "src/public.ts", map: "src/map.ts" },
      external: ["maplibre-gl"],
      preserveEntrySignatures: "strict",
      output: {
        format: "es",
        paths: { "maplibre-gl": "./maplibre-gl.mjs" },
        entryFileNames: "[name].js",
        chunkFileNames: "[name].js",
        manualChunks: (id) => (id.includes("/terra-draw") ? "terra-draw" : undefined),
      },
    },
  },
});
