// A line of the audit log as a sentence: who did what to which thing, in the reader's language.

import { lang, texts } from "@rapport/ui";
import type { Actor, Role } from "@rapport/ui";
import { groupName, STARTERS } from "../lexicon/groups.ts";
import { to } from "../shell/route.ts";
import { roleName } from "../shell/words.ts";

/** `GET /audit`. */
export interface AuditLine {
  n: number;
  record: { at: number; actor: Actor; action: string; target: string; detail: string };
  previous: string;
  hash: string;
}

const t = texts({
  system: { zh: "系统", en: "The system" },
  bot: { zh: "机器人", en: "The bot" },
  customer: { zh: "客户", en: "A customer" },
  someone: { zh: "已离职成员", en: "A former member" },

  noun_member: { zh: "成员", en: "member" },
  noun_team: { zh: "小组", en: "team" },
  noun_inbox: { zh: "收件箱", en: "inbox" },
  noun_channel: { zh: "渠道的接入信息", en: "connection of the channel" },
  noun_calendar: { zh: "营业时间", en: "business hours" },
  noun_canned_reply: { zh: "快捷回复", en: "canned reply" },
  noun_article: { zh: "知识文章", en: "article" },
  noun_knowledge: { zh: "知识文件", en: "knowledge file" },
  noun_token: { zh: "API 令牌", en: "API token" },
  noun_settings: { zh: "企业设置", en: "company settings" },
  noun_conversation: { zh: "会话", en: "conversation" },
  noun_ticket: { zh: "工单", en: "ticket" },
  noun_contact: { zh: "客户资料", en: "customer record" },
  noun_feeling: { zh: "情绪", en: "feelings" },
  noun_intent: { zh: "意图", en: "intent" },
  noun_lexicon_term: { zh: "词条", en: "term" },
  noun_lexicon: { zh: "词表", en: "lexicon" },
  noun_model: { zh: "模型", en: "model" },
  noun_care_rule: { zh: "关怀规则", en: "rule of care" },
  noun_care_budget: { zh: "补偿预算", en: "budget for compensation" },
  noun_care_alert: { zh: "主管提醒", en: "alert" },
  noun_compensation: { zh: "补偿", en: "compensation" },
  noun_ethics: { zh: "伦理与隐私设置", en: "ethics and privacy settings" },
  noun_password: { zh: "登录密码", en: "password" },
  noun_link: { zh: "登录链接", en: "sign-in link" },
  noun_secret: { zh: "身份密钥", en: "identity secret" },
  noun_ticket_link: { zh: "工单公开链接", en: "public ticket link" },

  created: { zh: "创建了", en: "created" },
  updated: { zh: "修改了", en: "changed" },
  deleted: { zh: "删除了", en: "deleted" },
  deactivated: { zh: "停用了", en: "deactivated" },
  reactivated: { zh: "重新启用了", en: "reactivated" },
  published: { zh: "发布了", en: "published" },
  unpublished: { zh: "取消发布了", en: "unpublished" },
  imported: { zh: "导入了", en: "imported" },
  revoked: { zh: "吊销了", en: "revoked" },
  rotated: { zh: "更换了", en: "replaced" },
  assigned: { zh: "分配了", en: "assigned" },
  unassigned: { zh: "取消分配了", en: "unassigned" },
  resolved: { zh: "结束了", en: "resolved" },
  reopened: { zh: "重新打开了", en: "reopened" },
  quarantined: { zh: "隔离了", en: "quarantined" },
  merged: { zh: "合并了", en: "merged" },
  erased: { zh: "抹除了", en: "erased" },
  approved: { zh: "批准了", en: "approved" },
  declined: { zh: "未批准", en: "declined" },
  seen: { zh: "看过了", en: "saw" },
  exported: { zh: "导出了", en: "exported" },
  reset: { zh: "恢复了出厂的", en: "reset" },
  taught: { zh: "教了意图", en: "taught the intent" },
  untaught: { zh: "删除了例句，意图", en: "took an example from the intent" },
  corrected: { zh: "从会话纠正到意图", en: "corrected a message to the intent" },
  feelings_taught: { zh: "教了情绪例句", en: "taught sentences that show a feeling" },
  feeling_untaught: { zh: "删除了情绪例句", en: "took away a sentence that shows a feeling" },
  feelings_imported: { zh: "导入了情绪例句", en: "imported sentences that show a feeling" },
  feeling_corrected: { zh: "从会话纠正了情绪", en: "corrected how a message was felt" },
  feelings_use_set: { zh: "切换了情绪模型", en: "chose what reads feelings" },
  training_asked: { zh: "要求重新训练模型", en: "asked for a training" },
  groups_set: { zh: "选择了内置词表", en: "chose the lexicons that ship" },
  delivery_retried: { zh: "重发了没有发出去的消息", en: "sent again what had not gone out" },
  state_set: { zh: "更改了模型的状态", en: "changed the state of the model" },

  act_infer_emotion: { zh: "感知情绪", en: "Noticing a feeling" },
  act_soothe: { zh: "安抚", en: "Soothing" },
  act_prioritise: { zh: "提高优先级", en: "Raising priority" },
  act_route_skill: { zh: "转给有专长的坐席", en: "Routing by skill" },
  act_alert_supervisor: { zh: "提醒主管", en: "Alerting a supervisor" },
  act_offer_callback: { zh: "提供回电", en: "Offering a callback" },
  act_compensate: { zh: "补偿", en: "Compensation" },
  act_marketing_push: { zh: "推送营销", en: "Marketing" },
  act_price_offer: { zh: "报价", en: "A price" },
  act_upsell: { zh: "推荐加购", en: "An upsell" },
  act_recommend_product: { zh: "推荐商品", en: "A recommendation" },
  act_collection_contact: { zh: "催收联系", en: "Collections" },
  act_export: { zh: "导出个人数据", en: "Exporting personal data" },
  act_erase: { zh: "抹除个人数据", en: "Erasing personal data" },
  decided: { zh: "按规则判断：{act}", en: "{act}: decided by the policies" },
  allowed: { zh: "允许", en: "allowed" },
  refused: { zh: "拒绝", en: "refused" },

  personal_data_shown: { zh: "允许查看客户的个人信息，成员", en: "let see customers' personal data: the member" },
  personal_data_hidden: { zh: "隐藏了客户的个人信息，成员", en: "hid customers' personal data from the member" },

  sign_in_ok: { zh: "登录了", en: "signed in" },
  sign_in_failed: { zh: "登录失败", en: "failed to sign in" },

  imported_counts: { zh: "新增 {created} 篇，更新 {updated} 篇", en: "{created} new, {updated} updated" },
  n_examples: { zh: "{n} 条例句", en: "{n} examples" },
  example_n: { zh: "第 {n} 条例句", en: "example {n}" },
  imported_intents: { zh: "新意图 {intents}，新例句 {examples}", en: "{intents} new intents, {examples} new examples" },
  imported_terms: { zh: "新增 {created}，补充 {changed}", en: "{created} new, {changed} extended" },
  state_live: { zh: "设为使用中", en: "made live" },
  state_canary: { zh: "灰度试用", en: "on a share of the customers" },
  state_shadow: { zh: "影子对比", en: "in shadow" },
  state_candidate: { zh: "停用，作候选", en: "stopped, a candidate" },
  state_retired: { zh: "退役", en: "retired" },
  field_name: { zh: "姓名", en: "name" },
  field_email: { zh: "邮箱", en: "e-mail" },
  field_phone: { zh: "电话", en: "phone" },
  field_notes: { zh: "备注", en: "notes" },
  field_fields: { zh: "其他字段", en: "other fields" },
});

type Noun = "feeling" | "member" | "team" | "inbox" | "channel" | "calendar" | "canned_reply" | "article" | "knowledge" | "token" | "settings" | "conversation" | "ticket" | "contact" | "intent" | "lexicon_term" | "lexicon" | "model" | "care_rule" | "care_budget" | "care_alert" | "compensation" | "ethics" | "password" | "link" | "secret" | "ticket_link";
type Verb = "created" | "updated" | "deleted" | "deactivated" | "reactivated" | "published" | "unpublished" | "imported" | "revoked" | "rotated" | "assigned" | "unassigned" | "resolved" | "reopened" | "quarantined" | "merged" | "erased" | "approved" | "declined" | "seen" | "exported" | "reset";

const NOUNS: Record<string, Noun> = { member: "member", team: "team", inbox: "inbox", channel: "channel", calendar: "calendar", canned_reply: "canned_reply", canned: "canned_reply", article: "article", knowledge: "knowledge", token: "token", api_token: "token", settings: "settings", tenant: "settings", conversation: "conversation", ticket: "ticket", contact: "contact", intent: "intent", feeling: "feeling", lexicon_term: "lexicon_term", lexicon: "lexicon", model: "model", care_rule: "care_rule", care_budget: "care_budget", care_alert: "care_alert", compensation: "compensation", ethics: "ethics", password: "password", sign_in_link: "link", identity_secret: "secret" };
const VERBS: Record<string, Verb> = { created: "created", updated: "updated", changed: "updated", configured: "updated", set: "updated", deleted: "deleted", removed: "deleted", made: "created", replaced: "rotated", deactivated: "deactivated", reactivated: "reactivated", published: "published", unpublished: "unpublished", imported: "imported", revoked: "revoked", rotated: "rotated", assigned: "assigned", unassigned: "unassigned", resolved: "resolved", reopened: "reopened", quarantined: "quarantined", merged: "merged", erased: "erased", approved: "approved", declined: "declined", seen: "seen", exported: "exported", reset: "reset" };

/** Whole actions whose words do not follow noun and verb. */
const WHOLE: Record<string, () => string> = {
  "sign_in.done": () => t("sign_in_ok"),
  "sign_in.failed": () => t("sign_in_failed"),
  "member.personal_data_shown": () => t("personal_data_shown"),
  "member.personal_data_hidden": () => t("personal_data_hidden"),
  "intent.taught": () => t("taught"),
  "intent.untaught": () => t("untaught"),
  "intent.corrected": () => t("corrected"),
  "feeling.taught": () => t("feelings_taught"),
  "feeling.untaught": () => t("feeling_untaught"),
  "feeling.imported": () => t("feelings_imported"),
  "feeling.corrected": () => t("feeling_corrected"),
  "feeling.use_set": () => t("feelings_use_set"),
  "feeling.training_asked": () => t("training_asked"),
  "intent.training_asked": () => t("training_asked"),
  "lexicon.groups_set": () => t("groups_set"),
  "model.state_set": () => t("state_set"),
  "delivery.retried": () => t("delivery_retried"),
};
/** What policies decide about, as the evidence names it. */
const ACTS = ["infer_emotion", "soothe", "prioritise", "route_skill", "alert_supervisor", "offer_callback", "compensate", "marketing_push", "price_offer", "upsell", "recommend_product", "collection_contact", "export", "erase"] as const;
/** `noun.thing_verb`: what was done to a part of the thing. */
const PARTS: Record<string, [Verb, Noun]> = {
  "member.link_made": ["created", "link"],
  "inbox.identity_secret_made": ["created", "secret"],
  "ticket.link_replaced": ["rotated", "ticket_link"],
};

export type AuditKind = Noun | "sign_in" | "other";

/** What area an action belongs to, for filtering. */
export function kindOf(action: string): AuditKind {
  if (action.startsWith("sign_")) return "sign_in";
  return NOUNS[action.split(".")[0] ?? ""] ?? "other";
}

export const nounName = (noun: Noun): string => t(`noun_${noun}`);

/** `created the team`; the code itself where it is not known. */
export function deed(action: string): string {
  const whole = WHOLE[action];
  if (whole) return whole();
  const part = PARTS[action];
  if (part) return phrase(part[0], part[1]);
  const [first = "", second = ""] = action.split(".");
  const act = first === "ethics" ? ACTS.find((it) => it === second) : undefined;
  if (act) return t("decided", { act: t(`act_${act}`) });
  const noun = NOUNS[first];
  const verb = VERBS[second];
  return noun && verb ? phrase(verb, noun) : action;
}

function phrase(verb: Verb, noun: Noun): string {
  const name = nounName(noun);
  const english = /[a-z]$/.test(t(verb));
  // Chinese and Latin words are set apart.
  return `${t(verb)}${english ? " the " : /^[A-Za-z]/.test(name) ? " " : ""}${name}`;
}

/** Names of things by id, as far as the lists tell. */
export type Names = ReadonlyMap<string, string>;

/** Who it was: for a sign-in that failed, whose. */
export function doerName({ actor, action, target }: AuditLine["record"], names: Names): string {
  const whose = actor.type === "system" && kindOf(action) === "sign_in" ? names.get(target) : undefined;
  return whose ?? actorName(actor, names);
}

export function actorName(actor: Actor, names: Names): string {
  if (actor.type === "bot") return t("bot");
  if (actor.type === "customer") return t("customer");
  if (actor.type === "system") return t("system");
  return names.get(actor.id) ?? t("someone");
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** What it was done to: its name, or the end of its id, which tells things of one second apart. */
export function targetName(target: string, names: Names): string {
  const name = names.get(target);
  if (name) return name;
  if (/^\d+$/.test(target)) return `#${target}`;
  if (/^[0-9a-f]{64}$/.test(target)) return `…${target.slice(-8)}`;
  return UUID.test(target) ? `…${target.slice(-8)}` : target;
}

/** Where the thing can be looked at. */
export function targetHref({ action, target }: AuditLine["record"], names: Names): string | undefined {
  if (!UUID.test(target)) return undefined;
  const kind = kindOf(action);
  if (kind === "conversation") return `/desk#/all/${target}`;
  if (!names.has(target)) return undefined;
  if (kind === "inbox") return to("inboxes", target);
  if (kind === "channel") return to("channels", target);
  if (kind === "calendar") return to("hours", target);
  if (kind === "article") return to("knowledge", target);
  if (kind === "member") return to("members", target);
  if (kind === "intent") return to("intents", target);
  if (kind === "care_rule") return to("care", "rules", target);
  return undefined;
}

const ROLES: readonly Role[] = ["agent", "supervisor", "administrator", "owner"];
const FIELDS = ["name", "email", "phone", "notes", "fields"] as const;

/** The detail in words: ids as names, counts, roles and fields as people say them. */
export function detailText({ action, detail }: Pick<AuditLine["record"], "action" | "detail">, names: Names): string {
  const counts = action === "knowledge.imported" ? /^(\d+) created, (\d+) updated$/.exec(detail) : null;
  if (counts) return t("imported_counts", { created: counts[1] ?? "", updated: counts[2] ?? "" });
  const taught = understandingDetail(action, detail);
  if (taught) return taught;
  const verdict = action.startsWith("ethics.") ? evidence(detail) : undefined;
  if (verdict) return verdict;
  const role = action === "token.created" ? ROLES.find((it) => it === detail) : undefined;
  if (role) return roleName(role);
  if (action === "contact.changed") {
    return detail
      .split(" ")
      .map((word) => {
        const field = FIELDS.find((it) => it === word);
        return field ? t(`field_${field}`) : word;
      })
      .join(lang() === "en" ? ", " : "、");
  }
  return detail.replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, (id) => targetName(id, names));
}

/** What the evidence of a decision says: allowed or refused, and by which policies. The rest of it is for programs. */
function evidence(detail: string): string | undefined {
  try {
    const { allowed, determining_policies } = JSON.parse(detail) as { allowed?: boolean; determining_policies?: string[] };
    if (typeof allowed !== "boolean") return undefined;
    return [t(allowed ? "allowed" : "refused"), ...(determining_policies ?? [])].join(" · ");
  } catch {
    return undefined;
  }
}

const STATES = ["live", "canary", "shadow", "candidate", "retired"] as const;

/** What was taught, imported or switched, in words. */
function understandingDetail(action: string, detail: string): string | undefined {
  const numbers = (detail.match(/\d+/g) ?? []) as string[];
  const [first = "", second = ""] = numbers;
  switch (action) {
    case "feeling.taught":
    case "feeling.imported":
    case "intent.taught":
      return first === "" ? undefined : t("n_examples", { n: first });
    case "intent.untaught":
      return first === "" ? undefined : t("example_n", { n: first });
    case "intent.imported":
      return second === "" ? undefined : t("imported_intents", { intents: first, examples: second });
    case "lexicon.imported":
      return second === "" ? undefined : t("imported_terms", { created: first, changed: second });
    case "model.state_set": {
      const state = STATES.find((it) => it === detail);
      return state && t(`state_${state}`);
    }
    case "lexicon.groups_set":
      return detail
        .split(", ")
        .map((it) => STARTERS.find((group) => group === it))
        .flatMap((it) => (it ? [groupName(it)] : []))
        .join(lang() === "en" ? ", " : "、");
    default:
      return undefined;
  }
}
