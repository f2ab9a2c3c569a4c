// An amount of money: typed in the currency, kept in minor units.

import { useState } from "react";
import type { ReactNode } from "react";
import { TextField, texts } from "@rapport/ui";
import { parseMoney, symbol, writeMoney } from "./money.ts";

const t = texts({ wrong: { zh: "请填写金额，最多两位小数", en: "An amount with two decimals at most" } });

/** What is no amount is kept as NaN, and said below. */
export function MoneyField({ label, hint, value, onChange, currency, isDisabled = false, testId }: { label: string; hint?: ReactNode; value: number; onChange: (minor: number) => void; currency: string; isDisabled?: boolean; testId?: string }) {
  const [typed, setTyped] = useState(() => writeMoney(value));
  // Undone or taken from a colleague: what is stored stands in the field again.
  const shown = Number.isNaN(value) || parseMoney(typed) === value ? typed : writeMoney(value);
  return (
    <TextField
      label={`${label} (${symbol(currency)})`}
      hint={hint}
      value={shown}
      onChange={(text) => {
        setTyped(text);
        onChange(parseMoney(text) ?? Number.NaN);
      }}
      error={Number.isNaN(value) ? t("wrong") : undefined}
      isDisabled={isDisabled}
      maxLength={14}
      testId={testId}
    />
  );
}
