// Words of opening hours.

import { lang, texts } from "@rapport/ui";
import type { DaySpan } from "@rapport/ui";
import { DAY_MINUTES, formatClock } from "./clock.ts";
import { groupWeek } from "./week.ts";

const t = texts({
  closed: { zh: "休息", en: "Closed" },
  allDay: { zh: "全天", en: "All day" },
  to: { zh: "至", en: "–" },
  openNow: { zh: "现在营业中", en: "Open now" },
  closedNow: { zh: "现在休息", en: "Closed now" },
  opens: { zh: "{time} 开始营业", en: "opens {time}" },
  never: { zh: "未来一年没有营业时间", en: "no hours within a year" },
});

/** Short name of a weekday; 0 is Monday. */
export function weekdayName(day: number, style: "short" | "long" = "short"): string {
  // 2024-01-01 was a Monday.
  return new Intl.DateTimeFormat(lang(), { weekday: style, timeZone: "UTC" }).format(Date.UTC(2024, 0, 1 + day));
}

export function spansText(spans: readonly DaySpan[]): string {
  if (spans.length === 0) return t("closed");
  if (spans.length === 1 && spans[0]?.start === 0 && spans[0].end === DAY_MINUTES) return t("allDay");
  return spans.map((it) => `${formatClock(it.start)}–${formatClock(it.end)}`).join(lang() === "en" ? ", " : "、");
}

/** `周一至周五 09:00–18:00` for each run of days that are open. */
export function weekText(week: readonly DaySpan[][]): string {
  const open = groupWeek(week).filter((it) => it.spans.length > 0);
  if (open.length === 0) return t("closed");
  return open.map(({ from, to, spans }) => `${from === to ? weekdayName(from) : `${weekdayName(from)}${t("to")}${weekdayName(to)}`} ${spansText(spans)}`).join(lang() === "en" ? "; " : "；");
}

/** A moment in the zone of the calendar, not of the reader. */
export function momentIn(zone: string, at: number, now = Date.now()): string {
  const day = (value: number) => new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" }).format(value);
  const far = at - now > 6 * 86_400_000;
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(lang(), { ...options, timeZone: zone }).format(at);
  const clock = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return day(at) === day(now) ? clock : `${format(far ? { month: "short", day: "numeric" } : { weekday: "short" })} ${clock}`;
}

export function openText(zone: string, openNow: boolean, nextOpen: number | null): string {
  if (openNow) return t("openNow");
  return `${t("closedNow")}${lang() === "en" ? ", " : "，"}${nextOpen === null ? t("never") : t("opens", { time: momentIn(zone, nextOpen) })}`;
}
