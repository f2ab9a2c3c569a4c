// A small whole number with buttons beside it.

import { useId } from "react";
import type { ReactNode } from "react";
import { IconButton, texts } from "@rapport/ui";

const t = texts({
  less: { zh: "减少", en: "Less" },
  more: { zh: "增加", en: "More" },
  range: { zh: "{min} 到 {max} 之间的整数", en: "A whole number from {min} to {max}" },
});

export interface NumberFieldProps {
  label: string;
  value: number;
  onChange: (value: number) => void;
  min: number;
  max: number;
  step?: number;
  unit?: string;
  hint?: ReactNode;
  isDisabled?: boolean;
  testId?: string;
}

export function inRange(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

/** An empty or odd text is kept as NaN, and said below. */
export function NumberField({ label, value, onChange, min, max, step = 1, unit, hint, isDisabled = false, testId }: NumberFieldProps) {
  const id = useId();
  const wrong = !inRange(value, min, max);
  const move = (by: number) => onChange(Math.min(max, Math.max(min, (Number.isNaN(value) ? min : value) + by)));
  return (
    <div className="ui-field">
      <label className="ui-label" htmlFor={id}>
        {label}
      </label>
      <div className="ad-stepper">
        <IconButton icon="minus" size="s" label={t("less")} isDisabled={isDisabled || value <= min} onPress={() => move(-step)} />
        <input
          id={id}
          inputMode="numeric"
          value={Number.isNaN(value) ? "" : String(value)}
          disabled={isDisabled}
          aria-invalid={wrong}
          aria-describedby={`${id}-below`}
          data-testid={testId}
          onChange={(event) => onChange(/^\d{1,7}$/.test(event.target.value) ? Number(event.target.value) : Number.NaN)}
          onKeyDown={(event) => {
            if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
            event.preventDefault();
            move(event.key === "ArrowUp" ? step : -step);
          }}
        />
        {unit ? <span>{unit}</span> : null}
        <IconButton icon="plus" size="s" label={t("more")} isDisabled={isDisabled || value >= max} onPress={() => move(step)} />
      </div>
      <div id={`${id}-below`} className={wrong ? "ui-field-error" : "ui-hint"}>
        {wrong ? t("range", { min, max }) : hint}
      </div>
    </div>
  );
}
