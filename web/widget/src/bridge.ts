// What loader (host page) and frame (our origin) say to each other by postMessage.

import type { Locale } from "@rapport/live";

export type Theme = "auto" | "light" | "dark";

/** From the host page to the frame. */
export type ToFrame =
  | { type: "host"; page: string; open: boolean; narrow: boolean }
  | { type: "shown"; open: boolean; narrow: boolean }
  | { type: "identify"; token: string }
  | { type: "locale"; locale: Locale }
  | { type: "theme"; theme: Theme }
  /** Puts words into the composer; the customer sends them. */
  | { type: "write"; text: string }
  | { type: "shutdown" };

/** From the frame to the host page. */
export type ToHost =
  | { type: "ready" }
  | { type: "close" }
  /** A session is stored: load the frame at once on the next page, so that answers arrive. */
  | { type: "known"; known: boolean }
  | { type: "unread"; count: number; from?: string; text?: string }
  | { type: "locale"; locale: Locale }
  | { type: "event"; name: "message" | "conversation" | "rated" | "error"; detail: Record<string, string | number> };

/** Marks our messages among those of everybody else on the page. */
export const MARK = "rapport";
