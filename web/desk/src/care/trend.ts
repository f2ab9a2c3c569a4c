// The trend as geometry: where each turn stands in the drawing, and which of them moved it. Pure.

import type { MoodPoint } from "@rapport/ui";

/** Units of the drawing's own coordinates. */
export const WIDTH = 300;
export const HEIGHT = 96;
const PAD_X = 12;
const PAD_Y = 12;
/** So much up or down is a turn that moved it; valence goes from -1 to 1. */
const STEP_MIN = 0.1;
const MOVING_MAX = 6;
/** The newest turns: a line of hundreds shows nothing. */
const SHOWN_MAX = 40;

export interface Turn {
  point: MoodPoint;
  x: number;
  y: number;
  /** Change of the valence since the turn before. */
  step: number;
  moved: boolean;
}

export function turnsOf(points: readonly MoodPoint[]): Turn[] {
  const shown = points.slice(-SHOWN_MAX);
  const before = points.at(-SHOWN_MAX - 1)?.valence ?? 0;
  const steps = shown.map((point, index) => point.valence - (shown[index - 1]?.valence ?? before));
  const strongest = new Set(
    steps
      .map((step, index) => ({ size: Math.abs(step), index }))
      .filter(({ size, index }) => size >= STEP_MIN && (shown[index]?.moved.length ?? 0) > 0)
      .sort((a, b) => b.size - a.size)
      .slice(0, MOVING_MAX)
      .map(({ index }) => index),
  );
  const gap = shown.length > 1 ? (WIDTH - 2 * PAD_X) / (shown.length - 1) : 0;
  return shown.map((point, index) => ({
    point,
    x: shown.length > 1 ? PAD_X + index * gap : WIDTH / 2,
    y: heightOf(point.valence),
    step: steps[index] ?? 0,
    moved: strongest.has(index),
  }));
}

/** Good is up. */
export function heightOf(valence: number): number {
  const bounded = Math.max(-1, Math.min(1, valence));
  return PAD_Y + ((1 - bounded) / 2) * (HEIGHT - 2 * PAD_Y);
}

/** What moved a turn, as it was written: those that pull its way, the strongest first. */
export function wordsOf({ moved }: MoodPoint, max = 3): string[] {
  return moved.slice(0, max).map((it) => it.what);
}
