// How a customer felt over a conversation: a small line, with the same as words for those who do not see it.

import { clock, texts } from "@rapport/ui";
import type { FeelingState } from "./nouns.ts";
import { feelingName } from "./words.ts";

const t = texts({
  label: { zh: "情绪走势：{points}", en: "Trend: {points}" },
  well: { zh: "愉快", en: "well" },
  bad: { zh: "难受", en: "not well" },
});

const WIDTH = 640;
const HEIGHT = 96;
const EDGE = 10;

export interface TrendPoint {
  at: number;
  /** -1 to 1. */
  valence: number;
  state: FeelingState;
}

export function TrendLine({ points }: { points: TrendPoint[] }) {
  const x = (index: number) => EDGE + (points.length === 1 ? (WIDTH - 2 * EDGE) / 2 : (index / (points.length - 1)) * (WIDTH - 2 * EDGE));
  const y = (valence: number) => EDGE + ((1 - Math.min(1, Math.max(-1, valence))) / 2) * (HEIGHT - 2 * EDGE);
  const words = points.map((it) => `${clock(it.at)} ${feelingName(it.state)}`).join(", ");
  return (
    <div className="cr-trend">
      <span aria-hidden="true">{t("well")}</span>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={t("label", { points: words })}>
        <line x1={EDGE} x2={WIDTH - EDGE} y1={y(0)} y2={y(0)} className="cr-trend-zero" />
        <polyline points={points.map((it, index) => `${x(index)},${y(it.valence)}`).join(" ")} className="cr-trend-line" />
        {points.map((it, index) => (
          <circle key={index} cx={x(index)} cy={y(it.valence)} r={5} data-state={it.state} />
        ))}
      </svg>
      <span aria-hidden="true">{t("bad")}</span>
    </div>
  );
}
