// A value that components can watch: the smallest store that React understands.

import { useRef, useSyncExternalStore } from "react";

export class Store<T> {
  private readonly listeners = new Set<() => void>();
  constructor(private value: T) {}

  get(): T {
    return this.value;
  }

  set(next: T | ((previous: T) => T)): void {
    const value = typeof next === "function" ? (next as (previous: T) => T)(this.value) : next;
    if (Object.is(value, this.value)) return;
    this.value = value;
    for (const listener of this.listeners) listener();
  }

  patch(part: Partial<T>): void {
    this.set((previous) => ({ ...previous, ...part }));
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}

export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, () => store.get(), () => store.get());
}

function shallowEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((it, index) => Object.is(it, b[index]));
  return false;
}

/** A part of the store; re-renders only when that part changes (lists are compared item by item). */
export function useSelect<T, R>(store: Store<T>, select: (value: T) => R): R {
  const last = useRef<{ result: R } | null>(null);
  const snapshot = () => {
    const result = select(store.get());
    if (last.current && shallowEqual(last.current.result, result)) return last.current.result;
    last.current = { result };
    return result;
  };
  return useSyncExternalStore(store.subscribe, snapshot, snapshot);
}
