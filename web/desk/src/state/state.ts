// What the desk knows of the world, and how a stretch of the journal changes it. Pure: no network, no clock.

import type { LiveState, OutboxItem } from "@rapport/live";
import type { CannedReply, CareAlert, ConversationRow, Entry, Fault, Inbox, Me, MemberRow, Presence, SpendingList, Team } from "@rapport/ui";
import { applyContactFields, applyEntry } from "./fold.ts";
import { inView, isOfferedTo } from "./views.ts";
import type { View } from "./views.ts";

export interface ListState {
  loaded: boolean;
  loading: boolean;
  fault?: Fault | undefined;
  /** Cursor of the next page; null at the end. */
  next: string | null;
  /** Oldest activity among the rows read so far; 0 when all were. */
  floor: number;
}

export interface Timeline {
  entries: Entry[];
  /** Older ones exist. */
  more: boolean;
  loading: boolean;
  fault?: Fault | undefined;
}

export interface Typing {
  actor: string;
  kind: "customer" | "member";
  until: number;
}

export interface Counts {
  mine: number;
  unassigned: number;
  all: number;
}

export interface DeskState {
  me: Me;
  members: Map<string, MemberRow>;
  teams: Map<string, Team>;
  inboxes: Map<string, Inbox>;
  canned: CannedReply[];
  rows: Map<string, ConversationRow>;
  lists: Record<View, ListState>;
  /** The lists show one inbox only. */
  inbox: string | undefined;
  counts: Counts | undefined;
  timelines: Map<string, Timeline>;
  pending: readonly OutboxItem[];
  typing: Map<string, Typing[]>;
  queue: Map<string, { position: number; estimate_s?: number }>;
  /** Contacts whose widget is open. */
  visitors: Map<string, boolean>;
  live: LiveState;
  presence: Presence;
  /** How far this clock is ahead of the server's. */
  skewMs: number;
  /** Counts up when a ticket changed, so that ticket lists load again. */
  ticketTurn: number;
  /** Counts up when something about care changed, so that what rests on it loads again. */
  careTurn: number;
  /** For supervisors: conversations that somebody should look at, and compensations that wait for a yes. */
  careAlerts: CareAlert[];
  spending: SpendingList | undefined;
}

const emptyList = (): ListState => ({ loaded: false, loading: false, next: null, floor: 0 });
export const emptyLists = (): Record<View, ListState> => ({ mine: emptyList(), unassigned: emptyList(), all: emptyList(), done: emptyList() });

const CARE = new Set(["consent_given", "consent_withdrawn", "care_taken", "care_ended", "care_erased", "supervisor_alerted", "callback_offered", "compensation_offered", "compensation_settled"]);

/** Entries of two overlapping stretches, each once, in order. */
export function mergeEntries(a: readonly Entry[], b: readonly Entry[]): Entry[] {
  const bySeq = new Map<number, Entry>();
  for (const entry of [...a, ...b]) bySeq.set(entry.seq, entry);
  return [...bySeq.values()].sort((x, y) => x.seq - y.seq);
}

export function foldAll(state: DeskState, entries: readonly Entry[]): DeskState {
  const rows = new Map(state.rows);
  const timelines = new Map(state.timelines);
  let { ticketTurn, careTurn } = state;
  for (const entry of entries) {
    const row = rows.get(entry.conversation);
    if (row) rows.set(row.id, applyEntry(row, entry));
    const timeline = timelines.get(entry.conversation);
    const last = timeline?.entries.at(-1)?.seq ?? 0;
    // A timeline still on its way takes it from `recent` when it arrives.
    if (timeline && entry.seq > last && timeline.entries.length > 0) timelines.set(entry.conversation, { ...timeline, entries: [...timeline.entries, entry] });
    if (entry.event.kind === "contact_updated") updateContact(rows, entry.contact, entry.event.fields);
    if (entry.event.kind === "ticket_created" || entry.event.kind === "ticket_changed") ticketTurn += 1;
    if (CARE.has(entry.event.kind)) careTurn += 1;
  }
  return { ...state, rows, timelines, ticketTurn, careTurn };
}

function updateContact(rows: Map<string, ConversationRow>, contact: string, fields: Record<string, string>): void {
  for (const row of rows.values()) if (row.contact.id === contact) rows.set(row.id, { ...row, contact: applyContactFields(row.contact, fields) });
}

export function mapRows(rows: Map<string, ConversationRow>, change: (row: ConversationRow) => ConversationRow): Map<string, ConversationRow> {
  return new Map([...rows].map(([id, row]) => [id, change(row)]));
}

/** Without what belongs to the answer and not to the row. */
export function plainRow(row: ConversationRow): ConversationRow {
  const { seq: _seq, visitor_online: _online, ...rest } = row as ConversationRow & { seq?: number; visitor_online?: boolean };
  return rest;
}

export function byId<T extends { id: string }>(items: readonly T[]): Map<string, T> {
  return new Map(items.map((it) => [it.id, it]));
}

/**
 * Rows of a view in the chosen inbox. In views by activity only down to the last page that was read: a search or a
 * customer's history brings older rows too, and showing those would leave a gap between.
 */
export function rowsIn(state: DeskState, view: View): ConversationRow[] {
  const floor = view === "all" || view === "done" ? state.lists[view].floor : 0;
  return [...state.rows.values()].filter((row) => row.updated_at >= floor && (state.inbox === undefined || row.inbox === state.inbox) && inView(row, view, state.me.member.id));
}

/** The offers that wait for this member's answer, the one that ends first before the others. */
export function offersTo(state: DeskState): ConversationRow[] {
  const ends = (row: ConversationRow) => (row.status.type === "offered" ? row.status.expires_at : 0);
  return [...state.rows.values()].filter((row) => isOfferedTo(row, state.me.member.id)).sort((a, b) => ends(a) - ends(b));
}
