// Whether the side panel is to be seen: a lasting choice where it has a column, a moment's where it covers the conversation.

import { useStore } from "@rapport/ui";
import { prefs, setPref } from "../state/prefs.ts";
import { isWide, useWide } from "./media.ts";
import { ui, useUi } from "./ui.ts";
import type { PanelTab } from "./ui.ts";

export function usePanelShown(): boolean {
  const wide = useWide();
  const { panel } = useStore(prefs);
  const sheet = useUi((it) => it.sheet);
  return wide ? panel : sheet;
}

export function togglePanel(): void {
  if (isWide()) setPref({ panel: !prefs.get().panel });
  else ui.patch({ sheet: !ui.get().sheet });
}

export function showPanel(tab: PanelTab, whySeq?: number): void {
  ui.patch({ tab, whySeq });
  if (isWide()) setPref({ panel: true });
  else ui.patch({ sheet: true });
}

/** In the panel's own column there is nothing in the way. */
export function showTabQuietly(tab: PanelTab): void {
  ui.patch({ tab, whySeq: undefined });
}

export function closePanel(): void {
  if (isWide()) setPref({ panel: false });
  else ui.patch({ sheet: false });
}
