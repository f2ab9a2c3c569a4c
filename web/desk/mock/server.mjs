// The desk's side of the server in memory: HTTP under /api/rapport/v1, the live socket, and the pages.
// For looking at the desk without the real server, and for its browser test.
//
//   node mock/server.mjs [port] [--en] [--dev] [--quiet]
//
// --dev serves the sources through vite, otherwise dist/desk is served. Unless --quiet, customers write, answer and ask for people.

import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Care } from "./care.mjs";
import { seed } from "./seed.mjs";
import { customer, fault } from "./world.mjs";

const { WebSocketServer } = createRequire(import.meta.url)("ws");
const HERE = dirname(fileURLToPath(import.meta.url));
const DIST = join(HERE, "..", "..", "dist");
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml" };
const POLICY = "default-src 'self'; img-src 'self' blob: data:; connect-src 'self'; object-src 'none'; base-uri 'none'";
export const PASSWORD = "correct horse";

/** `signedIn: false` begins at the sign-in page; `pauses` gives the world a customer's pace. */
export async function startMock({ port = 0, lang = "zh", dev = false, signedIn = true, lively = false, role } = {}) {
  const mock = new Mock(seed(lang), { signedIn, lively });
  if (role) mock.world.me.role = role;
  const server = createServer((request, response) => void mock.http(request, response).catch((error) => json(response, 500, fault("internal", String(error), ""))));
  if (dev) {
    const { createServer: vite } = await import("vite");
    mock.vite = await vite({ root: join(HERE, ".."), configFile: join(HERE, "..", "vite.config.ts"), server: { middlewareMode: true, hmr: { server } }, appType: "mpa" });
  }
  const sockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request, socket, head) => {
    if (!request.url?.startsWith("/live")) return;
    if (mock.down || !mock.signedIn) return socket.destroy();
    sockets.handleUpgrade(request, socket, head, (it) => mock.live(it));
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  const close = async () => {
    for (const it of sockets.clients) it.terminate();
    await mock.vite?.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url, mock, world: mock.world, close };
}

class Mock {
  peers = new Set();
  down = false;
  /** Milliseconds that answers are held back, and paths that fail. */
  delayMs = 0;
  failing = new Set();
  hasPassword = true;

  constructor(world, { signedIn, lively }) {
    this.world = world;
    this.care = world.care = new Care(world);
    this.signedIn = signedIn;
    this.lively = lively;
    world.listeners.add((frame) => this.broadcast(frame));
  }

  // ---- HTTP

  async http(request, response) {
    const url = new URL(request.url, "http://mock");
    if (!url.pathname.startsWith("/api/")) return this.page(url.pathname, request, response);
    if (this.down) return void request.socket.destroy();
    if (this.delayMs) await new Promise((resolve) => setTimeout(resolve, this.delayMs));
    const path = url.pathname.slice("/api/rapport/v1".length);
    const zh = !/^en/.test(request.headers["accept-language"] ?? "zh");
    if ([...this.failing].some((it) => path.startsWith(it))) return json(response, 503, fault("store.unavailable", zh ? "数据暂时无法写入" : "Data cannot be written now", zh ? "请稍候重试" : "Try again shortly"));
    const body = request.headers["content-type"]?.includes("json") ? JSON.parse((await buffer(request)).toString("utf8") || "{}") : {};
    if (path.startsWith("/auth/")) return this.auth(path, body, response, zh);
    if (!this.signedIn) return json(response, 401, fault("auth.required", zh ? "请先登录" : "Sign in first", zh ? "打开登录页面" : "Open the sign-in page"));
    if (path === "/uploads") return this.upload(request, response);
    const blob = this.world.blobs.get(/^\/files\/(.+)$/.exec(path)?.[1]);
    if (blob) return void response.writeHead(200, { "content-type": blob.type, "x-content-type-options": "nosniff", "content-disposition": "attachment" }).end(blob.bytes);
    try {
      const answer = this.route(request.method, path, url.searchParams, body);
      return answer === undefined ? json(response, 404, fault("not_found", zh ? "未找到" : "Not found", zh ? "它可能已被删除，或不属于您的企业" : "It may be deleted, or belong to another organisation")) : json(response, 200, answer);
    } catch (error) {
      return json(response, 409, error.code ? error : fault("internal", String(error), ""));
    }
  }

  me() {
    const { presence: _presence, load: _load, version: _version, ...member } = this.world.me;
    return { member, tenant: this.world.tenant, csrf: "mock", has_password: this.hasPassword, permissions: ["personal_data"] };
  }

  auth(path, { email, password, token, new: next }, response, zh) {
    if (path === "/auth/sign-in") {
      if (password !== PASSWORD || !email) return json(response, 401, fault("auth.wrong_credentials", zh ? "邮箱或密码不正确" : "E-mail or password is wrong", zh ? "检查后重试，或请管理员发送登录链接" : "Check both, or ask an administrator for a sign-in link"));
    } else if (path === "/auth/link") {
      if (token !== "good") return json(response, 401, fault("auth.link_used", zh ? "登录链接已失效" : "This sign-in link is no longer valid", zh ? "每个链接只能使用一次，请重新获取" : "Each link works once; ask for a new one"));
      this.hasPassword = false;
    } else if (path === "/auth/password") {
      if (next.length < 10) return json(response, 422, fault("auth.weak_password", zh ? "密码过短或过于常见" : "The password is too short or too common", zh ? "至少 10 个字符" : "At least 10 characters"));
      this.hasPassword = true;
      return void response.writeHead(204).end();
    } else if (path === "/auth/sign-out") {
      this.signedIn = false;
      return void response.writeHead(204).end();
    }
    this.signedIn = true;
    return json(response, 200, this.me());
  }

  route(method, path, query, body) {
    const { world } = this;
    const cared = this.care.route(method, path, body, query);
    if (cared !== undefined) return cared;
    const number = (name, otherwise) => (query.has(name) ? Number(query.get(name)) : otherwise);
    const [, kind, id, part] = path.split("/");
    if (path === "/me") return method === "PATCH" ? (Object.assign(world.me, body), this.me().member) : this.me();
    if (path === "/members") return { items: [...world.members.values()] };
    if (path === "/teams") return { items: world.teams };
    if (path === "/inboxes") return { items: world.inboxes };
    if (path === "/canned-replies") return { items: world.canned };
    if (path === "/conversations/counts") return world.counts();
    if (path === "/conversations") return world.list({ view: query.get("view"), inbox: query.get("inbox"), contact: query.get("contact"), q: query.get("q"), before: query.get("before"), limit: number("limit", 50) });
    if (kind === "conversations" && world.rows.has(id)) {
      const row = world.rows.get(id);
      if (!part) return { ...world.shown(row), seq: world.journal.length, visitor_online: world.online.has(row.contact) };
      if (part === "reach") return { ...world.reach(row), ...this.reach };
      if (part === "entries") return world.entries(id, { before: number("before", Infinity), after: number("after", 0), limit: number("limit", 50) });
      if (part === "decisions") return world.decisions(id);
      if (part === "tickets") return world.createTicket(id, body);
    }
    if (kind === "contacts" && world.contacts.has(id)) return Object.assign(world.contacts.get(id), method === "PATCH" ? body : {});
    if (path === "/tickets") return { items: [...world.tickets.values()].filter((it) => query.get("open") !== "true" || !["done", "cancelled"].includes(it.stage)).sort((a, b) => b.updated_at - a.updated_at).map((it) => world.shownTicket(it)), next: null };
    const ticket = kind === "tickets" ? world.tickets.get(id) : undefined;
    if (ticket && part === "new-link") return (ticket.link_version += 1), { path: world.ticketPath(ticket) };
    if (ticket) return method === "PATCH" ? world.changeTicket(ticket, body) : world.shownTicket(ticket);
    return undefined;
  }

  async upload(request, response) {
    const bytes = await buffer(request);
    const head = bytes.toString("latin1");
    const name = Buffer.from(/filename="([^"]*)"/.exec(head)?.[1] ?? "file", "latin1").toString("utf8");
    const type = /Content-Type: ([^\r]+)/i.exec(head)?.[1] ?? "application/octet-stream";
    const boundary = /boundary=(.+)$/.exec(request.headers["content-type"] ?? "")?.[1] ?? "";
    const body = bytes.subarray(head.indexOf("\r\n\r\n") + 4, head.lastIndexOf(`\r\n--${boundary}`));
    const blob = randomUUID();
    this.world.blobs.set(blob, { type, bytes: body });
    return json(response, 200, { blob, name, media_type: type, bytes: body.length, ...(type === "image/png" ? { width: body.readUInt32BE(16), height: body.readUInt32BE(20) } : {}) });
  }

  page(path, request, response) {
    if (path === "/") return void response.writeHead(302, { location: "/desk" }).end();
    const file = { "/desk": "index.html", "/sign-in": "sign-in.html" }[path];
    if (this.vite) {
      if (file) request.url = `/desk/${file}`;
      return this.vite.middlewares(request, response, () => response.writeHead(404).end());
    }
    const found = normalize(join(DIST, file ? `desk/${file}` : path.slice(1)));
    if (!found.startsWith(DIST) || !existsSync(found) || !statSync(found).isFile()) return json(response, 404, fault("not_found", path, ""));
    response.writeHead(200, { "content-type": TYPES[extname(found)] ?? "application/octet-stream", "content-security-policy": POLICY, "cache-control": "no-store" });
    response.end(readFileSync(found));
  }

  // ---- live

  live(socket) {
    const peer = { greeted: false, put: (frame) => socket.readyState === 1 && socket.send(JSON.stringify(frame)), socket };
    this.peers.add(peer);
    socket.on("close", () => this.peers.delete(peer));
    socket.on("message", (data) => this.frame(peer, JSON.parse(String(data))));
  }

  frame(peer, frame) {
    const { world } = this;
    if (frame.t === "hello") {
      peer.greeted = true;
      peer.put({ t: "welcome", v: 1, seq: world.journal.length, heartbeat_s: 25, session: "mock" });
      for (const entry of world.journal.slice(frame.resume ?? world.journal.length)) peer.put({ t: "event", ...entry });
      peer.put({ t: "caught_up", seq: world.journal.length });
    } else if (frame.t === "ping") peer.put({ t: "pong" });
    else if (frame.t === "presence") world.me.presence = frame.presence;
    else if (frame.t === "send" || frame.t === "act") this.submit(peer, frame);
  }

  submit(peer, { id, t, conversation, content, action }) {
    if (this.mute) return;
    const before = this.world.known.get(id);
    if (before) return peer.put({ t: "ack", id, ...before, duplicate: true });
    try {
      const { seq } = this.world.act(conversation, this.world.me.id, t === "send" ? { action: "send", content } : action, id);
      this.world.known.set(id, { seq, conversation });
      peer.put({ t: "ack", id, seq, conversation, duplicate: false });
      if (this.lively && (t === "send" || action.action === "send")) this.answer(conversation);
    } catch (error) {
      peer.put({ t: "error", id, ...(error.code ? error : fault("internal", String(error), "")) });
    }
  }

  /** The customer reads, types and answers. */
  answer(conversation) {
    const row = this.world.rows.get(conversation);
    const later = (ms, run) => setTimeout(run, ms).unref();
    later(900, () => this.world.commit(conversation, customer(row.contact), { kind: "read_marked", up_to: row.last_seq }));
    later(1_600, () => this.typing(conversation, customer(row.contact)));
    later(4_200, () => this.world.received(conversation, this.world.say("好的，明白了，谢谢！", "I see, thank you!")));
  }

  typing(conversation, actor, on = true) {
    const row = this.world.rows.get(conversation);
    this.broadcast({ t: "typing", conversation, contact: row.contact, inbox: row.inbox, actor, on });
  }

  broadcast(frame) {
    for (const peer of this.peers) if (peer.greeted) peer.put(frame);
  }

  cut() {
    for (const peer of this.peers) peer.socket.terminate();
  }
}

function json(response, status, body) {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

async function buffer(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const flags = process.argv.slice(2);
  const { url, mock, world } = await startMock({ port: Number(flags.find((it) => /^\d+$/.test(it)) ?? 4410), lang: flags.includes("--en") ? "en" : "zh", dev: flags.includes("--dev"), lively: !flags.includes("--quiet") });
  console.log(`mock desk: ${url}/desk (password: ${PASSWORD})`);
  if (!flags.includes("--quiet")) {
    setTimeout(() => world.offer(world.named.offered, 40), 6_000).unref();
    setInterval(() => mock.typing(world.named.sizes, customer(world.rows.get(world.named.sizes).contact)), 9_000).unref();
  }
}
