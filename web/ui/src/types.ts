// The nouns of rapport-model as the HTTP API sends them: one place for desk and administration.

import type { Actor, Attachment, Bilingual, CareAct, CareTaken, Citation, ConsentPurpose, Content, FeelingState, Locale, Message, Presence, Priority, Reason, Role, SpendingState, Weight } from "@rapport/live";

export type { Actor, Attachment, Bilingual, CareAct, Citation, ConsentPurpose, Content, FeelingState, Locale, Message, Presence, Priority, Reason, Role, SpendingState, Weight };
export type { CustomerAction, FaultBody, MemberAction, SentContent } from "@rapport/live";

/** Milliseconds since 1970-01-01 UTC. */
export type Timestamp = number;

/** `GET` of a list. */
export interface Page<T> {
  items: T[];
  /** Pass back as `?before=`; absent or null at the end. */
  next?: string | null;
}

/** An item of a configuration list: save with `If-Match: version`. */
export type Versioned<T> = T & { version: number };

export interface Tenant {
  id: string;
  slug: string;
  name: string;
  locale: Locale;
  created_at: Timestamp;
}

export interface Member {
  id: string;
  email: string;
  name: string;
  role: Role;
  teams: string[];
  skills: string[];
  capacity: number;
  locale: Locale;
  active: boolean;
  /** Of an agent; everybody above sees it. */
  sees_personal_data: boolean;
  created_at: Timestamp;
}

/** A row of `GET /members`. */
export interface MemberRow extends Member {
  version: number;
  presence: Presence;
  /** Assigned and offered conversations. */
  load: number;
}

export interface Team {
  id: string;
  name: string;
  description: string;
}

export interface CannedReply {
  id: string;
  shortcut: string;
  text: string;
}

export interface Me {
  member: Member;
  tenant: Tenant;
  csrf: string;
  has_password: boolean;
  /** With `personal_data`: customers' personal data comes as it is, else masked. */
  permissions: string[];
}

export interface PrechatField {
  key: string;
  label: Bilingual;
  required: boolean;
}

export type RoutingMode = "offer" | "assign" | "manual";

export interface RoutingPolicy {
  mode: RoutingMode;
  offer_timeout_s: number;
  sticky: boolean;
}

/** `web` is the chat widget; every other one reaches the customer through a provider. */
export type ChannelKind = "web" | "email" | "wechat" | "wechat_mini" | "wecom" | "wecom_kf" | "dingtalk" | "feishu" | "telegram" | "whatsapp" | "messenger" | "instagram" | "sms_twilio" | "sms_aliyun" | "api";

export interface Inbox {
  id: string;
  name: string;
  key: string;
  channel: ChannelKind;
  locale: Locale;
  welcome: Bilingual;
  /** `#rrggbb` */
  color: string;
  prechat: PrechatField[];
  allowed_origins: string[];
  require_identity: boolean;
  bot: boolean;
  team: string | null;
  skills: string[];
  calendar: string | null;
  routing: RoutingPolicy;
  csat: boolean;
  active: boolean;
}

/** Minutes from local midnight; `end` is exclusive and at most 1440. */
export interface DaySpan {
  start: number;
  end: number;
}

export interface SpecialDay {
  /** `YYYY-MM-DD` */
  date: string;
  spans: DaySpan[];
  name: string;
}

export interface Calendar {
  id: string;
  name: string;
  zone: string;
  /** Seven lists, Monday first. */
  week: DaySpan[][];
  days: SpecialDay[];
  holidays: string | null;
}

export interface CalendarPreview {
  open_now: boolean;
  next_open: Timestamp | null;
  days: { date: string; spans: DaySpan[]; name: string }[];
}

export type ArticleSource = { type: "written" } | { type: "imported"; file: string; key: string };

export interface Article {
  id: string;
  title: string;
  /** Markdown. */
  body: string;
  questions: string[];
  locale: Locale;
  published: boolean;
  version: number;
  source: ArticleSource;
  url: string | null;
  updated_at: Timestamp;
  updated_by: string | null;
}

export interface Contact {
  id: string;
  name: string;
  email: string | null;
  phone: string | null;
  locale: Locale;
  fields: Record<string, string>;
  verified_at: Timestamp | null;
  notes: string;
  created_at: Timestamp;
  last_seen_at: Timestamp;
}

export type Status =
  | { type: "bot" }
  | { type: "queued" }
  | { type: "offered"; to: string; expires_at: Timestamp }
  | { type: "assigned"; to: string; since: Timestamp }
  | { type: "snoozed"; until: Timestamp; to: string | null }
  | { type: "resolved"; at: Timestamp; by: string | null };

export interface QueueEntry {
  conversation: string;
  inbox: string;
  contact: string;
  team: string | null;
  skills: string[];
  priority: Priority;
  since: Timestamp;
  passed: string[];
  reasons: Reason[];
}

export type SummaryKind = "asked" | "answered" | "not_answered" | "sent" | "told";

export interface Summary {
  wish: string;
  points: { kind: SummaryKind; text: string }[];
}

export interface Preview {
  text: string;
  actor: Actor;
  at: Timestamp;
  content: Content["type"];
}

export interface Csat {
  requested_at: Timestamp | null;
  reminded: boolean;
  score: number | null;
  comment: string;
}

export interface Conversation {
  id: string;
  number: number;
  inbox: string;
  contact: string;
  locale: Locale;
  status: Status;
  priority: Priority;
  labels: string[];
  team: string | null;
  opened_at: Timestamp;
  updated_at: Timestamp;
  waiting_since: Timestamp | null;
  queue: QueueEntry | null;
  last_agent: string | null;
  summary: Summary | null;
  last_message: Preview | null;
  messages: number;
  unread_by_members: number;
  unread_by_customer: number;
  read_by_customer: number;
  read_by_members: number;
  csat: Csat;
  tickets: string[];
  page: string | null;
  quarantined: boolean;
  /** What was offered to make good, oldest first. */
  compensations?: CompensationOffer[];
}

export interface CompensationOffer {
  spending: string;
  /** In the smallest unit of `currency` (ISO 4217). */
  amount_minor: number;
  currency: string;
  state: SpendingState;
}

/** How far a message of ours came on a remote channel, in order: a later one never goes back. */
export type DeliveryState = "sent" | "unknown" | "delivered" | "read" | "failed";

/** What a provider counts a text in; `sms`: septets of GSM 03.38, and two for each UTF-16 unit where a text has something else. */
export type TextUnit = "bytes" | "characters" | "utf16" | "sms";

/** `GET /conversations/{id}/reach`: what the customer's channel allows now. */
export interface Reach {
  channel: ChannelKind;
  unit: TextUnit;
  /** A longer text goes out in several messages. */
  text_max: number;
  buttons?: number;
  read_receipts: boolean;
  /** Outside an open window the provider refuses what is sent. */
  window: "open" | "closed" | "always";
  closes_at?: Timestamp;
  /** Messages that may still be sent before the customer writes again. */
  quota_left?: number;
  template_outside: boolean;
  /** Since when the provider says that the customer cannot be reached. */
  left_at?: Timestamp;
}

/** A row of `GET /conversations`: the state up to `last_seq`, with its customer in place of the customer's id. */
export interface ConversationRow extends Omit<Conversation, "contact"> {
  contact: Contact;
  last_seq: number;
}

export type Event =
  | { kind: "conversation_opened"; conversation: string; number: number; inbox: string; contact: string; locale: Locale; bot: boolean; page: string | null }
  | { kind: "message_received"; message: Message }
  | { kind: "message_sent"; message: Message }
  | { kind: "note_added"; message: Message; mentions: string[] }
  | { kind: "delivery_changed"; message: string; state: DeliveryState; code?: string | null }
  | { kind: "read_marked"; up_to: number }
  | { kind: "handover_requested"; summary: Summary }
  | { kind: "queued"; entry: QueueEntry }
  | { kind: "left_queue" }
  | { kind: "offered"; to: string; expires_at: Timestamp }
  | { kind: "offer_declined"; by: string }
  | { kind: "offer_expired"; by: string }
  | { kind: "assigned"; to: string }
  | { kind: "unassigned" }
  | { kind: "snoozed"; until: Timestamp }
  | { kind: "woken" }
  | { kind: "resolved" }
  | { kind: "reopened" }
  | { kind: "returned_to_bot" }
  | { kind: "priority_changed"; priority: Priority }
  | { kind: "labels_changed"; labels: string[] }
  | { kind: "team_changed"; team: string | null }
  | { kind: "contact_updated"; fields: Record<string, string> }
  | { kind: "ticket_created"; ticket: string; number: number; title: string }
  | { kind: "ticket_changed"; ticket: string; number: number; stage: TicketStage }
  | { kind: "rating_requested" }
  | { kind: "rating_reminded" }
  | { kind: "rated"; score: number; comment: string }
  | { kind: "answer_missed"; question: string }
  | { kind: "answer_judged"; helped: boolean }
  | { kind: "intent_asked"; question: string; intents: string[] }
  | { kind: "intent_chosen"; question: string; intent: string }
  | { kind: "quarantined"; code: string }
  | { kind: "consent_given"; purpose: ConsentPurpose; text_version: number; channel: string }
  | { kind: "consent_withdrawn"; purpose: ConsentPurpose }
  | ({ kind: "care_taken" } & CareTaken)
  | { kind: "care_ended"; rule: string }
  | { kind: "supervisor_alerted"; rule: string }
  | { kind: "callback_offered" }
  | { kind: "compensation_offered"; spending: string; amount_minor: number; currency: string; state: SpendingState }
  | { kind: "compensation_settled"; spending: string; state: SpendingState }
  | { kind: "decision_objected"; about: number; text: string }
  | { kind: "care_erased" };

/** A line of the journal. */
export interface Entry {
  seq: number;
  conversation: string;
  contact: string;
  inbox: string;
  at: Timestamp;
  actor: Actor;
  event: Event;
  reasons?: Reason[];
}

export type TicketStage = "received" | "in_progress" | "waiting_for_customer" | "done" | "cancelled";

export interface TicketStep {
  at: Timestamp;
  by: string | null;
  stage: TicketStage;
  note: string;
  public: boolean;
}

export interface Ticket {
  id: string;
  number: number;
  title: string;
  description: string;
  contact: string;
  conversation: string | null;
  stage: TicketStage;
  assignee: string | null;
  log: TicketStep[];
  link_version: number;
  created_at: Timestamp;
  updated_at: Timestamp;
  /** Public progress page, relative to the server's public address. */
  path: string;
}

/** A row of `GET /conversations/{id}/decisions`. */
export interface DecisionRow {
  seq: number;
  at: Timestamp;
  actor: Actor;
  kind: string;
  reasons: Reason[];
}

/** Where a customer stood after one of their turns. */
export interface MoodPoint {
  seq: number;
  at: Timestamp;
  /** -1 (bad) to 1 (good), over the conversation. */
  valence: number;
  arousal: number;
  state: FeelingState;
  /** P(upset or angry). */
  tense: number;
  raised: boolean;
  /** What moved it, strongest first. */
  moved: Weight[];
}

/** An act of a rule, with its reasons; `undone_at` once the customer was well again. */
export interface CareDone {
  act: CareAct;
  rule: string;
  seq: number;
  at: Timestamp;
  reasons: Reason[];
  undone_at?: Timestamp | null;
}

/** `GET /conversations/{id}/mood`. Without consent nothing is inferred, and so nothing is here. */
export interface MoodView {
  consented: boolean;
  points: MoodPoint[];
  level: "normal" | "raised";
  since?: Timestamp | null;
  care: CareDone[];
}

/** A row of `GET /care/spending`. */
export interface SpendingRow {
  id: string;
  contact: string;
  /** Empty where nobody knows it. */
  contact_name: string;
  conversation: string;
  amount_minor: number;
  currency: string;
  state: SpendingState;
  rule: string;
  at: Timestamp;
  by: string | null;
}

/** `GET /care/spending`: in the smallest unit of `currency`. */
export interface SpendingList {
  items: SpendingRow[];
  currency: string;
  today_minor: number;
  left_minor: number;
}

/** A row of `GET /care/alerts`. */
export interface CareAlert {
  conversation: string;
  number: number;
  contact: string;
  contact_name: string;
  at: Timestamp;
  rule: string;
  rule_name: Bilingual;
  reasons: Reason[];
}

/** One thing that a text asks for, and what it was taken for: likeliest first. */
export interface Wish {
  text: string;
  choices: { intent: string; label: string; p: number; abstained: boolean; features: Weight[] }[];
}

/** `GET /conversations/{id}/understanding`. */
export interface Understanding {
  wishes: Wish[];
  model: string | null;
}
