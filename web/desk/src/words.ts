// Words of the desk that several places use: statuses, stages, priorities, people.

import { lang, texts } from "@rapport/ui";
import type { ConversationRow, Priority, Status, TicketStage } from "@rapport/ui";

export const words = texts({
  you: { zh: "我", en: "You" },
  nobody: { zh: "无人", en: "Nobody" },
  formerMember: { zh: "已离职成员", en: "Former member" },
  visitor: { zh: "访客 {id}", en: "Visitor {id}" },
  bot: { zh: "机器人", en: "Bot" },
  system: { zh: "系统", en: "System" },
  customer: { zh: "客户", en: "Customer" },

  inbox: { zh: "会话", en: "Inbox" },
  tickets: { zh: "工单", en: "Tickets" },
  admin: { zh: "管理", en: "Admin" },
  mine: { zh: "我的", en: "Mine" },
  unassigned: { zh: "待接入", en: "Unassigned" },
  all: { zh: "全部", en: "All" },
  done: { zh: "已解决", en: "Done" },

  status_bot: { zh: "机器人接待", en: "With the bot" },
  status_queued: { zh: "排队中", en: "Waiting" },
  status_offered: { zh: "邀请中", en: "Offered" },
  status_assigned: { zh: "接待中", en: "Assigned" },
  status_snoozed: { zh: "已暂缓", en: "Snoozed" },
  status_resolved: { zh: "已解决", en: "Resolved" },

  priority: { zh: "优先级", en: "Priority" },
  priority_low: { zh: "低", en: "Low" },
  priority_normal: { zh: "普通", en: "Normal" },
  priority_high: { zh: "高", en: "High" },
  priority_urgent: { zh: "紧急", en: "Urgent" },

  stage_received: { zh: "已受理", en: "Received" },
  stage_in_progress: { zh: "处理中", en: "In progress" },
  stage_waiting_for_customer: { zh: "等待客户", en: "Waiting for customer" },
  stage_done: { zh: "已完成", en: "Done" },
  stage_cancelled: { zh: "已取消", en: "Cancelled" },

  online: { zh: "在线", en: "Online" },
  away: { zh: "离开", en: "Away" },
  offline: { zh: "离线", en: "Offline" },

  picture: { zh: "[图片]", en: "[Picture]" },
  file: { zh: "[文件] {name}", en: "[File] {name}" },
  ticketPreview: { zh: "[工单] {title}", en: "[Ticket] {title}" },
  noMessages: { zh: "还没有消息", en: "No messages yet" },

  take: { zh: "接待", en: "Take" },
  takeOver: { zh: "转给我", en: "Take over" },
  assign: { zh: "分配", en: "Assign" },
  snooze: { zh: "暂缓", en: "Snooze" },
  wake: { zh: "结束暂缓", en: "Wake" },
  resolve: { zh: "解决", en: "Resolve" },
  reopen: { zh: "重新打开", en: "Reopen" },
  returnToBot: { zh: "交还机器人", en: "Return to the bot" },
  setTeam: { zh: "指定团队", en: "Set team" },
  setPriority: { zh: "设置优先级", en: "Set priority" },
  labels: { zh: "标签", en: "Labels" },
  createTicket: { zh: "创建工单", en: "Create ticket" },
  accept: { zh: "接受", en: "Accept" },
  decline: { zh: "谢绝", en: "Decline" },
  team: { zh: "团队", en: "Team" },
  noTeam: { zh: "不限团队", en: "Any team" },
  search: { zh: "搜索", en: "Search" },
  save: { zh: "保存", en: "Save" },
  cancel: { zh: "取消", en: "Cancel" },
  close: { zh: "关闭", en: "Close" },
  more: { zh: "更多", en: "More" },
  retry: { zh: "重试", en: "Try again" },
  back: { zh: "返回", en: "Back" },
  calm: { zh: "平静", en: "Calm" },
  concerned: { zh: "有些担心", en: "Concerned" },
  upset: { zh: "不满", en: "Upset" },
  angry: { zh: "愤怒", en: "Angry" },
  soothe: { zh: "先说一句体谅的话", en: "Words of understanding first" },
  prioritise: { zh: "提高优先级", en: "A higher priority" },
  route_skill: { zh: "由有相应技能的坐席接待", en: "An agent with the right skill" },
  alert_supervisor: { zh: "提醒主管", en: "A supervisor is told" },
  offer_callback: { zh: "提出回电", en: "A call back is offered" },
  compensate: { zh: "补偿", en: "A compensation" },
  state_offered: { zh: "待客户接受", en: "Offered" },
  state_pending: { zh: "待批准", en: "Waits for approval" },
  state_approved: { zh: "已批准", en: "Approved" },
  state_declined: { zh: "未批准", en: "Not approved" },
  state_accepted: { zh: "客户已接受", en: "Accepted" },
  erased: { zh: "内容已应客户要求删除", en: "Erased at the customer's wish" },
  verified: { zh: "身份已验证", en: "Identity verified" },
});

export function statusName(status: Status): string {
  return words(`status_${status.type}`);
}

export function priorityName(priority: Priority): string {
  return words(`priority_${priority}`);
}

export function stageName(stage: TicketStage): string {
  return words(`stage_${stage}`);
}

export function stageTone(stage: TicketStage): "accent" | "good" | "warn" | "neutral" | "violet" {
  const tones = { received: "accent", in_progress: "violet", waiting_for_customer: "warn", done: "good", cancelled: "neutral" } as const;
  return tones[stage];
}

/** The customer's name, or "visitor" with the end of their id (the beginning is the time and alike for many). */
export function contactName(contact: { id: string; name: string }): string {
  return contact.name.trim() || words("visitor", { id: contact.id.slice(-4).toUpperCase() });
}

/** What a list shows of the last message. */
export function previewText(row: ConversationRow): string {
  const last = row.last_message;
  if (!last) return words("noMessages");
  if (last.content === "image") return words("picture");
  if (last.content === "file") return words("file", { name: last.text });
  if (last.content === "ticket") return words("ticketPreview", { title: last.text });
  return last.text;
}

/** An amount in the smallest unit of its currency, as people write it. */
export function money(minor: number, currency: string): string {
  const format = new Intl.NumberFormat(lang(), { style: "currency", currency, currencyDisplay: "narrowSymbol" });
  return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}
