// Builds every workspace that has a build into dist/<name>/, then checks the sizes.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const web = dirname(dirname(fileURLToPath(import.meta.url)));
const only = process.argv.slice(2);

for (const name of ["widget", "portal", "desk", "admin"]) {
  const manifest = join(web, name, "package.json");
  if ((only.length && !only.includes(name)) || !existsSync(manifest) || !JSON.parse(readFileSync(manifest, "utf8")).scripts?.build) continue;
  run("npm", ["run", "--silent", "build", "-w", `@rapport/${name}`]);
}
run(process.execPath, [join(web, "scripts", "sizes.mjs"), ...only]);

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: web, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
