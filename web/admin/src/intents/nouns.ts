// What the server tells about intents, models and the lexicon, as `/intents`, `/models` and `/lexicon` send it.

import type { Bilingual, Locale, Timestamp } from "@rapport/ui";

export interface Weight {
  what: string;
  weight: number;
}

/** One prediction with what it stands on. */
export interface Evidence {
  label: string;
  /** Calibrated, 0 to 1. */
  p: number;
  model: string;
  features: Weight[];
  threshold: number;
  abstained: boolean;
}

export interface Neighbour {
  text: string;
  label: string;
  /** Cosine, 0 to 1. */
  similarity: number;
}

/** An evidence with the intent that its label names. */
export type IntentChoice = Evidence & { intent: string };

export interface Replaced {
  /** What stands in the text. */
  surface: string;
  canonical: string;
  by: "exact" | "sound";
}

export interface Wish {
  text: string;
  /** Most likely first, at most three. */
  choices: IntentChoice[];
  scope: number;
  scope_min: number;
  neighbours: Neighbour[];
  asked_back: boolean;
}

export interface Understanding {
  /** `null`: nothing in it is a word. */
  language: Locale | null;
  replaced: Replaced[];
  wishes: Wish[];
  /** `null`: only fresh examples answered. */
  model: string | null;
}

export interface Example {
  id: number;
  text: string;
  source: "taught" | "imported" | "corrected";
  at: Timestamp;
}

export interface Intent {
  id: string;
  name: string;
  description: string;
  examples: Example[];
  reply?: Bilingual | null;
  enabled: boolean;
  version: number;
}

/** The intent of this name holds what is out of scope. */
export const OUT_OF_SCOPE = "oos";

export interface ModelCard {
  /** First 16 hex digits of its SHA-256. */
  model: string;
  data_hash: string;
  examples: number;
  labels: number;
  accuracy: number;
  low: number;
  high: number;
  ece: number;
  made_at: Timestamp;
  train_s: number;
  bytes: number;
  vectors: boolean;
}

export type ModelState = "candidate" | "shadow" | "canary" | "live" | "retired";

export interface ModelView {
  id: string;
  kind: "intent" | "feeling";
  state: ModelState;
  canary_share?: number | null;
  card: ModelCard;
  /** How often it said the same as the live one. */
  agreement?: { seen: number; same: number } | null;
}

export interface Intents {
  intents: Intent[];
  model: ModelView | null;
  stale: boolean;
  training: { running: boolean; done_share: number; since: Timestamp } | null;
}

export interface Confusion {
  truth: string;
  said: string;
  count: number;
  examples: { text: string; p: number }[];
}

export interface IntentFigures {
  name: string;
  examples: number;
  right: number;
  recall: number;
  precision: number;
}

export interface Report {
  accuracy: number;
  low: number;
  high: number;
  ece: number;
  examples: number;
  labels: string[];
  confusion: Confusion[];
  per_intent: IntentFigures[];
  vectors: boolean;
  date: Timestamp;
  train_s: number;
  bytes: number;
}

export interface ImportedIntents {
  intents_new: number;
  examples_new: number;
  examples_known: number;
  out_of_scope: number;
}
