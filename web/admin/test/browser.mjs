// A real Chromium over the mock server: what the two browser scripts share.

import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { startMock } from "../../scripts/mock-server.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
export const SCREENS = fileURLToPath(new URL("./screens/", import.meta.url));
const ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** Everything a run needs, and `close` to end it. Complaints of pages (errors, policy) are collected in `complaints`. */
export async function openBrowser({ empty = false } = {}) {
  mkdirSync(SCREENS, { recursive: true });
  const mock = await startMock({ admin: { empty } });
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ARGS });
  const complaints = [];
  const open = async ({ lang = "zh-CN", theme = "light", width = 1440, height = 900, role = "owner" } = {}) => {
    const context = await browser.newContext({ viewport: { width, height }, locale: lang, timezoneId: "Asia/Shanghai", colorScheme: theme, reducedMotion: "reduce", hasTouch: width < 600, acceptDownloads: true, permissions: ["clipboard-read", "clipboard-write"] });
    await context.addCookies([{ name: "mock_role", value: role, url: mock.url }]);
    await context.addInitScript(([key, value]) => localStorage.setItem(key, value), ["rapport.lang", lang]);
    await context.addInitScript(([key, value]) => localStorage.setItem(key, value), ["rapport.theme", theme]);
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() !== "error") return;
      // An answer that is no success is part of some stories.
      if (!/Failed to load resource/.test(message.text())) complaints.push(`${page.url()}: ${message.text()}`);
    });
    return page;
  };
  return { mock, open, complaints, close: async () => (await browser.close(), mock.close()) };
}

/** Opens a section and waits until nothing is on its way any more. */
export async function show(page, base, hash) {
  await page.goto(`${base}/admin#/${hash}`);
  await settled(page);
}

export async function settled(page) {
  await page.locator("main h1, main .ui-state").first().waitFor();
  await page.waitForLoadState("networkidle");
  await page.waitForFunction(() => !document.querySelector("main .ui-skeleton, main .ui-spinner"));
}

/** Findings of axe, as lines. */
export async function axe(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => {
    // An open dialog hides the rest, its heading and main part included.
    const enabled = !document.querySelector("[role=dialog]");
    return globalThis.axe.run(document, { resultTypes: ["violations"], rules: { "page-has-heading-one": { enabled }, "landmark-one-main": { enabled } } });
  });
  return violations.flatMap((it) => it.nodes.map((node) => `${it.id} (${it.impact}): ${node.target.join(" ")} ${(node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? ""}`));
}

/** The whole page in one picture: the window grows to what the scrolled part holds. */
export async function shoot(page, name) {
  const size = page.viewportSize();
  const tall = await page.evaluate(() => {
    const main = document.querySelector("main");
    return main ? Math.ceil(main.scrollHeight + main.getBoundingClientRect().top) : 0;
  });
  await page.setViewportSize({ width: size.width, height: Math.min(4_000, Math.max(size.height, tall)) });
  await page.screenshot({ path: `${SCREENS}${name}.png` });
  await page.setViewportSize(size);
}

/** Whether something is wider than the window. */
export async function overflows(page) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const main = document.querySelector("main");
    if (main && main.scrollWidth > main.clientWidth + 1) return `main ${main.scrollWidth} > ${main.clientWidth}`;
    return document.documentElement.scrollWidth > width ? `page ${document.documentElement.scrollWidth} > ${width}` : "";
  });
}
