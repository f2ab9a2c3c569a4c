// The network between one browser and the server: a TCP proxy that can be cut as networks are cut.

import { connect, createServer } from "node:net";

export class Wire {
  port = 0;
  /** Set once the server has its port. */
  to = 0;
  /** Which way bytes still pass. */
  #up = true;
  #down = true;
  #pairs = new Set();
  #server;

  async open() {
    this.#server = createServer((near) => this.#join(near));
    await new Promise((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.port = this.#server.address().port;
    return this;
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What the browser says still arrives; what the server answers does not. Nobody is told. */
  deafen() {
    this.#down = false;
  }

  /** From here on every byte is swallowed in both directions, and whoever connects gets no answer. Nobody is told. */
  cut() {
    this.#up = this.#down = false;
  }

  /** Bytes pass again; what was open is gone, as after a change of network. */
  mend() {
    this.#up = this.#down = true;
    for (const pair of [...this.#pairs]) this.#drop(pair);
  }

  close() {
    for (const pair of [...this.#pairs]) this.#drop(pair);
    this.#server.close();
  }

  #join(near) {
    const pair = { near, far: undefined };
    this.#pairs.add(pair);
    near.on("error", () => undefined);
    // A side that gives up during a cut cannot tell the other.
    near.on("close", () => this.#up && this.#drop(pair));
    near.setNoDelay(true);
    if (!this.#up) return void near.resume();
    const far = connect(this.to, "127.0.0.1");
    pair.far = far;
    far.setNoDelay(true);
    far.on("error", () => undefined);
    far.on("close", () => this.#down && this.#drop(pair));
    near.on("data", (bytes) => this.#up && far.write(bytes));
    far.on("data", (bytes) => this.#down && near.write(bytes));
  }

  #drop(pair) {
    this.#pairs.delete(pair);
    pair.near.destroy();
    pair.far?.destroy();
  }
}
