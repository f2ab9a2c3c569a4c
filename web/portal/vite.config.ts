// Five small pages without a framework.

import { defineConfig } from "vite";

export default defineConfig({
  base: "/portal/",
  publicDir: false,
  build: {
    outDir: "../dist/portal",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    assetsInlineLimit: 0,
    rollupOptions: { input: ["index.html", "demo.html", "ticket.html", "article.html", "my-data.html"] },
  },
});
