// Where one is, in the address after `#`: `#/inboxes/ID/install?x=y`. Unsaved work is asked about before it is left.

import { isRemote, Store, useStore } from "@rapport/ui";
import type { Inbox } from "@rapport/ui";
import { isDirty, leave } from "./guard.ts";

export const PAGES = ["overview", "members", "teams", "replies", "inboxes", "channels", "hours", "knowledge", "intents", "lexicon", "feelings", "models", "care", "privacy", "settings", "tokens", "audit", "account"] as const;
export type PageId = (typeof PAGES)[number];

export interface Route {
  page: PageId;
  /** First part after the page: an id, or a word such as `new`. */
  id: string | undefined;
  /** Second part: a tab. */
  tab: string | undefined;
  query: URLSearchParams;
}

export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [first, id, tab] = path.split("/").map(decodeURIComponent);
  const page = PAGES.find((it) => it === first) ?? "overview";
  return { page, id: id || undefined, tab: tab || undefined, query: new URLSearchParams(query) };
}

/** `to("inboxes", id, "install")` → `#/inboxes/…/install`, for links. */
export function to(page: PageId, ...rest: (string | undefined)[]): string {
  return `#/${[page, ...rest.filter((it) => it !== undefined)].map(encodeURIComponent).join("/")}`;
}

/** Where an inbox is looked after: website chats have a page of their own. */
export function inboxAt({ id, channel }: Pick<Inbox, "id" | "channel">, tab?: string): string {
  return to(isRemote(channel) ? "channels" : "inboxes", id, tab);
}

const here = new Store(typeof location === "undefined" ? "" : location.hash);

/** Called once: follows the address, and holds it while there is unsaved work. */
export function followAddress(): void {
  window.addEventListener("hashchange", () => {
    const wanted = location.hash;
    if (wanted === here.get()) return;
    if (!isDirty()) {
      here.set(wanted);
      return;
    }
    history.replaceState(null, "", here.get() || "#/");
    leave(() => go(wanted));
  });
}

/** Goes there, whatever is unsaved: ask first with `leave`. */
export function go(hash: string, replace = false): void {
  here.set(hash);
  if (hash === location.hash) return;
  if (replace) history.replaceState(null, "", hash);
  else location.hash = hash;
}

let cached: { hash: string; route: Route } | undefined;
export function useRoute(): Route {
  const hash = useStore(here);
  if (cached?.hash !== hash) cached = { hash, route: parseRoute(hash) };
  return cached.route;
}
