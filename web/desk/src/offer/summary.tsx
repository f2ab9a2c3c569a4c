// What was said so far, in a few lines: the wish, and what was asked, answered, left open.

import { Icon, texts } from "@rapport/ui";
import type { IconName, Summary, SummaryKind } from "@rapport/ui";

const t = texts({
  asked: { zh: "问过", en: "Asked" },
  answered: { zh: "已答", en: "Answered" },
  not_answered: { zh: "未解决", en: "Open" },
  sent: { zh: "发来", en: "Sent" },
  told: { zh: "告知", en: "Told" },
});

const ICONS: Record<SummaryKind, IconName> = { asked: "help", answered: "checkCircle", not_answered: "warning", sent: "paperclip", told: "info" };

export function SummaryView({ summary, max = 6 }: { summary: Summary; max?: number }) {
  // The end of the talk is what one goes on with.
  const points = summary.points.slice(-max);
  return (
    <div className="dk-summary">
      {summary.wish ? <p className="dk-summary-wish">{summary.wish}</p> : null}
      {points.length > 0 ? (
        <ul>
          {points.map((point, index) => (
            <li key={index} data-kind={point.kind}>
              <Icon name={ICONS[point.kind]} size={15} />
              <span className="dk-summary-kind">{t(point.kind)}</span>
              <span>{point.text}</span>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
