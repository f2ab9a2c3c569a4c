// The journal's entries and what is still on its way, as the rows that a person sees.

import type { ChoiceId, Content, EventFrame, LiveEvent, Locale, SentContent } from "@rapport/live";
import { daysBetween, dayName } from "./words.ts";
import type { Words } from "./words.ts";

export type From = "customer" | "bot" | "agent" | "system";
export type Delivery = "sending" | "sent" | "read" | "failed";

export interface MessageRow {
  row: "message";
  key: string;
  at: number;
  seq?: number;
  from: From;
  name: string;
  content: Content;
  /** First and last of a group by one author. */
  first: boolean;
  last: boolean;
  state?: Delivery;
  /** The catalogue's words for why it failed. */
  problem?: string;
  /** Its buttons can be pressed. */
  live: boolean;
}

export interface UploadRow {
  row: "upload";
  key: string;
  name: string;
  bytes: number;
  preview?: string;
  percent: number;
  problem?: string;
}

export type Row = MessageRow | UploadRow | { row: "day" | "divider" | "line"; key: string; text: string };

export interface Waiting {
  id: string;
  at: number;
  content: SentContent;
  failed?: string;
}

export interface Upload {
  id: string;
  name: string;
  bytes: number;
  preview?: string;
  percent: number;
  problem?: string;
}

export interface TimelineInput {
  /** Rising `seq`. */
  entries: EventFrame[];
  waiting: Waiting[];
  uploads: Upload[];
  readByMembers: number;
  /** Messages after this number came while nobody looked. */
  dividerAfter?: number;
  names: Map<string, string>;
  company: string;
  words: Words;
  locale: Locale;
  now: number;
}

const GROUP_MS_MAX = 5 * 60_000;

export function timeline(input: TimelineInput): Row[] {
  const { words } = input;
  const rows: Row[] = [];
  let day = "";
  let divided = false;
  const seen = new Set<string>();
  const newDay = (at: number): void => {
    const name = dayName(at, input.now, input.locale);
    if (name === day) return;
    day = name;
    rows.push({ row: "day", key: `day:${daysBetween(0, at)}`, text: name });
  };
  for (const entry of input.entries) {
    const { event, seq, at } = entry;
    if (event.kind === "message_received" || event.kind === "message_sent") {
      const { message } = event;
      if (message.client_id) {
        if (seen.has(message.client_id)) continue;
        seen.add(message.client_id);
      }
      newDay(at);
      const from = author(entry);
      if (!divided && input.dividerAfter !== undefined && seq > input.dividerAfter && from !== "customer") {
        divided = true;
        rows.push({ row: "divider", key: "divider", text: words.newMessages });
      }
      const own: { state: Delivery } | Record<string, never> = from === "customer" ? { state: seq <= input.readByMembers ? "read" : "sent" } : {};
      rows.push({ row: "message", key: message.client_id ?? message.id, at, seq, from, name: nameOf(entry, from, input), content: message.content, first: true, last: true, live: false, ...own });
      continue;
    }
    const text = line(event, entry, input);
    if (!text) continue;
    newDay(at);
    rows.push({ row: "line", key: `s${seq}`, text });
  }
  for (const { id, at, content, failed } of input.waiting) {
    if (seen.has(id)) continue;
    newDay(at);
    rows.push({ row: "message", key: id, at, from: "customer", name: words.customer, content, first: true, last: true, live: false, state: failed === undefined ? "sending" : "failed", ...(failed === undefined ? {} : { problem: failed }) });
  }
  for (const upload of input.uploads) rows.push({ row: "upload", key: upload.id, ...upload });
  group(rows);
  enliven(rows);
  return rows;
}

function author(entry: EventFrame): From {
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

function nameOf(entry: EventFrame, from: From, input: TimelineInput): string {
  switch (from) {
    case "customer":
      return input.words.customer;
    case "bot":
      return input.words.bot;
    case "system":
      return input.company || input.words.agent;
    case "agent":
      return (entry.actor.type === "member" && input.names.get(entry.actor.id)) || input.words.agent;
  }
}

/** What is told in a line between the messages; undefined for what the customer need not read. */
function line(event: LiveEvent, entry: EventFrame, input: TimelineInput): string | undefined {
  const { words } = input;
  switch (event.kind) {
    case "assigned":
      return words.joined(input.names.get(event.to) ?? words.agent);
    case "left_queue":
      return words.leftQueue;
    case "resolved":
      return words.ended;
    case "reopened":
      return words.reopenedLine;
    case "returned_to_bot":
      return words.backToBot;
    case "consent_given":
    case "consent_withdrawn":
      return event.purpose === "emotion:care" ? (event.kind === "consent_given" ? words.feelingsNotice : words.feelingsEnded) : undefined;
    case "ticket_created":
      return input.entries.some((it) => carriesTicket(it, event.ticket)) ? undefined : words.ticketLine(event.number, event.title);
    case "ticket_changed":
      // A step that is public is also told in words, right after.
      return saidAfter(entry, input.entries) ? undefined : words.ticketLine(event.number, words.stages[event.stage] ?? event.stage);
    case "rated":
      // The card that asked shows it already.
      return input.entries.some((it) => it.event.kind === "message_sent" && it.event.message.content.type === "rating_request") ? undefined : words.rated(event.score);
    default:
      return undefined;
  }
}

function saidAfter(entry: EventFrame, entries: EventFrame[]): boolean {
  return entries.some((it) => it.seq > entry.seq && it.seq <= entry.seq + 3 && it.event.kind === "message_sent" && it.actor.type !== "member");
}

function carriesTicket(entry: EventFrame, ticket: string): boolean {
  return entry.event.kind === "message_sent" && entry.event.message.content.type === "ticket" && entry.event.message.content.ticket === ticket;
}

function group(rows: Row[]): void {
  for (let index = 1; index < rows.length; index += 1) {
    const [before, after] = [rows[index - 1], rows[index]];
    if (before?.row !== "message" || after?.row !== "message") continue;
    if (before.from !== after.from || before.name !== after.name || after.at - before.at > GROUP_MS_MAX) continue;
    before.last = false;
    after.first = false;
  }
}

/** Buttons work only where nothing was said after them: an old "did it help?" asks no more. */
function enliven(rows: Row[]): void {
  for (let index = rows.length - 1; index >= 0; index -= 1) {
    const row = rows[index];
    if (row?.row === "line") return;
    if (row?.row !== "message") continue;
    if (row.from === "customer") return;
    row.live = true;
  }
}

/** The answer that can be judged: the newest, unless the server asks by buttons of its own. */
export function judgeable(rows: Row[]): string | undefined {
  const live = rows.filter((it): it is MessageRow => it.row === "message" && it.live);
  const asked = live.some((it) => it.content.type === "choices" && it.content.options.some((option) => judging(option.id)));
  return asked ? undefined : live.findLast((it) => it.content.type === "answer")?.key;
}

export function judging(choice: ChoiceId): boolean {
  return choice === "helped" || choice === "not_helped";
}
