// The visitor's side of the server in memory: HTTP under /api/rapport/v1, the live socket, and the built pages.
// For looking at widget and portal without the real server, and for their browser tests.
//
//   node scripts/mock-server.mjs [port]
//
// Questions with 码 or "size" are answered from an article; 人工 / "person" queues and an agent comes after a moment.

import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { WebSocketServer } from "ws";
import { AdminWorld } from "./mock-admin.mjs";

const DIST = join(dirname(dirname(fileURLToPath(import.meta.url))), "dist");
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".json": "application/json" };
const POLICY = "default-src 'self'; img-src 'self' blob: data:; connect-src 'self'; object-src 'none'; base-uri 'none'";
export const KEY = "demo-key";
export const ARTICLE = "0192f000-0000-7000-8000-000000000001";
const AGENT = "0192f000-0000-7000-8000-00000000a001";
const INBOX = "0192f000-0000-7000-8000-00000000b001";
/** The one purpose that the mock's company asks about. */
const FEELINGS = {
  purpose: "emotion:care",
  question: {
    version: 1,
    title: { zh: "以更好地服务您", en: "To serve you better" },
    text: {
      zh: "我们可以从您写的话里留意您是否着急或不满，好让回复更体贴、更快请人工接手，必要时补偿您。不会用于营销、定价或推荐。不同意也照常服务；随时可以撤回，撤回后立即停止并删除。",
      en: "We may notice from your words whether you are worried or upset, so that we answer with more care, bring in a person sooner and make good where we should. Never for marketing, prices or recommendations. You are served all the same if you say no; take it back at any time, and it stops and is deleted at once.",
    },
  },
};
const ANSWERS = {
  zh: { text: "可以换。收到商品后 **15 天内**，未穿着下地、吊牌完好即可免费换码：\n1. 在“我的订单”里选择“换货”\n2. 填写需要的尺码\n3. 快递员上门取件，运费由我们承担", title: "鞋服换码与退换货规则", heading: ["退换货", "换码"], quote: "自签收之日起 15 天内，商品未经穿着、吊牌与鞋盒完好的，可以免费更换一次尺码，往返运费由云履承担。" },
  en: { text: "Yes, you can. Within **15 days** of delivery, unworn and with its tags, we change the size for free:\n1. Open “My orders” and choose “Exchange”\n2. Pick the size you need\n3. The courier collects the parcel; shipping is on us", title: "Sizes, returns and exchanges", heading: ["Returns", "Exchanging a size"], quote: "Within 15 days of delivery an unworn item with tags and box may be exchanged once for another size. Cloudstep pays shipping both ways." },
};

/** Starts it. `config` overrides fields of the widget's configuration; times are kept short for tests. */
export async function startMock({ port = 0, config = {}, agentAfterMs = 4_000, admin = {}, feelings = false } = {}) {
  const world = new World(config, agentAfterMs);
  world.feelings = feelings;
  world.admin = new AdminWorld(admin);
  const server = createServer((request, response) => void world.http(request, response).catch((error) => fail(response, 500, "internal", String(error))));
  const sockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request, socket, head) => {
    if (!request.url?.startsWith("/live") || world.down) return socket.destroy();
    sockets.handleUpgrade(request, socket, head, (it) => world.live(it));
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  const address = server.address();
  return { url: `http://127.0.0.1:${address.port}`, world, close: () => (sockets.clients.forEach((it) => it.terminate()), server.close()) };
}

class World {
  journal = [];
  conversations = new Map();
  blobs = new Map();
  known = new Map();
  peers = new Set();
  /** By contact: consents in force, decisions about them. */
  consents = new Map();
  decisions = new Map();
  feelings = false;
  down = false;
  agentName = "林小云";

  constructor(config, agentAfterMs) {
    this.agentAfterMs = agentAfterMs;
    this.config = { key: KEY, company: "云履 Cloudstep", name: "云履商城", slug: "demo", color: "#2563eb", locale: "zh-CN", welcome: { zh: "您好，我是云履的智能助手。尺码、退换、物流，直接问我就好。", en: "Hi, I am the Cloudstep assistant. Ask me about sizes, returns or delivery." }, prechat: [], require_identity: false, open_now: true, next_open: null, csat: true, ...config };
  }

  // ---- HTTP
  async http(request, response) {
    const url = new URL(request.url, "http://mock");
    const path = url.pathname;
    const zh = !/^en/.test(request.headers["accept-language"] ?? "zh");
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("access-control-allow-headers", "*");
    if (request.method === "OPTIONS") return void response.writeHead(204).end();
    if (!path.startsWith("/api/")) return this.page(path, response);
    if (this.down) return void request.socket.destroy();
    const at = path.slice("/api/rapport/v1".length);
    if (at === "/start") return json(response, { demo_widget_key: KEY, company: this.config.company, signed_in: false });
    if (at === "/widget/config") return url.searchParams.get("key") === KEY ? json(response, this.config) : fail(response, 404, "not_found", "未找到");
    if (at === "/widget/session") {
      const body = JSON.parse(await text(request));
      const contact = body.token?.split(":")[1] ?? randomUUID();
      const open = this.of(contact).find((it) => it.status !== "resolved");
      return json(response, { token: `visitor:${contact}`, contact: { id: contact, name: body.fields?.name }, conversation: open ? this.shown(open) : undefined, seq: this.journal.length, expires_at: Date.now() + 864e5 });
    }
    if (at.startsWith("/public/tickets/")) return this.ticket(at, response, zh);
    if (at === `/public/articles/${ARTICLE}`) return json(response, { title: ANSWERS[zh ? "zh" : "en"].title, html: `<h2>${ANSWERS[zh ? "zh" : "en"].heading[1]}</h2><p>${ANSWERS[zh ? "zh" : "en"].quote}</p><ul><li>1</li><li>2</li></ul>`, updated_at: Date.now() - 864e5, locale: zh ? "zh-CN" : "en" });
    if (await this.admin.http(request, response, url, at, zh)) return;
    const contact = /^Bearer visitor:(.+)$/.exec(request.headers.authorization ?? "")?.[1];
    if (!contact) return fail(response, 401, "auth.required", "请先登录");
    if (at === "/widget/conversations") return json(response, { items: this.of(contact).map((it) => this.shown(it)), seq: this.journal.length });
    const entries = /^\/widget\/conversations\/([^/]+)\/entries$/.exec(at);
    if (entries) {
      const before = Number(url.searchParams.get("before") ?? Infinity);
      const all = this.journal.filter((it) => it.conversation === entries[1] && it.seq < before);
      const limit = Number(url.searchParams.get("limit") ?? 40);
      return json(response, { items: all.slice(-limit), more: all.length > limit, seq: this.journal.length, names: { [AGENT]: this.agentName } });
    }
    if (at === "/widget/consents") return json(response, { items: this.feelings ? [{ ...FEELINGS, given: this.consents.has(contact), ...(this.consents.has(contact) ? { at: this.consents.get(contact) } : {}) }] : [] });
    if (at === "/widget/decisions") return json(response, { items: this.decisions.get(contact) ?? [] });
    if (at === "/widget/objection") {
      const { seq } = JSON.parse(await text(request));
      for (const it of this.decisions.get(contact) ?? []) if (it.seq === seq) it.objected = true;
      return json(response, {});
    }
    if (at === "/widget/export") return void response.writeHead(200, { "content-type": "application/json", "content-disposition": `attachment; filename="my-data.${url.searchParams.get("format") ?? "json"}"` }).end(JSON.stringify(this.of(contact)));
    if (at === "/widget/erase") {
      for (const it of this.of(contact)) this.conversations.delete(it.id);
      this.journal = this.journal.map((it) => (it.contact === contact ? { ...it, event: { kind: "care_erased" } } : it));
      this.decisions.delete(contact);
      this.consents.delete(contact);
      return json(response, {});
    }
    if (at === "/widget/uploads") return this.upload(request, response);
    const blob = this.blobs.get(/^\/widget\/files\/(.+)$/.exec(at)?.[1]);
    if (blob) return void response.writeHead(200, { "content-type": blob.type, "x-content-type-options": "nosniff" }).end(blob.bytes);
    return fail(response, 404, "not_found", "未找到");
  }

  page(path, response) {
    const named = { "/": "portal/index.html", "/demo": "portal/demo.html", "/widget/frame": "widget/frame.html", "/admin": "admin/index.html", "/my-data": "portal/my-data.html" }[path] ?? (/^\/ticket\//.test(path) ? "portal/ticket.html" : /^\/kb\//.test(path) ? "portal/article.html" : path.slice(1));
    const file = normalize(join(DIST, named));
    if (!file.startsWith(DIST) || !existsSync(file) || !statSync(file).isFile()) return fail(response, 404, "not_found", path);
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream", "content-security-policy": POLICY, "cache-control": "no-store" });
    response.end(readFileSync(file));
  }

  async upload(request, response) {
    const bytes = await buffer(request);
    const head = bytes.toString("latin1");
    const name = Buffer.from(/filename="([^"]*)"/.exec(head)?.[1] ?? "file", "latin1").toString("utf8");
    const type = /Content-Type: ([^\r]+)/i.exec(head)?.[1] ?? "application/octet-stream";
    const boundary = /boundary=(.+)$/.exec(request.headers["content-type"] ?? "")?.[1] ?? "";
    const start = head.indexOf("\r\n\r\n") + 4;
    const body = bytes.subarray(start, head.lastIndexOf(`\r\n--${boundary}`));
    const blob = randomUUID();
    this.blobs.set(blob, { type, bytes: body });
    const size = type === "image/png" ? { width: body.readUInt32BE(16), height: body.readUInt32BE(20) } : {};
    return json(response, { blob, name, media_type: type, bytes: body.length, ...size });
  }

  ticket(at, response, zh) {
    if (!at.endsWith("/good-secret")) return fail(response, 404, "not_found", zh ? "未找到" : "Not found");
    const now = Date.now();
    return json(response, {
      number: 1024, title: zh ? "42 码换 43 码：云朵跑鞋" : "Cloud Runner: 42 to 43", stage: "in_progress", company: this.config.company, created_at: now - 90 * 36e5, updated_at: now - 2 * 36e5,
      log: [
        { at: now - 90 * 36e5, stage: "received", note: zh ? "已收到您的换货申请。" : "We received your request." },
        { at: now - 26 * 36e5, stage: "in_progress", note: zh ? "仓库已为您留好 43 码，快递员将在今天 14:00–18:00 上门取件。" : "The warehouse has set a 43 aside. The courier collects today between 2 and 6 pm." },
        { at: now - 2 * 36e5, stage: "in_progress", note: zh ? "旧鞋已取件，新鞋已发出，单号 SF1029384756。" : "Collected. The new pair is on its way: SF1029384756." },
      ],
    });
  }

  // ---- live
  live(socket) {
    const peer = { socket, contact: undefined, put: (frame) => socket.readyState === 1 && socket.send(JSON.stringify(frame)) };
    this.peers.add(peer);
    socket.on("close", () => this.peers.delete(peer));
    socket.on("message", (data) => this.frame(peer, JSON.parse(String(data))));
  }

  frame(peer, frame) {
    if (frame.t === "hello") {
      peer.contact = /^visitor:(.+)$/.exec(frame.token ?? "")?.[1];
      if (!peer.contact) return peer.socket.close(4401);
      peer.put({ t: "welcome", v: 1, seq: this.journal.length, heartbeat_s: 25, session: "mock" });
      if (frame.resume === undefined) return;
      for (const it of this.journal.slice(frame.resume)) if (it.contact === peer.contact) peer.put({ t: "event", ...it });
      peer.put({ t: "caught_up", seq: this.journal.length });
    } else if (frame.t === "ping") peer.put({ t: "pong" });
    else if (frame.t === "send" || frame.t === "act") this.submit(peer, frame);
  }

  submit(peer, frame) {
    const before = this.known.get(frame.id);
    if (before) return peer.put({ t: "ack", id: frame.id, ...before, duplicate: true });
    const conversation = this.conversations.get(frame.conversation) ?? this.of(peer.contact).find((it) => it.status !== "resolved") ?? this.begin(peer.contact);
    const seq = frame.t === "send" ? this.said(conversation, frame) : this.acted(conversation, frame.action);
    const receipt = { seq, conversation: conversation.id };
    this.known.set(frame.id, receipt);
    peer.put({ t: "ack", id: frame.id, ...receipt, duplicate: false });
  }

  begin(contact) {
    const conversation = { id: randomUUID(), contact, number: this.conversations.size + 101, status: "bot", unread: 0, read_by_members: 0, rating_requested: false, updated_at: Date.now() };
    this.conversations.set(conversation.id, conversation);
    this.commit(conversation, this.customer(conversation), { kind: "conversation_opened", conversation: conversation.id, number: conversation.number, inbox: INBOX, contact, locale: "zh-CN", bot: true, page: null });
    return conversation;
  }

  said(conversation, { id, content }) {
    if (conversation.status === "resolved") this.commit(conversation, this.customer(conversation), { kind: "reopened" }, () => (conversation.status = "bot"));
    const { seq } = this.commit(conversation, this.customer(conversation), { kind: "message_received", message: { id: randomUUID(), client_id: id, content } });
    const words = content.text ?? "";
    const lang = /[\u4e00-\u9fff]/.test(words) || content.type !== "text" ? "zh" : "en";
    if (conversation.status === "assigned") this.later(700, () => this.agentHears(conversation, words, lang));
    else if (conversation.status === "bot") this.later(900, () => this.botHears(conversation, words, lang));
    return seq;
  }

  botHears(conversation, words, lang) {
    const bot = { type: "bot" };
    if (/人工|person|human/i.test(words)) return this.queue(conversation, lang);
    if (this.consents.has(conversation.contact) && /投诉|气|烂|complain|angry|terrible/i.test(words)) return this.care(conversation, words, lang);
    if (/码|size/i.test(words)) {
      const { text: answer, title, heading, quote } = ANSWERS[lang];
      return this.say(conversation, bot, { type: "answer", text: answer, sources: [{ article: ARTICLE, version: 1, title, heading, quote }], confidence: 0.9 });
    }
    const sorry = lang === "zh" ? "抱歉，这个问题我没有找到可靠的答案，不想给您错误的信息。需要为您转接人工客服吗？" : "Sorry, I could not find a reliable answer to that, and I would rather not guess. Shall I connect you to a person?";
    this.say(conversation, bot, { type: "choices", text: sorry, options: [{ id: "request_person", label: lang === "zh" ? "转人工客服" : "Talk to a person" }] });
  }

  /** What rules do for somebody who is upset. */
  care(conversation, words, lang) {
    const bot = { type: "bot" };
    const { seq } = this.say(conversation, bot, { type: "text", text: lang === "zh" ? "给您带来不好的体验，非常抱歉。我已请主管关注此事，会优先为您处理。" : "I am sorry this has been such a bad experience. A supervisor has been told, and you come first." });
    this.say(conversation, bot, { type: "compensation", spending: randomUUID(), amount_minor: 1_000, currency: "CNY", text: lang === "zh" ? "为这次延误，我们想给您 10 元补偿，接受后即时到账。" : "For the delay we would like to give you ¥10; it is yours as soon as you accept.", state: "offered" });
    const about = (zh, en) => ({ zh, en });
    this.decisions.set(conversation.contact, [
      {
        seq, at: Date.now(), objected: false,
        what: [about("优先处理您的会话", "Your conversation comes first"), about("提醒主管关注", "A supervisor was told")],
        why: [about(`您的话：“${words}”`, `Your words: “${words}”`), about("规则：持续不满", "Rule: the customer stays upset"), about("您很可能不满（83%）", "You are probably upset (83%)")],
        data: [about("您在本会话中写的文字", "What you wrote in this conversation")],
        rules: [about("只用于更好地服务您，不用于营销、定价和推荐", "Only to serve you better; never for marketing, prices or suggestions")],
        how_to_object: about("点“提出异议”，人工会复核；也可以随时撤回同意。", "Choose “Object” and a person will look at it; or take back your consent at any time."),
      },
    ]);
  }

  queue(conversation, lang = "zh") {
    if (conversation.status === "queued" || conversation.status === "assigned") return;
    conversation.status = "queued";
    conversation.queue = { position: 2, estimate_s: 170 };
    this.say(conversation, { type: "system" }, { type: "text", text: lang === "zh" ? "正在为您转接人工客服，您排在第 2 位，预计等待约 3 分钟。" : "Connecting you to a person: you are number 2 in the queue, the wait is about 3 min." });
    const tell = () => this.signal(conversation, { t: "queue", conversation: conversation.id, ...conversation.queue });
    tell();
    this.later(this.agentAfterMs / 2, () => conversation.status === "queued" && ((conversation.queue = { position: 1, estimate_s: 40 }), tell()));
    this.later(this.agentAfterMs, () => conversation.status === "queued" && this.assign(conversation));
  }

  assign(conversation) {
    conversation.queue = undefined;
    this.commit(conversation, { type: "member", id: AGENT }, { kind: "assigned", to: AGENT }, () => {
      conversation.status = "assigned";
      conversation.agent = { id: AGENT, name: this.agentName };
    });
    this.later(800, () => this.agentSays(conversation, "您好，我是小云。刚才的对话我已经看到了，我来帮您处理。"));
  }

  agentHears(conversation, words, lang) {
    const last = this.journal.length;
    conversation.read_by_members = last;
    this.commit(conversation, { type: "member", id: AGENT }, { kind: "read_marked", up_to: last });
    if (/工单|ticket/i.test(words)) {
      const title = lang === "zh" ? "42 码换 43 码：云朵跑鞋" : "Cloud Runner: 42 to 43";
      this.commit(conversation, { type: "member", id: AGENT }, { kind: "ticket_created", ticket: "t1", number: 1024, title });
      return this.say(conversation, { type: "member", id: AGENT }, { type: "ticket", ticket: "t1", number: 1024, title, path: "/ticket/t1/good-secret" });
    }
    if (/再见|谢谢|bye|thank/i.test(words)) return this.resolve(conversation, lang);
    this.signal(conversation, { t: "typing", conversation: conversation.id, actor: { type: "member", id: AGENT }, on: true });
    this.later(1_500, () => this.agentSays(conversation, lang === "zh" ? "好的，我看一下，稍等。" : "Sure, let me have a look."));
  }

  agentSays(conversation, words) {
    this.say(conversation, { type: "member", id: AGENT }, { type: "text", text: words });
  }

  resolve(conversation, lang = "zh") {
    this.commit(conversation, { type: "member", id: AGENT }, { kind: "resolved" }, () => (conversation.status = "resolved"));
    this.commit(conversation, { type: "system" }, { kind: "rating_requested" }, () => (conversation.rating_requested = true));
    this.say(conversation, { type: "system" }, { type: "rating_request", text: lang === "zh" ? "请为本次服务评个分（1-5 分）。" : "How did we do? Please rate from 1 to 5." });
  }

  acted(conversation, action) {
    const customer = this.customer(conversation);
    const choice = action.action === "choose" ? action.choice : action.action;
    if (action.action === "consent") {
      if (action.given) this.consents.set(conversation.contact, Date.now());
      else this.consents.delete(conversation.contact);
      this.commit(conversation, customer, action.given ? { kind: "consent_given", purpose: action.purpose, text_version: action.text_version, channel: "widget" } : { kind: "consent_withdrawn", purpose: action.purpose });
    } else if (choice.accept_compensation) this.commit(conversation, customer, { kind: "compensation_settled", spending: choice.accept_compensation.spending, state: "accepted" });
    else if (choice === "request_person") this.queue(conversation);
    else if (choice === "leave_queue") this.commit(conversation, customer, { kind: "left_queue" }, () => ((conversation.status = "bot"), (conversation.queue = undefined)));
    else if (choice === "helped") this.say(conversation, { type: "bot" }, { type: "text", text: "很高兴帮到您！" });
    else if (choice === "not_helped") this.say(conversation, { type: "bot" }, { type: "choices", text: "抱歉没有帮到您。可以换个说法再问一次，或转接人工客服。", options: [{ id: "request_person", label: "转人工客服" }] });
    else if (choice === "rate") this.commit(conversation, customer, { kind: "rated", score: action.score, comment: action.comment ?? "" }, () => (conversation.rated = action.score));
    else if (choice === "end") this.resolve(conversation);
    else if (choice === "mark_read") this.commit(conversation, customer, { kind: "read_marked", up_to: action.up_to }, () => (conversation.unread = 0));
    return this.journal.length;
  }

  // ---- journal
  say(conversation, actor, content) {
    conversation.unread += 1;
    return this.commit(conversation, actor, { kind: "message_sent", message: { id: randomUUID(), content } });
  }

  commit(conversation, actor, event, change) {
    change?.();
    const entry = { seq: this.journal.length + 1, at: Date.now(), conversation: conversation.id, contact: conversation.contact, inbox: INBOX, actor, event };
    this.journal.push(entry);
    conversation.updated_at = entry.at;
    if (event.message) conversation.last_message = { text: event.message.content.text ?? event.message.content.title ?? "", at: entry.at, content: event.message.content.type };
    this.signal(conversation, { t: "event", ...entry });
    return entry;
  }

  signal(conversation, frame) {
    for (const peer of this.peers) if (peer.contact === conversation.contact) peer.put(frame);
  }

  cut() {
    for (const peer of this.peers) peer.socket.terminate();
  }

  customer(conversation) {
    return { type: "customer", id: conversation.contact };
  }

  of(contact) {
    return [...this.conversations.values()].filter((it) => it.contact === contact).reverse();
  }

  shown({ contact: _contact, ...it }) {
    return it;
  }

  later(ms, run) {
    setTimeout(run, ms).unref();
  }
}

function json(response, body) {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function fail(response, status, code, message) {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ code, message, hint: "", trace: "mock" }));
}

async function buffer(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

const text = async (request) => (await buffer(request)).toString("utf8");

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { url } = await startMock({ port: Number(process.argv[2] ?? 4400) });
  console.log(`mock server: ${url}/demo and ${url}/admin`);
}
