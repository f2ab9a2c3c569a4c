// The loader: one classic script for the host page, without a module system and without a hash in its name.

import { defineConfig } from "vite";

export default defineConfig({
  publicDir: false,
  build: {
    outDir: "../dist/widget",
    emptyOutDir: false,
    target: "es2020",
    lib: { entry: "src/loader/loader.ts", formats: ["iife"], name: "RapportLoader", fileName: () => "loader.js" },
  },
});
