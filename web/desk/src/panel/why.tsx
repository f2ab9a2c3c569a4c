// Why the conversation went as it did: every decision with its reasons, the one that was asked for brought into sight.

import { useEffect, useRef } from "react";
import { EmptyState, ErrorState, SkeletonRows, api, clock, dateTime, daysAgo, fullTime, texts, useLoad } from "@rapport/ui";
import type { ConversationRow, DecisionRow } from "@rapport/ui";
import { useDeskState, useMemberName } from "../state/context.ts";
import { useUi } from "../shell/ui.ts";
import { words } from "../words.ts";
import { kindName } from "./kind-names.ts";

const t = texts({
  none: { zh: "还没有记录", en: "Nothing yet" },
  noneText: { zh: "机器人的回答、排队、派单和每一步操作，都会在这里写明依据。", en: "Answers of the bot, queueing, routing and every step are explained here." },
  intro: { zh: "每个决定及其依据，最新的在最下面", en: "Every decision and its reasons, the newest last" },
});

export function WhyTab({ row }: { row: ConversationRow }) {
  const seq = useUi((it) => it.whySeq);
  const { data, fault, reload } = useLoad(`why-${row.id}`, () => api.get<{ items: DecisionRow[] }>(`/conversations/${row.id}/decisions`));
  const read = useRef(row.last_seq);
  useEffect(() => {
    if (row.last_seq === read.current) return;
    read.current = row.last_seq;
    reload();
  }, [row.last_seq, reload]);
  if (fault && !data) return <ErrorState fault={fault} retry={reload} />;
  if (!data) return <SkeletonRows rows={4} height={64} />;
  // That something was read explains itself.
  const items = data.items.filter((it) => it.kind !== "read_marked");
  if (items.length === 0) return <EmptyState icon="info" title={t("none")} text={t("noneText")} />;
  // Events of one decision follow one another: the one asked for may carry no reasons of its own.
  const asked = seq === undefined ? undefined : items.filter((it) => it.seq <= seq).at(-1)?.seq;
  return (
    <div className="dk-panel-page">
      <p className="ui-muted dk-why-intro">{t("intro")}</p>
      <ol className="dk-decisions">
        {items.map((it) => (
          <Decision key={it.seq} decision={it} isAsked={it.seq === asked} />
        ))}
      </ol>
    </div>
  );
}

const ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Reasons name teams and people by their ids, which say nothing to people. */
function useNamed(): (text: string) => string {
  const teams = useDeskState((state) => state.teams);
  const members = useDeskState((state) => state.members);
  return (text) => text.replace(ID, (id) => teams.get(id)?.name ?? members.get(id)?.name ?? id);
}

function Decision({ decision, isAsked }: { decision: DecisionRow; isAsked: boolean }) {
  const memberName = useMemberName();
  const named = useNamed();
  const ref = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isAsked) ref.current?.scrollIntoView({ block: "center" });
  }, [isAsked]);
  const who = decision.actor.type === "member" ? memberName(decision.actor.id) : words(decision.actor.type);
  return (
    <li ref={ref} data-asked={isAsked} data-testid="decision">
      <div className="dk-decision-head">
        <b>{kindName(decision.kind)}</b>
        <span className="ui-muted">{who}</span>
        <time className="ui-num" dateTime={new Date(decision.at).toISOString()} title={fullTime(decision.at)}>
          {daysAgo(decision.at) === 0 ? clock(decision.at) : dateTime(decision.at)}
        </time>
      </div>
      <ul>
        {decision.reasons.map((reason, index) => (
          <li key={index}>
            {named(reason.text ?? reason.code)}
            <code>{reason.code}</code>
          </li>
        ))}
      </ul>
    </li>
  );
}
