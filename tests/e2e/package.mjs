// The browser's driver and the accessibility checker come from the web workspace; nothing is installed here.

import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const require = createRequire(join(root, "web", "package.json"));

export const { chromium } = require("playwright-core");
export const axe = require("axe-core").source;
