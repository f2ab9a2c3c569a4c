// Two pages under /desk/: the desk and the sign-in page. Nothing inline, so that the content security policy can be strict.

import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  base: "/desk/",
  plugins: [react()],
  build: {
    outDir: here("../dist/desk"),
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    // For scripts/sizes.mjs: what a first visit loads.
    manifest: "manifest.json",
    modulePreload: { polyfill: false },
    rolldownOptions: { input: { desk: here("./index.html"), "sign-in": here("./sign-in.html") } },
  },
});
