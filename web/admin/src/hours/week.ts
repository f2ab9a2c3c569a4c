// Editing of opening hours: spans of a day, the days of a week, special days. Pure, so that it can be tested.

import type { Calendar, DaySpan, SpecialDay } from "@rapport/ui";
import { DAY_MINUTES } from "./clock.ts";

export type SpanProblem = "backwards" | "overlap";

/** What is wrong with each span, by its place; nothing when all are good. */
export function spanProblems(spans: readonly DaySpan[]): (SpanProblem | undefined)[] {
  return spans.map((span, index) => {
    if (span.start >= span.end) return "backwards";
    const overlaps = spans.some((other, at) => at !== index && other.start < other.end && span.start < other.end && other.start < span.end);
    return overlaps ? "overlap" : undefined;
  });
}

export function spansGood(spans: readonly DaySpan[]): boolean {
  return spanProblems(spans).every((it) => it === undefined);
}

/** In order; touching ones stay apart, since a lunch break of no length may be meant to grow. */
export function sorted(spans: readonly DaySpan[]): DaySpan[] {
  return [...spans].sort((a, b) => a.start - b.start || a.end - b.end);
}

const FIRST: DaySpan = { start: 9 * 60, end: 18 * 60 };

/** Most of one day that the server takes. */
const SPANS_MAX = 8;

/** A span to add: the usual day, or what is left after the last one with an hour's break. */
export function nextSpan(spans: readonly DaySpan[]): DaySpan | undefined {
  const last = sorted(spans).at(-1);
  if (!last) return { ...FIRST };
  if (spans.length >= SPANS_MAX) return undefined;
  const start = Math.min(DAY_MINUTES, last.end + 60);
  const end = Math.min(DAY_MINUTES, Math.max(start + 60, FIRST.end));
  return end - start >= 30 ? { start, end } : undefined;
}

export function replaceAt<T>(list: readonly T[], index: number, item: T): T[] {
  return list.map((it, at) => (at === index ? item : it));
}

export function removeAt<T>(list: readonly T[], index: number): T[] {
  return list.filter((_, at) => at !== index);
}

/** Seven lists, whatever was stored. */
export function wholeWeek(week: readonly DaySpan[][]): DaySpan[][] {
  return Array.from({ length: 7 }, (_, day) => [...(week[day] ?? [])]);
}

/** Takes the hours of one day over to others. */
export function copyDay(week: readonly DaySpan[][], from: number, days: readonly number[]): DaySpan[][] {
  const spans = week[from] ?? [];
  return week.map((it, day) => (days.includes(day) ? spans.map((span) => ({ ...span })) : it));
}

export function openMinutes(spans: readonly DaySpan[]): number {
  return spans.reduce((sum, it) => sum + Math.max(0, it.end - it.start), 0);
}

/** Special days that stand twice, so that one could not be told from the other. */
export function doubleDates(days: readonly SpecialDay[]): Set<string> {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { date } of days) {
    if (seen.has(date)) twice.add(date);
    seen.add(date);
  }
  return twice;
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;

export function calendarGood({ name, week, days }: Pick<Calendar, "name" | "week" | "days">): boolean {
  return name.trim() !== "" && week.every(spansGood) && days.every((it) => DATE.test(it.date) && spansGood(it.spans)) && doubleDates(days).size === 0;
}

/** As it is sent: in order, without needless white space. */
export function tidy<T extends Pick<Calendar, "name" | "week" | "days">>(calendar: T): T {
  return {
    ...calendar,
    name: calendar.name.trim(),
    week: calendar.week.map(sorted),
    days: [...calendar.days].sort((a, b) => a.date.localeCompare(b.date)).map((it) => ({ ...it, name: it.name.trim(), spans: sorted(it.spans) })),
  };
}

/** `周一至周五 09:00–18:00`: days with the same hours in a row, together. */
export function groupWeek(week: readonly DaySpan[][]): { from: number; to: number; spans: DaySpan[] }[] {
  const groups: { from: number; to: number; spans: DaySpan[] }[] = [];
  wholeWeek(week).forEach((spans, day) => {
    const last = groups.at(-1);
    if (last && JSON.stringify(last.spans) === JSON.stringify(spans)) last.to = day;
    else groups.push({ from: day, to: day, spans });
  });
  return groups;
}

/** Preview days as weeks that begin on Monday; empty places before the first. */
export function inWeeks<T extends { date: string }>(days: readonly T[]): (T | undefined)[][] {
  const first = days[0];
  if (!first) return [];
  const cells: (T | undefined)[] = [...Array.from({ length: weekdayOf(first.date) }, () => undefined), ...days];
  const weeks: (T | undefined)[][] = [];
  for (let at = 0; at < cells.length; at += 7) {
    const week = cells.slice(at, at + 7);
    weeks.push([...week, ...Array.from({ length: 7 - week.length }, () => undefined)]);
  }
  return weeks;
}

/** 0 Monday … 6 Sunday, of a calendar date (no zone is involved). */
export function weekdayOf(date: string): number {
  return (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
}
