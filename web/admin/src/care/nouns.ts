// What the server tells about care and privacy: rules, budget, spending, replays, switches, consents.

import type { Bilingual, Priority, Timestamp } from "@rapport/ui";
import type { Weight } from "../intents/nouns.ts";

export const FEELINGS = ["calm", "concerned", "upset", "angry"] as const;
export type FeelingState = (typeof FEELINGS)[number];

export const ACTS = ["soothe", "prioritise", "route_skill", "alert_supervisor", "offer_callback", "compensate"] as const;
export type CareAct = (typeof ACTS)[number];

/** All that is set must hold; nothing set never holds. */
export interface CareWhen {
  states: FeelingState[];
  anxious_min?: number | null;
  urgent_min?: number | null;
  alarm: boolean;
  level_raised: boolean;
  turns_min?: number | null;
}

export interface CareAction {
  act: CareAct;
  opening?: Bilingual;
  priority?: Priority;
  skill?: string;
  amount_minor?: number;
}

export interface CareRule {
  id: string;
  name: Bilingual;
  enabled: boolean;
  order: number;
  when: CareWhen;
  actions: CareAction[];
}

/** Amounts in minor units of the currency. */
export interface CareBudget {
  currency: string;
  per_customer_minor: number;
  per_day_minor: number;
  approval_above_minor: number;
}

export const SPENDING_STATES = ["pending", "offered", "approved", "declined", "accepted"] as const;
export type SpendingState = (typeof SPENDING_STATES)[number];

export interface Spending {
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

export interface Spendings {
  items: Spending[];
  currency: string;
  today_minor: number;
  left_minor: number;
}

/** Where a customer stands after one of their turns. */
export interface Felt {
  valence: number;
  arousal: number;
  state: FeelingState;
  tense: number;
  raised: boolean;
  anxious: number;
  urgent: number;
  alarms: string[];
  uneasy_turns: number;
  moved: Weight[];
}

/** One turn of the customer in a replay: what was felt, and what the rules would do. */
export interface ReplayTurn {
  seq: number;
  at: Timestamp;
  felt: Felt;
  take: { rule: string; name: Bilingual; act: CareAct }[];
  /** Rules that end here: the customer is well again. */
  end: { rule: string; name: Bilingual }[];
  /** What moved it, in a few words. */
  because: string;
}

export interface EthicsSettings {
  switches: { feelings: boolean; proactive_contact: boolean };
  retention_days: number;
  updated_at?: Timestamp | null;
  updated_by?: string | null;
}

export type ConsentPurpose = "emotion:care" | "contact:proactive" | "profile";

export interface Consent {
  contact: string;
  purpose: ConsentPurpose;
  text_version: number;
  channel: "widget" | "portal" | "agent" | "import";
  given_at: Timestamp;
  withdrawn_at?: Timestamp | null;
  in_force: boolean;
}

export interface Erasure {
  erased: Record<string, number>;
  /** In how many places something about the person was still found afterwards. */
  rescan_hits: number;
}
