// Words that several sections use.

import { texts } from "@rapport/ui";
import type { Locale, Presence, Role } from "@rapport/ui";
import type { PageId } from "./route.ts";

export const words = texts({
  admin: { zh: "管理后台", en: "Administration" },
  desk: { zh: "客服工作台", en: "Agent desk" },
  page_overview: { zh: "概览", en: "Overview" },
  page_members: { zh: "成员", en: "Members" },
  page_teams: { zh: "小组", en: "Teams" },
  page_replies: { zh: "快捷回复", en: "Canned replies" },
  page_inboxes: { zh: "网站聊天", en: "Website chat" },
  page_channels: { zh: "渠道", en: "Channels" },
  page_hours: { zh: "营业时间", en: "Business hours" },
  page_knowledge: { zh: "知识库", en: "Knowledge" },
  page_intents: { zh: "意图", en: "Intents" },
  page_lexicon: { zh: "词表", en: "Lexicon" },
  page_feelings: { zh: "情绪", en: "Feelings" },
  page_models: { zh: "模型", en: "Models" },
  page_care: { zh: "关怀策略", en: "Care" },
  page_privacy: { zh: "伦理与隐私", en: "Ethics and privacy" },
  page_settings: { zh: "企业设置", en: "Company" },
  page_tokens: { zh: "API 令牌", en: "API tokens" },
  page_audit: { zh: "操作记录", en: "Audit log" },
  page_account: { zh: "我的账号", en: "My account" },
  group_talk: { zh: "接待", en: "Service" },
  group_understanding: { zh: "理解与关怀", en: "Understanding" },
  group_people: { zh: "团队", en: "People" },
  group_system: { zh: "系统", en: "System" },

  role_agent: { zh: "客服", en: "Agent" },
  role_supervisor: { zh: "主管", en: "Supervisor" },
  role_administrator: { zh: "管理员", en: "Administrator" },
  role_owner: { zh: "所有者", en: "Owner" },
  role_agent_text: { zh: "在工作台接待客户，处理工单", en: "Talks with customers on the desk, works on tickets" },
  role_supervisor_text: { zh: "客服的全部权限，并可查看排队与负载、编辑快捷回复", en: "All of an agent, and sees queue and load, edits canned replies" },
  role_administrator_text: { zh: "主管的全部权限，并可管理成员、知识库与所有设置", en: "All of a supervisor, and manages members, knowledge and all settings" },
  role_owner_text: { zh: "全部权限；企业至少保留一位所有者", en: "Everything; a company always keeps at least one owner" },

  presence_online: { zh: "在线", en: "Online" },
  presence_away: { zh: "离开", en: "Away" },
  presence_offline: { zh: "离线", en: "Offline" },

  locale_zh: { zh: "中文", en: "Chinese" },
  locale_en: { zh: "英文", en: "English" },
  language: { zh: "语言", en: "Language" },

  save: { zh: "保存", en: "Save" },
  saved: { zh: "已保存", en: "Saved" },
  create: { zh: "创建", en: "Create" },
  edit: { zh: "编辑", en: "Edit" },
  editOf: { zh: "编辑 {name}", en: "Edit {name}" },
  remove: { zh: "删除", en: "Delete" },
  removeOf: { zh: "删除 {name}", en: "Delete {name}" },
  more: { zh: "更多操作", en: "More actions" },
  moreOf: { zh: "{name} 的更多操作", en: "More actions for {name}" },
  cancel: { zh: "取消", en: "Cancel" },
  done: { zh: "完成", en: "Done" },
  search: { zh: "搜索", en: "Search" },
  all: { zh: "全部", en: "All" },
  none: { zh: "无", en: "None" },
  loadMore: { zh: "加载更多", en: "Load more" },
  noMatch: { zh: "没有符合条件的内容", en: "Nothing matches" },
  noMatchHint: { zh: "换个关键词，或清除筛选条件", en: "Try another word, or clear the filters" },
  clearFilters: { zh: "清除筛选", en: "Clear filters" },
  required: { zh: "请填写", en: "Please fill this in" },
  zhText: { zh: "中文", en: "In Chinese" },
  enText: { zh: "英文", en: "In English" },
  formerMember: { zh: "已离职成员", en: "Former member" },
});

export const pageTitle = (page: PageId): string => words(`page_${page}`);
export const roleName = (role: Role): string => words(`role_${role}`);
export const roleText = (role: Role): string => words(`role_${role}_text`);
export const presenceName = (presence: Presence): string => words(`presence_${presence}`);
export const localeName = (locale: Locale): string => words(locale === "en" ? "locale_en" : "locale_zh");
