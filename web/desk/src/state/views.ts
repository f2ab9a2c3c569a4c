// Which conversations a view shows, and in which order. The same rules as the server's lists, so that live events move rows at once.

import type { ConversationRow, Priority } from "@rapport/ui";
import { assignee } from "./fold.ts";

export type View = "mine" | "unassigned" | "all" | "done";
export const VIEWS: readonly View[] = ["mine", "unassigned", "all", "done"];

export function isWaiting(row: ConversationRow): boolean {
  return row.status.type === "queued" || row.status.type === "offered";
}

export function isOfferedTo(row: ConversationRow, member: string): boolean {
  return row.status.type === "offered" && row.status.to === member;
}

export function inView(row: ConversationRow, view: View, me: string): boolean {
  switch (view) {
    case "mine":
      return row.status.type !== "resolved" && (assignee(row.status) === me || isOfferedTo(row, me));
    case "unassigned":
      return isWaiting(row);
    case "all":
      return row.status.type !== "resolved";
    case "done":
      return row.status.type === "resolved";
  }
}

const RANK: Record<Priority, number> = { urgent: 3, high: 2, normal: 1, low: 0 };

/** Order of service: priority, then longest wait, then id. */
function byQueue(a: ConversationRow, b: ConversationRow): number {
  const since = (row: ConversationRow) => row.queue?.since ?? row.updated_at;
  return RANK[b.priority] - RANK[a.priority] || since(a) - since(b) || (a.id < b.id ? -1 : 1);
}

function byActivity(a: ConversationRow, b: ConversationRow): number {
  return b.updated_at - a.updated_at || (a.id < b.id ? 1 : -1);
}

/** Offers, then what is in hand, then what was put aside. */
function mineRank(row: ConversationRow): number {
  if (row.status.type === "offered") return 0;
  return row.status.type === "snoozed" ? 2 : 1;
}

export function sortFor(view: View): (a: ConversationRow, b: ConversationRow) => number {
  if (view === "unassigned") return byQueue;
  if (view === "mine") return (a, b) => mineRank(a) - mineRank(b) || byActivity(a, b);
  return byActivity;
}

/** How urgent a wait is: calm under two minutes, late over five. */
export function waitLevel(ms: number): "calm" | "soon" | "late" {
  if (ms < 2 * 60_000) return "calm";
  return ms < 5 * 60_000 ? "soon" : "late";
}
