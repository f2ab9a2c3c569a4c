// Rules in words: when they hold, what they do; feelings and states by name.

import { lang, pick, texts } from "@rapport/ui";
import type { Priority } from "@rapport/ui";
import { percent } from "../components/figures.tsx";
import { money } from "./money.ts";
import type { CareAct, CareAction, CareWhen, FeelingState, SpendingState } from "./nouns.ts";

const t = texts({
  calm: { zh: "平静", en: "calm" },
  concerned: { zh: "担心", en: "concerned" },
  upset: { zh: "不满", en: "upset" },
  angry: { zh: "愤怒", en: "angry" },

  low: { zh: "低", en: "low" },
  normal: { zh: "普通", en: "normal" },
  high: { zh: "高", en: "high" },
  urgent: { zh: "紧急", en: "urgent" },

  soothe: { zh: "先说安抚的话", en: "Soothing opening" },
  prioritise: { zh: "提高优先级", en: "Raise priority" },
  route_skill: { zh: "转给有专长的坐席", en: "Agents with a skill" },
  alert_supervisor: { zh: "提醒主管", en: "Alert a supervisor" },
  offer_callback: { zh: "提供回电", en: "Offer a callback" },
  compensate: { zh: "补偿", en: "Compensate" },

  do_prioritise: { zh: "优先级调为{priority}", en: "Priority becomes {priority}" },
  do_skill: { zh: "转给有“{skill}”技能的坐席", en: "Hand to agents with the skill “{skill}”" },
  do_compensate: { zh: "补偿 {amount}", en: "Offer {amount}" },

  when_states: { zh: "情绪为{states}", en: "the mood is {states}" },
  when_anxious: { zh: "焦急的可能 ≥ {p}", en: "anxious, at least {p} likely" },
  when_urgent: { zh: "紧急的可能 ≥ {p}", en: "urgent, at least {p} likely" },
  when_alarm: { zh: "提到投诉、法律或安全", en: "complaint, law or safety is mentioned" },
  when_raised: { zh: "情绪在多句中持续偏高", en: "the level is raised, not by one message alone" },
  when_turns: { zh: "连续 {n} 句不平静", en: "{n} messages in a row are not calm" },
  when_never: { zh: "没有条件：从不触发", en: "No condition: it never fires" },
  or: { zh: "或", en: " or " },
  and: { zh: "，且", en: ", and " },

  state_pending: { zh: "待批准", en: "To approve" },
  state_offered: { zh: "已提供", en: "Offered" },
  state_approved: { zh: "已批准", en: "Approved" },
  state_declined: { zh: "未批准", en: "Declined" },
  state_accepted: { zh: "客户已接受", en: "Accepted" },
});

export const feelingName = (state: FeelingState): string => t(state);
export const priorityName = (priority: Priority): string => t(priority as "low" | "normal" | "high" | "urgent");
export const actName = (act: CareAct): string => t(act);
export const spendingName = (state: SpendingState): string => t(`state_${state}`);

/** Nothing set never holds. */
export function isNever(when: CareWhen): boolean {
  return when.states.length === 0 && !isSet(when.anxious_min) && !isSet(when.urgent_min) && !when.alarm && !when.level_raised && !isSet(when.turns_min);
}

const isSet = (value: number | null | undefined): value is number => value !== null && value !== undefined;

/** Its conditions, each in words; all must hold. */
export function conditions(when: CareWhen): string[] {
  const said: string[] = [];
  if (when.states.length > 0) said.push(t("when_states", { states: when.states.map(feelingName).join(t("or")) }));
  if (isSet(when.anxious_min)) said.push(t("when_anxious", { p: percent(when.anxious_min) }));
  if (isSet(when.urgent_min)) said.push(t("when_urgent", { p: percent(when.urgent_min) }));
  if (when.alarm) said.push(t("when_alarm"));
  if (when.level_raised) said.push(t("when_raised"));
  if (isSet(when.turns_min)) said.push(t("when_turns", { n: when.turns_min }));
  return said;
}

/** `情绪不满或愤怒，且连续 3 句不平静` */
export function whenText(when: CareWhen): string {
  const all = conditions(when);
  if (all.length === 0) return t("when_never");
  const text = all.join(t("and"));
  return lang() === "en" ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}

export function actionText(action: CareAction, currency: string): string {
  switch (action.act) {
    case "soothe":
      return action.opening && pick(action.opening) ? (lang() === "en" ? `“${pick(action.opening)}”` : `先说“${pick(action.opening)}”`) : t("soothe");
    case "prioritise":
      return t("do_prioritise", { priority: priorityName(action.priority ?? "high") });
    case "route_skill":
      return action.skill ? t("do_skill", { skill: action.skill }) : t("route_skill");
    case "compensate":
      return t("do_compensate", { amount: money(action.amount_minor ?? 0, currency) });
    default:
      return actName(action.act);
  }
}
