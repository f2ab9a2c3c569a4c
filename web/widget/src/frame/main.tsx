// Starts the frame: reads its address, listens to the host page, draws.

import type { Locale } from "@rapport/live";
import { render } from "preact";
import { MARK } from "../bridge.ts";
import type { Theme, ToFrame, ToHost } from "../bridge.ts";
import { App } from "./app.tsx";
import { palette } from "./color.ts";
import { allowSound, ring } from "./sound.ts";
import { Store } from "./store.ts";

const query = new URLSearchParams(location.search);
const asked = query.get("locale") || navigator.language;
const store = new Store(query.get("key") ?? "", {
  locale: /^zh/i.test(asked) ? "zh-CN" : "en",
  localeForced: query.get("forced") === "1",
  theme: asTheme(query.get("theme")),
});
store.ring = ring;
allowSound();

const darkness = matchMedia("(prefers-color-scheme: dark)");

/** By `style` properties, never attributes: the page's policy allows no inline style. */
function dress(): void {
  const root = document.documentElement;
  const dark = store.theme === "dark" || (store.theme === "auto" && darkness.matches);
  root.dataset["theme"] = root.style.colorScheme = dark ? "dark" : "light";
  root.lang = store.locale;
  const { brand, ink, accent } = palette(store.config?.color ?? "", dark);
  root.style.setProperty("--brand", brand);
  root.style.setProperty("--ink", ink);
  root.style.setProperty("--accent", accent);
  document.title = store.words.chat;
}

store.subscribe(dress);
darkness.addEventListener("change", dress);
document.addEventListener("visibilitychange", () => store.seen());

if (window.parent !== window) embed();

/** The parent is whoever may frame us (`frame-ancestors`); its origin is learnt from its first message and kept. */
function embed(): void {
  let host: string | undefined;
  const kept: ToHost[] = [];
  store.open = false;
  store.embedded = true;
  store.tellHost = (message) => {
    if (host) window.parent.postMessage({ [MARK]: message }, host);
    else kept.push(message);
  };
  window.addEventListener("message", (event: MessageEvent) => {
    if (event.source !== window.parent || (host && event.origin !== host)) return;
    const data = event.data as { [MARK]?: ToFrame } | null;
    const message = data && typeof data === "object" ? data[MARK] : undefined;
    if (!message) return;
    if (!host && message.type === "host") {
      host = event.origin;
      for (const earlier of kept.splice(0)) store.tellHost(earlier);
    }
    if (host) hear(message);
  });
  // Says nothing but that the frame listens.
  window.parent.postMessage({ [MARK]: { type: "ready" } }, "*");
}

function hear(message: ToFrame): void {
  switch (message.type) {
    case "host":
      store.visitor.page = message.page;
      return store.setShown(message.open, message.narrow);
    case "shown":
      return store.setShown(message.open, message.narrow);
    case "identify":
      return void store.identify(message.token);
    case "locale":
      return store.setLocale(asLocale(message.locale), true);
    case "theme":
      return store.setTheme(asTheme(message.theme));
    case "write":
      return store.write(message.text);
    case "shutdown":
      return store.shutdown();
  }
}

function asLocale(tag: string): Locale {
  return /^zh/i.test(tag) ? "zh-CN" : "en";
}

function asTheme(text: string | null): Theme {
  return text === "dark" || text === "light" ? text : "auto";
}

dress();
render(<App store={store} />, document.getElementById("app") as HTMLElement);
void store.begin();
