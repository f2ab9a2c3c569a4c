// Small things about frames: reading them, where they go, and ids for them.

import type { ServerFrame } from "./protocol.ts";

export function readFrame(data: unknown): ServerFrame | undefined {
  try {
    const frame = JSON.parse(String(data)) as ServerFrame;
    return frame && typeof frame === "object" && typeof frame.t === "string" ? frame : undefined;
  } catch {
    return undefined;
  }
}

export function socketUrl(url: string): string {
  if (/^wss?:/.test(url) || typeof location === "undefined") return url;
  return new URL(url, location.href).href.replace(/^http/, "ws");
}

/** A UUID, also on pages without a secure context. */
export function newId(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (it) => it.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
