// What is open above the page. One place, so that buttons, keys and the command palette open the same things.

import { Store, useSelect } from "@rapport/ui";

export type Overlay = "palette" | "shortcuts" | "settings";
export type HeadMenu = "assign" | "snooze" | "labels";
export type PanelTab = "customer" | "tickets" | "why";

export interface Ui {
  overlay: Overlay | undefined;
  /** Menu of the open conversation's head. */
  menu: HeadMenu | undefined;
  /** Conversation of which a ticket is being made. */
  ticketFor: string | undefined;
  tab: PanelTab;
  /** Entry whose reasons are looked for. */
  whySeq: number | undefined;
  /** The side panel where it has no place of its own: drawer or screen. */
  sheet: boolean;
}

export const ui = new Store<Ui>({ overlay: undefined, menu: undefined, ticketFor: undefined, tab: "customer", whySeq: undefined, sheet: false });

export function useUi<T>(select: (state: Ui) => T): T {
  return useSelect(ui, select);
}

export function openOverlay(overlay: Overlay | undefined): void {
  ui.patch({ overlay });
}

export function openMenu(menu: HeadMenu | undefined): void {
  ui.patch({ menu });
}
