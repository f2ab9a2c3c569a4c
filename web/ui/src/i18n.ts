// Texts in Chinese and English: a key without one of the two, or a call without a parameter, does not compile.

import { useSyncExternalStore } from "react";

export type Lang = "zh-CN" | "en";
export interface Text {
  zh: string;
  en: string;
}

type ParamsOf<S extends string> = S extends `${string}{${infer P}}${infer Rest}` ? P | ParamsOf<Rest> : never;
type Args<S extends string> = [ParamsOf<S>] extends [never] ? [] : [params: Record<ParamsOf<S>, string | number>];

const STORED = "rapport.lang";
const listeners = new Set<() => void>();
let current: Lang = initial();

function initial(): Lang {
  const stored = readStored();
  if (stored) return stored;
  const wanted = typeof navigator === "undefined" ? "en" : navigator.language;
  return wanted.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
}

function readStored(): Lang | undefined {
  try {
    const text = localStorage.getItem(STORED);
    return text === "zh-CN" || text === "en" ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the person chose a language in this browser. */
export function langChosen(): boolean {
  return readStored() !== undefined;
}

export function lang(): Lang {
  return current;
}

/** `keep` remembers the choice in this browser; without it the language follows the account for this page only. */
export function setLang(next: Lang, keep = true): void {
  if (keep) {
    try {
      localStorage.setItem(STORED, next);
    } catch {
      // Private window: the choice lasts for this page.
    }
  }
  if (typeof document !== "undefined") document.documentElement.lang = next;
  if (next === current) return;
  current = next;
  for (const listener of listeners) listener();
}

/** Re-renders the caller when the language changes; put it at the root and key the tree by it. */
export function useLang(): Lang {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
    () => current,
  );
}

function fill(text: string, params: Record<string, string | number> | undefined): string {
  if (!params) return text;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}

/** A dictionary: `const t = texts({ hello: { zh: "你好，{name}", en: "Hello, {name}" } })`, then `t("hello", { name })`. */
export function texts<const T extends Record<string, Text>>(dictionary: T) {
  return <K extends keyof T>(key: K, ...args: Args<T[K]["en"]>): string => {
    const text = dictionary[key] as Text;
    return fill(current === "zh-CN" ? text.zh : text.en, args[0]);
  };
}

/** One of the two texts of a noun that carries both (`Bilingual`). */
export function pick(text: Text): string {
  return current === "zh-CN" ? text.zh || text.en : text.en || text.zh;
}

const formats = new Map<string, Intl.DateTimeFormat>();
function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = current + JSON.stringify(options);
  let made = formats.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat(current, options);
    formats.set(key, made);
  }
  return made;
}

/** `14:05` */
export function clock(at: number): string {
  return format({ hour: "2-digit", minute: "2-digit", hour12: false }).format(at);
}

/** `11月24日` / `24 Nov`, with the year when it is another one. */
export function day(at: number, now = Date.now()): string {
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return format({ month: "short", day: "numeric", ...(sameYear ? {} : { year: "numeric" }) }).format(at);
}

export function dateTime(at: number): string {
  return `${day(at)} ${clock(at)}`;
}

/** Whole date and time, for titles. */
export function fullTime(at: number): string {
  return format({ dateStyle: "full", timeStyle: "medium" }).format(at);
}

function dayStart(at: number): number {
  const date = new Date(at);
  date.setHours(0, 0, 0, 0);
  return date.getTime();
}

/** Days between the calendar days of two times: 0 today, 1 yesterday. */
export function daysAgo(at: number, now = Date.now()): number {
  return Math.round((dayStart(now) - dayStart(at)) / 86_400_000);
}

const relative = texts({
  today: { zh: "今天", en: "Today" },
  yesterday: { zh: "昨天", en: "Yesterday" },
  now: { zh: "刚刚", en: "now" },
  minutes: { zh: "{n} 分钟", en: "{n} min" },
  hours: { zh: "{n} 小时", en: "{n} h" },
  days: { zh: "{n} 天", en: "{n} d" },
});

/** Heading of a day in a timeline. */
export function dayHeading(at: number, now = Date.now()): string {
  const ago = daysAgo(at, now);
  if (ago === 0) return relative("today");
  if (ago === 1) return relative("yesterday");
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return format({ weekday: "short", month: "long", day: "numeric", ...(sameYear ? {} : { year: "numeric" }) }).format(at);
}

/** How a list shows a time: the clock today, then yesterday, then the date. */
export function listTime(at: number, now = Date.now()): string {
  const ago = daysAgo(at, now);
  if (ago <= 0) return clock(at);
  return ago === 1 ? relative("yesterday") : day(at, now);
}

/** A span of time in one unit: `now`, `3 min`, `2 h`, `4 d`. */
export function duration(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return relative("now");
  if (minutes < 60) return relative("minutes", { n: minutes });
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? relative("hours", { n: hours }) : relative("days", { n: Math.floor(hours / 24) });
}

/** A running clock: `0:42`, `12:05`, `1:02:09`. */
export function stopwatch(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes, seconds] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  const tail = `${String(seconds).padStart(2, "0")}`;
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
}

/** `340 KB` */
export function fileSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ["KB", "MB", "GB"];
  let size = bytes / 1024;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${units[unit]}`;
}
