// Rows and entries for tests, whole and short.

import type { Contact, ConversationRow, Entry, Event, Inbox, Me, MemberRow } from "@rapport/ui";

export const ME = "member-me";
export const OTHER = "member-other";

export function contact(part: Partial<Contact> = {}): Contact {
  return { id: "contact-1", name: "周子航", email: null, phone: null, locale: "zh-CN", fields: {}, verified_at: null, notes: "", created_at: 0, last_seen_at: 0, ...part };
}

export function row(part: Partial<ConversationRow> = {}): ConversationRow {
  return {
    id: "conversation-1",
    number: 1,
    inbox: "inbox-1",
    contact: contact(),
    locale: "zh-CN",
    status: { type: "bot" },
    priority: "normal",
    labels: [],
    team: null,
    opened_at: 0,
    updated_at: 0,
    waiting_since: null,
    queue: null,
    last_agent: null,
    summary: null,
    last_message: null,
    messages: 0,
    unread_by_members: 0,
    unread_by_customer: 0,
    read_by_customer: 0,
    read_by_members: 0,
    csat: { requested_at: null, reminded: false, score: null, comment: "" },
    tickets: [],
    page: null,
    quarantined: false,
    last_seq: 0,
    ...part,
  };
}

/** An entry by the customer unless `part` says otherwise. */
export function entry(seq: number, event: Event, part: Partial<Entry> = {}): Entry {
  return { seq, conversation: "conversation-1", contact: "contact-1", inbox: "inbox-1", at: seq * 1_000, actor: { type: "customer", id: "contact-1" }, event, ...part };
}

export function received(seq: number, text: string, part: Partial<Entry> = {}): Entry {
  return entry(seq, { kind: "message_received", message: { id: `m${seq}`, client_id: `c${seq}`, content: { type: "text", text } } }, part);
}

export function sent(seq: number, text: string, part: Partial<Entry> = {}): Entry {
  return entry(seq, { kind: "message_sent", message: { id: `m${seq}`, client_id: `c${seq}`, content: { type: "text", text } } }, { actor: { type: "member", id: ME }, ...part });
}

export function memberRow(id: string, part: Partial<MemberRow> = {}): MemberRow {
  return { id, email: "", name: id, role: "agent", teams: [], skills: [], capacity: 5, locale: "zh-CN", active: true, sees_personal_data: true, created_at: 0, version: 1, presence: "online", load: 0, ...part };
}

export function inbox(id: string, part: Partial<Inbox> = {}): Inbox {
  return { id, name: id, key: id, channel: "web", locale: "zh-CN", welcome: { zh: "", en: "" }, color: "#000000", prechat: [], allowed_origins: [], require_identity: false, bot: true, team: null, skills: [], calendar: null, routing: { mode: "offer", offer_timeout_s: 30, sticky: true }, csat: true, active: true, ...part };
}

export function me(): Me {
  const { version: _version, presence: _presence, load: _load, ...member } = memberRow(ME);
  return { member, tenant: { id: "tenant-1", slug: "demo", name: "Demo", locale: "zh-CN", created_at: 0 }, csrf: "csrf", has_password: true, permissions: ["personal_data"] };
}
