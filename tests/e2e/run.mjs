// The bar: the newcomer's story in real Chromium, in Chinese and in English, with a network cut and a killed server in the middle.
//
//   node tests/e2e/run.mjs [zh|en]
//
// RAPPORT_BIN names a built binary (else `cargo build`), RAPPORT_CHROMIUM the browser. Pictures go to target/e2e/.
// RAPPORT_E2E_CUT_S shortens the cut while working on the test; its bars are printed for the whole minute only.

import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { chromium, root } from "./package.mjs";
import { Story } from "./story.mjs";

const began = performance.now();
const langs = process.argv.slice(2).filter((it) => it === "zh" || it === "en");
const cutMs = Number(process.env.RAPPORT_E2E_CUT_S ?? 60) * 1000;
const binary = process.env.RAPPORT_BIN ?? build();
if (!existsSync(join(root, "web", "dist", "widget", "loader.js"))) run("npm", ["run", "--silent", "build"], join(root, "web"));
rmSync(join(root, "target", "e2e"), { recursive: true, force: true });

const browser = await chromium.launch({
  executablePath: process.env.RAPPORT_CHROMIUM || "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const stories = (langs.length ? langs : ["zh", "en"]).map((lang) => new Story({ binary, browser, lang, cutMs }));
await Promise.all(stories.map((it) => it.run()));
await browser.close();

let failed = 0;
const passed = stories.reduce((sum, it) => sum + it.done.length, 0);
for (const story of stories) {
  const whole = !story.failure && story.watch.problems.length === 0;
  if (story.failure) failed += 1;
  for (const problem of story.watch.problems) console.log(`PROBLEM ${problem}`);
  for (const violation of story.watch.violations) console.log(`AXE ${violation}`);
  failed += story.watch.problems.length + story.watch.violations.length;
  bar(`e2e_${story.lang}`, whole ? "whole" : `${story.done.length} steps, ${story.watch.problems.length} problems`, "whole", whole);
}
for (const [name, which] of [["cut_60s", "cut"], ["kill9", "kill"]])
  for (const what of ["lost", "duplicated"]) {
    if (which === "cut" && cutMs < 60_000) continue;
    const accounts = stories.map((it) => it.accounts[which]);
    const figure = accounts.every(Boolean) ? accounts.reduce((sum, it) => sum + it[what].length, 0) : "not reached";
    bar(`${name}_${what}`, figure, "0", figure === 0);
  }
const violations = stories.reduce((sum, it) => sum + it.watch.violations.length, 0);
bar("axe_violations", violations, "0", violations === 0 && stories.every((it) => !it.failure));
console.log(`${passed} passed, ${failed} failed (${Math.round((performance.now() - began) / 1000)} s, ${stories.reduce((sum, it) => sum + it.watch.checked, 0)} pages looked at)`);
process.exit(failed ? 1 : 0);

function bar(name, figure, target, holds) {
  console.log(`BAR ${JSON.stringify({ name, figure, target, holds })}`);
}

function build() {
  run("cargo", ["build", "--quiet", "--locked", "--package", "rapport"], root);
  return join(root, "target", "debug", "rapport");
}

function run(command, args, cwd) {
  const { status } = spawnSync(command, args, { cwd, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
