// Unsaved work: whoever edits says so, whoever leads away asks first.

import { useEffect } from "react";
import { Store } from "@rapport/ui";

interface GuardState {
  /** What to do once the person agrees to lose the changes. */
  pending: (() => void) | undefined;
}

export const guard = new Store<GuardState>({ pending: undefined });
const dirty = new Set<symbol>();

export function isDirty(): boolean {
  return dirty.size > 0;
}

/** Does it at once, or after the person agreed to lose unsaved changes. */
export function leave(action: () => void): void {
  if (isDirty()) guard.set({ pending: action });
  else action();
}

export function stay(): void {
  guard.set({ pending: undefined });
}

export function leaveAnyway(): void {
  const action = guard.get().pending;
  dirty.clear();
  guard.set({ pending: undefined });
  action?.();
}

function warn(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

/** Holds the page while `changed`. */
export function useUnsaved(changed: boolean): void {
  useEffect(() => {
    if (!changed) return undefined;
    const mark = Symbol("unsaved");
    dirty.add(mark);
    window.addEventListener("beforeunload", warn);
    return () => {
      dirty.delete(mark);
      window.removeEventListener("beforeunload", warn);
    };
  }, [changed]);
}
