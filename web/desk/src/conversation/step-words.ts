// What happened between the messages, as a sentence.

import { dateTime, pick, texts } from "@rapport/ui";
import type { ConsentPurpose, Entry, Reason } from "@rapport/ui";
import { money, priorityName, stageName, words } from "../words.ts";

const t = texts({
  opened: { zh: "客户发起会话 #{number}", en: "The customer began conversation #{number}" },
  handover: { zh: "转人工", en: "Handed over to a person" },
  handoverBy: { zh: "{who}从机器人手中接过", en: "{who} took it over from the bot" },
  queued: { zh: "进入队列", en: "Queued" },
  leftQueue: { zh: "客户取消排队", en: "The customer left the queue" },
  offered: { zh: "邀请{who}接待", en: "Offered to {who}" },
  declined: { zh: "{who}谢绝了邀请", en: "{who} declined" },
  expired: { zh: "{who}未及时回应邀请", en: "{who} did not answer the offer in time" },
  took: { zh: "{who}开始接待", en: "{who} took the conversation" },
  assigned: { zh: "分配给{to}", en: "Assigned to {to}" },
  gave: { zh: "{who}转交给{to}", en: "{who} gave it to {to}" },
  unassigned: { zh: "{who}放回队列", en: "{who} put it back" },
  snoozed: { zh: "{who}暂缓至 {time}", en: "{who} put it aside until {time}" },
  woken: { zh: "{who}结束暂缓", en: "{who} took it up again" },
  wokenTime: { zh: "暂缓时间已到", en: "The time it was put aside for is over" },
  wokenCustomer: { zh: "客户来信，结束暂缓", en: "The customer wrote: no longer put aside" },
  resolved: { zh: "{who}解决了会话", en: "{who} resolved the conversation" },
  resolvedSystem: { zh: "会话自动结束", en: "Resolved automatically" },
  reopened: { zh: "{who}重新打开会话", en: "{who} reopened the conversation" },
  returned: { zh: "{who}交还机器人", en: "{who} gave it back to the bot" },
  priority: { zh: "{who}将优先级设为{priority}", en: "{who} set the priority to {priority}" },
  labels: { zh: "{who}更新标签：{labels}", en: "{who} set labels: {labels}" },
  noLabels: { zh: "{who}清除了标签", en: "{who} removed the labels" },
  team: { zh: "{who}指定团队：{team}", en: "{who} set the team: {team}" },
  contact: { zh: "客户资料更新：{fields}", en: "Customer told: {fields}" },
  ticket: { zh: "{who}创建工单 #{number}", en: "{who} made ticket #{number}" },
  ticketMoved: { zh: "工单 #{number} → {stage}", en: "Ticket #{number} → {stage}" },
  ratingAsked: { zh: "已邀请客户评价", en: "A rating was asked for" },
  rated: { zh: "客户评价 {stars} {score}/5", en: "The customer rated it {stars} {score}/5" },
  ratedWords: { zh: "客户评价 {stars} {score}/5：“{comment}”", en: "The customer rated it {stars} {score}/5: “{comment}”" },
  missed: { zh: "知识库没有答案：{question}", en: "Not in the knowledge: {question}" },
  helped: { zh: "客户认为答案有帮助", en: "The customer says the answer helped" },
  notHelped: { zh: "客户认为答案没有帮助", en: "The customer says the answer did not help" },
  and: { zh: "”“", en: "”, “" },
  because: { zh: "规则“{rule}”：{what}", en: "Rule “{rule}”: {what}" },
  asked: { zh: "机器人请客户确认想问什么", en: "The bot asked what was meant" },
  chose: { zh: "客户选择了想问的是什么", en: "The customer chose what was meant" },
  choseWords: { zh: "客户选择了“{question}”想问的是什么", en: "The customer chose what “{question}” was about" },
  consented: { zh: "客户同意：{purpose}", en: "The customer allowed: {purpose}" },
  withdrawn: { zh: "客户撤回同意：{purpose}，相关数据已删除", en: "The customer took back: {purpose}. What rested on it is deleted" },
  purpose_feelings: { zh: "留意情绪以更好地服务", en: "noticing feelings to serve them better" },
  purpose_contact: { zh: "主动联系", en: "being written to first" },
  purpose_profile: { zh: "按记录推荐", en: "suggestions from their record" },
  care: { zh: "关怀：{act}（客户{feeling}）", en: "Care: {act} (the customer is {feeling})" },
  carePriority: { zh: "关怀：优先级由{from}升为{to}（客户{feeling}）", en: "Care: priority raised from {from} to {to} (the customer is {feeling})" },
  careSkill: { zh: "关怀：由具备“{skill}”技能的坐席接待（客户{feeling}）", en: "Care: for an agent with the skill “{skill}” (the customer is {feeling})" },
  careEnded: { zh: "客户情绪已缓和，关怀措施结束", en: "The customer is well again: care is over" },
  supervisor: { zh: "已提醒主管", en: "A supervisor was told" },
  callback: { zh: "已向客户提出回电", en: "A call back was offered" },
  compensationPending: { zh: "拟补偿 {amount}，待主管批准", en: "A compensation of {amount} waits for approval" },
  compensationOffered: { zh: "已向客户提出补偿 {amount}", en: "A compensation of {amount} was offered" },
  compensationSettled: { zh: "补偿：{state}", en: "Compensation: {state}" },
  objected: { zh: "客户对自动决定提出异议", en: "The customer objects to an automated decision" },
  objectedWords: { zh: "客户对自动决定提出异议：“{text}”", en: "The customer objects to an automated decision: “{text}”" },
  careErased: { zh: "关怀记录，已随同意的撤回而删除", en: "A record of care, deleted with the consent" },
  quarantined: { zh: "自动处理出错，已转人工（{code}）", en: "Automatic handling failed, given to people ({code})" },
});

const PURPOSES = { "emotion:care": "purpose_feelings", "contact:proactive": "purpose_contact", profile: "purpose_profile" } as const;

function purposeName(purpose: ConsentPurpose): string {
  return t(PURPOSES[purpose]);
}

/** What a step of care rests on, in a line; the whole of it is told under "why". */
export function becauseOf(reasons: readonly Reason[]): string {
  const facts = reasons.filter((it) => it.code === "care.rule_holds").map((it) => (it.facts ?? {}) as Record<string, string>);
  if (facts.length === 0) return "";
  const names = facts.map(({ zh = "", en = "" }) => pick({ zh, en }));
  return t("because", { rule: [...new Set(names)].join(t("and")), what: facts[0]?.["what"] ?? "" });
}

export interface StepNames {
  member: (id: string) => string;
  team: (id: string | null) => string;
}

export function stepText({ event, actor }: Entry, names: StepNames): string {
  const who = actor.type === "member" ? names.member(actor.id) : words(actor.type);
  switch (event.kind) {
    case "conversation_opened":
      return t("opened", { number: event.number });
    case "handover_requested":
      return actor.type === "member" ? t("handoverBy", { who }) : t("handover");
    case "queued":
      return t("queued");
    case "left_queue":
      return t("leftQueue");
    case "offered":
      return t("offered", { who: names.member(event.to) });
    case "offer_declined":
      return t("declined", { who: names.member(event.by) });
    case "offer_expired":
      return t("expired", { who: names.member(event.by) });
    case "assigned": {
      const to = names.member(event.to);
      if (actor.type !== "member") return t("assigned", { to });
      return actor.id === event.to ? t("took", { who }) : t("gave", { who, to });
    }
    case "unassigned":
      return t("unassigned", { who });
    case "snoozed":
      return t("snoozed", { who, time: dateTime(event.until) });
    case "woken":
      return actor.type === "member" ? t("woken", { who }) : actor.type === "customer" ? t("wokenCustomer") : t("wokenTime");
    case "resolved":
      return actor.type === "member" || actor.type === "customer" ? t("resolved", { who }) : t("resolvedSystem");
    case "reopened":
      return t("reopened", { who });
    case "returned_to_bot":
      return t("returned", { who });
    case "priority_changed":
      return t("priority", { who, priority: priorityName(event.priority) });
    case "labels_changed":
      return event.labels.length > 0 ? t("labels", { who, labels: event.labels.join(" · ") }) : t("noLabels", { who });
    case "team_changed":
      return t("team", { who, team: names.team(event.team) });
    case "contact_updated":
      return t("contact", { fields: Object.entries(event.fields).map(([key, value]) => `${key} ${value}`).join(" · ") });
    case "ticket_created":
      return t("ticket", { who, number: event.number });
    case "ticket_changed":
      return t("ticketMoved", { number: event.number, stage: stageName(event.stage) });
    case "rating_requested":
      return t("ratingAsked");
    case "rated": {
      const facts = { stars: "★".repeat(event.score) + "☆".repeat(Math.max(0, 5 - event.score)), score: event.score };
      return event.comment ? t("ratedWords", { ...facts, comment: event.comment }) : t("rated", facts);
    }
    case "answer_missed":
      return t("missed", { question: event.question });
    case "answer_judged":
      return event.helped ? t("helped") : t("notHelped");
    case "quarantined":
      return t("quarantined", { code: event.code });
    case "intent_asked":
      return t("asked");
    case "intent_chosen":
      return event.question ? t("choseWords", { question: event.question }) : t("chose");
    case "consent_given":
      return t("consented", { purpose: purposeName(event.purpose) });
    case "consent_withdrawn":
      return t("withdrawn", { purpose: purposeName(event.purpose) });
    case "care_taken": {
      const feeling = words(event.feeling).toLowerCase();
      if (event.priority) return t("carePriority", { from: priorityName(event.priority.from), to: priorityName(event.priority.to), feeling });
      if (event.skill) return t("careSkill", { skill: event.skill, feeling });
      return t("care", { act: words(event.act), feeling });
    }
    case "care_ended":
      return t("careEnded");
    case "supervisor_alerted":
      return t("supervisor");
    case "callback_offered":
      return t("callback");
    case "compensation_offered":
      return t(event.state === "pending" ? "compensationPending" : "compensationOffered", { amount: money(event.amount_minor, event.currency) });
    case "compensation_settled":
      return t("compensationSettled", { state: words(`state_${event.state}`) });
    case "decision_objected":
      return event.text ? t("objectedWords", { text: event.text }) : t("objected");
    case "care_erased":
      return t("careErased");
    case "message_received":
    case "message_sent":
    case "note_added":
    case "delivery_changed":
    case "read_marked":
    case "rating_reminded":
      return "";
  }
}
