// Light, dark, or as the system has it: an attribute on the root element that the tokens follow.

import { useSyncExternalStore } from "react";

export type Theme = "system" | "light" | "dark";

const STORED = "rapport.theme";
const listeners = new Set<() => void>();
let current: Theme = read();

function read(): Theme {
  try {
    const text = localStorage.getItem(STORED);
    return text === "light" || text === "dark" ? text : "system";
  } catch {
    return "system";
  }
}

function show(): void {
  if (typeof document === "undefined") return;
  if (current === "system") document.documentElement.removeAttribute("data-theme");
  else document.documentElement.setAttribute("data-theme", current);
}

show();

export function setTheme(next: Theme): void {
  current = next;
  try {
    if (next === "system") localStorage.removeItem(STORED);
    else localStorage.setItem(STORED, next);
  } catch {
    // Private window: the choice lasts for this page.
  }
  show();
  for (const listener of listeners) listener();
}

export function useTheme(): Theme {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
    () => current,
  );
}
