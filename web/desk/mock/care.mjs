// Care as the mock's server has it: consents, the trend, what rules did, alerts, compensations, the suggested opening; and the intents.

import { randomUUID } from "node:crypto";
import { BOT, customer, member, SYSTEM } from "./world.mjs";

const RULE = "rule-stays-upset";
const STATES = [
  [-0.45, "angry"],
  [-0.25, "upset"],
  [-0.08, "concerned"],
  [2, "calm"],
];

export class Care {
  /** By conversation. */
  points = new Map();
  done = new Map();
  openings = new Map();
  alerts = new Map();
  spendings = new Map();
  intents = [];
  taught = [];

  constructor(world) {
    this.world = world;
    const intent = (zh, en, description) => ({ id: randomUUID(), name: world.say(zh, en), description, enabled: true });
    this.intents = [intent("催物流", "Chase a parcel", ""), intent("退款", "Refund", ""), intent("换码", "Change the size", ""), intent("开发票", "Invoice", ""), { ...intent("oos", "oos", ""), name: "oos" }];
    this.rule = { zh: "持续不满", en: "The customer stays upset" };
  }

  /** `undefined`: not asked for here. */
  route(method, path, body, query) {
    const [, kind, id, part, seq, last] = path.split("/");
    if (kind === "conversations" && part === "mood") return this.mood(id);
    if (kind === "conversations" && part === "suggestion") return { opening: this.openings.get(id) ?? null };
    if (kind === "conversations" && part === "understanding") return { wishes: [{ text: "", choices: [0.81, 0.12, 0.04].map((p, index) => ({ intent: this.intents[index].id, label: this.intents[index].name, p, abstained: false, features: [] })) }], model: "mock", seq: query.get("seq") };
    if (kind === "conversations" && part === "entries" && last === "intent") return this.taught.push({ id, seq: Number(seq), intent: body.intent }), { intent: body.intent, example: 1 };
    if (kind === "conversations" && part === "entries" && last === "feeling") return this.taught.push({ id, seq: Number(seq), state: body.state }), { id: "1", text: "", state: body.state };
    if (path === "/intents") return { intents: this.intents, model: null, stale: false, training: null };
    if (path === "/care/alerts") return { items: [...this.alerts.values()] };
    if (kind === "care" && part && path.endsWith("/seen")) return this.alerts.delete(part), {};
    if (path === "/care/spending") return { items: [...this.spendings.values()].filter((it) => it.state === query.get("state")), currency: "CNY", today_minor: 2_000, left_minor: 48_000 };
    if (kind === "care" && id === "spending" && part) return this.judge(part, body.approve);
    return undefined;
  }

  mood(id) {
    const points = this.points.get(id);
    if (!points) return { consented: false, points: [], level: "normal", care: [] };
    const raised = points.findLastIndex((it) => !it.raised) + 1;
    return { consented: true, points, level: points.at(-1)?.raised ? "raised" : "normal", ...(points.at(-1)?.raised ? { since: points[raised].at } : {}), care: this.done.get(id) ?? [] };
  }

  consent(id, given) {
    const row = this.world.rows.get(id);
    if (given) this.points.set(id, []);
    else for (const map of [this.points, this.done, this.openings]) map.delete(id);
    this.world.commit(id, customer(row.contact), given ? { kind: "consent_given", purpose: "emotion:care", text_version: 1, channel: "widget" } : { kind: "consent_withdrawn", purpose: "emotion:care" });
  }

  /** One message of the customer and where it leaves them. */
  said(id, text, valence, words) {
    const { seq, at } = this.world.received(id, text);
    const points = this.points.get(id);
    if (!points) return;
    const state = STATES.find(([below]) => valence < below)[1];
    const tense = Math.max(0.03, Math.min(0.97, 0.5 - valence));
    points.push({ seq, at, valence, arousal: -valence, state, tense, raised: tense > 0.7 && points.length > 1, anxious: 0.2, urgent: 0.3, alarms: [], uneasy_turns: 0, moved: words.map((what, index) => ({ what, weight: 1 - index / 4 })), model: "mock" });
  }

  /** What the rule does: opening, priority, supervisor, compensation above the limit. */
  act(id) {
    const { world } = this;
    const row = world.rows.get(id);
    const point = this.points.get(id).at(-1);
    const opening = { zh: "给您带来不好的体验，非常抱歉。", en: "I am sorry this has been such a bad experience." };
    const what = point.moved.map((it) => it.what).join(" · ");
    const reasons = [{ code: "care.rule_holds", facts: { ...this.rule, state: point.state, what }, text: world.say(`规则“${this.rule.zh}”成立：${what}`, `Rule “${this.rule.en}” holds: ${what}`) }];
    const base = { kind: "care_taken", rule: RULE, feeling: point.state, moved: point.moved, model: "mock", policies: [] };
    const at = Date.now();
    const take = (event, more = {}) => {
      const { seq } = world.commit(id, SYSTEM, { ...base, ...event }, { at, ...more });
      this.done.set(id, [...(this.done.get(id) ?? []), { act: event.act, rule: RULE, seq, at, reasons }]);
    };
    take({ act: "soothe", opening }, { reasons });
    take({ act: "prioritise", priority: { from: row.priority, to: "urgent" } });
    world.commit(id, SYSTEM, { kind: "priority_changed", priority: "urgent" }, { at });
    take({ act: "alert_supervisor" });
    this.openings.set(id, opening);
    const contact = world.contacts.get(row.contact);
    this.alerts.set(id, { conversation: id, number: row.number, contact: row.contact, contact_name: contact.name, at, rule: RULE, rule_name: this.rule, reasons });
    world.commit(id, SYSTEM, { kind: "supervisor_alerted", rule: RULE }, { at });
    const spending = { id: randomUUID(), contact: row.contact, contact_name: contact.name, conversation: id, amount_minor: 3_000, currency: "CNY", state: "pending", rule: RULE, at, by: null };
    this.spendings.set(spending.id, spending);
    row.compensations = [{ spending: spending.id, amount_minor: spending.amount_minor, currency: "CNY", state: "pending" }];
    world.commit(id, SYSTEM, { kind: "compensation_offered", spending: spending.id, amount_minor: spending.amount_minor, currency: "CNY", state: "pending" }, { at });
  }

  judge(id, approve) {
    const { world } = this;
    const it = this.spendings.get(id);
    Object.assign(it, { state: approve ? "approved" : "declined", by: world.me.id });
    world.commit(it.conversation, member(world.me.id), { kind: "compensation_settled", spending: id, state: it.state });
    if (approve) world.commit(it.conversation, BOT, { kind: "message_sent", message: { id: randomUUID(), content: { type: "compensation", spending: id, amount_minor: it.amount_minor, currency: it.currency, text: world.say("为这次延误，我们想给您一点补偿。", "For the delay we would like to make it up to you."), state: "approved" } } });
    return it;
  }

  /** The customer is well again. */
  recover(id) {
    const { world } = this;
    const at = Date.now();
    this.openings.delete(id);
    this.done.set(id, this.done.get(id).map((it) => ({ ...it, undone_at: at })));
    world.commit(id, SYSTEM, { kind: "care_ended", rule: RULE }, { at });
    world.commit(id, SYSTEM, { kind: "priority_changed", priority: "normal" }, { at });
  }
}
