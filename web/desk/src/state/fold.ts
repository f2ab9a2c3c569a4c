// The state of a conversation after one more entry: the same fold as `Conversation::apply` in rapport-model.

import type { Contact, Content, ConversationRow, Entry, Status } from "@rapport/ui";

/** What a list shows of a message. */
export function plainText(content: Content): string {
  switch (content.type) {
    case "text":
    case "answer":
    case "choices":
    case "rating_request":
    case "compensation":
      return content.text;
    case "image":
    case "file":
      return content.file.name;
    case "ticket":
      return content.title;
    case "erased":
      return "";
  }
}

export function shorten(text: string, max: number): string {
  const chars = [...text.replace(/\p{Cc}/gu, " ")];
  return chars.length > max ? `${chars.slice(0, max - 1).join("")}…` : chars.join("");
}

export function assignee(status: Status): string | null {
  if (status.type === "assigned") return status.to;
  return status.type === "snoozed" ? status.to : null;
}

/** The customer with what became known: name, e-mail and phone have their own places, the rest are fields. */
export function applyContactFields(contact: Contact, fields: Record<string, string>): Contact {
  const next = { ...contact, fields: { ...contact.fields } };
  for (const [key, value] of Object.entries(fields)) {
    if (key === "name") next.name = value;
    else if (key === "email") next.email = value || null;
    else if (key === "phone") next.phone = value || null;
    else if (value === "") delete next.fields[key];
    else next.fields[key] = value;
  }
  return next;
}

/** Entries that the row holds already change nothing: whatever comes twice or late is harmless. */
export function applyEntry(row: ConversationRow, entry: Entry): ConversationRow {
  if (entry.conversation !== row.id || entry.seq <= row.last_seq) return row;
  const next: ConversationRow = { ...row, last_seq: entry.seq, updated_at: Math.max(row.updated_at, entry.at) };
  fold(next, entry);
  return next;
}

function preview(row: ConversationRow, entry: Entry, content: Content): void {
  row.messages += 1;
  row.last_message = { text: shorten(plainText(content), 120), actor: entry.actor, at: entry.at, content: content.type };
}

function fold(row: ConversationRow, entry: Entry): void {
  const { event, actor, at } = entry;
  switch (event.kind) {
    case "message_received":
      preview(row, entry, event.message.content);
      row.unread_by_members += 1;
      row.waiting_since ??= at;
      return;
    case "message_sent":
      preview(row, entry, event.message.content);
      row.unread_by_customer += 1;
      if (actor.type === "member" || (actor.type === "bot" && event.message.content.type === "answer")) row.waiting_since = null;
      return;
    case "read_marked":
      if (actor.type === "customer") {
        row.read_by_customer = Math.max(row.read_by_customer, event.up_to);
        row.unread_by_customer = 0;
      } else if (actor.type === "member") {
        row.read_by_members = Math.max(row.read_by_members, event.up_to);
        row.unread_by_members = 0;
      }
      return;
    case "handover_requested":
      row.summary = event.summary;
      return;
    case "queued":
      row.status = { type: "queued" };
      row.queue = event.entry;
      return;
    case "left_queue":
    case "unassigned":
    case "reopened":
    case "returned_to_bot":
      row.status = { type: "bot" };
      row.queue = null;
      return;
    case "offered":
      row.status = { type: "offered", to: event.to, expires_at: event.expires_at };
      return;
    case "offer_declined":
    case "offer_expired":
      row.status = { type: "queued" };
      if (row.queue && !row.queue.passed.includes(event.by)) row.queue = { ...row.queue, passed: [...row.queue.passed, event.by] };
      return;
    case "assigned":
      row.status = { type: "assigned", to: event.to, since: at };
      row.last_agent = event.to;
      row.queue = null;
      return;
    case "snoozed":
      row.status = { type: "snoozed", until: event.until, to: assignee(row.status) };
      return;
    case "woken":
      if (row.status.type === "snoozed") row.status = row.status.to ? { type: "assigned", to: row.status.to, since: at } : { type: "bot" };
      return;
    case "resolved":
      row.status = { type: "resolved", at, by: actor.type === "member" ? actor.id : null };
      row.queue = null;
      row.waiting_since = null;
      return;
    case "priority_changed":
      row.priority = event.priority;
      if (row.queue) row.queue = { ...row.queue, priority: event.priority };
      return;
    case "labels_changed":
      row.labels = event.labels;
      return;
    case "team_changed":
      row.team = event.team;
      if (row.queue) row.queue = { ...row.queue, team: event.team };
      return;
    case "contact_updated":
      row.contact = applyContactFields(row.contact, event.fields);
      return;
    case "ticket_created":
      row.tickets = [...row.tickets, event.ticket];
      return;
    case "rating_requested":
      row.csat = { ...row.csat, requested_at: at };
      return;
    case "rating_reminded":
      row.csat = { ...row.csat, reminded: true };
      return;
    case "rated":
      row.csat = { ...row.csat, score: event.score, comment: event.comment };
      return;
    case "quarantined":
      row.quarantined = true;
      return;
    case "compensation_offered": {
      const { spending, amount_minor, currency, state } = event;
      row.compensations = [...(row.compensations ?? []), { spending, amount_minor, currency, state }];
      return;
    }
    case "compensation_settled":
      row.compensations = (row.compensations ?? []).map((it) => (it.spending === event.spending ? { ...it, state: event.state } : it));
      return;
    case "conversation_opened":
    case "note_added":
    case "delivery_changed":
    case "ticket_changed":
    case "answer_missed":
    case "answer_judged":
    case "intent_asked":
    case "intent_chosen":
    case "consent_given":
    case "consent_withdrawn":
    case "care_taken":
    case "care_ended":
    case "supervisor_alerted":
    case "callback_offered":
    case "decision_objected":
    case "care_erased":
      return;
  }
}
