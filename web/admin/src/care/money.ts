// Amounts in minor units as people write them, and back.

import { lang } from "@rapport/ui";

export const CURRENCIES = ["CNY", "HKD", "TWD", "MOP", "SGD", "USD", "EUR", "GBP"] as const;

/** `¥12.50`, without decimals where they are zero. */
export function money(minor: number, currency = "CNY"): string {
  return new Intl.NumberFormat(lang(), { style: "currency", currency, currencyDisplay: "narrowSymbol", minimumFractionDigits: minor % 100 === 0 ? 0 : 2, maximumFractionDigits: 2 }).format(minor / 100);
}

/** `12.5` → 1250; undefined for what is no amount. Commas as thousands and full-width digits are read too. */
export function parseMoney(text: string): number | undefined {
  const plain = text.normalize("NFKC").replace(/[\s¥￥$€£元]/g, "").replace(/,(?=\d{3}(\D|$))/g, "");
  if (!/^\d{1,8}(\.\d{0,2})?$/.test(plain)) return undefined;
  const [whole = "0", part = ""] = plain.split(".");
  return Number(whole) * 100 + Number(part.padEnd(2, "0"));
}

/** `1250` → `12.5`, for a field. */
export function writeMoney(minor: number): string {
  return minor % 100 === 0 ? String(minor / 100) : (minor / 100).toFixed(2);
}

export function symbol(currency: string): string {
  const parts = new Intl.NumberFormat(lang(), { style: "currency", currency, currencyDisplay: "narrowSymbol" }).formatToParts(0);
  return parts.find((it) => it.type === "currency")?.value ?? currency;
}
