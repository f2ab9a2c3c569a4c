// One page under /admin/, split by section. Nothing inline, so that the content security policy can be strict.

import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  base: "/admin/",
  plugins: [react()],
  build: {
    outDir: here("../dist/admin"),
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Tells the size check what a first visit loads.
    manifest: "manifest.json",
  },
});
