import { expect, test } from "vitest";
import type { OutboxItem } from "@rapport/live";
import type { Entry } from "@rapport/ui";
import { buildTimeline, foldedSteps } from "../src/state/timeline.ts";
import type { TimelineItem } from "../src/state/timeline.ts";
import { entry, ME, OTHER, received, sent } from "./made.ts";

const build = (entries: Entry[], pending: OutboxItem[] = [], part: { readByCustomer?: number; unreadAfter?: number } = {}) => buildTimeline({ entries, pending, me: ME, readByCustomer: part.readByCustomer ?? 0, unreadAfter: part.unreadAfter });
const shape = (items: TimelineItem[]) => items.map((it) => (it.type === "message" ? `${it.from}:${it.state}${it.first ? ":first" : ""}${it.last ? ":last" : ""}` : it.type === "steps" ? `steps:${it.steps.length}` : it.type));
const messages = (items: TimelineItem[]) => items.filter((it) => it.type === "message");
const waiting = (id: string, text: string, part: Partial<OutboxItem> = {}): OutboxItem => ({ id, at: 50_000, conversation: "conversation-1", keep: true, content: { type: "text", text }, ...part });

test("messages of one person make a run, a day stands before its first", () => {
  expect(shape(build([received(1, "a"), received(2, "b"), sent(3, "c")]))).toEqual(["day", "customer:sent:first", "customer:sent:last", "agent:sent:first:last"]);
});

test("a pause of more than five minutes begins a new run", () => {
  expect(messages(build([received(1, "a"), received(2, "b", { at: 400_000 })])).every((it) => it.first && it.last)).toBe(true);
});

test("two colleagues do not share a run, and a note none with a reply", () => {
  const note = entry(3, { kind: "note_added", message: { id: "n", content: { type: "text", text: "x" } }, mentions: [OTHER] }, { actor: { type: "member", id: ME } });
  const items = messages(build([sent(1, "a"), sent(2, "b", { actor: { type: "member", id: OTHER } }), note, sent(4, "c")]));
  expect(items.map((it) => it.first)).toEqual([true, true, true, true]);
  expect(items[2]).toMatchObject({ note: true, mentions: [OTHER] });
});

test("read reaches up to where the customer read", () => {
  expect(messages(build([sent(1, "a"), sent(2, "b"), sent(3, "c")], [], { readByCustomer: 2 })).map((it) => it.state)).toEqual(["read", "read", "sent"]);
});

test("what is on its way comes last, and once: its own entry takes its place under the same key", () => {
  const on = build([received(1, "a")], [waiting("c9", "b")]);
  expect(on.at(-1)).toMatchObject({ key: "c9", state: "sending", pending: "c9" });
  const settled = build([received(1, "a"), sent(9, "b")], [waiting("c9", "b")]);
  expect(messages(settled)).toHaveLength(2);
  expect(settled.at(-1)).toMatchObject({ key: "c9", state: "sent" });
});

test("a refused one stays with its reason", () => {
  expect(build([], [waiting("x", "b", { failed: { code: "conversation.closed", message: "会话已结束" } })]).at(-1)).toMatchObject({ state: "failed", failure: "会话已结束" });
});

test("a note on its way vanishes when its entry is there, though entries of notes carry no client id", () => {
  const note = (text: string) => entry(5, { kind: "note_added", message: { id: "n", content: { type: "text", text } }, mentions: [] }, { at: 51_000, actor: { type: "member", id: ME } });
  const pending = { id: "p", at: 50_000, conversation: "conversation-1", keep: true, action: { action: "note" as const, text: "x" } };
  expect(messages(build([note("x")], [pending]))).toHaveLength(1);
  expect(messages(build([note("y")], [pending]))).toHaveLength(2);
});

test("steps gather between messages, bookkeeping is silent", () => {
  const by = { actor: { type: "member" as const, id: ME } };
  expect(shape(build([entry(1, { kind: "queued", entry: {} as never }), entry(2, { kind: "assigned", to: ME }, by), entry(3, { kind: "read_marked", up_to: 1 }, by), sent(4, "a"), entry(5, { kind: "resolved" }, by)]))).toEqual(["day", "steps:2", "agent:sent:first:last", "steps:1"]);
});

test("a long run folds up to its newest steps, but an objection stays in sight", () => {
  const kinds = ["decision_objected", "resolved", "resolved", "resolved", "resolved"] as const;
  const run = (many: number) => kinds.slice(0, many).map((kind, index) => ({ entry: entry(index + 1, kind === "resolved" ? { kind } : { kind, about: 1, text: "x" }), reasons: [] }));
  expect(foldedSteps(run(4))).toHaveLength(4);
  expect(foldedSteps(run(5)).map(({ entry: it }) => it.seq)).toEqual([1, 3, 4, 5]);
});

test("the line above what is new stands before the customer's first unread message", () => {
  expect(shape(build([received(1, "a"), sent(2, "b"), received(3, "c")], [], { unreadAfter: 1 }))).toEqual(["day", "customer:sent:first:last", "agent:sent:first:last", "unread", "customer:sent:first:last"]);
});

test("the reasons of a decision go with all of its entries, not with the next decision", () => {
  const reasons = [{ code: "a" }];
  const items = build([entry(1, { kind: "unassigned" }, { at: 5, reasons }), entry(2, { kind: "queued", entry: {} as never }, { at: 5 }), entry(3, { kind: "woken" }, { at: 6 })]);
  const steps = items.find((it) => it.type === "steps");
  expect(steps?.type === "steps" ? steps.steps.map((it) => it.reasons.length) : []).toEqual([1, 1, 0]);
});
