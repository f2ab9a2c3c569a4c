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

/** A UUID of version 7: it begins with its time, so that ids made at about the same time are stored together. Works without a secure context too. */
export function newId(): string {
  const random = Array.from(crypto.getRandomValues(new Uint8Array(10)), (it) => it.toString(16).padStart(2, "0")).join("");
  const hex = Date.now().toString(16).padStart(12, "0") + random;
  const variant = "89ab"[parseInt(random.slice(3, 4), 16) & 3] ?? "8";
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(12, 15)}-${variant}${hex.slice(16, 19)}-${hex.slice(19, 31)}`;
}
