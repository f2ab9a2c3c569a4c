// One calendar: weekly hours, days that differ, China's holidays; beside it the next thirty days.

import { useMemo } from "react";
import { Button, ComboBox, EmptyState, ErrorState, Fault, IconButton, Menu, PageLayout, SkeletonRows, Switch, texts, TextField } from "@rapport/ui";
import type { Calendar, DaySpan, Inbox, SpecialDay, Versioned } from "@rapport/ui";
import { ReadOnlyNotice } from "../components/read-only.tsx";
import { SaveBar } from "../components/save-bar.tsx";
import { BackLink, Section } from "../components/section.tsx";
import { itemDraft } from "../shell/data.ts";
import type { List } from "../shell/data.ts";
import { useDraft } from "../shell/draft.ts";
import type { Draft } from "../shell/draft.ts";
import { go, to } from "../shell/route.ts";
import { useMay } from "../shell/session.ts";
import { pageTitle, words } from "../shell/words.ts";
import { Preview } from "./preview.tsx";
import { DayBar, SpanEditor } from "./span-editor.tsx";
import { calendarGood, copyDay, doubleDates, nextSpan, openMinutes, removeAt, replaceAt, tidy, wholeWeek } from "./week.ts";
import { weekdayName } from "./words.ts";
import { localZone, offsetOf, zones } from "./zones.ts";

const t = texts({
  newTitle: { zh: "新建营业时间", en: "New hours" },
  missing: { zh: "找不到这份营业时间", en: "These hours were not found" },
  missingHint: { zh: "它可能已被删除", en: "They may have been deleted" },
  used: { zh: "用于：{names}", en: "Used by {names}" },
  unused: { zh: "还没有网站聊天使用它。可在“网站聊天 → 接待规则”中选用。", en: "No website chat uses it yet. Choose it under Website chat → Service." },
  basics: { zh: "基本信息", en: "Basics" },
  name: { zh: "名称", en: "Name" },
  nameExample: { zh: "例如：上海客服中心", en: "Such as: London office" },
  zone: { zh: "时区", en: "Time zone" },
  week: { zh: "每周时间", en: "Every week" },
  weekText: { zh: "直接输入时间，或用上下方向键调整；一天可以有多段，例如午休前后", en: "Type a time or step with the arrow keys; a day may have several spans, say before and after lunch" },
  total: { zh: "每周共 {hours} 小时", en: "{hours} hours a week" },
  open: { zh: "{day}营业", en: "Open on {day}" },
  closed: { zh: "休息", en: "Closed" },
  copy: { zh: "将{day}的时间复制到…", en: "Copy {day} to…" },
  copyWorkdays: { zh: "周一至周五", en: "Monday to Friday" },
  copyAll: { zh: "每一天", en: "Every day" },
  special: { zh: "特殊日期", en: "Days that differ" },
  specialText: { zh: "盘点、店庆、临时调整；优先于每周时间和法定节假日", en: "Stock-taking, an anniversary, a changed day. They win over the week and over public holidays" },
  specialAdd: { zh: "添加日期", en: "Add a day" },
  specialEmpty: { zh: "没有特殊日期", en: "No such days" },
  date: { zh: "日期", en: "Date" },
  dateTwice: { zh: "这个日期已有一条", en: "This date stands twice" },
  dateMissing: { zh: "请选择日期", en: "Choose a date" },
  reason: { zh: "名称", en: "Occasion" },
  reasonExample: { zh: "例如：年中盘点", en: "Such as: stock-taking" },
  specialOpen: { zh: "营业", en: "Open" },
  removeDay: { zh: "删除 {date}", en: "Remove {date}" },
  holidays: { zh: "法定节假日", en: "Public holidays" },
  holidaysOn: { zh: "遵循中国法定节假日与调休", en: "Follow China's public holidays and working weekends" },
  holidaysText: { zh: "放假日视为休息，调休上班的周末按工作日营业；依据国务院办公厅每年的通知（已含 2025、2026 年）", en: "Holidays count as closed, weekends worked in exchange as working days; by the yearly notice of the State Council (2025 and 2026 are in)" },
});

type CalendarForm = Omit<Calendar, "id">;
const form = ({ name, zone, week, days, holidays }: Calendar): CalendarForm => ({ name, zone, week: wholeWeek(week), days: days ?? [], holidays: holidays ?? null });
const WORKDAY: DaySpan[] = [{ start: 540, end: 1080 }];
const blank = (): CalendarForm => ({ name: "", zone: localZone(), week: wholeWeek([WORKDAY, WORKDAY, WORKDAY, WORKDAY, WORKDAY]), days: [], holidays: localZone() === "Asia/Shanghai" ? "cn" : null });

export function CalendarPage({ id, calendars, inboxes }: { id: string | undefined; calendars: List<Calendar>; inboxes: Inbox[] }) {
  const found = calendars.data?.find((it) => it.id === id);
  if (id !== undefined && !found) {
    const fault = calendars.fault ?? (calendars.data && !calendars.loading ? new Fault({ code: "not_found", message: t("missing"), hint: t("missingHint") }, 404) : undefined);
    return (
      <PageLayout title={pageTitle("hours")} above={<BackLink href={to("hours")}>{pageTitle("hours")}</BackLink>}>
        {fault ? <ErrorState fault={fault} retry={calendars.reload} /> : <SkeletonRows rows={5} height={60} />}
      </PageLayout>
    );
  }
  return <CalendarEditor stored={found} inboxes={inboxes.filter((it) => it.calendar === id)} onSaved={calendars.reload} />;
}

function CalendarEditor({ stored, inboxes, onSaved }: { stored: Versioned<Calendar> | undefined; inboxes: Inbox[]; onSaved: () => void }) {
  const readOnly = !useMay("administrator");
  const first = useMemo(blank, []);
  const options = itemDraft<Calendar, CalendarForm>("/calendars", stored, form, first, (saved, isNew) => {
    onSaved();
    // The draft takes the saved one first; then the address may change.
    if (isNew) setTimeout(() => go(to("hours", saved.id), true));
  });
  const draft = useDraft<CalendarForm>({ ...options, put: (value, version) => options.put(tidy(value), version) });
  const { value, patch } = draft;
  return (
    <PageLayout above={<BackLink href={to("hours")}>{pageTitle("hours")}</BackLink>} title={stored ? draft.saved.name : t("newTitle")} text={stored ? (inboxes.length > 0 ? t("used", { names: inboxes.map((it) => it.name).join("、") }) : t("unused")) : undefined}>
      <ReadOnlyNotice />
      <div className="ad-columns">
        <div className="ad-stack">
          <Section title={t("basics")}>
            <div className="ui-grid-2">
              <TextField label={t("name")} value={value.name} onChange={(name) => patch({ name })} placeholder={t("nameExample")} isRequired isDisabled={readOnly} maxLength={60} autoFocus={!stored} testId="hours-name" />
              <ZoneField value={value.zone} onChange={(zone) => patch({ zone })} isDisabled={readOnly} />
            </div>
          </Section>
          <Week draft={draft} readOnly={readOnly} />
          <Section title={t("holidays")}>
            <Switch isSelected={value.holidays === "cn"} onChange={(on) => patch({ holidays: on ? "cn" : null })} hint={t("holidaysText")} isDisabled={readOnly} testId="hours-holidays">
              {t("holidaysOn")}
            </Switch>
          </Section>
          <SpecialDays days={value.days} onChange={(days) => patch({ days })} readOnly={readOnly} />
        </div>
        <div className="ad-aside">
          <Preview id={stored?.id} zone={draft.saved.zone} version={stored?.version} stale={draft.dirty} />
        </div>
      </div>
      {readOnly ? null : <SaveBar draft={draft} canSave={calendarGood(value)} testId="hours-save" always={!stored} />}
    </PageLayout>
  );
}

function ZoneField({ value, onChange, isDisabled }: { value: string; onChange: (zone: string) => void; isDisabled: boolean }) {
  const options = useMemo(() => zones(value).map((id) => ({ id, label: id.replaceAll("_", " ") })), [value]);
  return <ComboBox label={t("zone")} options={options} value={value} onChange={(zone) => zone && onChange(zone)} hint={offsetOf(value, Date.now())} isRequired isDisabled={isDisabled} testId="hours-zone" />;
}

function Week({ draft, readOnly }: { draft: Draft<CalendarForm>; readOnly: boolean }) {
  const { value, patch } = draft;
  const setDay = (day: number, spans: DaySpan[]) => patch({ week: replaceAt(value.week, day, spans) });
  const hours = value.week.reduce((sum, spans) => sum + openMinutes(spans), 0) / 60;
  return (
    <Section title={t("week")} text={readOnly ? undefined : t("weekText")} actions={<span className="ui-muted ui-num">{t("total", { hours: Math.round(hours * 10) / 10 })}</span>}>
      <div className="hr-week" role="list">
        {value.week.map((spans, day) => {
          const name = weekdayName(day, "long");
          const isOpen = spans.length > 0;
          return (
            <div key={day} className="hr-day" role="listitem">
              <Switch isSelected={isOpen} onChange={(on) => setDay(day, on ? [nextSpan([]) ?? { start: 540, end: 1080 }] : [])} isDisabled={readOnly} testId={`hours-day-${day}`}>
                <span className="hr-day-name">{weekdayName(day)}</span>
                <span className="ui-hidden">{t("open", { day: name })}</span>
              </Switch>
              <div className="hr-day-hours">
                {isOpen ? <SpanEditor day={name} spans={spans} onChange={(next) => setDay(day, next)} isDisabled={readOnly} testId={`hours-${day}`} /> : <span className="hr-closed">{t("closed")}</span>}
                <DayBar spans={spans} />
              </div>
              {readOnly ? null : (
                <Menu
                  label={t("copy", { day: name })}
                  trigger={<IconButton icon="copy" size="s" label={t("copy", { day: name })} />}
                  groups={[
                    {
                      title: t("copy", { day: name }),
                      items: [
                        { id: "work", label: t("copyWorkdays"), onAction: () => patch({ week: copyDay(value.week, day, [0, 1, 2, 3, 4]) }) },
                        { id: "all", label: t("copyAll"), onAction: () => patch({ week: copyDay(value.week, day, [0, 1, 2, 3, 4, 5, 6]) }) },
                      ],
                    },
                  ]}
                />
              )}
            </div>
          );
        })}
      </div>
    </Section>
  );
}

function SpecialDays({ days, onChange, readOnly }: { days: SpecialDay[]; onChange: (days: SpecialDay[]) => void; readOnly: boolean }) {
  const twice = doubleDates(days);
  return (
    <Section
      title={t("special")}
      text={t("specialText")}
      actions={
        readOnly ? null : (
          <Button size="s" icon="plus" onPress={() => onChange([...days, { date: "", spans: [], name: "" }])} testId="hours-special-new">
            {t("specialAdd")}
          </Button>
        )
      }
    >
      {days.length === 0 ? <EmptyState icon="calendar" title={t("specialEmpty")} /> : null}
      <div className="ad-rows">
        {days.map((day, index) => {
          const set = (part: Partial<SpecialDay>) => onChange(replaceAt(days, index, { ...day, ...part }));
          return (
            <div key={index} className="hr-special" role="group" aria-label={day.name || day.date || t("special")}>
              <TextField label={t("date")} type="date" value={day.date} onChange={(date) => set({ date })} error={day.date === "" ? t("dateMissing") : twice.has(day.date) ? t("dateTwice") : undefined} isDisabled={readOnly} />
              <TextField label={t("reason")} value={day.name} onChange={(name) => set({ name })} placeholder={t("reasonExample")} isDisabled={readOnly} maxLength={60} />
              {readOnly ? null : <IconButton icon="trash" label={t("removeDay", { date: day.date || String(index + 1) })} onPress={() => onChange(removeAt(days, index))} />}
              <div className="hr-special-hours">
                <Switch isSelected={day.spans.length > 0} onChange={(on) => set({ spans: on ? [nextSpan([]) ?? { start: 540, end: 1080 }] : [] })} isDisabled={readOnly}>
                  {day.spans.length > 0 ? t("specialOpen") : t("closed")}
                </Switch>
                {day.spans.length > 0 ? <SpanEditor day={day.date || words("required")} spans={day.spans} onChange={(spans) => set({ spans })} isDisabled={readOnly} /> : null}
              </div>
            </div>
          );
        })}
      </div>
    </Section>
  );
}
