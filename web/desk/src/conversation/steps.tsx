// Lines between the messages: what happened, when, and a way to its reasons. Long runs fold up.

import { useState } from "react";
import { Icon, IconButton, clock, fullTime, texts } from "@rapport/ui";
import type { Entry, Reason } from "@rapport/ui";
import { SummaryView } from "../offer/summary.tsx";
import { showPanel } from "../shell/panel-state.ts";
import { useDeskState, useMemberName } from "../state/context.ts";
import { foldedSteps } from "../state/timeline.ts";
import type { StepsItem } from "../state/timeline.ts";
import { words } from "../words.ts";
import { becauseOf, stepText } from "./step-words.ts";

const t = texts({
  why: { zh: "为什么", en: "Why" },
  more: { zh: "还有 {count} 步", en: "{count} more" },
  summary: { zh: "交接摘要", en: "Summary for whoever takes it" },
});

/** Told with what they rest on. */
const OF_CARE = new Set(["care_taken", "supervisor_alerted", "callback_offered", "compensation_offered"]);

export function Steps({ item }: { item: StepsItem }) {
  const [all, setAll] = useState(false);
  const steps = all ? item.steps : foldedSteps(item.steps);
  return (
    <div className="dk-steps">
      {steps.length < item.steps.length ? (
        <button type="button" className="dk-steps-more" onClick={() => setAll(true)}>
          {t("more", { count: item.steps.length - steps.length })}
        </button>
      ) : null}
      {steps.map((step, index) => (
        // Steps of one decision share its reasons: told once.
        <Step key={step.entry.seq} {...step} because={!OF_CARE.has(step.entry.event.kind) || step.reasons === steps[index - 1]?.reasons ? "" : becauseOf(step.reasons)} />
      ))}
    </div>
  );
}

function Step({ entry, reasons, because }: { entry: Entry; reasons: Reason[]; because: string }) {
  const member = useMemberName();
  const teams = useDeskState((state) => state.teams);
  const text = stepText(entry, { member, team: (id) => (id ? (teams.get(id)?.name ?? id) : words("noTeam")) });
  if (text === "") return null;
  return (
    <>
      <div className="dk-step" data-testid="step" data-kind={entry.event.kind} data-actor={entry.actor.type}>
        <span>{text}</span>
        <time className="ui-num" dateTime={new Date(entry.at).toISOString()} title={fullTime(entry.at)}>
          {clock(entry.at)}
        </time>
        {reasons.length > 0 ? <IconButton icon="info" size="s" className="dk-why-button" label={t("why")} onPress={() => showPanel("why", entry.seq)} /> : null}
      </div>
      {because ? (
        <p className="dk-step-because" data-testid="because">
          {because}
        </p>
      ) : null}
      {entry.event.kind === "handover_requested" && (entry.event.summary.wish || entry.event.summary.points.length > 0) ? (
        <section className="dk-summary-card" aria-label={t("summary")}>
          <h3>
            <Icon name="bolt" size={15} />
            {t("summary")}
          </h3>
          <SummaryView summary={entry.event.summary} />
        </section>
      ) : null}
    </>
  );
}
