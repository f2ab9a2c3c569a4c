// What must not happen in any page: errors in the console, violated policies, failed requests, inaccessible parts.

import { axe } from "./package.mjs";

/** Said by Chromium itself when there is no network; expected while the test has cut it. */
const OF_A_CUT = /net::ERR_|WebSocket connection to|Failed to load resource: the server responded with a status of 50[234]/;

export class Watch {
  problems = [];
  violations = [];
  checked = 0;
  /** What the step itself provokes. */
  expected = undefined;
  /** True while the test itself has cut the network or killed the server. */
  cut = false;

  async context(context, who) {
    await context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (it) => console.error(`CSP: ${it.violatedDirective} ${it.blockedURI}`));
    });
    context.on("page", (page) => this.#page(page, who));
  }

  #page(page, who) {
    page.on("pageerror", (error) => this.problems.push(`${who}: ${error.stack ?? error}`));
    page.on("console", (message) => {
      if (!["error", "warning"].includes(message.type())) return;
      if ((this.cut && OF_A_CUT.test(message.text())) || this.expected?.test(message.text())) return;
      this.problems.push(`${who}: ${message.text()} (${message.location().url})`);
    });
  }

  /** The page with everything in its frames, by WCAG 2 A and AA and axe's best practices. */
  async accessible(page, where) {
    for (const frame of page.frames()) await frame.evaluate(axe);
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
    this.checked += 1;
    for (const it of violations) this.violations.push(`${where}: ${it.id}: ${it.help}: ${it.nodes.map((node) => node.target.join(" ")).join(" | ")}`);
  }
}
