// The trend as geometry, what the desk keeps of care, and what is told of it.

import { beforeEach, expect, test } from "vitest";
import { setLang } from "@rapport/ui";
import type { MoodPoint } from "@rapport/ui";
import { likelyOf } from "../src/care/about-list.tsx";
import { HEIGHT, WIDTH, heightOf, turnsOf, wordsOf } from "../src/care/trend.ts";
import { becauseOf, stepText } from "../src/conversation/step-words.ts";
import { applyEntry } from "../src/state/fold.ts";
import { buildTimeline } from "../src/state/timeline.ts";
import { money } from "../src/words.ts";
import { entry, ME, received, row } from "./made.ts";

const point = (seq: number, valence: number, what: string[] = ["词"]): MoodPoint => ({ seq, at: seq * 1_000, valence, arousal: 0, state: "calm", tense: 0.1, raised: false, moved: what.map((it) => ({ what: it, weight: 1 })) });
const points = (...valences: number[]): MoodPoint[] => valences.map((it, index) => point(index + 1, it));

beforeEach(() => setLang("zh-CN", false));

test("turns stand from left to right, good above bad, whatever the server says inside the drawing", () => {
  const turns = turnsOf(points(0.5, -0.5, 7));
  expect(turns.map((it) => it.x)).toEqual([...turns.map((it) => it.x)].sort((a, b) => a - b));
  expect(heightOf(1)).toBeLessThan(heightOf(-1));
  for (const { x, y } of turns) expect(x >= 0 && x <= WIDTH && y >= 0 && y <= HEIGHT).toBe(true);
  expect(turnsOf([point(1, 0)])[0]?.x).toBe(WIDTH / 2);
  expect(turnsOf([])).toEqual([]);
});

test("turns that moved it: steps that are seen and have words, the largest six", () => {
  const moved = (all: MoodPoint[]) => turnsOf(all).flatMap((it) => (it.moved ? [it.point.seq] : []));
  expect(moved(points(0.05, 0.04, -0.3, -0.32))).toEqual([3]);
  expect(moved([point(1, -0.5, [])])).toEqual([]);
  expect(moved(points(0.2, -0.2, 0.3, -0.3, 0.4, -0.4, 0.5, -0.5))).toEqual([3, 4, 5, 6, 7, 8]);
});

test("of a long conversation the newest turns are drawn, and the first of them steps from the one before", () => {
  const turns = turnsOf(points(...Array.from({ length: 60 }, (_, index) => (index < 20 ? 0.8 : 0.79))));
  expect([turns.length, turns[0]?.point.seq, turns[0]?.step.toFixed(2)]).toEqual([40, 21, "-0.01"]);
});

test("its words are the strongest three", () => {
  expect(wordsOf(point(1, 0, ["一", "二", "三", "四"]))).toEqual(["一", "二", "三"]);
});

test("a compensation is known from its offer to its end", () => {
  const offered = applyEntry(row(), entry(1, { kind: "compensation_offered", spending: "s1", amount_minor: 3_000, currency: "CNY", state: "pending" }));
  expect(offered.compensations).toEqual([{ spending: "s1", amount_minor: 3_000, currency: "CNY", state: "pending" }]);
  const taken = applyEntry(offered, entry(2, { kind: "compensation_settled", spending: "s1", state: "accepted" }));
  expect(taken.compensations?.[0]?.state).toBe("accepted");
});

const taken = (act: "soothe" | "prioritise" | "alert_supervisor") => ({ kind: "care_taken" as const, rule: "r", act, feeling: "angry" as const, moved: [], model: "m", policies: [], ...(act === "prioritise" ? { priority: { from: "normal" as const, to: "urgent" as const } } : {}) });

test("what care did is told once, though it has events of its own beside it", () => {
  const system = { actor: { type: "system" as const }, at: 5_000 };
  const items = buildTimeline({
    entries: [received(1, "投诉"), entry(2, taken("soothe"), system), entry(3, taken("prioritise"), system), entry(4, { kind: "priority_changed", priority: "urgent" }, system), entry(5, taken("alert_supervisor"), system), entry(6, { kind: "supervisor_alerted", rule: "r" }, system), entry(8, { kind: "supervisor_alerted", rule: "s" }, system), entry(9, taken("soothe"), system), entry(10, { kind: "care_ended", rule: "r" }, { ...system, at: 9_000 }), entry(11, { kind: "care_ended", rule: "s" }, { ...system, at: 9_000 }), entry(12, { kind: "priority_changed", priority: "low" }, { actor: { type: "member", id: ME } })],
    pending: [],
    me: ME,
    readByCustomer: 0,
    unreadAfter: undefined,
  });
  const steps = items.flatMap((it) => (it.type === "steps" ? it.steps.map(({ entry: one }) => one.seq) : []));
  expect(steps).toEqual([2, 3, 6, 10, 12]);
});

test("steps of care are sentences in both languages", () => {
  const names = { member: () => "王磊", team: () => "" };
  const told = (event: Parameters<typeof entry>[1]) => (["zh-CN", "en"] as const).map((it) => (setLang(it, false), stepText(entry(1, event, { actor: { type: "system" } }), names)));
  expect(told(taken("prioritise"))).toEqual(["关怀：优先级由普通升为紧急（客户愤怒）", "Care: priority raised from Normal to Urgent (the customer is angry)"]);
  expect(told({ kind: "consent_withdrawn", purpose: "emotion:care" })[0]).toContain("已删除");
  expect(told({ kind: "compensation_offered", spending: "s", amount_minor: 1_050, currency: "CNY", state: "pending" })[0]).toContain("¥10.50");
  for (const kind of ["callback_offered", "care_erased"] as const) for (const text of told({ kind })) expect(text).not.toBe("");
});

test("what a step rests on: the rule by its name and the words, or nothing where there is no rule", () => {
  const facts = { zh: "持续不满", en: "Stays upset", state: "angry", what: "投诉" };
  expect(becauseOf([{ code: "queue.joined" }, { code: "care.rule_holds", facts }])).toBe("规则“持续不满”：投诉");
  expect(becauseOf([{ code: "care.rule_holds", facts }, { code: "care.rule_holds", facts: { ...facts, zh: "投诉" } }])).toBe("规则“持续不满”“投诉”：投诉");
  expect(becauseOf([{ code: "queue.joined" }])).toBe("");
});

test("money is written as in its currency", () => {
  expect(money(3_000, "CNY")).toBe("¥30.00");
  expect(money(500, "JPY")).toContain("500");
});

test("of several wishes each intent is offered once, by its best chance", () => {
  const choice = (intent: string, p: number) => ({ intent, label: intent, p, abstained: false, features: [] });
  const wishes = [{ text: "", choices: [choice("a", 0.2), choice("b", 0.7)] }, { text: "", choices: [choice("a", 0.9)] }];
  expect(likelyOf({ wishes, model: null })).toEqual([{ intent: "a", p: 0.9 }, { intent: "b", p: 0.7 }]);
  expect(likelyOf(undefined)).toEqual([]);
});
