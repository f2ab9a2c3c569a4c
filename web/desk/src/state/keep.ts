// What this browser remembers for the desk. Storage may be refused (private windows): then for this page only.

import type { Presence } from "@rapport/ui";

const PRESENCE = "rapport.presence";

export function readPresence(): Presence {
  try {
    const text = localStorage.getItem(PRESENCE);
    return text === "away" || text === "offline" ? text : "online";
  } catch {
    return "online";
  }
}

export function writePresence(presence: Presence): void {
  try {
    localStorage.setItem(PRESENCE, presence);
  } catch {
    // Lasts for this page.
  }
}

export function storage(): Storage | undefined {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}
