// What each kind of event is called where its reasons are shown.

import { texts } from "@rapport/ui";

const NAMES = {
  conversation_opened: { zh: "新建会话", en: "Conversation opened" },
  message_received: { zh: "收到客户消息", en: "Message received" },
  message_sent: { zh: "发送消息", en: "Message sent" },
  delivery_changed: { zh: "送达情况", en: "Delivery" },
  note_added: { zh: "添加备注", en: "Note added" },
  read_marked: { zh: "已读", en: "Read" },
  handover_requested: { zh: "转人工", en: "Handed over" },
  queued: { zh: "排队", en: "Queued" },
  left_queue: { zh: "离开队列", en: "Left the queue" },
  offered: { zh: "派单邀请", en: "Offered" },
  offer_declined: { zh: "谢绝邀请", en: "Offer declined" },
  offer_expired: { zh: "邀请超时", en: "Offer ended" },
  assigned: { zh: "分配", en: "Assigned" },
  unassigned: { zh: "放回队列", en: "Unassigned" },
  snoozed: { zh: "暂缓", en: "Put aside" },
  woken: { zh: "恢复", en: "Taken up again" },
  resolved: { zh: "解决", en: "Resolved" },
  reopened: { zh: "重新打开", en: "Reopened" },
  returned_to_bot: { zh: "交还机器人", en: "Back to the bot" },
  priority_changed: { zh: "修改优先级", en: "Priority changed" },
  labels_changed: { zh: "修改标签", en: "Labels changed" },
  team_changed: { zh: "修改团队", en: "Team changed" },
  contact_updated: { zh: "更新客户资料", en: "Customer updated" },
  ticket_created: { zh: "创建工单", en: "Ticket made" },
  ticket_changed: { zh: "工单进展", en: "Ticket moved" },
  rating_requested: { zh: "邀请评价", en: "Rating asked for" },
  rating_reminded: { zh: "提醒评价", en: "Reminded of the rating" },
  rated: { zh: "客户评价", en: "Rated" },
  answer_missed: { zh: "没有答案", en: "No answer" },
  answer_judged: { zh: "评判答案", en: "Answer judged" },
  intent_asked: { zh: "向客户确认", en: "Asked back" },
  intent_chosen: { zh: "客户选择", en: "Customer chose" },
  consent_given: { zh: "客户同意", en: "Consent given" },
  consent_withdrawn: { zh: "撤回同意", en: "Consent taken back" },
  care_taken: { zh: "关怀措施", en: "Care taken" },
  care_ended: { zh: "关怀结束", en: "Care over" },
  supervisor_alerted: { zh: "提醒主管", en: "Supervisor told" },
  callback_offered: { zh: "提出回电", en: "Call back offered" },
  compensation_offered: { zh: "提出补偿", en: "Compensation" },
  compensation_settled: { zh: "补偿结果", en: "Compensation settled" },
  decision_objected: { zh: "提出异议", en: "Objection" },
  care_erased: { zh: "关怀记录已删除", en: "Record of care deleted" },
  quarantined: { zh: "隔离", en: "Quarantined" },
};
const t = texts(NAMES);

/** An unknown kind (a newer server) is shown as it is called there. */
export function kindName(kind: string): string {
  return kind in NAMES ? t(kind as keyof typeof NAMES) : kind;
}
