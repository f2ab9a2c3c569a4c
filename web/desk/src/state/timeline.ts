// What the timeline of a conversation shows: messages in groups, days, steps that happened between them, what is being sent.

import type { OutboxItem } from "@rapport/live";
import type { Content, DeliveryState, Entry, Reason } from "@rapport/ui";

export type From = "customer" | "agent" | "bot" | "system";
export type SendState = "sending" | "sent" | "read" | "failed";

/** How far a message has come on a remote channel. */
export interface Delivery {
  state: DeliveryState;
  /** Why it failed, or what the provider said. */
  code: string;
}

export interface MessageItem {
  type: "message";
  key: string;
  seq?: number;
  at: number;
  from: From;
  member?: string;
  note: boolean;
  mentions: string[];
  content: Content;
  state: SendState;
  delivery?: Delivery;
  /** Id in the outbox, for retry and discard. */
  pending?: string;
  failure?: string;
  /** First of a run by the same person: shows the name. */
  first: boolean;
  /** Last of a run: shows the time. */
  last: boolean;
  reasons: Reason[];
}

export interface StepsItem {
  type: "steps";
  key: string;
  steps: { entry: Entry; reasons: Reason[] }[];
}

export type TimelineItem = MessageItem | StepsItem | { type: "day"; key: string; at: number } | { type: "unread"; key: string };

/** Kinds that are bookkeeping and say nothing to people. */
const SILENT = new Set(["read_marked", "delivery_changed", "rating_reminded", "message_received", "message_sent", "note_added"]);
/** Never folded away: what a person is asked to act on, or must not miss. */
const TELLING: ReadonlySet<string> = new Set(["handover_requested", "decision_objected", "supervisor_alerted", "compensation_offered", "care_ended"]);
/** A run of more steps is folded up to its newest, so many with the line that unfolds it. */
const STEPS_SHOWN_MAX = 4;

/** The steps of a run that are shown while it is folded up: the newest, and every one that tells. */
export function foldedSteps(steps: StepsItem["steps"]): StepsItem["steps"] {
  if (steps.length <= STEPS_SHOWN_MAX) return steps;
  return steps.filter(({ entry }, index) => TELLING.has(entry.event.kind) || index > steps.length - STEPS_SHOWN_MAX);
}

/** Entries of one decision share its time; no more than so many are looked back through. */
const DECISION_MAX = 24;
const GROUP_MS_MAX = 5 * 60_000;

function fromOf(entry: Entry): From {
  switch (entry.actor.type) {
    case "customer":
      return "customer";
    case "member":
      return "agent";
    case "bot":
      return "bot";
    case "system":
      return "system";
  }
}

/** Reasons are carried by the first entry of a decision; the others of the same decision share its time and follow without a gap. */
function spreadReasons(entries: readonly Entry[]): Reason[][] {
  let last: { seq: number; at: number; reasons: Reason[] } | undefined;
  return entries.map((entry) => {
    const own = entry.reasons ?? [];
    const same = own.length === 0 && last && last.at === entry.at && last.seq + 1 === entry.seq;
    const reasons = same ? (last?.reasons ?? []) : own;
    last = { seq: entry.seq, at: entry.at, reasons };
    return reasons;
  });
}

const DELIVERY_ORDER: readonly DeliveryState[] = ["sent", "unknown", "delivered", "read", "failed"];

/** By message. Receipts come in any order: what has come far does not go back. */
export function deliveries(entries: readonly Entry[]): Map<string, Delivery> {
  const found = new Map<string, Delivery>();
  for (const { event } of entries) {
    if (event.kind !== "delivery_changed") continue;
    const before = found.get(event.message);
    if (before && DELIVERY_ORDER.indexOf(before.state) >= DELIVERY_ORDER.indexOf(event.state)) continue;
    found.set(event.message, { state: event.state, code: event.code ?? "" });
  }
  return found;
}

function messageOf(entry: Entry, readByCustomer: number, reasons: Reason[], delivered: ReadonlyMap<string, Delivery>): MessageItem | undefined {
  const { event } = entry;
  if (event.kind !== "message_received" && event.kind !== "message_sent" && event.kind !== "note_added") return undefined;
  const delivery = event.kind === "message_sent" ? delivered.get(event.message.id) : undefined;
  return {
    type: "message",
    key: event.message.client_id ?? `seq-${entry.seq}`,
    seq: entry.seq,
    at: entry.at,
    from: fromOf(entry),
    ...(entry.actor.type === "member" ? { member: entry.actor.id } : {}),
    note: event.kind === "note_added",
    mentions: event.kind === "note_added" ? event.mentions : [],
    content: event.message.content,
    state: event.kind === "message_sent" && entry.seq <= readByCustomer ? "read" : "sent",
    ...(delivery ? { delivery } : {}),
    first: true,
    last: true,
    reasons,
  };
}

function pendingOf(item: OutboxItem, me: string): MessageItem | undefined {
  const content: Content | undefined = item.content ?? (item.action?.action === "note" ? { type: "text", text: item.action.text } : item.action?.action === "send" ? item.action.content : undefined);
  if (!content) return undefined;
  return {
    type: "message",
    key: item.id,
    at: item.at,
    from: "agent",
    member: me,
    note: item.action?.action === "note",
    mentions: [],
    content,
    state: item.failed ? "failed" : "sending",
    pending: item.id,
    ...(item.failed ? { failure: item.failed.message } : {}),
    first: true,
    last: true,
    reasons: [],
  };
}

/** A note carries no client id: while both are there, the copy on its way is left out. */
function isSettled(item: MessageItem, entries: readonly Entry[]): boolean {
  const said = item.content.type === "text" ? item.content.text : undefined;
  return entries.slice(-12).some(({ event, at, actor }) => {
    if (event.kind === "message_sent" && event.message.client_id === item.pending) return true;
    return item.note && event.kind === "note_added" && actor.type === "member" && actor.id === item.member && event.message.content.type === "text" && event.message.content.text === said && at >= item.at - 60_000;
  });
}

function sameRun(a: TimelineItem | undefined, b: MessageItem): a is MessageItem {
  return a?.type === "message" && a.from === b.from && a.member === b.member && a.note === b.note && b.at - a.at < GROUP_MS_MAX;
}

/** Acts of care that have an event of their own beside them, and a priority that care has just told of: said once. */
function isTwin({ event, actor }: Entry, before: readonly Entry[]): boolean {
  if (actor.type === "member") return false;
  const acts = before.flatMap((it) => (it.event.kind === "care_taken" ? [it.event.act] : []));
  if (event.kind === "care_taken") return event.act === "alert_supervisor" || event.act === "offer_callback" || event.act === "compensate" || (event.act === "soothe" && acts.includes("soothe"));
  if (event.kind === "priority_changed") return acts.includes("prioritise");
  // Several rules of one decision begin and end together.
  return (event.kind === "care_ended" || event.kind === "supervisor_alerted") && before.some((it) => it.event.kind === event.kind);
}

export interface TimelineInput {
  entries: readonly Entry[];
  pending: readonly OutboxItem[];
  me: string;
  readByCustomer: number;
  /** Entries after this number were unread when the conversation was opened. */
  unreadAfter: number | undefined;
}

export function buildTimeline({ entries, pending, me, readByCustomer, unreadAfter }: TimelineInput): TimelineItem[] {
  const items: TimelineItem[] = [];
  const reasons = spreadReasons(entries);
  const delivered = deliveries(entries);
  let dayKey = "";
  let unreadShown = unreadAfter === undefined;
  const addDay = (at: number) => {
    const key = new Date(at).toDateString();
    if (key === dayKey) return;
    dayKey = key;
    items.push({ type: "day", key: `day-${key}`, at });
  };
  const addMessage = (message: MessageItem) => {
    const previous = items.at(-1);
    if (sameRun(previous, message)) {
      previous.last = false;
      message.first = false;
    }
    items.push(message);
  };
  entries.forEach((entry, index) => {
    const why = reasons[index] ?? [];
    const message = messageOf(entry, readByCustomer, why, delivered);
    if (!message && (SILENT.has(entry.event.kind) || isTwin(entry, entries.slice(Math.max(0, index - DECISION_MAX), index).filter((it) => it.at === entry.at)))) return;
    addDay(entry.at);
    if (!unreadShown && entry.seq > (unreadAfter ?? 0) && message?.from === "customer") {
      unreadShown = true;
      items.push({ type: "unread", key: "unread" });
    }
    if (message) {
      addMessage(message);
      return;
    }
    const previous = items.at(-1);
    if (previous?.type === "steps") previous.steps.push({ entry, reasons: why });
    else items.push({ type: "steps", key: `steps-${entry.seq}`, steps: [{ entry, reasons: why }] });
  });
  for (const item of pending) {
    const message = pendingOf(item, me);
    if (!message || isSettled(message, entries)) continue;
    addDay(message.at);
    addMessage(message);
  }
  return items;
}
