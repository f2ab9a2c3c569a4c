// What happened between the messages, as a sentence.

import { dateTime, texts } from "@rapport/ui";
import type { Entry } from "@rapport/ui";
import { priorityName, stageName, words } from "../words.ts";

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
  quarantined: { zh: "自动处理出错，已转人工（{code}）", en: "Automatic handling failed, given to people ({code})" },
});

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
    case "message_received":
    case "message_sent":
    case "note_added":
    case "read_marked":
    case "rating_reminded":
      return "";
  }
}
