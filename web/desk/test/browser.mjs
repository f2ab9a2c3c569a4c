// Opens the desk against the mock in Chromium, does what an agent does, runs axe on every screen and keeps pictures of them.
//
//   npm run build -w desk && node desk/test/browser.mjs [name filter]
//
// CHROMIUM names the browser (default /usr/bin/chromium). Pictures: desk/test/shots/ (git-ignored).

import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { startMock } from "../mock/server.mjs";
import * as scenes from "./scenes.mjs";

const SHOTS = join(dirname(fileURLToPath(import.meta.url)), "shots");
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const only = process.argv[2] ?? "";
mkdirSync(SHOTS, { recursive: true });

const LOOKS = {
  "zh-light": { locale: "zh-CN", colorScheme: "light", viewport: { width: 1440, height: 900 } },
  "en-dark": { locale: "en-GB", colorScheme: "dark", viewport: { width: 1440, height: 900 } },
  "en-light": { locale: "en-GB", colorScheme: "light", viewport: { width: 1100, height: 760 } },
  "zh-dark-phone": { locale: "zh-CN", colorScheme: "dark", viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
  "en-light-phone": { locale: "en-GB", colorScheme: "light", viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
};

const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const problems = [];

for (const [look, options] of Object.entries(LOOKS)) {
  for (const [name, play] of Object.entries(scenes)) await scene(`${look}-${name}`, options, play);
}
await browser.close();
for (const it of problems) console.error(it);
process.exitCode = problems.length ? 1 : 0;

async function scene(name, options, play) {
  if (!name.includes(only) || (play.only && !play.only(options))) return;
  const zh = options.locale.startsWith("zh");
  const mock = await startMock({ lang: zh ? "zh" : "en", ...(play.mock ?? {}) });
  const context = await browser.newContext({ ...options, deviceScaleFactor: 1.5, timezoneId: "Asia/Shanghai" });
  const page = await context.newPage();
  page.setDefaultTimeout(8_000);
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()) && !/Failed to load resource|WebSocket connection/.test(message.text())) problems.push(`${name}: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`${name}: ${error.stack}`));
  let number = 0;
  const shot = async (what, { axe = true } = {}) => {
    number += 1;
    await settled(page);
    await page.screenshot({ path: join(SHOTS, `${name}-${number}-${what}.png`), animations: "disabled" });
    if (axe) await check(page, `${name}-${what}`);
  };
  const tools = { page, context, mock: mock.mock, world: mock.world, url: mock.url, zh, phone: options.isMobile === true, shot, id: (it) => page.getByTestId(it) };
  try {
    await play(tools);
    console.log(`ok ${name}`);
  } catch (error) {
    problems.push(`${name}: ${error.stack}`);
    await page.screenshot({ path: join(SHOTS, `${name}-failed.png`) }).catch(() => undefined);
  } finally {
    await context.close();
    await mock.close();
  }
}

/** Nothing moves any more: animations are over and fonts are there. */
async function settled(page) {
  await page.evaluate(async () => {
    const frames = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const finite = () => document.getAnimations().filter((it) => it.effect?.getComputedTiming().iterations !== Infinity && it.playState === "running");
    await document.fonts.ready;
    await frames();
    for (let turn = 0; turn < 5 && finite().length > 0; turn += 1) {
      await Promise.race([Promise.allSettled(finite().map((it) => it.finished)), new Promise((resolve) => setTimeout(resolve, 1_500))]);
      await frames();
    }
  });
}

async function check(page, where) {
  // The protocol evaluates in the page without the policy being in the way.
  await page.evaluate(AXE);
  const violations = await page.evaluate(async () => {
    const result = await globalThis.axe.run(document, { resultTypes: ["violations"] });
    const all = (it, selector) => it.nodes.every((node) => document.querySelector(node.target.join(" "))?.matches(selector));
    const known = (it) =>
      // Lists that are walked from the field beside them are never focused themselves; axe knows this of combo boxes only.
      (it.id === "scrollable-region-focusable" && all(it, ".dk-pick-list, #dk-suggestions")) ||
      // What opens above the page hides the rest of it, landmarks and headings included, and lies outside of them.
      (["landmark-one-main", "page-has-heading-one", "region"].includes(it.id) && document.querySelector(".ui-overlay, .ui-popover, .ui-tooltip"));
    return result.violations.filter((it) => !known(it)).map((it) => `${it.id} (${it.impact}): ${it.nodes.map((node) => `${node.target.join(" ")} ${node.failureSummary?.split("\n").slice(1, 3).join(" ") ?? ""}`).slice(0, 4).join(" | ")}`);
  });
  for (const it of violations) problems.push(`${where}: axe ${it}`);
}
