// The channels that can be added, in groups, each with a line that says what it is.

import { texts } from "@rapport/ui";
import type { ChannelKind } from "@rapport/ui";

const t = texts({
  group_wechat: { zh: "微信与企业微信", en: "WeChat and WeCom" },
  group_work: { zh: "办公协作", en: "Work chat" },
  group_world: { zh: "海外社交", en: "Worldwide" },
  group_sms: { zh: "短信", en: "SMS" },
  group_own: { zh: "其他", en: "Other" },
  wechat: { zh: "客户在服务号或订阅号里给您发消息", en: "Customers write to your official account" },
  wechat_mini: { zh: "客户从小程序里的客服按钮发消息", en: "Customers write from the contact button of your mini program" },
  wecom: { zh: "企业成员在企业微信的自建应用里发消息", en: "People of your company write to an app of yours in WeCom" },
  wecom_kf: { zh: "客户从微信里的客服链接或二维码找到您", en: "Customers reach you in WeChat by a link or a QR code" },
  dingtalk: { zh: "在钉钉里与企业机器人对话", en: "A bot of your company in DingTalk" },
  feishu: { zh: "在飞书里与自建应用的机器人对话", en: "The bot of an app of your own in Feishu" },
  telegram: { zh: "客户给您的 Telegram 机器人发消息", en: "Customers write to your Telegram bot" },
  whatsapp: { zh: "客户给您的 WhatsApp 商业号码发消息", en: "Customers write to your WhatsApp Business number" },
  messenger: { zh: "客户给您的 Facebook 主页发消息", en: "Customers write to your Facebook Page" },
  instagram: { zh: "客户给您的 Instagram 专业账号发私信", en: "Customers send direct messages to your professional account" },
  sms_twilio: { zh: "通过 Twilio 的号码收发短信", en: "Text messages by a number at Twilio" },
  sms_aliyun: { zh: "通过阿里云收发国内短信", en: "Text messages in China by Alibaba Cloud" },
  api: { zh: "自己的 App、热线或其他系统，用签名的 JSON 收发消息", en: "Your own app, hotline or system, by signed JSON" },
});

const GROUPS = [
  { id: "wechat", kinds: ["wechat", "wechat_mini", "wecom_kf", "wecom"] },
  { id: "work", kinds: ["dingtalk", "feishu"] },
  { id: "world", kinds: ["whatsapp", "telegram", "messenger", "instagram"] },
  { id: "sms", kinds: ["sms_aliyun", "sms_twilio"] },
  { id: "own", kinds: ["api"] },
] as const;

/** Those that a provider's adapter is there for. */
export type AddedKind = (typeof GROUPS)[number]["kinds"][number];

export const ADDED_KINDS: readonly AddedKind[] = GROUPS.flatMap((it): readonly AddedKind[] => it.kinds);

export function kindGroups(): { title: string; kinds: readonly AddedKind[] }[] {
  return GROUPS.map(({ id, kinds }) => ({ title: t(`group_${id}`), kinds }));
}

export const kindText = (kind: AddedKind): string => t(kind);

export function addedKind(text: string | undefined): AddedKind | undefined {
  return ADDED_KINDS.find((it: ChannelKind) => it === text);
}
