// A site of somebody else that embeds the widget by its one tag, and vouches for its own customers.

import { createHmac } from "node:crypto";
import { createServer } from "node:http";

export class Site {
  #server;

  /** `from` is the address of the chat server. The policy allows no more than docs/widget.md asks for. */
  async open(from, key) {
    const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Another shop</title><main><h1>Another shop</h1><p>With a chat of its own.</p></main>
<script async src="${from}/widget/loader.js" data-key="${key}" data-theme="dark" data-position="left"></script></html>`;
    const policy = `default-src 'none'; script-src ${from}; connect-src ${from}; frame-src ${from}`;
    this.#server = createServer((request, response) => {
      if (request.url === "/favicon.ico") return void response.writeHead(204).end();
      response.writeHead(200, { "content-type": "text/html; charset=utf-8", "content-security-policy": policy }).end(page);
    });
    await new Promise((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  /** By name: to a browser that is another site than the chat server's address. */
  get url() {
    return `http://localhost:${this.#server.address().port}/`;
  }

  close() {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** A JWT (HS256) as the site's server would sign it, good for an hour. */
export function identityToken(secret, claims) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const body = `${part({ alg: "HS256", typ: "JWT" })}.${part({ exp: Math.floor(Date.now() / 1000) + 3600, ...claims })}`;
  return `${body}.${createHmac("sha256", secret).update(body).digest("base64url")}`;
}
