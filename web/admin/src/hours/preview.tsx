// The next thirty days as the server reads the stored calendar: hours, special days, holidays.

import { useEffect, useRef } from "react";
import { api, ErrorState, lang, Skeleton, texts, useLoad } from "@rapport/ui";
import type { Calendar, CalendarPreview } from "@rapport/ui";
import { inWeeks } from "./week.ts";
import { openText, spansText, weekdayName } from "./words.ts";

const t = texts({
  title: { zh: "未来 30 天", en: "The next 30 days" },
  stale: { zh: "这里显示已保存的营业时间，保存后更新", en: "This shows the saved hours; it follows once you save" },
  unsaved: { zh: "保存后，这里会显示未来 30 天的营业安排", en: "Once saved, the next 30 days are shown here" },
  zone: { zh: "按 {zone} 时间", en: "In {zone} time" },
});

/** The coming days; read again when a new `version` was saved, showing the old ones until then. */
function usePreview(id: string | undefined, version: number | undefined) {
  const preview = useLoad(`preview/${id ?? ""}`, async () => (id ? await api.get<CalendarPreview>(`/calendars/${id}/preview`, { query: { days: 30 } }) : undefined));
  const { reload } = preview;
  const read = useRef(version);
  useEffect(() => {
    if (read.current === version) return;
    read.current = version;
    reload();
  }, [version, reload]);
  return preview;
}

export function OpenState({ calendar, version }: { calendar: Pick<Calendar, "id" | "zone">; version: number | undefined }) {
  const preview = usePreview(calendar.id, version);
  if (!preview.data) return preview.fault ? null : <Skeleton width={120} height={14} />;
  return (
    <span className="ad-open" data-open={preview.data.open_now} data-testid="open-state">
      {openText(calendar.zone, preview.data.open_now, preview.data.next_open)}
    </span>
  );
}

export function Preview({ id, zone, version, stale }: { id: string | undefined; zone: string; version: number | undefined; stale: boolean }) {
  const preview = usePreview(id, version);
  return (
    <section className="ui-card hr-preview" aria-label={t("title")} data-testid="hours-preview">
      <h2>{t("title")}</h2>
      {id === undefined ? <p className="ui-hint">{t("unsaved")}</p> : null}
      {id !== undefined && preview.fault ? <ErrorState fault={preview.fault} retry={preview.reload} /> : null}
      {id !== undefined && !preview.data && !preview.fault ? <Skeleton height={220} radius={9} /> : null}
      {preview.data ? (
        <>
          <p>
            <span className="ad-open" data-open={preview.data.open_now}>
              {openText(zone, preview.data.open_now, preview.data.next_open)}
            </span>
          </p>
          <Month days={preview.data.days} />
          <p className="ui-hint">{stale ? t("stale") : t("zone", { zone })}</p>
        </>
      ) : null}
    </section>
  );
}

function Month({ days }: { days: CalendarPreview["days"] }) {
  const month = (date: string) => new Intl.DateTimeFormat(lang(), { month: "short", timeZone: "UTC" }).format(new Date(`${date}T00:00:00Z`));
  const first = days[0]?.date;
  return (
    <table className="hr-month">
      <thead>
        <tr>
          {Array.from({ length: 7 }, (_, day) => (
            <th key={day} scope="col">
              <span aria-hidden="true">{weekdayName(day).replace("周", "")}</span>
              <span className="ui-hidden">{weekdayName(day, "long")}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {inWeeks(days).map((week, index) => (
          <tr key={index}>
            {week.map((day, at) =>
              day ? (
                <td key={at} data-open={day.spans.length > 0} data-named={day.name !== "" || undefined} title={[day.date, spansText(day.spans), day.name].filter(Boolean).join(" · ")}>
                  <span className="ui-hidden">{`${day.date} ${spansText(day.spans)}`}</span>
                  <span className="ui-num" aria-hidden="true">
                    {Number(day.date.slice(8))}
                  </span>
                  {day.name ? <small>{day.name}</small> : day.date === first || day.date.endsWith("-01") ? <small aria-hidden="true">{month(day.date)}</small> : null}
                </td>
              ) : (
                <td key={at} data-empty="true" />
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
