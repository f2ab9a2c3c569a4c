// Channels for people: what each is called, and the icon that stands for it.

import { texts } from "./i18n.ts";
import type { IconName } from "./icons.tsx";
import type { ChannelKind } from "./types.ts";

const t = texts({
  web: { zh: "网站聊天", en: "Website chat" },
  email: { zh: "邮件", en: "E-mail" },
  wechat: { zh: "微信公众号", en: "WeChat Official Account" },
  wechat_mini: { zh: "微信小程序", en: "WeChat Mini Program" },
  wecom: { zh: "企业微信应用", en: "WeCom app" },
  wecom_kf: { zh: "微信客服", en: "WeChat customer service" },
  dingtalk: { zh: "钉钉", en: "DingTalk" },
  feishu: { zh: "飞书", en: "Feishu" },
  telegram: { zh: "Telegram", en: "Telegram" },
  whatsapp: { zh: "WhatsApp", en: "WhatsApp" },
  messenger: { zh: "Messenger", en: "Messenger" },
  instagram: { zh: "Instagram", en: "Instagram" },
  sms_twilio: { zh: "短信（Twilio）", en: "SMS (Twilio)" },
  sms_aliyun: { zh: "短信（阿里云）", en: "SMS (Alibaba Cloud)" },
  api: { zh: "自有渠道（API）", en: "Your own (API)" },
});

const ICONS: Record<ChannelKind, IconName> = {
  web: "globe",
  email: "mail",
  wechat: "chats",
  wechat_mini: "cube",
  wecom: "users",
  wecom_kf: "headset",
  dingtalk: "bolt",
  feishu: "layers",
  telegram: "send",
  whatsapp: "phone",
  messenger: "chat",
  instagram: "image",
  sms_twilio: "mobile",
  sms_aliyun: "mobile",
  api: "code",
};

export const channelName = (kind: ChannelKind): string => t(kind);

export const channelIcon = (kind: ChannelKind): IconName => ICONS[kind];

/** Whether what is said has to be delivered by somebody else. */
export function isRemote(kind: ChannelKind): boolean {
  return kind !== "web";
}
