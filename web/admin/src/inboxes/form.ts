// What can be edited of a website chat, what a new one begins with, and what is wrong with a filled-in one.

import type { Inbox, Locale, PrechatField } from "@rapport/ui";
import { isColor } from "./color.ts";

export type InboxForm = Omit<Inbox, "id" | "key">;

export function inboxForm({ name, channel, locale, welcome, color, prechat, allowed_origins, require_identity, bot, team, skills, calendar, routing, csat, active }: Inbox): InboxForm {
  return { name, channel, locale, welcome, color, prechat: prechat ?? [], allowed_origins: allowed_origins ?? [], require_identity, bot, team: team ?? null, skills: skills ?? [], calendar: calendar ?? null, routing, csat, active };
}

export function blankInbox(name: string, locale: Locale, company: string): InboxForm {
  return {
    name,
    channel: "web",
    locale,
    welcome: { zh: `您好，这里是${company}，有什么可以帮您？`, en: `Hello, this is ${company}. How can we help?` },
    color: "#2456d6",
    prechat: [],
    allowed_origins: [],
    require_identity: false,
    bot: true,
    team: null,
    skills: [],
    calendar: null,
    routing: { mode: "offer", offer_timeout_s: 30, sticky: true },
    csat: true,
    active: true,
  };
}

/** A field's key from its label; the well-known ones are kept. */
export const KNOWN_FIELDS = ["name", "email", "phone"] as const;
const KEY = /^[a-z0-9_]{1,40}$/;

export type FieldProblem = "key" | "twice" | "label";

export function fieldProblems(fields: readonly PrechatField[]): (FieldProblem | undefined)[] {
  return fields.map((field, index) => {
    if (!KEY.test(field.key)) return "key";
    if (fields.some((other, at) => at !== index && other.key === field.key)) return "twice";
    return field.label.zh.trim() === "" && field.label.en.trim() === "" ? "label" : undefined;
  });
}

export function move<T>(list: readonly T[], index: number, by: number): T[] {
  const target = index + by;
  const item = list[index];
  if (item === undefined || target < 0 || target >= list.length) return [...list];
  const rest = list.filter((_, at) => at !== index);
  return [...rest.slice(0, target), item, ...rest.slice(target)];
}

/** `shop.example.com/cart` → `https://shop.example.com`; nothing for what is no web address. */
export function originOf(text: string): string | undefined {
  const trimmed = text.trim();
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`;
  try {
    const url = new URL(withScheme);
    if (url.protocol !== "http:" && url.protocol !== "https:") return undefined;
    const hasHost = url.hostname === "localhost" || url.hostname.startsWith("[") || /^[^.\s]+(\.[^.\s]+)+$/.test(url.hostname);
    return hasHost && !url.username ? url.origin : undefined;
  } catch {
    return undefined;
  }
}

export function inboxGood(form: InboxForm): boolean {
  const { offer_timeout_s: timeout } = form.routing;
  return (
    form.name.trim() !== "" &&
    isColor(form.color) &&
    (form.welcome.zh.trim() !== "" || form.welcome.en.trim() !== "") &&
    fieldProblems(form.prechat).every((it) => it === undefined) &&
    Number.isInteger(timeout) &&
    timeout >= 5 &&
    timeout <= 600
  );
}
