// Opening hours: times as typed, spans, weeks, and the words for them.

import { describe, expect, it } from "vitest";
import { setLang } from "@rapport/ui";
import { formatClock, parseClock, stepClock } from "../src/hours/clock.ts";
import { calendarGood, copyDay, doubleDates, groupWeek, inWeeks, nextSpan, spanProblems, tidy, weekdayOf, wholeWeek } from "../src/hours/week.ts";
import { momentIn, openText, spansText, weekText } from "../src/hours/words.ts";

const span = (start: number, end: number) => ({ start: start * 60, end: end * 60 });
const day = [span(9, 12), span(13, 18)];

describe("times", () => {
  it.each([
    ["9", 540],
    ["09:30", 570],
    ["9:5", 545],
    ["930", 570],
    ["0930", 570],
    ["09：30", 570],
    ["9点30分", 570],
    ["24:00", 1440],
    ["0", 0],
    ["24:01", undefined],
    ["12:60", undefined],
    ["abc", undefined],
    ["", undefined],
  ])("reads %s", (text, minutes) => expect(parseClock(text)).toBe(minutes));

  it("writes what it reads", () => {
    for (const minutes of [0, 5, 570, 1439, 1440]) expect(parseClock(formatClock(minutes))).toBe(minutes);
  });

  it("steps to full half hours, within the day", () => {
    expect(stepClock(545, 30)).toBe(570);
    expect(stepClock(545, -30)).toBe(540);
    expect(stepClock(540, -30)).toBe(510);
    expect(stepClock(1440, 30)).toBe(1440);
    expect(stepClock(0, -30)).toBe(0);
  });
});

describe("spans of a day", () => {
  it("names what is wrong with each", () => {
    expect(spanProblems(day)).toEqual([undefined, undefined]);
    expect(spanProblems([span(12, 9), span(13, 18)])).toEqual(["backwards", undefined]);
    expect(spanProblems([span(9, 14), span(13, 18)])).toEqual(["overlap", "overlap"]);
    expect(spanProblems([span(9, 9)])).toEqual(["backwards"]);
    expect(spanProblems([span(9, 12), span(12, 18)])).toEqual([undefined, undefined]);
  });

  it("proposes the next one after a break", () => {
    expect(nextSpan([])).toEqual(span(9, 18));
    expect(nextSpan([span(9, 12)])).toEqual(span(13, 18));
    expect(nextSpan([span(9, 18)])).toEqual(span(19, 20));
    expect(nextSpan([span(9, 24)])).toBeUndefined();
    for (const spans of [[], [span(9, 12)], [span(9, 18)], [span(0, 22)]]) {
      const next = nextSpan(spans);
      if (next) expect(spanProblems([...spans, next]).every((it) => it === undefined)).toBe(true);
    }
  });
});

describe("weeks", () => {
  const week = wholeWeek([day, day, day, day, day]);

  it("always has seven days", () => expect(week.map((it) => it.length)).toEqual([2, 2, 2, 2, 2, 0, 0]));

  it("copies a day without tying the two together", () => {
    const copied = copyDay(week, 0, [5, 6]);
    expect(copied[6]).toEqual(day);
    expect(copied[6]?.[0]).not.toBe(week[0]?.[0]);
    expect(copied[1]).toBe(week[1]);
  });

  it("groups days with the same hours", () => {
    expect(groupWeek(week).map(({ from, to }) => [from, to])).toEqual([[0, 4], [5, 6]]);
    setLang("zh-CN", false);
    expect(weekText(week)).toBe("周一至周五 09:00–12:00、13:00–18:00");
    expect(weekText(wholeWeek([]))).toBe("休息");
    setLang("en", false);
    expect(weekText(copyDay(week, 0, [6]))).toBe("Mon–Fri 09:00–12:00, 13:00–18:00; Sun 09:00–12:00, 13:00–18:00");
    expect(spansText([span(0, 24)])).toBe("All day");
  });

  it("lays preview days out from Monday on", () => {
    expect(weekdayOf("2026-10-01")).toBe(3);
    const weeks = inWeeks(["2026-10-01", "2026-10-02", "2026-10-03", "2026-10-04", "2026-10-05"].map((date) => ({ date })));
    expect(weeks).toHaveLength(2);
    expect(weeks[0]?.map((it) => it?.date)).toEqual([undefined, undefined, undefined, "2026-10-01", "2026-10-02", "2026-10-03", "2026-10-04"]);
    expect(weeks[1]).toHaveLength(7);
    expect(inWeeks([])).toEqual([]);
  });
});

describe("a calendar", () => {
  const good = { name: " 上海 ", week: wholeWeek([day]), days: [{ date: "2026-10-02", spans: [], name: " 国庆 " }] };

  it("is good with a name, hours that hold and days that stand once", () => {
    expect(calendarGood(good)).toBe(true);
    expect(calendarGood({ ...good, name: " " })).toBe(false);
    expect(calendarGood({ ...good, week: wholeWeek([[span(12, 9)]]) })).toBe(false);
    expect(calendarGood({ ...good, days: [{ date: "", spans: [], name: "" }] })).toBe(false);
    const twice = [...good.days, ...good.days];
    expect(doubleDates(twice)).toEqual(new Set(["2026-10-02"]));
    expect(calendarGood({ ...good, days: twice })).toBe(false);
  });

  it("is sent in order", () => {
    const sent = tidy({ ...good, week: wholeWeek([[span(13, 18), span(9, 12)]]), days: [{ date: "2026-12-01", spans: [], name: "" }, ...good.days] });
    expect(sent.name).toBe("上海");
    expect(sent.week[0]).toEqual(day);
    expect(sent.days.map((it) => it.date)).toEqual(["2026-10-02", "2026-12-01"]);
    expect(sent.days[0]?.name).toBe("国庆");
  });

  it("says when it opens, in its own zone", () => {
    setLang("en", false);
    const now = Date.parse("2026-10-01T10:00:00Z");
    expect(momentIn("Asia/Shanghai", Date.parse("2026-10-01T12:30:00Z"), now)).toBe("20:30");
    expect(momentIn("Asia/Shanghai", Date.parse("2026-10-02T01:00:00Z"), now)).toBe("Fri 09:00");
    expect(momentIn("Asia/Shanghai", Date.parse("2026-10-08T16:00:00Z"), now)).toBe("Oct 9 00:00");
    expect(openText("Asia/Shanghai", false, null)).toBe("Closed now, no hours within a year");
  });
});
