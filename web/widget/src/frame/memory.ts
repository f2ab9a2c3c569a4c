// What the frame remembers in its own origin's storage; a refused storage means it forgets over reloads and works otherwise.

import type { KeyValue } from "@rapport/live";

export function localStore(): KeyValue | undefined {
  try {
    const probe = "rapport:probe";
    localStorage.setItem(probe, "1");
    localStorage.removeItem(probe);
    return localStorage;
  } catch {
    return undefined;
  }
}

export class Memory {
  private readonly fallback = new Map<string, string>();
  constructor(
    private readonly store: KeyValue | undefined,
    private readonly scope: string,
  ) {}

  get(name: string): string | undefined {
    return (this.store ? this.store.getItem(`${this.scope}:${name}`) : this.fallback.get(name)) ?? undefined;
  }

  set(name: string, value: string | undefined): void {
    try {
      if (value === undefined) this.store?.removeItem(`${this.scope}:${name}`);
      else this.store?.setItem(`${this.scope}:${name}`, value);
    } catch {
      // Full: the memory below has it for this page.
    }
    if (value === undefined) this.fallback.delete(name);
    else this.fallback.set(name, value);
  }
}
