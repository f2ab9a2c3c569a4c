// The widget's frame: one page, one script, one style sheet.

import { defineConfig } from "vitest/config";

export default defineConfig({
  base: "/widget/",
  publicDir: false,
  // The classic form carries less code than the automatic one; every byte of the widget counts.
  oxc: { jsx: { runtime: "classic", pragma: "h", pragmaFrag: "Fragment" }, jsxInject: `import { h, Fragment } from "preact"` },
  build: {
    outDir: "../dist/widget",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    assetsInlineLimit: 0,
    rollupOptions: { input: "frame.html" },
  },
  test: { environment: "happy-dom", include: ["test/**/*.test.ts", "test/**/*.test.tsx"] },
});
