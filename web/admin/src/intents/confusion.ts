// The confusion matrix cut to what is worth looking at.

import type { Confusion, IntentFigures } from "./nouns.ts";

export interface Cell {
  truth: string;
  said: string;
  count: number;
  /** Of the examples of `truth`, 0 to 1. */
  share: number;
}

export interface Grid {
  labels: string[];
  /** One row for each label as truth, one cell for each label as said; the diagonal holds those that were right. */
  rows: Cell[][];
  /** Intents that take part in a confusion but did not fit. */
  left: number;
}

/** Of the intents that are confused at all, those with the most confusion, at most `most`; kept next to each other where they are mixed up. */
export function confusionGrid(confusion: readonly Confusion[], figures: readonly IntentFigures[], most = 12): Grid {
  const weight = new Map<string, number>();
  for (const it of confusion) for (const name of [it.truth, it.said]) weight.set(name, (weight.get(name) ?? 0) + it.count);
  const ranked = [...weight.keys()].sort((a, b) => (weight.get(b) ?? 0) - (weight.get(a) ?? 0) || a.localeCompare(b));
  const labels = neighboured(ranked.slice(0, most), confusion);
  const counts = new Map(confusion.map((it) => [key(it.truth, it.said), it.count]));
  const of = new Map(figures.map((it) => [it.name, it]));
  const rows = labels.map((truth) =>
    labels.map((said) => {
      const figure = of.get(truth);
      const count = truth === said ? (figure?.right ?? 0) : (counts.get(key(truth, said)) ?? 0);
      return { truth, said, count, share: figure && figure.examples > 0 ? Math.min(1, count / figure.examples) : 0 };
    }),
  );
  return { labels, rows, left: Math.max(0, ranked.length - most) };
}

const key = (truth: string, said: string) => `${truth}\u0000${said}`;

/** Each label followed by what it is most mixed up with, so that confusion shows as blocks along the diagonal. */
function neighboured(labels: string[], confusion: readonly Confusion[]): string[] {
  const open = new Set(labels);
  const ordered: string[] = [];
  let next = labels[0];
  while (next !== undefined) {
    ordered.push(next);
    open.delete(next);
    const last: string = next;
    const mixed = new Map<string, number>();
    for (const it of confusion) {
      const other = it.truth === last ? it.said : it.said === last ? it.truth : undefined;
      if (other !== undefined && open.has(other)) mixed.set(other, (mixed.get(other) ?? 0) + it.count);
    }
    next = [...mixed].sort((a, b) => b[1] - a[1])[0]?.[0] ?? labels.find((it) => open.has(it));
  }
  return ordered;
}
