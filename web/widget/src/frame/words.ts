// Every visible text of the widget, Chinese first.

import type { Bilingual, Locale } from "@rapport/live";

const zh = {
  chat: "在线客服",
  close: "收起聊天窗口",
  back: "返回会话",
  menu: "更多",
  sound: "新消息提示音",
  language: "English",
  endConversation: "结束会话",
  confirmEnd: "确定要结束这次会话吗？",
  cancel: "取消",
  shut: "关闭",
  end: "结束",
  online: "在线 · 通常几分钟内回复",
  agentHere: "人工客服正在为您服务",
  waiting: "正在为您接入人工客服",
  offline: "人工客服休息中",
  offlineUntil: (time: string) => `人工客服休息中 · ${time} 恢复`,
  offlineNote: (time: string) => `现在是非服务时间${time ? `，人工客服 ${time} 恢复服务` : ""}。智能助手仍可解答，您也可以先留言，我们会尽快回复。`,
  hello: "您好，有什么可以帮您？",
  compose: "输入消息…",
  composeQueued: "继续补充您的问题…",
  send: "发送",
  attach: "发送图片或文件",
  emoji: "表情",
  emojiPick: "选择表情",
  dropHere: "松开即可发送文件",
  requestPerson: "转人工",
  queueNext: "您是下一位",
  queuePosition: (n: number) => `前面还有 ${n - 1} 位，您排在第 ${n} 位`,
  queueEstimate: (minutes: number) => (minutes <= 1 ? "预计 1 分钟内接入" : `预计等待约 ${minutes} 分钟`),
  queueNoEstimate: "我们会尽快接入，您可以先把问题写下来",
  leaveQueue: "取消排队",
  customer: "我",
  bot: "智能助手",
  agent: "客服",
  sending: "发送中",
  sent: "已送达",
  read: "已读",
  failed: "未能发送，点此重试",
  uploadCut: "网络中断，恢复后自动上传",
  tooMany: (max: number) => `一次最多发送 ${max} 个文件`,
  staged: "待发送的文件",
  remove: "删除",
  uploading: (percent: number) => `上传中 ${percent}%`,
  cancelUpload: "取消上传",
  sources: "参考来源",
  readArticle: "查看全文",
  helpful: "这个回答有帮助吗？",
  helped: "有帮助",
  notHelped: "没帮助",
  ticket: "工单",
  ticketProgress: "查看处理进度",
  rate: "请为这次服务打分",
  ratingNames: ["很不满意", "不满意", "一般", "满意", "非常满意"],
  ratingComment: "还想说点什么？（选填）",
  ratingSend: "提交评价",
  rated: (score: number) => `您的评价：${score} 分`,
  ended: "会话已结束",
  continueHere: "继续此会话",
  startAnew: "开始新会话",
  joined: (name: string) => `${name} 已接入会话`,
  leftQueue: "已取消排队",
  reopenedLine: "会话已重新打开",
  backToBot: "已转回智能助手",
  ticketLine: (number: number, stage: string) => `工单 #${number}：${stage}`,
  stages: { received: "已受理", in_progress: "处理中", waiting_for_customer: "等待您的回复", done: "已完成", cancelled: "已取消" } as Record<string, string>,
  conversations: "历史会话",
  noConversations: "还没有会话，随时向我们提问吧",
  current: "进行中",
  finished: "已结束",
  numbered: (n: number) => `会话 #${n}`,
  unread: (n: number) => `${n} 条未读`,
  file: "文件",
  today: "今天",
  yesterday: "昨天",
  newMessages: "以下为新消息",
  toLatest: "回到最新消息",
  loadingEarlier: "正在加载更早的消息…",
  typing: (name: string) => `${name} 正在输入`,
  offlineWaiting: (n: number) => `连接中断，正在重新连接${n ? `，${n} 条消息将自动补发` : "…"}`,
  prechatTitle: "开始前，请先留下信息",
  prechatHint: "方便我们联系您并更快解决问题",
  prechatStart: "开始咨询",
  prechatSkip: "跳过",
  required: "此项必填",
  badEmail: "请输入正确的邮箱",
  badPhone: "请输入正确的电话号码",
  image: "图片",
  openImage: "查看大图",
  download: "下载",
  loadFailed: "未能加载，点此重试",
  noService: "暂时无法连接客服，请稍后再试",
  retry: "重试",
  signInFirst: "请登录本站或刷新页面，再联系客服",
  tooLong: (n: number) => `已超出 ${n} 个字`,
  messages: "消息记录",
  agree: "同意",
  noThanks: "不用了",
  feelingsOn: "情绪感知已开启",
  feelingsNotice: "您已同意情绪感知，可随时在“更多”菜单撤回",
  feelingsEnded: "情绪感知已停止，相关数据已删除",
  withdraw: "撤回",
  myData: "我的数据与自动决定",
  compensation: "给您的补偿",
  accept: "接受",
  accepted: "已接受",
};

type Words = typeof zh;

const en: Words = {
  chat: "Chat",
  close: "Close chat",
  back: "Back to the conversation",
  menu: "More",
  sound: "Sound for new messages",
  language: "中文",
  endConversation: "End conversation",
  confirmEnd: "End this conversation?",
  cancel: "Cancel",
  shut: "Close",
  end: "End",
  online: "Online · replies in minutes",
  agentHere: "You are talking to our team",
  waiting: "Connecting you to a person",
  offline: "Our team is away",
  offlineUntil: (time) => `Our team is back ${time}`,
  offlineNote: (time) => `Our team is away right now${time ? ` and back ${time}` : ""}. The assistant can still answer, or leave a message and we will get back to you.`,
  hello: "Hello! How can we help?",
  compose: "Write a message…",
  composeQueued: "Add details while you wait…",
  send: "Send",
  attach: "Send a picture or file",
  emoji: "Emoji",
  emojiPick: "Choose an emoji",
  dropHere: "Drop to send",
  requestPerson: "Talk to a person",
  queueNext: "You are next",
  queuePosition: (n) => `Number ${n} in line`,
  queueEstimate: (minutes) => (minutes <= 1 ? "Less than a minute" : `About ${minutes} minutes`),
  queueNoEstimate: "We will be with you as soon as we can. You can describe your question meanwhile.",
  leaveQueue: "Leave the queue",
  customer: "You",
  bot: "Assistant",
  agent: "Support",
  sending: "Sending",
  sent: "Sent",
  read: "Read",
  failed: "Not sent. Tap to retry",
  uploadCut: "No connection. It will be sent later",
  tooMany: (max) => `At most ${max} files at a time`,
  staged: "Files to send",
  remove: "Remove",
  uploading: (percent) => `Uploading ${percent}%`,
  cancelUpload: "Cancel upload",
  sources: "Sources",
  readArticle: "Read the article",
  helpful: "Did this help?",
  helped: "Yes, it did",
  notHelped: "No",
  ticket: "Ticket",
  ticketProgress: "Follow the progress",
  rate: "How was our service?",
  ratingNames: ["Very poor", "Poor", "Okay", "Good", "Excellent"],
  ratingComment: "Anything to add? (optional)",
  ratingSend: "Send rating",
  rated: (score) => `Your rating: ${score} of 5`,
  ended: "Conversation ended",
  continueHere: "Continue it",
  startAnew: "New conversation",
  joined: (name) => `${name} joined`,
  leftQueue: "You left the queue",
  reopenedLine: "Conversation reopened",
  backToBot: "Back with the assistant",
  ticketLine: (number, stage) => `Ticket #${number}: ${stage}`,
  stages: { received: "received", in_progress: "in progress", waiting_for_customer: "waiting for you", done: "done", cancelled: "cancelled" },
  conversations: "Earlier conversations",
  noConversations: "No conversations yet. Ask us anything.",
  current: "Open",
  finished: "Ended",
  numbered: (n) => `Conversation #${n}`,
  unread: (n) => `${n} unread`,
  file: "File",
  today: "Today",
  yesterday: "Yesterday",
  newMessages: "New messages",
  toLatest: "To the latest message",
  loadingEarlier: "Loading earlier messages…",
  typing: (name) => `${name} is typing`,
  offlineWaiting: (n) => `Reconnecting${n ? `. ${n === 1 ? "1 message waits" : `${n} messages wait`} and will be sent` : "…"}`,
  prechatTitle: "Before we start",
  prechatHint: "So that we can reach you and help faster",
  prechatStart: "Start chat",
  prechatSkip: "Skip",
  required: "Please fill this in",
  badEmail: "Please enter a valid e-mail address",
  badPhone: "Please enter a valid phone number",
  image: "Picture",
  openImage: "Enlarge picture",
  download: "Download",
  loadFailed: "Could not load. Tap to retry",
  noService: "We cannot be reached right now. Please try again shortly.",
  retry: "Try again",
  signInFirst: "Please sign in to this site, or reload the page, to chat with us.",
  tooLong: (n) => `${n} characters too many`,
  messages: "Messages",
  agree: "Agree",
  noThanks: "No thanks",
  feelingsOn: "Noticing how you feel",
  feelingsNotice: "You agreed that we notice how you feel. Take it back any time under “More”.",
  feelingsEnded: "We no longer notice how you feel; what we had is deleted",
  withdraw: "Withdraw",
  myData: "My data and decisions",
  compensation: "To make it up to you",
  accept: "Accept",
  accepted: "Accepted",
};

export type { Words };

export function wordsOf(locale: Locale): Words {
  return locale === "en" ? en : zh;
}

/** `HH:mm`, in the reader's own time zone. */
export function clock(at: number, locale: Locale): string {
  return new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);
}

/** Whole days between two instants by the reader's calendar. */
export function daysBetween(earlier: number, later: number): number {
  const midnight = (at: number): number => new Date(at).setHours(0, 0, 0, 0);
  return Math.round((midnight(later) - midnight(earlier)) / 86_400_000);
}

/** Today, yesterday, a weekday within the last week, else a date. */
export function dayName(at: number, now: number, locale: Locale): string {
  const words = wordsOf(locale);
  const days = daysBetween(at, now);
  if (days === 0) return words.today;
  if (days === 1) return words.yesterday;
  if (days > 0 && days < 7) return new Intl.DateTimeFormat(locale, { weekday: "long" }).format(at);
  const year = new Date(at).getFullYear() === new Date(now).getFullYear() ? {} : ({ year: "numeric" } as const);
  return new Intl.DateTimeFormat(locale, { ...year, month: "long", day: "numeric" }).format(at);
}

/** When the team is back: `09:00` today, `明天 09:00`, `周一 09:00`, else with the date. */
export function whenOpen(at: number, now: number, locale: Locale): string {
  const days = daysBetween(now, at);
  const time = clock(at, locale);
  const join = locale === "en" ? " at " : " ";
  if (days <= 0) return locale === "en" ? `at ${time}` : `今天 ${time}`;
  if (days === 1) return (locale === "en" ? "tomorrow" : "明天") + join + time;
  if (days < 7) return (locale === "en" ? "on " : "") + new Intl.DateTimeFormat(locale, { weekday: locale === "en" ? "long" : "short" }).format(at) + join + time;
  return (locale === "en" ? "on " : "") + new Intl.DateTimeFormat(locale, { month: "short", day: "numeric" }).format(at) + join + time;
}

/** In the reader's language, or in the other where nothing was written in theirs. */
export function inWords({ zh, en }: Bilingual, locale: Locale): string {
  return locale === "en" ? en || zh : zh || en;
}
