// How a model compares with the one that is live.

import type { ModelCard } from "../intents/nouns.ts";

export interface ModelChange {
  sign: "+" | "−" | "±";
  /** Percentage points, one digit. */
  points: string;
  /** Only where the intervals lie apart is a difference more than chance. */
  tone: "good" | "bad" | "even";
}

type Figures = Pick<ModelCard, "accuracy" | "low" | "high">;

export function modelChange(card: Figures, live: Figures): ModelChange {
  const points = (card.accuracy - live.accuracy) * 100;
  const shown = Math.abs(points).toFixed(1);
  return {
    sign: shown === "0.0" ? "±" : points > 0 ? "+" : "−",
    points: shown,
    tone: card.low > live.high ? "good" : card.high < live.low ? "bad" : "even",
  };
}
