// Opens every page in a real browser against the mock server: both languages, light and dark, wide and narrow.
// Fails on accessibility findings, errors in the console, a refused policy, or a page wider than its window. Pictures go to test/screens.
//
//   npm run build && npm run look -w @rapport/admin            all of it
//   npm run look -w @rapport/admin -- members hours            only these pages
//   npm run look -w @rapport/admin -- --quick                  Chinese light wide, English dark narrow

import { axe, openBrowser, overflows, settled, shoot, show } from "./browser.mjs";

const id = (n) => `0192f000-0000-7000-8000-${String(n).padStart(12, "0")}`;
const PAGES = [
  ["overview", "overview"],
  ["members", "members"],
  ["member-new", "members/new"],
  ["teams", "teams"],
  ["inboxes", "inboxes"],
  ["inbox-install", `inboxes/${id(301)}/install`],
  ["inbox-looks", `inboxes/${id(302)}/looks`],
  ["inbox-service", `inboxes/${id(301)}/service`],
  ["inbox-security", `inboxes/${id(301)}/security`],
  ["channels", "channels"],
  ["channel-pick", "channels/new"],
  ["channel-new", "channels/new/telegram"],
  ["channel-connect", `channels/${id(305)}`],
  ["channel-telegram", `channels/${id(304)}/connect`],
  ["channel-service", `channels/${id(305)}/service`],
  ["hours", "hours"],
  ["hours-edit", `hours/${id(201)}`],
  ["hours-new", "hours/new"],
  ["replies", "replies"],
  ["reply-new", "replies/new"],
  ["knowledge", "knowledge"],
  ["article", `knowledge/${id(601)}`],
  ["article-versions", `knowledge/${id(601)}/versions`],
  ["article-new", "knowledge/new"],
  ["intents", "intents"],
  ["intent", `intents/${id(701)}`],
  ["intents-report", "intents/report"],
  ["lexicon", "lexicon"],
  ["lexicon-starters", "lexicon/starters"],
  ["term-new", "lexicon/new"],
  ["feelings", "feelings"],
  ["models", "models"],
  ["care", "care"],
  ["care-rule", `care/rules/${id(903)}`],
  ["care-budget", "care/budget"],
  ["care-spending", "care/spending"],
  ["care-replay", "care/replay"],
  ["privacy", "privacy"],
  ["settings", "settings"],
  ["tokens", "tokens"],
  ["token-new", "tokens/new"],
  ["audit", "audit"],
  ["account", "account"],
];
const LOOKS = [
  { lang: "zh-CN", theme: "light", width: 1440 },
  { lang: "en", theme: "dark", width: 390 },
  { lang: "en", theme: "dark", width: 1440 },
  { lang: "zh-CN", theme: "light", width: 390 },
  { lang: "en", theme: "light", width: 1440 },
  { lang: "zh-CN", theme: "dark", width: 1440 },
  { lang: "en", theme: "light", width: 390 },
  { lang: "zh-CN", theme: "dark", width: 390 },
];

const words = process.argv.slice(2);
const quick = words.includes("--quick");
const wanted = words.filter((it) => !it.startsWith("--"));
const pages = PAGES.filter(([name]) => wanted.length === 0 || wanted.some((it) => name.startsWith(it)));
const looks = quick ? LOOKS.slice(0, 2) : LOOKS;
const findings = [];

const run = await openBrowser();
for (const look of looks) {
  const label = `${look.lang.slice(0, 2)}-${look.theme}-${look.width}`;
  const page = await run.open({ ...look, height: look.width < 600 ? 844 : 900 });
  for (const [name, hash] of pages) await visit(page, name, hash, label);
  await page.context().close();
}
if (!wanted.length) {
  const reader = await run.open({ role: "agent" });
  for (const [name, hash] of PAGES.filter(([it]) => !/new|pick/.test(it))) await visit(reader, name, hash, "as-agent");
}
findings.push(...run.complaints);
await run.close();

if (!wanted.length) {
  const bare = await openBrowser({ empty: true });
  const page = await bare.open();
  for (const name of ["overview", "members", "teams", "inboxes", "channels", "hours", "replies", "knowledge", "intents", "lexicon", "models", "care", "privacy", "tokens", "audit"]) await visit(page, name, name, "empty", bare.mock.url);
  findings.push(...bare.complaints);
  await bare.close();
}

for (const finding of new Set(findings)) console.log(finding);
console.log(findings.length === 0 ? "every page is fine" : `${new Set(findings).size} findings`);
process.exit(findings.length === 0 ? 0 : 1);

async function visit(page, name, hash, label, base = run.mock.url) {
  try {
    await show(page, base, hash);
    await settled(page);
    const wide = await overflows(page);
    if (wide) findings.push(`${label} ${name}: too wide: ${wide}`);
    for (const line of await axe(page)) findings.push(`${label} ${name}: ${line}`);
    await shoot(page, `${name}.${label}`);
  } catch (error) {
    findings.push(`${label} ${name}: ${String(error).split("\n")[0]}`);
    await page.screenshot({ path: new URL(`./screens/${name}.${label}.failed.png`, import.meta.url).pathname });
  }
}
