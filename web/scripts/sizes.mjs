// Compressed sizes against their targets (DESIGN.md section 7). Exits with 1 when one is exceeded.
// `--json` prints the same as JSON, `--bars` for make bars; names (`widget`, `admin`) choose.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const dist = join(dirname(dirname(fileURLToPath(import.meta.url))), "dist");

const BARS = [
  { name: "widget loader", bar: "widget-loader", files: () => [join(dist, "widget", "loader.js")], limit: 5 * 1024 },
  { name: "widget, whole (loader and frame)", bar: "widget-whole", files: () => [join(dist, "widget", "loader.js"), join(dist, "widget", "frame.html"), ...under(join(dist, "widget", "assets"))], limit: 40 * 1024 },
  { name: "desk, first visit", bar: "desk-first-visit", files: () => firstVisit("desk", ["index.html", "src/panel/panel.tsx"]), limit: 260 * 1024 },
  { name: "admin, first visit", bar: "admin-first-visit", files: () => firstVisit("admin", ["index.html", "src/overview/page.tsx"]), limit: 260 * 1024 },
];

const wanted = process.argv.slice(2).filter((it) => !it.startsWith("--"));
const rows = BARS.filter(({ name }) => wanted.length === 0 || wanted.some((it) => name.startsWith(it))).map(({ name, bar, files, limit }) => {
  const found = files().filter((it) => existsSync(it));
  if (!found.length) return { name, bar, bytes: null, limit, holds: false };
  const bytes = found.reduce((sum, file) => sum + gzipSync(readFileSync(file), { level: 9 }).length, 0);
  return { name, bar, bytes, limit, holds: bytes <= limit };
});

if (process.argv.includes("--json")) console.log(JSON.stringify(rows));
else if (process.argv.includes("--bars")) for (const it of rows) print(it);
else for (const { name, bytes, limit, holds } of rows) console.log(`${holds ? "ok " : "OVER"} ${name}: ${bytes ?? "not built"} of ${limit} bytes (gzip)`);
process.exitCode = rows.every((it) => it.holds) ? 0 : 1;

/** What a browser loads for these entries of an app: by the manifest of its build. */
function firstVisit(app, entries) {
  const file = join(dist, app, "manifest.json");
  if (!existsSync(file)) return [];
  const manifest = JSON.parse(readFileSync(file, "utf8"));
  const seen = new Set();
  const files = new Set(["index.html"]);
  const follow = (key) => {
    const chunk = manifest[key];
    if (!chunk || seen.has(key)) return;
    seen.add(key);
    for (const it of [chunk.file, ...(chunk.css ?? [])]) files.add(it);
    for (const it of chunk.imports ?? []) follow(it);
  };
  for (const entry of entries) follow(entry);
  return [...files].map((it) => join(dist, app, it));
}

function print({ bar, bytes, limit, holds }) {
  const figure = bytes === null ? "not built" : `${(bytes / 1024).toFixed(1)} KiB`;
  console.log(`BAR ${JSON.stringify({ name: bar, figure, target: `≤ ${limit / 1024} KiB`, holds })}`);
}

function under(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((it) => (it.isDirectory() ? under(join(folder, it.name)) : it.name.endsWith(".map") ? [] : [join(folder, it.name)]));
}
