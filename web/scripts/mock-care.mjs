// Care, ethics and customers' data of the server in memory: rules, budget, what was offered, one conversation to play again.

import { randomUUID } from "node:crypto";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const id = (n) => `0192f000-0000-7000-8000-${String(n).padStart(12, "0")}`;
const WANG = id(951);
const LI = id(952);
export const TALK = id(961);

const when = (more) => ({ states: [], alarm: false, level_raised: false, ...more });
const soothe = (zh, en) => ({ act: "soothe", opening: { zh, en } });
const RULES = [
  [{ zh: "客户着急", en: "The customer is worried" }, when({ anxious_min: 0.6 }), [soothe("理解您的着急，我们马上为您处理。", "I understand this is urgent for you, and we are on it.")]],
  [{ zh: "客户不满", en: "The customer is upset" }, when({ states: ["upset", "angry"] }), [soothe("给您带来不好的体验，非常抱歉。", "I am sorry this has been such a bad experience."), { act: "prioritise", priority: "high" }]],
  [{ zh: "持续不满", en: "The customer stays upset" }, when({ states: ["concerned", "upset", "angry"], level_raised: true }), [{ act: "prioritise", priority: "urgent" }, { act: "route_skill", skill: "投诉" }, { act: "alert_supervisor" }, { act: "offer_callback" }]],
  [{ zh: "投诉、法律或安全", en: "Complaint, law or safety" }, when({ alarm: true }), [{ act: "prioritise", priority: "urgent" }, { act: "alert_supervisor" }]],
  [{ zh: "多次不满后补偿", en: "Making good after several bad turns" }, when({ states: ["upset", "angry"], level_raised: true, turns_min: 3 }), [{ act: "compensate", amount_minor: 1_000 }], false],
];
const SAID = [
  ["鞋子什么时候能到？", 0.1, "calm", {}],
  ["说好今天到的，怎么还没动静", -0.3, "concerned", { anxious: 0.62, moved: ["还没", "怎么"] }],
  ["第三次问了，没有一次说清楚，太失望了", -0.62, "upset", { raised: true, moved: ["失望", "第三次"] }],
  ["再这样我就去 12315 投诉！", -0.85, "angry", { raised: true, alarms: ["12315"], urgent: 0.7, moved: ["投诉", "！"] }],
  ["好的，谢谢你帮我处理", 0.4, "calm", { moved: ["谢谢"] }],
];

export class Care {
  ethics = { version: 0, switches: { feelings: false, proactive_contact: false }, retention_days: 90 };
  budget = { version: 0, currency: "CNY", per_customer_minor: 5_000, per_day_minor: 50_000, approval_above_minor: 2_000 };
  rules = new Map();
  spendings = [];
  contacts = new Map();

  constructor(empty) {
    this.reset();
    if (empty) return;
    const now = Date.now();
    const contact = (at, name, email, phone, days) => this.contacts.set(at, { id: at, name, email, phone, locale: "zh-CN", fields: {}, verified_at: null, notes: "", created_at: now - days * DAY, last_seen_at: now });
    contact(WANG, "王芳", "wang.fang@example.com", "138 0013 8000", 64);
    contact(LI, "李明", "li.ming@example.com", null, 9);
    const spending = (n, who, amount_minor, state, rule, minutes) => ({ id: id(970 + n), contact: who, contact_name: this.contacts.get(who)?.name ?? "", conversation: TALK, amount_minor, currency: "CNY", state, rule: id(rule), at: now - minutes * MINUTE, by: null });
    this.spendings = [spending(1, WANG, 3_000, "pending", 905, 12), spending(2, LI, 1_000, "offered", 905, 95), spending(3, WANG, 1_000, "accepted", 905, 1_600), spending(4, id(999), 2_500, "declined", 905, 4_000)];
  }

  reset() {
    this.rules = new Map(RULES.map(([name, holds, actions, enabled = true], n) => [id(901 + n), { id: id(901 + n), version: 1, name, enabled, order: (n + 1) * 10, when: holds, actions }]));
  }

  sorted() {
    return [...this.rules.values()].sort((a, b) => a.order - b.order);
  }

  conversation() {
    const last = SAID.at(-1)[0];
    return { id: TALK, number: 214, contact: this.contacts.get(WANG), last_message: { text: last, actor: { type: "customer" }, at: Date.now(), content: "text" }, page: "http://127.0.0.1/demo" };
  }

  // ---- HTTP
  async http(call, url, path, may, me) {
    const [, first, second, third] = path.split("/");
    const method = call.request.method;
    const conflict = (item) => Number(call.request.headers["if-match"]) !== item.version && call.fail(409, "store.conflict", "数据已被他人修改", "Somebody else changed it meanwhile");
    if (first === "ethics") {
      if (!may("administrator")) return true;
      if (method === "GET") return call.json(this.ethics);
      if (conflict(this.ethics)) return true;
      this.ethics = { ...(await call.body()), version: this.ethics.version + 1, updated_at: Date.now(), updated_by: me.id };
      return call.json(this.ethics);
    }
    if (path === `/conversations/${TALK}/entries`) return call.json({ items: SAID.map(([text], n) => ({ seq: n + 1, conversation: TALK, contact: WANG, inbox: id(301), at: Date.now() - (10 - n) * MINUTE, actor: { type: "customer", id: WANG }, event: { kind: "message_received", message: { id: randomUUID(), content: { type: "text", text } } } })), more: false, seq: 9 });
    if (first === "contacts") return this.person(call, url, second, third, may);
    if (first !== "care") return false;
    if (!may("supervisor")) return true;
    if (second === "rules") {
      const rule = this.rules.get(third);
      if (method === "GET") return call.json({ items: this.sorted() });
      if (!may("administrator")) return true;
      if (third === "reset") return this.reset(), call.json({ items: this.sorted() });
      if (method === "POST") {
        const made = { ...(await call.body()), id: randomUUID(), version: 1 };
        this.rules.set(made.id, made);
        return call.json(made);
      }
      if (!rule) return call.fail(404, "not_found", "未找到", "Not found");
      if (method === "DELETE") return this.rules.delete(third), call.none();
      if (conflict(rule)) return true;
      Object.assign(rule, await call.body(), { version: rule.version + 1 });
      return call.json(rule);
    }
    if (second === "budget") {
      if (method === "GET") return call.json(this.budget);
      if (!may("administrator") || conflict(this.budget)) return true;
      this.budget = { ...(await call.body()), version: this.budget.version + 1 };
      return call.json(this.budget);
    }
    if (second === "spending" && method === "GET") {
      const today = this.spendings.filter((it) => it.state !== "declined" && it.at > Date.now() - DAY).reduce((sum, it) => sum + it.amount_minor, 0);
      return call.json({ items: this.spendings, currency: this.budget.currency, today_minor: today, left_minor: Math.max(0, this.budget.per_day_minor - today) });
    }
    if (second === "spending") {
      const found = this.spendings.find((it) => it.id === third);
      if (found?.state !== "pending") return call.fail(409, "store.conflict", "数据已被他人修改", "Somebody else changed it meanwhile");
      Object.assign(found, { state: (await call.body()).approve ? "approved" : "declined", by: me.id });
      return call.json(found);
    }
    if (second === "alerts") return call.json({ items: [] });
    if (second === "replay") return this.replay(call, await call.body());
    return false;
  }

  replay(call, { conversation }) {
    if (conversation !== TALK) return call.fail(404, "consent.none", "客户没有同意，或已撤回同意", "The customer has not agreed, or has taken it back");
    const active = new Set();
    let uneasy = 0;
    const turns = SAID.map(([, valence, state, { raised = false, anxious = 0, urgent = 0, alarms = [], moved = [] }], n) => {
      uneasy = state === "calm" ? 0 : uneasy + 1;
      const felt = { valence, arousal: 0, state, tense: Math.max(0, -valence), raised, anxious, urgent, alarms, uneasy_turns: uneasy, moved: moved.map((what, at) => ({ what, weight: 1 - at * 0.3 })), model: "mock" };
      const holds = ({ enabled, when: it }) => enabled && (!it.states.length || it.states.includes(state)) && (!it.anxious_min || anxious >= it.anxious_min) && (!it.urgent_min || urgent >= it.urgent_min) && (!it.alarm || alarms.length) && (!it.level_raised || raised) && (!it.turns_min || uneasy >= it.turns_min);
      const take = this.sorted().filter(holds).flatMap((rule) => rule.actions.filter((it) => !active.has(`${rule.id}/${it.act}`)).map((it) => (active.add(`${rule.id}/${it.act}`), { rule: rule.id, name: rule.name, act: it.act })));
      const end = state === "calm" ? [...new Set([...active].map((it) => it.split("/")[0]))].map((rule) => ({ rule, name: this.rules.get(rule).name })) : [];
      if (end.length) active.clear();
      return { seq: n + 1, at: Date.now() - (10 - n) * MINUTE, felt, take, end, because: [...alarms, ...moved].join(", ") || "-" };
    });
    return call.json({ turns });
  }

  person(call, url, contact, part, may) {
    const { method } = call.request;
    if (!contact) {
      const q = (url.searchParams.get("q") ?? "").toLowerCase();
      return call.json({ items: [...this.contacts.values()].filter((it) => `${it.name} ${it.email} ${it.phone}`.toLowerCase().includes(q)), next: null });
    }
    const found = this.contacts.get(contact);
    if (!found) return call.fail(404, "not_found", "未找到", "Not found");
    if (part === "consents") return call.json({ items: contact === WANG ? [{ contact, purpose: "emotion:care", text_version: 1, channel: "widget", given_at: Date.now() - 30 * DAY, withdrawn_at: null, in_force: true }, { contact, purpose: "contact:proactive", text_version: 1, channel: "widget", given_at: Date.now() - 30 * DAY, withdrawn_at: Date.now() - 5 * DAY, in_force: false }] : [] });
    if (!may("administrator")) return true;
    if (part === "export") {
      call.response.writeHead(200, { "content-type": "application/json", "content-disposition": 'attachment; filename="my-data.json"' }).end(JSON.stringify({ contact: found }));
      return true;
    }
    if (method !== "DELETE") return false;
    this.contacts.delete(contact);
    return call.json({ erased: { contact: 1, conversation: 3, journal: 41, attachment: 2, consent: 2, emotion_sample: 12, mood: 1, spending: 2, timer: 0 }, rescan_hits: 0 });
  }
}
