// The administration's side of the server in memory, for the mock server: configuration lists with versions, knowledge, tokens, audit.
// The role of who is signed in follows the cookie `mock_role` (owner without one).

import { createHash, randomBytes, randomUUID } from "node:crypto";
import { Care } from "./mock-care.mjs";
import { Channels } from "./mock-channels.mjs";
import { Feelings } from "./mock-feelings.mjs";
import { Understanding } from "./mock-understanding.mjs";

const NOW = Date.now();
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const RANK = { agent: 0, supervisor: 1, administrator: 2, owner: 3 };
const THRESHOLD = 0.62;
const span = (start, end) => ({ start: start * 60, end: end * 60 });
const id = (n) => `0192f000-0000-7000-8000-${String(n).padStart(12, "0")}`;

const MEMBERS = [
  ["林岚", "lan@cloudstep.example", "owner", ["t1"], ["lang:zh", "lang:en"], 6, "online", 1],
  ["陈默", "mo@cloudstep.example", "administrator", [], ["lang:zh"], 4, "away", 0],
  ["周小雨", "yu@cloudstep.example", "supervisor", ["t1", "t2"], ["退换货", "lang:zh"], 8, "online", 6],
  ["阿达", "ada@cloudstep.example", "agent", ["t1"], ["退换货", "lang:zh", "lang:en"], 6, "online", 6],
  ["Priya Natarajan", "priya@cloudstep.example", "agent", ["t2"], ["lang:en"], 5, "offline", 0],
];
const ARTICLES = [
  ["zh-CN", "鞋子买大了可以换码吗？", "可以。自签收之日起 **15 天内**，商品未经穿着、吊牌与鞋盒完好的，可以免费更换一次尺码，往返运费由云履承担。\n\n## 怎么换\n\n1. 在“我的订单”里选择“换货”\n2. 填写需要的尺码\n3. 快递员上门取件\n\n## 哪些不能换\n\n- 已经下地穿着的鞋\n- 定制刻字款\n", ["尺码不合适怎么办", "能换大一号吗", "买小了可以换吗"], true],
  ["zh-CN", "多久发货？", "工作日 16:00 前付款的订单当天发货，之后的次日发货。预售款以商品页标注的日期为准。\n\n| 地区 | 时效 |\n| --- | --- |\n| 江浙沪 | 1–2 天 |\n| 其他地区 | 2–4 天 |\n| 新疆、西藏 | 5–8 天 |\n", ["什么时候能收到", "今天下单几天到"], true],
  ["zh-CN", "如何开具发票？", "下单时勾选“需要发票”，或在订单完成后 30 天内申请补开。电子发票会发送到您填写的邮箱。", ["发票怎么开", "可以开专票吗"], true],
  ["zh-CN", "会员积分规则", "每消费 1 元积 1 分，100 分抵 1 元。积分有效期 12 个月。（待法务确认）", [], false],
  ["en", "Can I change the size?", "Yes. Within **15 days** of delivery an unworn item with its tags and box may be exchanged once for another size. We pay shipping both ways.\n\n1. Open *My orders* and choose **Exchange**\n2. Pick the size you need\n3. The courier collects the parcel\n", ["The shoes are too small", "exchange size"], true],
  ["en", "Which countries do you ship to?", "We ship within mainland China, and to Hong Kong, Macao, Singapore and Japan. See the [shipping page](https://shop.example.com/shipping).", ["international delivery"], true],
];
const HOLIDAYS = [["2025-10-01", "2025-10-08", "国庆节、中秋节"], ["2026-01-01", "2026-01-03", "元旦"], ["2026-02-15", "2026-02-23", "春节"], ["2026-04-04", "2026-04-06", "清明节"], ["2026-05-01", "2026-05-05", "劳动节"], ["2026-06-19", "2026-06-21", "端午节"], ["2026-09-25", "2026-09-27", "中秋节"], ["2026-10-01", "2026-10-07", "国庆节"]];
const WORKED = ["2025-10-11", "2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"];

/** One for each mock server. `http` answers `false` for what it does not know. */
export class AdminWorld {
  secrets = new Map();
  audit = [];
  versions = new Map();
  settings = { name: "云履 Cloudstep", locale: "zh-CN", version: 1 };
  hasPassword = false;

  constructor({ empty = false } = {}) {
    this.empty = empty;
    this.understanding = new Understanding(empty);
    this.feelings = new Feelings(empty);
    this.care = new Care(empty);
    const day = [span(9, 12), span(13, 18)];
    const seed = (items) => new Map(items.map((it) => [it.id, { version: 1, ...it }]));
    const teamId = { t1: id(101), t2: id(102) };
    const members = empty ? MEMBERS.slice(0, 1) : MEMBERS;
    this.lists = {
      members: seed(members.map(([name, email, role, teams, skills, capacity, presence, load], n) => ({ id: id(n + 1), name, email, role, teams: empty ? [] : teams.map((it) => teamId[it]), skills, capacity, locale: "zh-CN", active: true, sees_personal_data: true, created_at: NOW - 40 * DAY, presence, load }))),
      teams: seed(empty ? [] : [{ id: teamId.t1, name: "售后", description: "退换货、维修、投诉" }, { id: teamId.t2, name: "International", description: "Customers who write in English" }]),
      calendars: seed(empty ? [] : [{ id: id(201), name: "上海客服中心", zone: "Asia/Shanghai", week: [day, day, day, day, day, [span(10, 16)], []], days: [{ date: dateOf(NOW + 3 * DAY), spans: [span(10, 12)], name: "年中盘点" }], holidays: "cn" }]),
      inboxes: seed(empty ? [] : [this.inbox(id(301), "官网商城", "demo-key", { team: teamId.t1, calendar: id(201) }), this.inbox(id(302), "Overseas store", "overseas-key", { locale: "en", color: "#0f766e", bot: true, team: teamId.t2, prechat: [{ key: "name", label: { zh: "怎么称呼您", en: "Your name" }, required: false }, { key: "email", label: { zh: "邮箱", en: "E-mail" }, required: true }], allowed_origins: ["https://shop.example.com"], require_identity: true }), this.inbox(id(303), "旧站（已下线）", "old-key", { active: false, bot: false }), this.inbox(id(304), "Cloudstep bot", "telegram-key", { channel: "telegram", locale: "en", team: teamId.t2 }), this.inbox(id(305), "云履服务号", "wechat-key", { channel: "wechat", team: teamId.t1, calendar: id(201) }), this.inbox(id(306), "短信（旧号码）", "sms-key", { channel: "sms_aliyun", bot: false, active: false })]),
      "canned-replies": seed(empty ? [] : [["您好", "{name}您好，我是人工客服，很高兴为您服务。"], ["稍等", "好的，我正在为您查询，请稍等一两分钟。"], ["换码", "可以的，请在“我的订单”里选择“换货”，填写需要的尺码。快递员会上门取件，运费由我们承担。"], ["bye", "Is there anything else I can do for you? Have a lovely day!"]].map(([shortcut, text], n) => ({ id: id(401 + n), shortcut, text }))),
      tokens: seed(empty ? [] : [{ id: id(501), label: "订单系统同步", role: "agent", created_at: NOW - 30 * DAY, expires_at: NOW + 60 * DAY, last_used_at: NOW - HOUR }, { id: id(502), label: "BI export", role: "supervisor", created_at: NOW - 100 * DAY, expires_at: NOW - 10 * DAY, last_used_at: NOW - 12 * DAY }]),
      articles: seed((empty ? [] : ARTICLES).map(([locale, title, body, questions, published], n) => ({ id: id(601 + n), title, body, questions, locale, published, version: 1, source: n === 1 ? { type: "imported", file: "faq.xlsx", key: "faq/2" } : { type: "written" }, url: null, updated_at: NOW - (n + 1) * 5 * HOUR, updated_by: id(1) }))),
    };
    this.channels = new Channels(this.lists.inboxes, empty ? [] : [id(304), id(305)]);
    for (const article of this.lists.articles.values()) this.versions.set(article.id, [{ ...article }]);
    if (empty) return;
    const first = [...this.lists.articles.values()][0];
    const earlier = { ...first, body: first.body.replace("15 天内", "7 天内").replace("往返运费由云履承担", "运费自理"), questions: ["尺码不合适怎么办"], updated_at: NOW - 20 * DAY, updated_by: id(2) };
    Object.assign(first, { version: 2 });
    this.versions.set(first.id, [{ ...first }, earlier]);
    const ago = (hours) => NOW - hours * HOUR;
    for (const [at, by, action, target, detail] of [
      [ago(75), id(1), "member.created", id(5), ""], [ago(74), id(2), "calendar.created", id(201), ""], [ago(50), id(2), "article.created", id(601), ""], [ago(49), id(2), "knowledge.imported", "faq.xlsx", "3 created, 0 updated"],
      [ago(30), null, "sign_in.failed", id(4), ""], [ago(29), id(4), "sign_in.done", id(4), ""], [ago(28), id(1), "inbox.changed", id(301), ""], [ago(26), id(1), "token.created", id(501), "agent"],
      [ago(5), id(3), "canned_reply.changed", id(403), ""], [ago(4), id(1), "article.changed", id(601), ""], [ago(2), null, "conversation.assigned", randomUUID(), id(4)], [ago(1), id(1), "settings.changed", id(999), ""],
    ]) this.record(at, by, action, target, detail);
  }

  inbox(inboxId, name, key, more = {}) {
    return { id: inboxId, name, key, channel: "web", locale: "zh-CN", welcome: { zh: "您好！我是云履的智能客服，尺码、退换、物流都可以问我；需要时随时转人工。", en: "Hello! I am Cloudstep's assistant. Ask me about sizes, returns or delivery; a person is always one tap away." }, color: "#2456d6", prechat: [], allowed_origins: [], require_identity: false, bot: true, team: null, skills: [], calendar: null, routing: { mode: "offer", offer_timeout_s: 30, sticky: true }, csat: true, active: true, ...more };
  }

  record(at, by, action, target, detail = "") {
    const previous = this.audit[0]?.hash ?? "";
    const record = { at, actor: by ? { type: "member", id: by } : { type: "system" }, action, target, detail };
    const hash = createHash("sha256").update(previous + JSON.stringify(record)).digest("hex");
    this.audit.unshift({ n: this.audit.length + 1, record, previous, hash });
  }

  /** @returns whether it was answered. */
  async http(request, response, url, at, zh) {
    const call = new Call(request, response, zh);
    const role = /mock_role=(\w+)/.exec(request.headers.cookie ?? "")?.[1] ?? "owner";
    const me = [...this.lists.members.values()].find((it) => it.role === role) ?? [...this.lists.members.values()][0];
    const may = (needed) => RANK[me.role] >= RANK[needed] || call.fail(403, "auth.forbidden", "没有权限", "You may not do this");
    const [, first, itemId, part] = at.split("/");
    const method = request.method;
    if (at === "/me" && method === "GET") return call.json({ member: me, tenant: { id: id(999), slug: "demo", name: this.settings.name, locale: this.settings.locale, created_at: NOW - 90 * DAY }, csrf: "mock-csrf", has_password: this.hasPassword, permissions: ["personal_data"] });
    if (at === "/me" && method === "PATCH") return call.json(Object.assign(me, await call.body()));
    if (at === "/auth/password") {
      const { new: next } = await call.body();
      if ((next ?? "").length < 10) return call.fail(422, "auth.weak_password", "密码过短或过于常见", "The password is too short or too common");
      this.hasPassword = true;
      return call.none();
    }
    if (at === "/auth/sign-out") return call.none();
    if (at === "/settings") {
      if (method === "GET") return call.json(this.settings);
      if (!may("administrator")) return true;
      this.settings = { ...this.settings, ...(await call.body()), version: this.settings.version + 1 };
      this.record(Date.now(), me.id, "settings.changed", id(999));
      return call.json(this.settings);
    }
    if (at === "/audit") {
      if (!may("administrator")) return true;
      const before = Number(url.searchParams.get("before") ?? Infinity);
      const items = this.audit.filter((it) => it.n < before).slice(0, 10);
      return call.json({ items, next: (items.at(-1)?.n ?? 1) > 1 ? String(items.at(-1)?.n) : null });
    }
    if (at === "/routing") return may("supervisor") && call.json({ agents: [], queue: this.empty ? [] : [{}, {}] });
    if (at === "/conversations/counts") return call.json(this.empty ? { mine: 0, unassigned: 0, all: 0 } : { mine: 1, unassigned: 2, all: 9 });
    if (at === "/conversations") return call.json({ items: url.searchParams.get("view") === "all" && !this.empty ? [this.care.conversation()] : [], next: null });
    if (at === "/tickets") return call.json({ items: [], next: null });
    if (await this.understanding.http(call, url, at, may)) return true;
    if (await this.feelings.http(call, url, at, may)) return true;
    if (await this.channels.http(call, at, may)) return true;
    if (await this.care.http(call, url, at, may, me)) return true;
    if (first === "knowledge") return this.knowledge(call, itemId, me, may);
    if (first === "articles") return this.articles(call, url, itemId, part, me, may);
    if (first in this.lists) return this.list(call, first, itemId, part, me, may);
    return false;
  }

  async list(call, name, itemId, part, me, may) {
    const list = this.lists[name];
    const { method } = call.request;
    const noun = { members: "member", teams: "team", inboxes: "inbox", calendars: "calendar", "canned-replies": "canned_reply", tokens: "token" }[name];
    const needed = name === "canned-replies" ? "supervisor" : "administrator";
    const item = list.get(itemId);
    if (itemId && !item) return call.fail(404, "not_found", "未找到", "Not found");
    if (part === "preview") return call.json(preview(item));
    if (method === "GET" && !itemId) return (name !== "tokens" || may("administrator")) && call.json({ items: [...list.values()] });
    if (!may(needed)) return true;
    const done = (verb, target) => this.record(Date.now(), me.id, `${noun}.${verb}`, target);
    if (part === "sign-in-link") return call.json({ link: `/sign-in?link=${randomBytes(18).toString("base64url")}`, expires_at: Date.now() + 3 * DAY });
    if (part === "snippet") return call.json({ html: `<script src="http://${call.request.headers.host}/widget/loader.js" data-key="${item.key}" async></script>`, key: item.key, identity_secret: this.secret(itemId) });
    if (part === "identity-secret") {
      this.secrets.delete(itemId);
      done("identity_secret_made", itemId);
      return call.json({ identity_secret: this.secret(itemId) });
    }
    if (method === "POST") {
      const body = await call.body();
      if (name === "members" && [...list.values()].some((it) => it.email === body.email)) return call.fail(409, "store.duplicate", "已存在相同的条目", "One like it exists already", "email");
      const made = { version: 1, ...(name === "inboxes" ? { key: randomBytes(8).toString("hex") } : {}), ...(name === "members" ? { active: true, presence: "offline", load: 0 } : {}), created_at: Date.now(), ...body, id: randomUUID() };
      list.set(made.id, made);
      done("created", made.id);
      if (name === "tokens") return call.json({ id: made.id, token: `rpt_${randomBytes(24).toString("base64url")}` });
      return call.json(name === "members" ? { ...made, sign_in_link: `/sign-in?link=${randomBytes(18).toString("base64url")}` } : made);
    }
    if (method === "PUT") {
      if (Number(call.request.headers["if-match"]) !== item.version) return call.fail(409, "store.conflict", "数据已被他人修改", "Somebody else changed it meanwhile");
      Object.assign(item, await call.body(), { version: item.version + 1 });
      done("changed", itemId);
      return call.json(item);
    }
    const users = [...this.lists.members.values()].filter((it) => it.teams.includes(itemId)).concat([...this.lists.inboxes.values()].filter((it) => it.team === itemId || it.calendar === itemId));
    if (users.length > 0) return call.fail(422, "input.bad_field", "有字段不合要求", "A field is not acceptable", `in use by ${users.map((it) => it.name).join(", ")}`);
    if (name === "members" && item.role === "owner" && [...list.values()].filter((it) => it.role === "owner" && it.active).length === 1) return call.fail(409, "member.last_owner", "至少保留一位所有者", "One owner has to remain");
    if (name === "members" || name === "inboxes") Object.assign(item, { active: false, version: item.version + 1 });
    else list.delete(itemId);
    done(name === "tokens" ? "revoked" : name === "members" || name === "inboxes" ? "changed" : "removed", itemId);
    return call.none();
  }

  secret(inbox) {
    if (!this.secrets.has(inbox)) this.secrets.set(inbox, randomBytes(32).toString("base64url"));
    return this.secrets.get(inbox);
  }

  async articles(call, url, itemId, part, me, may) {
    const list = this.lists.articles;
    const { method } = call.request;
    const item = list.get(itemId);
    if (itemId && !item) return call.fail(404, "not_found", "未找到", "Not found");
    if (part === "versions") return call.json({ items: this.versions.get(itemId) });
    if (method === "GET" && itemId) return call.json({ ...item, html: render(item.body) });
    if (method === "GET") {
      const [q, locale] = [(url.searchParams.get("q") ?? "").toLowerCase(), url.searchParams.get("locale")];
      const items = [...list.values()].filter((it) => (!locale || it.locale === locale) && `${it.title}\n${it.body}\n${it.questions.join("\n")}`.toLowerCase().includes(q)).sort((a, b) => b.updated_at - a.updated_at);
      return call.json({ items, next: null });
    }
    if (!may("administrator")) return true;
    if (method === "DELETE") return list.delete(itemId), this.record(Date.now(), me.id, "article.removed", itemId), call.none();
    if (method === "PUT" && Number(call.request.headers["if-match"]) !== item.version) return call.fail(409, "store.conflict", "数据已被他人修改", "Somebody else changed it meanwhile");
    return call.json(this.keep(item, await call.body(), me.id));
  }

  keep(item, body, by) {
    const saved = { source: { type: "written" }, url: null, ...item, ...body, id: item?.id ?? randomUUID(), version: (item?.version ?? 0) + 1, updated_at: Date.now(), updated_by: by };
    this.lists.articles.set(saved.id, saved);
    this.versions.set(saved.id, [{ ...saved }, ...(this.versions.get(saved.id) ?? [])]);
    this.record(Date.now(), by, item ? "article.changed" : "article.created", saved.id);
    return saved;
  }

  async knowledge(call, what, me, may) {
    if (what === "render") return call.json({ html: render((await call.body()).markdown) });
    if (what === "ask") {
      const { question, locale } = await call.body();
      return call.json(this.ask(question, locale));
    }
    if (what !== "import" || !may("administrator")) return what === "import";
    const { name, text, publish } = await call.file();
    const report = { created: 0, updated: 0, unchanged: 0, skipped: [], articles: [] };
    if (text.trim() === "") return call.fail(422, "import.empty", "文件中没有可用内容", "Nothing usable was found in the file", name);
    for (const [place, title, body] of parts(name, text)) {
      if (!title) report.skipped.push({ place, reason: "no_question" });
      else if (!body.trim()) report.skipped.push({ place, reason: "empty_answer" });
      else {
        const item = [...this.lists.articles.values()].find((it) => it.source.file === name && it.source.key === title);
        const same = item?.body === body;
        report[item ? (same ? "unchanged" : "updated") : "created"] += 1;
        const saved = same ? item : this.keep(item, { title, body, questions: item?.questions ?? [], locale: /[\u4e00-\u9fff]/.test(body) ? "zh-CN" : "en", published: publish, source: { type: "imported", file: name, key: title } }, me.id);
        report.articles.push({ id: saved.id, title });
      }
    }
    this.record(Date.now(), me.id, "knowledge.imported", name, `${report.created} created, ${report.updated} updated`);
    return call.json(report);
  }

  /** Shared character pairs stand in for the real index. */
  ask(question, locale) {
    const pairs = (text) => new Set([...text.toLowerCase()].map((it, at, all) => it + (all[at + 1] ?? "")).filter((it) => /[\p{L}\p{N}]{2}/u.test(it)));
    const asked = pairs(question);
    const scored = [...this.lists.articles.values()]
      .filter((it) => it.published)
      .map((it) => ({ it, score: Math.max(...[it.title, ...it.questions].map((text) => [...pairs(text)].filter((pair) => asked.has(pair)).length / Math.max(1, Math.min(asked.size, pairs(text).size)))) * (it.locale === locale ? 1 : 0.6) }))
      .sort((a, b) => b.score - a.score);
    const confidence = Math.min(0.98, scored[0]?.score ?? 0);
    const cite = ({ it }) => ({ article: it.id, version: it.version, title: it.title, heading: [it.title], quote: it.body.split("\n")[0].replace(/\*\*/g, "") });
    if (confidence >= THRESHOLD) return { outcome: "found", text: cite(scored[0]).quote, sources: [cite(scored[0])], confidence, threshold: THRESHOLD };
    if (confidence >= 0.3) return { outcome: "unsure", text: "", sources: scored.slice(0, 3).map(cite), confidence, threshold: THRESHOLD };
    return { outcome: "unknown", text: "", sources: [], confidence, threshold: THRESHOLD };
  }
}

class Call {
  constructor(request, response, zh) {
    Object.assign(this, { request, response, zh });
  }
  json(body) {
    this.response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
    return true;
  }
  none() {
    this.response.writeHead(204).end();
    return true;
  }
  fail(status, code, zh, en, detail) {
    this.response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ code, message: this.zh ? zh : en, hint: this.zh ? "检查后重试" : "Check it and try again", detail, trace: "mock" }));
    return true;
  }
  async bytes() {
    const chunks = [];
    for await (const chunk of this.request) chunks.push(chunk);
    return Buffer.concat(chunks);
  }
  async body() {
    return JSON.parse((await this.bytes()).toString("utf8") || "{}");
  }
  async file() {
    const form = await new Response(await this.bytes(), { headers: { "content-type": this.request.headers["content-type"] } }).formData();
    const file = form.get("file");
    return { name: file.name, text: await file.text(), publish: form.get("publish") === "true" };
  }
}

/** [place, title, body] of each part of a file. */
function parts(name, text) {
  if (/\.(csv|tsv)$/i.test(name)) {
    const rows = text.replace(/^\uFEFF/, "").trim().split(/\r?\n/).map((row) => row.split(/[,\t]/).map((cell) => cell.replace(/^"|"$/g, "")));
    return rows.slice(1).map(([title, body = ""], at) => [`row ${at + 2}`, title, body]);
  }
  const sections = text.split(/^# /m).filter((it) => it.trim());
  return sections.map((it, at) => [`section ${at + 1}`, it.split("\n")[0].trim(), it.split("\n").slice(1).join("\n").trim()]);
}

const dateOf = (at) => new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai", dateStyle: "short" }).format(at);

function spansOn(calendar, date) {
  const special = calendar.days.find((it) => it.date === date);
  if (special) return [special.spans, special.name];
  const weekday = (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
  const holiday = calendar.holidays === "cn" ? HOLIDAYS.find(([from, to]) => date >= from && date <= to) : undefined;
  if (holiday) return [[], holiday[2]];
  if (calendar.holidays === "cn" && WORKED.includes(date)) return [calendar.week[weekday].length ? calendar.week[weekday] : calendar.week[0], "调休上班"];
  return [calendar.week[weekday] ?? [], ""];
}

function preview(calendar) {
  const days = Array.from({ length: 30 }, (_, n) => dateOf(Date.now() + n * DAY)).map((date) => ({ date, spans: spansOn(calendar, date)[0], name: spansOn(calendar, date)[1] }));
  const clock = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit" }).format(Date.now());
  const minute = Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
  const open_now = days[0].spans.some((it) => it.start <= minute && minute < it.end);
  const next = days.flatMap((day, n) => day.spans.filter((it) => n > 0 || it.start > minute).map((it) => Date.parse(`${day.date}T00:00:00+08:00`) + it.start * 60_000))[0];
  return { open_now, next_open: open_now ? null : (next ?? null), days };
}

/** A little of Markdown, enough to look at. */
function render(markdown) {
  const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  const inline = (text) => escaped(text).replace(/\*\*(.+?)\*\*/g, "<strong>$1</strong>").replace(/\*(.+?)\*/g, "<em>$1</em>").replace(/`(.+?)`/g, "<code>$1</code>").replace(/\[(.+?)\]\((https?:[^)\s]+)\)/g, '<a href="$2">$1</a>');
  return markdown
    .split(/\n{2,}/)
    .map((block) => {
      const lines = block.split("\n").filter((it) => it.trim());
      if (!lines.length) return "";
      const heading = /^(#{1,4}) (.+)$/.exec(lines[0]);
      if (heading) return `<h${heading[1].length}>${inline(heading[2])}</h${heading[1].length}>${lines.length > 1 ? render(lines.slice(1).join("\n")) : ""}`;
      if (lines.every((it) => /^[-*] /.test(it))) return `<ul>${lines.map((it) => `<li>${inline(it.slice(2))}</li>`).join("")}</ul>`;
      if (lines.every((it) => /^\d+\. /.test(it))) return `<ol>${lines.map((it) => `<li>${inline(it.replace(/^\d+\. /, ""))}</li>`).join("")}</ol>`;
      if (lines.every((it) => it.startsWith("|"))) return `<table>${lines.filter((it) => !/^\|[\s|:-]+$/.test(it)).map((it, n) => `<tr>${it.split("|").slice(1, -1).map((cell) => `<${n ? "td" : "th"}>${inline(cell.trim())}</${n ? "td" : "th"}>`).join("")}</tr>`).join("")}</table>`;
      return `<p>${lines.map(inline).join("<br>")}</p>`;
    })
    .join("\n");
}
