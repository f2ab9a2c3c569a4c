import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LiveError } from "@rapport/live";
import type { Ack, Action, EventFrame, LiveClient, LiveOptions, SentContent } from "@rapport/live";
import type { ConversationRow, Entry } from "@rapport/ui";
import { Desk } from "../src/state/desk.ts";
import type { Alert } from "../src/state/desk.ts";
import { readDraft } from "../src/state/drafts.ts";
import { entry, inbox, me, ME, memberRow, OTHER, received, row, sent } from "./made.ts";

/** A live client that is told what happens. */
class FakeLive {
  sent: SentContent[] = [];
  acts: { action: Action; settle: (error?: LiveError) => void }[] = [];
  resumed: number | undefined;
  constructor(readonly options: LiveOptions) {}
  connect() {
    this.options.onState?.({ phase: "live", caughtUp: false, attempts: 0 });
    this.options.onState?.({ phase: "live", caughtUp: true, attempts: 0 });
  }
  close() {}
  presence() {}
  typing() {}
  pending() {
    return [];
  }
  setResume(seq: number) {
    this.resumed = seq;
  }
  send(_conversation: string, content: SentContent) {
    this.sent.push(content);
    return "id";
  }
  act(_conversation: string, action: Action): Promise<Ack> {
    return new Promise((resolve, reject) => {
      this.acts.push({ action, settle: (error) => (error ? reject(error) : resolve({ id: "x", seq: 1, conversation: "", duplicate: false })) });
    });
  }
  tell(it: Entry) {
    this.options.onEvent(it as unknown as EventFrame);
  }
}

let answers: Record<string, unknown>;
let asked: string[];
let live: FakeLive;
let alerts: Alert[];

beforeEach(() => {
  asked = [];
  alerts = [];
  answers = {
    "/members": { items: [memberRow(ME), memberRow(OTHER)] },
    "/teams": { items: [] },
    "/inboxes": { items: [inbox("inbox-1"), inbox("inbox-2")] },
    "/canned-replies": { items: [] },
    "/conversations/counts": { mine: 1, unassigned: 0, all: 1 },
    "/conversations?view=mine&limit=50": { items: [], next: null, seq: 40 },
    "/conversations?view=unassigned&limit=50": { items: [], next: null, seq: 42 },
  };
  vi.useFakeTimers();
  vi.stubGlobal("fetch", async (address: string) => {
    const path = address.replace("/api/rapport/v1", "");
    asked.push(path);
    const answer = answers[path];
    return { status: answer === undefined ? 404 : 200, text: async () => JSON.stringify(answer ?? { code: "not_found", message: "未找到", hint: "" }) };
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function started(mine: ConversationRow[] = []): Promise<Desk> {
  answers["/conversations?view=mine&limit=50"] = { items: mine, next: null, seq: 40 };
  const desk = new Desk({ me: me(), live: (options) => (live = new FakeLive(options)) as unknown as LiveClient, onAlert: (it) => alerts.push(it) });
  await desk.start();
  return desk;
}

const mineAt = (last_seq: number, part: Partial<ConversationRow> = {}) => row({ status: { type: "assigned", to: ME, since: 1 }, last_seq, ...part });
const only = (desk: Desk) => [...desk.state.rows.values()][0];

test("the live connection goes on where the older of the first answers ended", async () => {
  await started();
  expect(live.resumed).toBe(40);
});

test("an entry that the list already held changes nothing, the next one does", async () => {
  const desk = await started([mineAt(41, { messages: 3 })]);
  live.tell(received(41, "held"));
  expect(only(desk)?.messages).toBe(3);
  live.tell(received(43, "new"));
  expect(only(desk)).toMatchObject({ messages: 4, last_seq: 43, unread_by_members: 1 });
});

test("entries that came while a timeline was read are in it, once", async () => {
  const desk = await started([mineAt(40)]);
  answers["/conversations/conversation-1/entries?limit=60"] = { items: [received(40, "a"), received(41, "b")], more: false, seq: 41 };
  const reading = desk.loadTimeline("conversation-1");
  live.tell(received(41, "b"));
  live.tell(received(42, "c"));
  await reading;
  expect(desk.state.timelines.get("conversation-1")?.entries.map((it) => it.seq)).toEqual([40, 41, 42]);
  live.tell(received(43, "d"));
  expect(desk.state.timelines.get("conversation-1")?.entries.map((it) => it.seq)).toEqual([40, 41, 42, 43]);
});

test("older entries go before those that are there", async () => {
  const desk = await started([mineAt(42)]);
  answers["/conversations/conversation-1/entries?limit=60"] = { items: [received(41, "b"), received(42, "c")], more: true, seq: 42 };
  answers["/conversations/conversation-1/entries?before=41&limit=60"] = { items: [received(7, "a")], more: false };
  await desk.loadTimeline("conversation-1");
  await desk.loadOlder("conversation-1");
  expect(desk.state.timelines.get("conversation-1")).toMatchObject({ more: false, loading: false });
  expect(desk.state.timelines.get("conversation-1")?.entries.map((it) => it.seq)).toEqual([7, 41, 42]);
});

test("an offer of a conversation that is not known is fetched, then told", async () => {
  const desk = await started();
  answers["/conversations/conversation-9"] = row({ id: "conversation-9", status: { type: "queued" }, last_seq: 50, number: 9 });
  live.tell(entry(51, { kind: "offered", to: ME, expires_at: 9 }, { conversation: "conversation-9", actor: { type: "system" } }));
  await vi.waitFor(() => expect(alerts.map((it) => it.kind)).toEqual(["offer"]));
  expect(desk.state.rows.get("conversation-9")?.status.type).toBe("offered");
});

test("who is called for what", async () => {
  await started([mineAt(40), row({ id: "theirs", status: { type: "assigned", to: OTHER, since: 1 } })]);
  live.tell(received(41, "for me"));
  live.tell(received(42, "not for me", { conversation: "theirs" }));
  live.tell(sent(43, "my own"));
  live.tell(entry(44, { kind: "note_added", message: { id: "n", content: { type: "text", text: "@me" } }, mentions: [ME] }, { conversation: "theirs", actor: { type: "member", id: OTHER } }));
  live.tell(entry(45, { kind: "assigned", to: ME }, { conversation: "theirs", actor: { type: "member", id: OTHER } }));
  live.tell(entry(46, { kind: "assigned", to: ME }, { actor: { type: "member", id: ME } }));
  expect(alerts.map((it) => it.kind)).toEqual(["message", "mention", "assigned"]);
});

test("nobody is called for what was missed and is caught up", async () => {
  await started([mineAt(40)]);
  live.options.onState?.({ phase: "live", caughtUp: false, attempts: 0 });
  live.tell(received(41, "while away"));
  vi.advanceTimersByTime(60);
  live.options.onState?.({ phase: "live", caughtUp: true, attempts: 0 });
  expect(alerts).toEqual([]);
});

test("a reset reads anew what is shown", async () => {
  const desk = await started([mineAt(40)]);
  asked = [];
  live.options.onReset?.(5_000);
  await vi.waitFor(() => expect(desk.state.rows.size).toBe(1));
  expect(asked).toContain("/conversations?view=mine&limit=50");
});

test("a refused note goes back to where it was written", async () => {
  const desk = await started([mineAt(40)]);
  desk.note("conversation-1", "@you look", [OTHER]);
  live.acts.at(-1)?.settle(new LiveError({ code: "message.too_long", message: "消息过长", hint: "" }));
  await vi.waitFor(() => expect(readDraft("conversation-1")).toEqual({ mode: "note", text: "@you look" }));
});

test("typing ends by itself, and with what was typed", async () => {
  const desk = await started([mineAt(40)]);
  const typing = (on: boolean) => live.options.onSignal?.({ t: "typing", conversation: "conversation-1", actor: { type: "customer", id: "contact-1" }, on });
  typing(true);
  expect(desk.state.typing.get("conversation-1")).toHaveLength(1);
  vi.advanceTimersByTime(6_500);
  expect(desk.state.typing.get("conversation-1")).toEqual([]);
  typing(true);
  live.tell(received(41, "here"));
  expect(desk.state.typing.get("conversation-1")).toEqual([]);
  live.options.onSignal?.({ t: "typing", conversation: "conversation-1", actor: { type: "member", id: ME }, on: true });
  expect(desk.state.typing.get("conversation-1")).toEqual([]);
});

test("one inbox alone: the lists are read for it, a late answer for another is dropped", async () => {
  const desk = await started([mineAt(40)]);
  answers["/conversations?view=mine&inbox=inbox-2&limit=50"] = { items: [], next: null, seq: 44 };
  desk.chooseInbox("inbox-1", "mine");
  desk.chooseInbox("inbox-2", "mine");
  await vi.waitFor(() => expect(desk.state.lists.mine.loaded).toBe(true));
  expect(desk.state.inbox).toBe("inbox-2");
  expect(asked.at(-1)).toBe("/conversations?view=mine&inbox=inbox-2&limit=50");
});

test("marking read takes the badge at once and asks once", async () => {
  const desk = await started([mineAt(40, { unread_by_members: 3 })]);
  desk.markRead("conversation-1");
  desk.markRead("conversation-1");
  expect(only(desk)?.unread_by_members).toBe(0);
  expect(live.acts.map((it) => it.action)).toEqual([{ action: "mark_read", up_to: 40 }]);
});

async function supervising(): Promise<Desk> {
  const known = me();
  const desk = new Desk({ me: { ...known, member: { ...known.member, role: "supervisor" } }, live: (options) => (live = new FakeLive(options)) as unknown as LiveClient, onAlert: (it) => alerts.push(it) });
  await desk.start();
  await vi.advanceTimersByTimeAsync(10);
  return desk;
}
const careAlert = { conversation: "conversation-1", number: 7, contact: "contact-1", contact_name: "周", at: 5, rule: "r", rule_name: { zh: "", en: "" }, reasons: [] };

test("a supervisor is called to a conversation that is not on the list, and an agent is not", async () => {
  answers["/conversations/conversation-1"] = row({ last_seq: 50 });
  answers["/care/alerts"] = { items: [] };
  answers["/care/spending?state=pending"] = { items: [], currency: "CNY", today_minor: 0, left_minor: 5 };
  const desk = await supervising();
  answers["/care/alerts"] = { items: [careAlert] };
  live.tell(entry(51, { kind: "supervisor_alerted", rule: "r" }, { actor: { type: "system" } }));
  await vi.advanceTimersByTimeAsync(10);
  expect(alerts.map((it) => it.kind)).toEqual(["care"]);
  expect(desk.state.careAlerts.map((it) => it.number)).toEqual([7]);
  alerts = [];
  asked = [];
  await started();
  live.tell(entry(51, { kind: "supervisor_alerted", rule: "r" }, { actor: { type: "system" } }));
  await vi.advanceTimersByTimeAsync(10);
  expect([alerts, asked.filter((it) => it.startsWith("/care"))]).toEqual([[], []]);
});

test("an alert that was seen is gone at once, and back when the server did not hear of it", async () => {
  answers["/care/alerts"] = { items: [careAlert] };
  answers["/care/spending?state=pending"] = { items: [], currency: "CNY", today_minor: 0, left_minor: 5 };
  const desk = await supervising();
  const seen = desk.careSeen("conversation-1");
  expect(desk.state.careAlerts).toEqual([]);
  await seen;
  await vi.advanceTimersByTimeAsync(10);
  expect(desk.state.careAlerts).toEqual([careAlert]);
});

test("when the right to see personal data changes, everything shown is read anew", async () => {
  const shown = row({ contact: { ...row().contact, phone: "13812345678" } });
  const desk = await started([shown]);
  answers["/me"] = { ...me(), permissions: [] };
  answers["/conversations?view=mine&limit=50"] = { items: [{ ...shown, contact: { ...shown.contact, phone: "138****5678" } }], next: null, seq: 50 };
  const before = desk.state.ticketTurn;
  live.options.onSignal?.({ t: "rights_changed", member: OTHER });
  expect(desk.state.rows.size).toBe(1);
  live.options.onSignal?.({ t: "rights_changed", member: ME });
  await vi.waitFor(() => expect(desk.state.me.permissions).toEqual([]));
  await vi.waitFor(() => expect([...desk.state.rows.values()].map((it) => it.contact.phone)).toEqual(["138****5678"]));
  expect(desk.state.ticketTurn).toBe(before + 1);
});

test("an inbox that was made since is asked for once", async () => {
  const desk = await started();
  answers["/inboxes"] = { items: [inbox("inbox-1"), inbox("inbox-9", { channel: "telegram" })] };
  answers["/conversations?q=x&limit=30"] = { items: [row({ inbox: "inbox-9" }), row({ id: "conversation-2", inbox: "inbox-gone" })], next: null };
  await desk.search("x");
  await vi.waitFor(() => expect(desk.state.inboxes.get("inbox-9")?.channel).toBe("telegram"));
  await desk.search("x");
  expect(asked.filter((it) => it === "/inboxes")).toHaveLength(2);
});
