// How one likes the desk: whether Enter sends, and whether the side panel is open.

import { Store } from "@rapport/ui";

export interface Prefs {
  /** Otherwise Ctrl+Enter sends and Enter makes a line. */
  enterSends: boolean;
  panel: boolean;
}

const STORED = "rapport.desk.prefs";
const DEFAULTS: Prefs = { enterSends: true, panel: true };

function read(): Prefs {
  try {
    return { ...DEFAULTS, ...(JSON.parse(localStorage.getItem(STORED) ?? "{}") as Partial<Prefs>) };
  } catch {
    return DEFAULTS;
  }
}

export const prefs = new Store<Prefs>(read());

export function setPref(part: Partial<Prefs>): void {
  prefs.patch(part);
  try {
    localStorage.setItem(STORED, JSON.stringify(prefs.get()));
  } catch {
    // Lasts for this page.
  }
}
