// One script tag on the host page: a launcher in a shadow root, the frame only when it is wanted, and `Rapport(…)`.

import type { Locale } from "@rapport/live";
import { MARK } from "../bridge.ts";
import type { Theme, ToFrame, ToHost } from "../bridge.ts";
import { STYLE } from "./style.ts";

interface Config {
  company: string;
  color: string;
  locale: Locale;
}

type Listener = (detail: unknown) => void;
type Command = [name: string, ...rest: unknown[]];
type Api = ((...command: Command) => unknown) & { q?: Command[]; ready?: true };

declare global {
  interface Window {
    Rapport?: Api;
    rapport?: Api;
  }
}

const WORDS = {
  "zh-CN": { open: "打开在线客服", close: "关闭在线客服", frame: "在线客服", unread: "条未读消息", dismiss: "关闭提醒" },
  en: { open: "Open chat", close: "Close chat", frame: "Chat", unread: "unread messages", dismiss: "Dismiss" },
};

const TALK = "M14 3.5c6.4 0 11 4.2 11 9.6s-4.6 9.6-11 9.6c-1.1 0-2.2-.1-3.2-.4l-4.6 2.3c-.6.3-1.2-.2-1.1-.8l.6-4C4 18 3 15.7 3 13.1 3 7.7 7.6 3.5 14 3.5Z";
const DOWN = "m7 11 7 7 7-7";

const script = (document.currentScript ?? document.querySelector("script[data-key][src*='widget/loader.js']")) as HTMLScriptElement | null;
const key = script?.dataset["key"] ?? "";
if (script && key && !window.Rapport?.ready) start(script, key);

function start(tag: HTMLScriptElement, inbox: string): void {
  const origin = new URL(tag.src).origin;
  const listeners = new Map<string, Set<Listener>>();
  const waiting: ToFrame[] = [];
  let locale: Locale = asLocale(tag.dataset["locale"] || document.documentElement.lang || navigator.language);
  let localeForced = Boolean(tag.dataset["locale"]);
  let theme = (tag.dataset["theme"] ?? "auto") as Theme;
  let config: Config | undefined;
  let frame: HTMLIFrameElement | undefined;
  let frameReady = false;
  let open = false;
  let wantOpen = recall("sessionStorage", "open") === "1";
  let unread = 0;
  let scrollBefore = "";

  const host = document.createElement("div");
  host.id = "rapport-widget";
  const shadow = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  shadow.adoptedStyleSheets = [sheet];
  const root = element("div", `root${tag.dataset["position"] === "left" ? " left" : ""}`);
  const panel = element("div", "panel");
  const launcher = element("button", "launcher");
  launcher.type = "button";
  launcher.dataset["testid"] = "launcher";
  launcher.append(drawing("talk", TALK), drawing("down", DOWN));
  const badge = element("span", "badge");
  badge.hidden = true;
  badge.dataset["testid"] = "unread";
  launcher.append(badge);
  const peek = element("div", "peek");
  peek.hidden = true;
  const say = element("button", "say");
  const from = document.createElement("b");
  const words = document.createElement("span");
  say.append(from, words);
  const off = element("button", "off");
  off.textContent = "×";
  peek.append(say, off);
  root.append(panel, peek, launcher);
  shadow.append(root);

  launcher.onclick = () => show(!open);
  say.onclick = () => show(true);
  off.onclick = () => {
    peek.hidden = true;
  };
  window.addEventListener("message", (event: MessageEvent) => {
    if (event.origin !== origin || !frame || event.source !== frame.contentWindow) return;
    const data = event.data as { [MARK]?: ToHost } | null;
    const message = data && typeof data === "object" ? data[MARK] : undefined;
    if (message) hear(message);
  });
  window.addEventListener("resize", () => open && tell({ type: "shown", open, narrow: narrow() }));

  function hear(message: ToHost): void {
    switch (message.type) {
      case "ready":
        frameReady = true;
        tell({ type: "host", page: location.origin + location.pathname, open, narrow: narrow() });
        for (const later of waiting.splice(0)) tell(later);
        emit("ready", {});
        break;
      case "close":
        show(false);
        launcher.focus();
        break;
      case "known":
        remember("localStorage", "known", message.known ? "1" : "");
        break;
      case "unread":
        unread = message.count;
        if (message.text) {
          from.textContent = message.from ?? config?.company ?? "";
          words.textContent = message.text;
          peek.hidden = open;
        } else if (unread === 0) {
          peek.hidden = true;
        }
        paint();
        emit("unread", { count: unread });
        break;
      case "locale":
        locale = message.locale;
        paint();
        break;
      case "event":
        emit(message.name, message.detail);
        break;
    }
  }

  function tell(message: ToFrame): void {
    if (frameReady) frame?.contentWindow?.postMessage({ [MARK]: message }, origin);
    else if (message.type !== "shown") waiting.push(message);
  }

  function load(): void {
    if (frame) return;
    frame = document.createElement("iframe");
    frame.title = WORDS[locale].frame;
    frame.allow = "clipboard-write; autoplay";
    const query = new URLSearchParams({ key: inbox, locale, theme, forced: localeForced ? "1" : "" });
    frame.src = `${origin}/widget/frame?${query.toString()}`;
    panel.append(frame);
  }

  function show(next: boolean): void {
    if (!config) {
      wantOpen = next;
      return;
    }
    if (next) load();
    if (open === next) return;
    open = next;
    peek.hidden = true;
    remember("sessionStorage", "open", open ? "1" : "");
    // Behind a full-screen panel the page must not scroll.
    if (open && narrow()) {
      scrollBefore = document.documentElement.style.overflow;
      document.documentElement.style.overflow = "hidden";
    } else if (!open) {
      document.documentElement.style.overflow = scrollBefore;
    }
    paint();
    tell({ type: "shown", open, narrow: narrow() });
    if (open) frame?.focus();
    emit(open ? "open" : "close", {});
  }

  function paint(): void {
    const color = /^#[0-9a-f]{6}$/i.test(config?.color ?? "") ? (config as Config).color : "#2f6fed";
    const dark = theme === "dark" || (theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
    root.style.setProperty("--brand", color);
    root.style.setProperty("--ink", bright(color) ? "#0b0e12" : "#fff");
    root.style.setProperty("--paper", dark ? "#16191d" : "#fff");
    root.style.setProperty("--text", dark ? "#eceef1" : "#1b1f24");
    root.classList.toggle("open", open);
    badge.hidden = open || unread === 0;
    badge.textContent = unread > 99 ? "99+" : String(unread);
    const text = WORDS[locale];
    const label = open ? text.close : unread ? `${text.open} (${unread} ${text.unread})` : text.open;
    launcher.setAttribute("aria-label", label);
    launcher.setAttribute("aria-expanded", String(open));
    off.setAttribute("aria-label", text.dismiss);
    if (frame) frame.title = text.frame;
  }

  function emit(name: string, detail: unknown): void {
    for (const listener of listeners.get(name) ?? []) {
      try {
        listener(detail);
      } catch (error) {
        console.error(error);
      }
    }
  }

  function command(name: string, ...rest: unknown[]): unknown {
    const [first, second] = rest;
    switch (name) {
      case "open":
      case "close":
        return show(name === "open");
      case "toggle":
        return show(!open);
      case "write":
        show(true);
        return tell({ type: "write", text: String(first) });
      case "identify": {
        const token = typeof first === "string" ? first : (first as { token?: unknown } | undefined)?.token;
        if (typeof token !== "string") return undefined;
        // Somebody who is signed in may have answers waiting: the frame looks.
        if (config) load();
        else remember("localStorage", "known", "1");
        return tell({ type: "identify", token });
      }
      case "locale":
        locale = asLocale(String(first));
        localeForced = true;
        tell({ type: "locale", locale });
        return paint();
      case "theme":
        theme = first === "dark" || first === "light" ? first : "auto";
        tell({ type: "theme", theme });
        return paint();
      case "shutdown":
        remember("localStorage", "known", "");
        show(false);
        return tell({ type: "shutdown" });
      case "on":
        if (typeof second === "function") listeners.set(String(first), (listeners.get(String(first)) ?? new Set()).add(second as Listener));
        return () => listeners.get(String(first))?.delete(second as Listener);
      default:
        console.warn(`Rapport: unknown command ${name}`);
        return undefined;
    }
  }

  function begin(found: Config): void {
    config = found;
    if (!tag.dataset["locale"] && !document.documentElement.lang) locale = asLocale(navigator.language || found.locale);
    paint();
    // Beside the body, where sites that exchange their body do not throw the conversation away.
    document.documentElement.append(host);
    if (wantOpen) show(true);
    else if (recall("localStorage", "known") === "1" || waiting.length) load();
  }

  async function fetchConfig(attempt: number): Promise<void> {
    try {
      const answer = await fetch(`${origin}/api/rapport/v1/widget/config?key=${encodeURIComponent(inbox)}`, { credentials: "omit" });
      if (!answer.ok) {
        const fault = (await answer.json().catch(() => ({}))) as { code?: string; message?: string };
        if (answer.status < 500) return console.warn(`Rapport: ${fault.code ?? answer.status} ${fault.message ?? ""}`);
        throw new Error(fault.code);
      }
      begin((await answer.json()) as Config);
    } catch {
      if (attempt < 5) setTimeout(() => void fetchConfig(attempt + 1), 2_000 * 2 ** attempt);
    }
  }

  const queued = [...(window.Rapport?.q ?? []), ...(window.rapport?.q ?? [])];
  window.Rapport = window.rapport = Object.assign(command, { ready: true as const });
  for (const earlier of queued) command(...(Array.from(earlier) as Command));
  // Only when the page itself is done: the widget never competes with it.
  const idle = (): void => void (window.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 1)))(() => void fetchConfig(0), { timeout: 1500 });
  if (document.readyState === "complete") idle();
  else window.addEventListener("load", idle, { once: true });

  function recall(kind: "localStorage" | "sessionStorage", name: string): string {
    try {
      return window[kind].getItem(`${MARK}:${name}:${inbox}`) ?? "";
    } catch {
      return "";
    }
  }

  function remember(kind: "localStorage" | "sessionStorage", name: string, value: string): void {
    try {
      if (value) window[kind].setItem(`${MARK}:${name}:${inbox}`, value);
      else window[kind].removeItem(`${MARK}:${name}:${inbox}`);
    } catch {
      // Refused storage: the widget forgets over navigation and works otherwise.
    }
  }
}

function element<Tag extends "div" | "button" | "span">(tag: Tag, className: string): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  made.className = className;
  return made;
}

/** Built, not parsed: host pages that require trusted types stay content. */
function drawing(className: string, path: string): SVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", className);
  svg.setAttribute("viewBox", "0 0 28 28");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(space, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

function narrow(): boolean {
  return matchMedia("(max-width: 480px), (max-height: 440px)").matches;
}

function asLocale(tag: string): Locale {
  return /^zh/i.test(tag) ? "zh-CN" : "en";
}

/** Whether dark text reads better on it. Relative luminance, WCAG 2. */
function bright(color: string): boolean {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.188;
}
