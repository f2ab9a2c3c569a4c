// The live protocol's frames and the nouns they carry, as docs/live-protocol.md and docs/api/http.md have them.

export type Locale = "zh-CN" | "en";
export type Role = "owner" | "administrator" | "supervisor" | "agent";
export type Presence = "online" | "away" | "offline";
export type Priority = "low" | "normal" | "high" | "urgent";
/** What a button means. */
export type ChoiceId = "request_person" | "helped" | "not_helped" | "leave_queue" | { intent: string } | { accept_compensation: { spending: string } };
/** `offered` until the customer accepts it; above a limit a member settles it first. */
export type SpendingState = "offered" | "pending" | "approved" | "declined" | "accepted";
export type ConsentPurpose = "emotion:care" | "contact:proactive" | "profile";

export interface Bilingual {
  zh: string;
  en: string;
}

export interface Attachment {
  blob: string;
  name: string;
  media_type: string;
  bytes: number;
  width?: number;
  height?: number;
}

export interface Citation {
  article: string;
  version: number;
  title: string;
  heading: string[];
  quote: string;
  url?: string;
}

/** What people send themselves. */
export type SentContent =
  | { type: "text"; text: string }
  | { type: "image"; file: Attachment }
  | { type: "file"; file: Attachment };

export type Content =
  | SentContent
  | { type: "answer"; text: string; sources: Citation[]; confidence: number }
  | { type: "choices"; text: string; options: { id: ChoiceId; label: string }[] }
  | { type: "ticket"; ticket: string; number: number; title: string; path: string }
  | { type: "rating_request"; text: string }
  /** What was here was erased on the customer's wish. */
  | { type: "erased" }
  /** `amount_minor`: in the smallest unit of `currency` (ISO 4217). */
  | { type: "compensation"; spending: string; amount_minor: number; currency: string; text: string; state: SpendingState };

export interface Message {
  id: string;
  /** Equal to the `id` of the `send` frame that made it. */
  client_id?: string;
  content: Content;
}

export type Actor = { type: "customer"; id: string } | { type: "member"; id: string } | { type: "bot" } | { type: "system" };

export interface Reason {
  code: string;
  facts?: Record<string, unknown>;
  text?: string;
}

export type CareAct = "soothe" | "prioritise" | "route_skill" | "alert_supervisor" | "offer_callback" | "compensate";
export type FeelingState = "calm" | "concerned" | "upset" | "angry";

/** A word, phrase or other sign, and how much it counted. */
export interface Weight {
  what: string;
  weight: number;
}

/** What a rule did for a customer, and what that rested on. */
export interface CareTaken {
  rule: string;
  act: CareAct;
  feeling: FeelingState;
  moved: Weight[];
  model: string;
  policies: string[];
  opening?: Bilingual | null;
  priority?: { from: Priority; to: Priority } | null;
  skill?: string | null;
}

/** An event of the journal. Kinds without a shape of interest to a browser are still delivered: read `kind`. */
export type LiveEvent =
  | { kind: "conversation_opened"; conversation: string; number: number; inbox: string; contact: string; locale: Locale; bot: boolean; page?: string | null }
  | { kind: "message_received" | "message_sent"; message: Message }
  | { kind: "note_added"; message: Message; mentions: string[] }
  | { kind: "read_marked"; up_to: number }
  | { kind: "handover_requested"; summary: unknown }
  | { kind: "queued"; entry: unknown }
  | { kind: "left_queue" | "unassigned" | "woken" | "resolved" | "reopened" | "returned_to_bot" | "rating_requested" | "rating_reminded" }
  | { kind: "offered"; to: string; expires_at: number }
  | { kind: "offer_declined" | "offer_expired"; by: string }
  | { kind: "assigned"; to: string }
  | { kind: "snoozed"; until: number }
  | { kind: "priority_changed"; priority: Priority }
  | { kind: "labels_changed"; labels: string[] }
  | { kind: "team_changed"; team: string | null }
  | { kind: "contact_updated"; fields: Record<string, string> }
  | { kind: "ticket_created"; ticket: string; number: number; title: string }
  | { kind: "ticket_changed"; ticket: string; number: number; title?: string; stage: string }
  | { kind: "rated"; score: number; comment: string }
  | { kind: "answer_missed"; question: string }
  | { kind: "answer_judged"; helped: boolean }
  | { kind: "intent_asked"; question: string; intents: string[] }
  | { kind: "intent_chosen"; question: string; intent: string }
  | { kind: "quarantined"; code: string }
  | { kind: "consent_given"; purpose: ConsentPurpose; text_version: number; channel: string }
  | { kind: "consent_withdrawn"; purpose: ConsentPurpose }
  | ({ kind: "care_taken" } & CareTaken)
  | { kind: "care_ended" | "supervisor_alerted"; rule: string }
  | { kind: "compensation_offered"; spending: string; amount_minor: number; currency: string; state: SpendingState }
  | { kind: "compensation_settled"; spending: string; state: SpendingState }
  | { kind: "decision_objected"; about: number; text: string }
  | { kind: "callback_offered" | "care_erased" };

/** One journal entry, as it comes over the socket and (without `t`) from `…/entries`. */
export interface EventFrame {
  seq: number;
  /** Milliseconds since 1970 UTC. */
  at: number;
  conversation: string;
  contact: string;
  inbox: string;
  actor: Actor;
  event: LiveEvent;
  reasons?: Reason[];
}

export type CustomerAction =
  | { action: "request_person" | "leave_queue" | "end" }
  | { action: "choose"; choice: ChoiceId }
  | { action: "rate"; score: number; comment?: string }
  | { action: "consent"; purpose: ConsentPurpose; given: boolean; text_version: number }
  | { action: "object"; about: number; text: string }
  | { action: "mark_read"; up_to: number }
  | { action: "update_contact"; fields: Record<string, string> };

export type MemberAction =
  | { action: "send"; content: SentContent }
  | { action: "note"; text: string; mentions?: string[] }
  | { action: "accept_offer" | "decline_offer" | "take" | "wake" | "resolve" | "reopen" | "return_to_bot" }
  | { action: "assign"; to: string | null }
  | { action: "set_team"; team: string | null }
  | { action: "snooze"; until: number }
  | { action: "set_priority"; priority: Priority }
  | { action: "set_labels"; labels: string[] }
  | { action: "mark_read"; up_to: number };

export type Action = CustomerAction | MemberAction;

export interface Ack {
  id: string;
  seq: number;
  conversation: string;
  duplicate: boolean;
}

/** An error of the catalogue (`rapport-model/src/error.rs`), over the socket or by HTTP. */
export interface FaultBody {
  code: string;
  message: string;
  hint: string;
  detail?: string;
  trace?: string;
}

/** Things that are told and not kept. */
export type Signal =
  | { t: "typing"; conversation: string; contact?: string; inbox?: string; actor: Actor; on: boolean }
  | { t: "queue"; conversation: string; position: number; estimate_s?: number }
  | { t: "presence"; member: string; presence: Presence }
  | { t: "visitor"; contact: string; inbox: string; online: boolean }
  | { t: "rights_changed"; member: string };

export type ServerFrame =
  | { t: "welcome"; v: number; seq: number; heartbeat_s: number; session: string }
  | ({ t: "event" } & EventFrame)
  | { t: "caught_up"; seq: number }
  | { t: "reset"; seq: number }
  | ({ t: "ack" } & Ack)
  | ({ t: "error"; id?: string } & FaultBody)
  | Signal
  | { t: "pong" };

export type ClientFrame =
  | { t: "hello"; v: 1; as: "visitor" | "member"; token?: string; resume?: number }
  | { t: "send"; id: string; conversation?: string; content: SentContent }
  | { t: "act"; id: string; conversation?: string; action: Action }
  | { t: "typing"; conversation: string; on: boolean }
  | { t: "presence"; presence: Presence }
  | { t: "ping" };
