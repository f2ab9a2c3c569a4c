// One conversation as the visitor's browser knows it: its entries, each once, and how far the others have read.

import type { Content, EventFrame } from "@rapport/live";
import type { PublicConversation, Status } from "./http.ts";

export class Thread {
  entries: EventFrame[] = [];
  /** There are earlier ones on the server. */
  more = false;
  loaded = false;
  loading = false;
  failed = false;
  /** Acknowledged and not seen as an event yet, by client id; shown as sent meanwhile. */
  readonly #provisional = new Set<EventFrame>();
  typing: { name: string; until: number } | undefined;
  dividerAfter: number | undefined;
  /** Answers that were judged here: message key → helped; compensations that were accepted. */
  readonly judged = new Map<string, boolean>();

  constructor(public meta: PublicConversation) {}

  /** Adds entries of any order; those known already change nothing. Answers those that are new. */
  merge(items: EventFrame[]): EventFrame[] {
    const known = new Set(this.entries.filter((it) => !this.#provisional.has(it)).map((it) => it.seq));
    const fresh = items.filter((it) => !known.has(it.seq));
    if (!fresh.length) return fresh;
    const ids = new Set(fresh.map(clientId).filter(Boolean));
    const seqs = new Set(fresh.map((it) => it.seq));
    for (const entry of this.#provisional) if (ids.has(clientId(entry)) || seqs.has(entry.seq)) this.#provisional.delete(entry);
    const kept = this.entries.filter((it) => known.has(it.seq) || this.#provisional.has(it));
    this.entries = [...kept, ...fresh].sort((a, b) => a.seq - b.seq);
    return fresh;
  }

  /** What the server acknowledged before its event came. */
  presume(entry: EventFrame): void {
    const id = clientId(entry);
    if (this.entries.some((it) => it.seq === entry.seq || (id && clientId(it) === id))) return;
    this.#provisional.add(entry);
    this.entries = [...this.entries, entry].sort((a, b) => a.seq - b.seq);
  }

  get oldest(): number | undefined {
    return this.entries[0]?.seq;
  }

  /** The newest message that is not the customer's own. */
  get newestOther(): number | undefined {
    return this.entries.findLast((it) => it.event.kind === "message_sent")?.seq;
  }

  get isOver(): boolean {
    return this.meta.status === "resolved";
  }

  /** Folds one new entry into what is known of the conversation. */
  fold(entry: EventFrame): void {
    const { meta } = this;
    const { event } = entry;
    const status = statusAfter(entry);
    if (status) {
      meta.status = status;
      if (status !== "queued") meta.queue = null;
      if (status !== "assigned" && status !== "queued") meta.agent = null;
    }
    if (event.kind === "read_marked") {
      if (entry.actor.type === "member") meta.read_by_members = Math.max(meta.read_by_members, event.up_to);
      else meta.unread = Math.min(meta.unread, this.entries.filter((it) => it.event.kind === "message_sent" && it.seq > event.up_to).length);
    } else if (event.kind === "message_sent") {
      meta.unread += 1;
      this.typing = undefined;
      if (event.message.content.type === "rating_request") meta.rating_requested = true;
    } else if (event.kind === "rating_requested") {
      meta.rating_requested = true;
    } else if (event.kind === "rated") {
      meta.rated = event.score;
    } else if (event.kind === "compensation_settled") {
      this.judged.set(event.spending, event.state === "accepted");
    } else if (event.kind === "conversation_opened") {
      meta.number = event.number;
    }
    if (event.kind === "message_sent" || event.kind === "message_received") {
      const { content } = event.message;
      meta.last_message = { text: plainOf(content), at: entry.at, content: content.type };
    }
    meta.updated_at = Math.max(meta.updated_at, entry.at);
  }
}

/** What a list shows of a message. */
export function plainOf(content: Content): string {
  return "text" in content ? content.text : "file" in content ? content.file.name : "title" in content ? content.title : "";
}

function clientId(entry: EventFrame): string | undefined {
  return "message" in entry.event ? entry.event.message.client_id : undefined;
}

function statusAfter({ event }: EventFrame): Status | undefined {
  switch (event.kind) {
    case "assigned":
      return "assigned";
    case "resolved":
      return "resolved";
    case "reopened":
    case "returned_to_bot":
    case "left_queue":
    case "unassigned":
      return "bot";
    default:
      return undefined;
  }
}

export function freshConversation(id: string): PublicConversation {
  return { id, number: 0, status: "bot", unread: 0, read_by_members: 0, rating_requested: false, updated_at: 0 };
}
