// What was said and is not acknowledged yet: in order, one stored entry each, so that two tabs never overwrite one another.

import type { Action, SentContent } from "./protocol.ts";

/** The part of DOM `Storage` that is needed; a test or a private window passes its own. */
export interface KeyValue {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** Why an item failed for good: the catalogue's code and words. */
export interface OutboxFailure {
  code: string;
  message: string;
  /** What to do about it. */
  hint?: string;
}

export interface OutboxItem {
  id: string;
  /** Milliseconds since 1970; the order of the outbox. */
  at: number;
  conversation?: string;
  content?: SentContent;
  action?: Action;
  /** Survives a reload. */
  keep: boolean;
  failed?: OutboxFailure;
}

interface Stored extends OutboxItem {
  /** It is in the storage, where another tab of the same visitor may settle it. */
  stored?: boolean;
}

export class Outbox {
  #items: Stored[] = [];
  #newest = 0;

  constructor(
    private readonly storage: KeyValue | undefined,
    private readonly prefix: string,
  ) {
    this.#items = this.#load() ?? [];
    this.#newest = this.#items.at(-1)?.at ?? 0;
  }

  /** Oldest first, failed ones included. */
  all(): readonly OutboxItem[] {
    return this.#items;
  }

  /** The next one to be sent. */
  head(): OutboxItem | undefined {
    return this.#items.find((it) => !it.failed);
  }

  get(id: string): OutboxItem | undefined {
    return this.#items.find((it) => it.id === id);
  }

  add(item: OutboxItem): void {
    // Strictly rising, so that the order survives a reload even within one millisecond.
    this.#newest = Math.max(item.at, this.#newest + 0.001);
    const added = { ...item, at: this.#newest };
    this.#items.push(added);
    this.#write(added);
  }

  remove(id: string): OutboxItem | undefined {
    const item = this.get(id);
    this.#items = this.#items.filter((it) => it.id !== id);
    this.#erase(id);
    return item;
  }

  fail(id: string, failed: OutboxFailure): void {
    const item = this.get(id);
    if (!item) return;
    item.failed = failed;
    this.#write(item);
  }

  /** Back among those to be sent, under the same id. */
  revive(id: string): void {
    const item = this.get(id);
    if (!item) return;
    delete item.failed;
    this.#write(item);
  }

  /** The conversations were another visitor's: what waits goes to whatever is open now. */
  detach(): void {
    for (const item of this.#items) {
      if (item.conversation === undefined) continue;
      delete item.conversation;
      this.#write(item);
    }
  }

  /** Takes over what other tabs left unsent and drops what they settled; `inFlight` stays until its answer. */
  synchronise(inFlight: string | undefined): { found: OutboxItem[]; gone: OutboxItem[] } {
    const stored = this.#load();
    if (!stored) return { found: [], gone: [] };
    const there = new Set(stored.map((it) => it.id));
    const gone = this.#items.filter((it) => it.stored && it.id !== inFlight && !there.has(it.id));
    const kept = this.#items.filter((it) => !gone.includes(it));
    const known = new Set(kept.map((it) => it.id));
    const found = stored.filter((it) => !known.has(it.id));
    this.#items = [...kept, ...found].sort((a, b) => a.at - b.at);
    this.#newest = Math.max(this.#newest, this.#items.at(-1)?.at ?? 0);
    return { found, gone };
  }

  /** Undefined when the storage cannot be read. */
  #load(): Stored[] | undefined {
    const found: Stored[] = [];
    try {
      for (let index = 0; index < (this.storage?.length ?? 0); index += 1) {
        const key = this.storage?.key(index);
        if (!key?.startsWith(this.prefix)) continue;
        const item = readItem(this.storage?.getItem(key) ?? null);
        if (item) found.push({ ...item, stored: true });
      }
    } catch {
      // Storage may be refused altogether (private windows, blocked cookies): memory alone then.
      return undefined;
    }
    return found.sort((a, b) => a.at - b.at);
  }

  #write(item: Stored): void {
    if (!item.keep || !this.storage) return;
    const { stored: _stored, ...entry } = item;
    try {
      this.storage.setItem(this.prefix + item.id, JSON.stringify(entry));
      item.stored = true;
    } catch {
      // Full or refused: the item stays in memory and is still sent.
    }
  }

  #erase(id: string): void {
    try {
      this.storage?.removeItem(this.prefix + id);
    } catch {
      // As above.
    }
  }
}

function readItem(text: string | null): OutboxItem | undefined {
  try {
    const item = JSON.parse(text ?? "null") as OutboxItem | null;
    return item && typeof item.id === "string" && typeof item.at === "number" && (item.content || item.action) ? item : undefined;
  } catch {
    return undefined;
  }
}
