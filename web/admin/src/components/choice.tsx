// Choosing one of a few: cards that explain themselves, or a row of short words. Native radio buttons, so that keyboards know them.

import { useId } from "react";
import type { ReactNode } from "react";

export interface ChoiceOption<T extends string> {
  id: T;
  label: string;
  text?: ReactNode;
}

interface ChoiceProps<T extends string> {
  label: string;
  hideLabel?: boolean;
  options: readonly ChoiceOption<T>[];
  value: T;
  onChange: (value: T) => void;
  isDisabled?: boolean;
  testId?: string;
}

export function RadioCards<T extends string>({ label, hideLabel, options, value, onChange, isDisabled, testId }: ChoiceProps<T>) {
  const name = useId();
  return (
    <fieldset className="ad-radios" data-testid={testId} disabled={isDisabled}>
      <legend className={hideLabel ? "ui-hidden" : "ui-label"}>{label}</legend>
      <div className="ad-radio-cards">
        {options.map((option) => (
          <label key={option.id} className="ad-radio-card">
            <input type="radio" name={name} value={option.id} checked={option.id === value} onChange={() => onChange(option.id)} />
            <span>
              <b>{option.label}</b>
              {option.text ? <small>{option.text}</small> : null}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

export function Segmented<T extends string>({ label, hideLabel = true, options, value, onChange, isDisabled, testId }: ChoiceProps<T>) {
  const name = useId();
  return (
    <fieldset className="ad-radios" data-testid={testId} disabled={isDisabled}>
      <legend className={hideLabel ? "ui-hidden" : "ui-label"}>{label}</legend>
      <div className="ad-segments">
        {options.map((option) => (
          <label key={option.id}>
            <input type="radio" name={name} value={option.id} checked={option.id === value} onChange={() => onChange(option.id)} />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
