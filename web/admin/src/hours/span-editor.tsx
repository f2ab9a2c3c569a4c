// The open spans of one day: times typed or stepped with the arrow keys, a bar that shows the day.

import { useState } from "react";
import { IconButton, texts } from "@rapport/ui";
import type { DaySpan } from "@rapport/ui";
import { DAY_MINUTES, formatClock, parseClock, stepClock } from "./clock.ts";
import { nextSpan, removeAt, replaceAt, spanProblems } from "./week.ts";

const t = texts({
  from: { zh: "{day} 第 {n} 段开始时间", en: "{day}, span {n}: from" },
  until: { zh: "{day} 第 {n} 段结束时间", en: "{day}, span {n}: until" },
  remove: { zh: "删除 {day} 第 {n} 段", en: "Remove span {n} of {day}" },
  addOf: { zh: "{day} 加一段", en: "Add a span to {day}" },
  backwards: { zh: "结束时间要晚于开始时间", en: "It has to end after it begins" },
  overlap: { zh: "与另一段重叠", en: "It overlaps with another span" },
});

export function ClockInput({ value, onChange, label, isDisabled, invalid, testId }: { value: number; onChange: (value: number) => void; label: string; isDisabled?: boolean; invalid?: boolean; testId?: string }) {
  const [text, setText] = useState<string>();
  const shown = text ?? formatClock(value);
  const take = () => {
    const parsed = text === undefined ? undefined : parseClock(text);
    if (parsed !== undefined) onChange(parsed);
    setText(undefined);
  };
  return (
    <input
      className="ui-input hr-clock"
      inputMode="numeric"
      aria-label={label}
      aria-invalid={invalid || (text !== undefined && parseClock(text) === undefined)}
      disabled={isDisabled}
      value={shown}
      data-testid={testId}
      onFocus={(event) => event.target.select()}
      onChange={(event) => {
        setText(event.target.value);
        // A whole time counts at once, so that what can be saved is what is seen.
        const parsed = /^\d{1,2}[:：]\d{2}$/.test(event.target.value.trim()) ? parseClock(event.target.value) : undefined;
        if (parsed !== undefined) onChange(parsed);
      }}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === "Enter") {
          event.preventDefault();
          take();
        }
        if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
        event.preventDefault();
        setText(undefined);
        onChange(stepClock(parseClock(shown) ?? value, event.key === "ArrowUp" ? 30 : -30));
      }}
    />
  );
}

export function SpanEditor({ day, spans, onChange, isDisabled, testId }: { day: string; spans: DaySpan[]; onChange: (spans: DaySpan[]) => void; isDisabled?: boolean; testId?: string }) {
  const problems = spanProblems(spans);
  const next = nextSpan(spans);
  return (
    <div className="hr-spans">
      {spans.map((span, index) => {
        const n = index + 1;
        const problem = problems[index];
        return (
          <div key={index} className="hr-span">
            <ClockInput label={t("from", { day, n })} value={span.start} onChange={(start) => onChange(replaceAt(spans, index, { ...span, start }))} isDisabled={isDisabled} invalid={problem !== undefined} testId={testId ? `${testId}-${index}-from` : undefined} />
            <span aria-hidden="true">–</span>
            <ClockInput label={t("until", { day, n })} value={span.end} onChange={(end) => onChange(replaceAt(spans, index, { ...span, end }))} isDisabled={isDisabled} invalid={problem !== undefined} testId={testId ? `${testId}-${index}-until` : undefined} />
            {isDisabled ? null : <IconButton icon="close" size="s" label={t("remove", { day, n })} onPress={() => onChange(removeAt(spans, index))} />}
            {problem ? (
              <span className="ui-field-error" role="alert">
                {t(problem)}
              </span>
            ) : null}
          </div>
        );
      })}
      {next && !isDisabled && spans.length > 0 ? (
        <IconButton size="s" icon="plus" label={t("addOf", { day })} onPress={() => onChange([...spans, next])} />
      ) : null}
    </div>
  );
}

/** The hours of a day from midnight to midnight. */
export function DayBar({ spans }: { spans: readonly DaySpan[] }) {
  return (
    <svg className="hr-bar" viewBox={`0 0 ${DAY_MINUTES} 10`} preserveAspectRatio="none" aria-hidden="true">
      {spans
        .filter((it) => it.end > it.start)
        .map((it, index) => (
          <rect key={index} x={it.start} y="0" width={it.end - it.start} height="10" />
        ))}
    </svg>
  );
}
