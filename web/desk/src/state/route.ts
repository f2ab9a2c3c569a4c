// Where one is: a view with an open conversation, or the tickets. Kept in the address after `#`, so that links and the back key work.

import { useSyncExternalStore } from "react";
import { VIEWS } from "./views.ts";
import type { View } from "./views.ts";

export type Route = { page: "inbox"; view: View; conversation: string | undefined } | { page: "tickets"; ticket: string | undefined };

export function parseRoute(hash: string): Route {
  const [first = "", second] = hash.replace(/^#\/?/, "").split("/");
  if (first === "tickets") return { page: "tickets", ticket: second || undefined };
  const view = VIEWS.find((it) => it === first) ?? "mine";
  return { page: "inbox", view, conversation: second || undefined };
}

export function routeHash(route: Route): string {
  if (route.page === "tickets") return route.ticket ? `#/tickets/${route.ticket}` : "#/tickets";
  return route.conversation ? `#/${route.view}/${route.conversation}` : `#/${route.view}`;
}

let cached: { hash: string; route: Route } | undefined;
export function currentRoute(): Route {
  if (cached?.hash !== location.hash) cached = { hash: location.hash, route: parseRoute(location.hash) };
  return cached.route;
}

export function go(route: Route, replace = false): void {
  const hash = routeHash(route);
  if (hash === location.hash) return;
  if (replace) location.replace(hash);
  else location.hash = hash;
}

export function goConversation(conversation: string | undefined, view?: View): void {
  const now = currentRoute();
  go({ page: "inbox", view: view ?? (now.page === "inbox" ? now.view : "mine"), conversation });
}

export function useRoute(): Route {
  return useSyncExternalStore((listener) => {
    window.addEventListener("hashchange", listener);
    return () => window.removeEventListener("hashchange", listener);
  }, currentRoute);
}
