import { expect, test } from "vitest";
import type { Entry } from "@rapport/ui";
import { applyContactFields, applyEntry } from "../src/state/fold.ts";
import { contact, entry, ME, OTHER, received, row, sent } from "./made.ts";

const fold = (entries: Entry[], start = row()) => entries.reduce(applyEntry, start);

test("what the customer writes is unread and waits from its first unanswered message", () => {
  const after = fold([received(1, "在吗"), received(2, "鞋子小了")]);
  expect(after).toMatchObject({ unread_by_members: 2, waiting_since: 1_000, messages: 2, last_seq: 2 });
  expect(after.last_message?.text).toBe("鞋子小了");
});

test("a member's answer ends the wait, a bot's question does not", () => {
  const asked = fold([received(1, "?"), entry(2, { kind: "message_sent", message: { id: "m", content: { type: "choices", text: "转人工？", options: [] } } }, { actor: { type: "bot" } })]);
  expect(asked.waiting_since).toBe(1_000);
  expect(fold([sent(3, "您好")], asked).waiting_since).toBeNull();
});

test("an entry that comes twice or late changes nothing", () => {
  const once = fold([received(1, "a"), received(2, "b")]);
  expect(fold([received(1, "a"), received(2, "b")], once)).toBe(once);
});

test("entries of another conversation are not this one's", () => {
  const before = row();
  expect(applyEntry(before, received(1, "a", { conversation: "other" }))).toBe(before);
});

test("from the queue over a declined offer into a member's hands, aside and back", () => {
  const by = { actor: { type: "member" as const, id: ME } };
  const queue = { conversation: "conversation-1", inbox: "inbox-1", contact: "contact-1", team: null, skills: [], priority: "normal" as const, since: 5, passed: [], reasons: [] };
  const waiting = fold([entry(1, { kind: "queued", entry: queue }), entry(2, { kind: "offered", to: OTHER, expires_at: 9_000 }), entry(3, { kind: "offer_declined", by: OTHER })]);
  expect(waiting.status).toEqual({ type: "queued" });
  expect(waiting.queue?.passed).toEqual([OTHER]);
  const taken = fold([entry(4, { kind: "offered", to: ME, expires_at: 9_000 }), entry(5, { kind: "assigned", to: ME }, by)], waiting);
  expect(taken).toMatchObject({ status: { type: "assigned", to: ME, since: 5_000 }, queue: null, last_agent: ME });
  const aside = fold([entry(6, { kind: "snoozed", until: 99_000 }, by)], taken);
  expect(aside.status).toEqual({ type: "snoozed", until: 99_000, to: ME });
  expect(fold([entry(7, { kind: "woken" })], aside).status).toEqual({ type: "assigned", to: ME, since: 7_000 });
});

test("reading is told apart by who read", () => {
  const before = fold([received(1, "a"), sent(2, "b")]);
  const byCustomer = fold([entry(3, { kind: "read_marked", up_to: 2 })], before);
  expect(byCustomer).toMatchObject({ read_by_customer: 2, unread_by_customer: 0, unread_by_members: 1 });
  const byMember = fold([entry(4, { kind: "read_marked", up_to: 2 }, { actor: { type: "member", id: ME } })], byCustomer);
  expect(byMember).toMatchObject({ read_by_members: 2, unread_by_members: 0 });
});

test("fields of a customer find their places, an empty one goes", () => {
  const told = applyContactFields(contact({ fields: { order: "1", tier: "gold" } }), { name: "周", email: "a@b.c", phone: "", order: "", city: "上海" });
  expect(told).toMatchObject({ name: "周", email: "a@b.c", phone: null, fields: { tier: "gold", city: "上海" } });
});
