// How long a token holds.

export type Expiry = "d30" | "d90" | "d365" | "never";

const DAYS = { d30: 30, d90: 90, d365: 365 } as const;

/** The moment at which it ends; nothing for a token without an end. */
export function expiryOf(expiry: Expiry, now: number): number | undefined {
  return expiry === "never" ? undefined : now + DAYS[expiry] * 86_400_000;
}
