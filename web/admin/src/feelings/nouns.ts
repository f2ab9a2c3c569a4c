// What the API tells of feelings that a firm teaches itself.

import type { FeelingState, Timestamp } from "@rapport/ui";
import type { ModelView } from "../intents/nouns.ts";

export const STATES: readonly FeelingState[] = ["calm", "concerned", "upset", "angry"];

export interface FeelingExample {
  id: string;
  text: string;
  state: FeelingState;
  anxious: boolean;
  urgent: boolean;
  source: "taught" | "imported" | "corrected";
  said?: { conversation: string; seq: number } | null;
  at: Timestamp;
}

export interface FeelingFigures {
  accuracy: number;
  low: number;
  high: number;
  macro_f1: number;
  log_loss: number;
  ece: number;
}

export interface FeelingsView {
  counts: Record<FeelingState, number> & { examples: number; anxious: number; urgent: number; taught: number; imported: number; corrected: number };
  shipped: { model: string; date: string; bytes: number; measured: { language: "zh-CN" | "en"; sentences: number; accuracy: number; low: number; high: number; log_loss: number }[] };
  own: { model: ModelView; without: FeelingFigures; with: FeelingFigures; strength: number; nearness: number } | null;
  uses_own: boolean;
  stale: boolean;
  is_enough: boolean;
  training: { running: boolean; done_share: number; since: Timestamp } | null;
}

export interface TaughtFeelings {
  taught: number;
  known: number;
}
