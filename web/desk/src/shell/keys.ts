// Keys of the whole page. Plain letters count only while nobody is writing and nothing is open above the page.

import { useEffect, useRef } from "react";

export interface Binding {
  /** `KeyboardEvent.key`, for letters in lower case. */
  key: string;
  /** With Ctrl (or Command). */
  mod?: boolean;
  /** With Alt: matched by the key's place, because Alt changes what it writes. */
  alt?: boolean;
  /** Also while writing. */
  anywhere?: boolean;
  run: () => void;
}

function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
}

/** Something above the page has the keys. */
function isCovered(): boolean {
  return document.querySelector('.ui-overlay, .ui-popover[data-trigger], .dk-lightbox[open]') !== null;
}

function fits(event: KeyboardEvent, it: Binding): boolean {
  if ((it.mod ?? false) !== (event.ctrlKey || event.metaKey)) return false;
  if ((it.alt ?? false) !== event.altKey) return false;
  if (it.alt) return event.code === `Key${it.key.toUpperCase()}`;
  return event.key === it.key || (event.key.length === 1 && event.key.toLowerCase() === it.key && !event.shiftKey);
}

export function useKeys(bindings: readonly Binding[]): void {
  const latest = useRef(bindings);
  latest.current = bindings;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const found = latest.current.find((it) => fits(event, it));
      if (!found || (!found.anywhere && (isWriting(event.target) || isCovered()))) return;
      event.preventDefault();
      found.run();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
}
