// What the frame remembers in its own origin's storage; a refused storage means it forgets over reloads and works otherwise.

import type { KeyValue } from "@rapport/live";

/** The storage, or nothing where a browser refuses it. */
export function storageOf(kind: "localStorage" | "sessionStorage"): KeyValue | undefined {
  try {
    const storage = window[kind];
    const probe = "rapport:probe";
    storage.setItem(probe, "1");
    storage.removeItem(probe);
    return storage;
  } catch {
    return undefined;
  }
}

/** Where each name is kept, the first that has it counts: a tab goes on with its own draft, a new one with the last. */
const TAB_FIRST = "draft";
const TAB_ONLY = "view";

export class Memory {
  readonly #fallback = new Map<string, string>();

  constructor(
    private readonly lasting: KeyValue | undefined,
    private readonly tab: KeyValue | undefined,
    private readonly scope: string,
  ) {}

  get(name: string): string | undefined {
    const key = `${this.scope}:${name}`;
    for (const place of this.#places(name)) {
      const found = place?.getItem(key);
      if (found !== null && found !== undefined) return found;
    }
    return this.#fallback.get(name);
  }

  set(name: string, value: string | undefined): void {
    const key = `${this.scope}:${name}`;
    this.#fallback.delete(name);
    for (const place of this.#places(name)) {
      try {
        if (value === undefined) place?.removeItem(key);
        else place?.setItem(key, value);
      } catch {
        // Full: the memory below has it for this page.
      }
    }
    if (value !== undefined && this.get(name) !== value) this.#fallback.set(name, value);
  }

  #places(name: string): (KeyValue | undefined)[] {
    if (name === TAB_ONLY) return [this.tab];
    return name === TAB_FIRST ? [this.tab, this.lasting] : [this.lasting];
  }
}
