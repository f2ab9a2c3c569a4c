// Who answers and when: the bot, the team, skills, hours, and how conversations reach people.

import { useMemo } from "react";
import { MultiSelect, Select, Switch, texts, useLoad } from "@rapport/ui";
import type { Calendar, MemberRow, RoutingMode, Team } from "@rapport/ui";
import { RadioCards } from "../components/choice.tsx";
import { NumberField } from "../components/number.tsx";
import { Section } from "../components/section.tsx";
import { fetchAll } from "../shell/data.ts";
import type { Draft } from "../shell/draft.ts";
import { weekText } from "../hours/words.ts";
import type { InboxForm } from "./form.ts";

const t = texts({
  bot: { zh: "机器人", en: "Bot" },
  botOn: { zh: "先由机器人依据知识库回答", en: "The bot answers first, from your knowledge" },
  botHint: { zh: "有把握才答，并附上出处；没把握时主动建议转人工。客户随时可以要求人工", en: "It answers only when sure, and names its source; when not, it offers a person. Customers can always ask for one" },
  people: { zh: "人工接待", en: "People" },
  team: { zh: "由哪个小组接待", en: "Which team answers" },
  everyone: { zh: "全部成员", en: "All members" },
  skills: { zh: "需要的技能", en: "Skills that are needed" },
  skillsHint: { zh: "只分配给具备全部所选技能的成员", en: "Only members who have all of these are asked" },
  skillsPlaceholder: { zh: "不限技能；可输入或选择", en: "None; type or choose" },
  skillsNobody: { zh: "目前没有成员同时具备这些技能，会话将一直排队", en: "Nobody has all of these at present: conversations would wait for ever" },
  hours: { zh: "人工服务时间", en: "Hours of people" },
  always: { zh: "全天", en: "Around the clock" },
  routing: { zh: "分配方式", en: "How conversations reach people" },
  mode: { zh: "分配方式", en: "Routing" },
  offer: { zh: "邀请接待", en: "Offer" },
  offerText: { zh: "邀请最空闲的成员，接受后开始；超时自动邀请下一位", en: "The least busy member is asked and accepts; when time runs out the next is asked" },
  assign: { zh: "直接分配", en: "Assign" },
  assignText: { zh: "立即交给最空闲的成员，无需确认", en: "Given to the least busy member at once, no question asked" },
  manual: { zh: "自行领取", en: "Take" },
  manualText: { zh: "留在“未分配”列表，由成员自己领取", en: "Stays in the unassigned list until somebody takes it" },
  timeout: { zh: "邀请等待时间", en: "Time to accept" },
  seconds: { zh: "秒", en: "s" },
  sticky: { zh: "优先交给上次接待该客户的成员", en: "Prefer whoever had this customer last" },
  stickyHint: { zh: "对方在线且未满额时生效", en: "When they are online and have room" },
  csat: { zh: "满意度评价", en: "Rating" },
  csatOn: { zh: "会话结束后请客户评价", en: "Ask for a rating when a conversation ends" },
  csatHint: { zh: "一到五分，可附言；未评价的客户会收到一次提醒", en: "One to five, with a comment; who forgets is reminded once" },
});

const NONE = "none";

export function ServiceTab({ draft, readOnly, teams, calendars }: { draft: Draft<InboxForm>; readOnly: boolean; teams: Team[]; calendars: Calendar[] }) {
  const { value, patch } = draft;
  const members = useLoad("members", () => fetchAll<MemberRow>("/members"));
  const active = useMemo(() => (members.data ?? []).filter((it) => it.active), [members.data]);
  const skills = useMemo(() => [...new Set(active.flatMap((it) => it.skills))].sort().map((id) => ({ id, label: id })), [active]);
  const inTeam = active.filter((it) => value.team === null || it.teams.includes(value.team));
  const nobody = value.skills.length > 0 && members.data !== undefined && !inTeam.some((it) => value.skills.every((skill) => it.skills.includes(skill)));
  const modes: { id: RoutingMode; label: string; text: string }[] = [
    { id: "offer", label: t("offer"), text: t("offerText") },
    { id: "assign", label: t("assign"), text: t("assignText") },
    { id: "manual", label: t("manual"), text: t("manualText") },
  ];
  const route = (part: Partial<InboxForm["routing"]>) => patch({ routing: { ...value.routing, ...part } });
  return (
    <>
      <Section title={t("bot")} icon="bot">
        <Switch isSelected={value.bot} onChange={(bot) => patch({ bot })} hint={t("botHint")} isDisabled={readOnly} testId="inbox-bot">
          {t("botOn")}
        </Switch>
      </Section>
      <Section title={t("people")} icon="users">
        <div className="ui-grid-2">
          <Select label={t("team")} options={[{ id: NONE, label: t("everyone") }, ...teams.map((it) => ({ id: it.id, label: it.name, detail: it.description }))]} value={value.team ?? NONE} onChange={(team) => patch({ team: team === NONE ? null : team })} isDisabled={readOnly} testId="inbox-team" />
          <Select label={t("hours")} options={[{ id: NONE, label: t("always") }, ...calendars.map((it) => ({ id: it.id, label: it.name, detail: weekText(it.week) }))]} value={value.calendar ?? NONE} onChange={(calendar) => patch({ calendar: calendar === NONE ? null : calendar })} isDisabled={readOnly} testId="inbox-hours" />
        </div>
        <MultiSelect label={t("skills")} hint={t("skillsHint")} error={nobody ? t("skillsNobody") : undefined} options={skills} values={value.skills} onChange={(next) => patch({ skills: next })} creatable placeholder={t("skillsPlaceholder")} isDisabled={readOnly} testId="inbox-skills" />
      </Section>
      <Section title={t("routing")} icon="layers">
        <RadioCards label={t("mode")} hideLabel options={modes} value={value.routing.mode} onChange={(mode) => route({ mode })} isDisabled={readOnly} testId="inbox-mode" />
        {value.routing.mode === "offer" ? <NumberField label={t("timeout")} value={value.routing.offer_timeout_s} onChange={(offer_timeout_s) => route({ offer_timeout_s })} min={5} max={600} step={5} unit={t("seconds")} isDisabled={readOnly} testId="inbox-timeout" /> : null}
        {value.routing.mode === "manual" ? null : (
          <Switch isSelected={value.routing.sticky} onChange={(sticky) => route({ sticky })} hint={t("stickyHint")} isDisabled={readOnly}>
            {t("sticky")}
          </Switch>
        )}
      </Section>
      <Section title={t("csat")} icon="star">
        <Switch isSelected={value.csat} onChange={(csat) => patch({ csat })} hint={t("csatHint")} isDisabled={readOnly} testId="inbox-csat">
          {t("csatOn")}
        </Switch>
      </Section>
    </>
  );
}
