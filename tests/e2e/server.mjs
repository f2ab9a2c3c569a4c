// The real binary on a folder of its own: started, killed without warning, and started again on the same port.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { until } from "./until.mjs";

const READY_MS_MAX = 60_000;

export class Server {
  folder = mkdtempSync(join(tmpdir(), "rapport-e2e-"));
  port = 0;
  /** One-time sign-in links by role, as printed at start. */
  links = new Map();
  /** What it printed and logged, for when something fails. */
  said = [];
  #process;

  constructor(binary, publicUrl) {
    this.binary = binary;
    this.publicUrl = publicUrl;
  }

  /** Answers when it listens; the time it took, as it prints it. */
  async start() {
    const args = ["serve", "--demo", "--data", this.folder, "--listen", `127.0.0.1:${this.port}`, "--public-url", this.publicUrl, "--log", "warn"];
    const child = spawn(this.binary, args, { stdio: ["ignore", "pipe", "pipe"] });
    this.#process = child;
    this.links.clear();
    let role;
    const lines = createInterface({ input: child.stdout });
    createInterface({ input: child.stderr }).on("line", (line) => this.said.push(line));
    const listening = new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`not ready within ${READY_MS_MAX} ms`)), READY_MS_MAX);
      child.once("error", reject);
      child.once("exit", (code) => reject(new Error(`the server ended with ${code}:\n${this.said.slice(-20).join("\n")}`)));
      lines.on("line", (line) => {
        this.said.push(line);
        role = /one-time sign-in link, .*\((\w+)\)/.exec(line)?.[1] ?? role;
        const link = /^\s+(http\S+\/sign-in\S*)$/.exec(line)?.[1];
        if (link) this.links.set(role, link);
        const found = /^listening on http:\/\/[^:]+:(\d+) \(ready after (\d+) ms\)/.exec(line);
        if (!found) return;
        this.port = Number(found[1]);
        clearTimeout(late);
        resolve(Number(found[2]));
      });
    });
    return listening;
  }

  /** SIGKILL: no farewell, nothing flushed. */
  async kill() {
    const gone = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await gone;
  }

  async end() {
    if (this.#process && this.#process.exitCode === null && this.#process.signalCode === null) await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async link(role) {
    return until(`a sign-in link for the ${role}`, 5_000, () => this.links.get(role));
  }
}
