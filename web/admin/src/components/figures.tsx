// Figures that people compare: shares as percentages, bars of probability, words with their weight, a strip of numbers.

import type { CSSProperties, ReactNode } from "react";
import { lang, texts } from "@rapport/ui";
import "./figures.css";

const t = texts({
  likely: { zh: "{name}：{p}", en: "{name}: {p}" },
  likelyOver: { zh: "{name}：{p}，门槛 {threshold}", en: "{name}: {p}, {threshold} needed" },
  speaksFor: { zh: "支持", en: "for" },
  speaksAgainst: { zh: "反对", en: "against" },
});

/** `93.1%`; whole numbers below `digits` = 0. What is no number is a dash. */
export function percent(share: number | null | undefined, digits = 0): string {
  if (share === null || share === undefined || !Number.isFinite(share)) return "–";
  const clamped = Math.min(1, Math.max(0, share)) * 100;
  return `${clamped.toFixed(digits)}%`;
}

/** `12,345` */
export function count(value: number): string {
  return new Intl.NumberFormat(lang()).format(value);
}

/** `0.42 s`, `12 s` */
export function seconds(value: number): string {
  const unit = lang() === "en" ? " s" : " 秒";
  return `${value < 10 ? value.toFixed(value < 1 ? 2 : 1) : Math.round(value)}${unit}`;
}

export type BarTone = "accent" | "good" | "warn" | "bad" | "quiet";

/** A share with its name, and where the threshold lies. */
export function ProbabilityBar({ name, p, threshold, tone = "accent", children }: { name: string; p: number; threshold?: number | undefined; tone?: BarTone; children?: ReactNode }) {
  const label = threshold === undefined ? t("likely", { name, p: percent(p) }) : t("likelyOver", { name, p: percent(p), threshold: percent(threshold) });
  return (
    <div className="fg-bar">
      <div className="fg-bar-head">
        <b className="fg-bar-name">{name}</b>
        {children}
        <span className="ui-num fg-bar-p">{percent(p)}</span>
      </div>
      <span className="fg-track" data-tone={tone} role="img" aria-label={label}>
        <i style={{ width: percent(p, 1) }} />
        {threshold === undefined ? null : <b style={{ left: percent(threshold, 1) }} />}
      </span>
    </div>
  );
}

/** A share alone, for lists. */
export function ShareMeter({ share, label, tone }: { share: number; label: string; tone?: "warn" | "bad" | "accent" | undefined }) {
  return (
    <span className="ad-meter" role="img" aria-label={label} data-tone={tone}>
      <i style={{ width: percent(share, 1) }} />
    </span>
  );
}

/** Words and how much each counted: to the right for, to the left against. */
export function Weights({ label, weights, most = 8 }: { label: string; weights: readonly { what: string; weight: number }[]; most?: number }) {
  const shown = weights.slice(0, most);
  // The line between against and for stands where both sides fit, at one scale.
  const against = Math.max(...shown.map((it) => -it.weight), 0);
  const span = against + Math.max(...shown.map((it) => it.weight), 1e-6);
  const zero = (against / span) * 100;
  return (
    <ul className="fg-weights" aria-label={label}>
      {shown.map(({ what, weight }, index) => (
        <li key={`${what}/${index}`} data-against={weight < 0 || undefined}>
          <span className="fg-word">{what}</span>
          <span className="fg-weight" aria-hidden="true" style={{ "--zero": `${zero}%` } as CSSProperties}>
            <i style={{ width: `${(Math.abs(weight) / span) * 100}%` }} />
          </span>
          <span className="ui-num fg-weight-value">
            <span className="ui-hidden">{weight < 0 ? t("speaksAgainst") : t("speaksFor")} </span>
            {weight < 0 ? "−" : "+"}
            {Math.abs(weight).toFixed(2)}
          </span>
        </li>
      ))}
    </ul>
  );
}

export interface Figure {
  id: string;
  label: string;
  value: ReactNode;
  hint?: ReactNode;
  tone?: "good" | "warn" | "bad";
}

/** A strip of numbers, each with its name. */
export function Figures({ label, figures, testId }: { label: string; figures: Figure[]; testId?: string }) {
  return (
    <section className="ui-card fg-figures" aria-label={label} data-testid={testId}>
      <dl>
        {figures.map((it) => (
          <div key={it.id} data-tone={it.tone}>
            <dt>{it.label}</dt>
            <dd>
              <b className="ui-num">{it.value}</b>
              {it.hint ? <small>{it.hint}</small> : null}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
