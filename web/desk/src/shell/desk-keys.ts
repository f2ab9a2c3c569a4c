// The keys that work wherever one is in the desk; those of an open conversation are with its head.

import { currentRoute, go, goConversation } from "../state/route.ts";
import { VIEWS } from "../state/views.ts";
import { focusSearch, shownRows } from "../list/shown.ts";
import { togglePanel } from "./panel-state.ts";
import { useKeys } from "./keys.ts";
import { openOverlay, ui } from "./ui.ts";

/** The conversation before or after the open one, as the list shows them. */
export function step(by: 1 | -1): void {
  const route = currentRoute();
  const ids = shownRows();
  if (route.page !== "inbox" || ids.length === 0) return;
  const at = route.conversation ? ids.indexOf(route.conversation) : -1;
  const next = at === -1 ? (by === 1 ? 0 : ids.length - 1) : Math.min(ids.length - 1, Math.max(0, at + by));
  goConversation(ids[next]);
}

export function useDeskKeys(): void {
  const back = () => {
    if (ui.get().sheet) ui.patch({ sheet: false });
    else if (currentRoute().page === "inbox") goConversation(undefined);
  };
  useKeys([
    { key: "k", mod: true, anywhere: true, run: () => openOverlay("palette") },
    { key: "?", run: () => openOverlay("shortcuts") },
    { key: "j", run: () => step(1) },
    { key: "k", run: () => step(-1) },
    { key: "/", run: focusSearch },
    { key: "i", run: togglePanel },
    { key: "Escape", run: back },
    ...VIEWS.map((view, index) => ({ key: String(index + 1), run: () => go({ page: "inbox", view, conversation: undefined }) })),
    { key: "5", run: () => go({ page: "tickets", ticket: undefined }) },
  ]);
}
