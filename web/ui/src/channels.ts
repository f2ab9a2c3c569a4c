// Channels for people: what each is called, the icon that stands for it, and why a message did not go out on one.

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

const why = texts({
  window_closed: { zh: "可以回复的时间已过，客户再次来信后才能回复", en: "the time to reply is over until the customer writes again" },
  quota_exceeded: { zh: "可发的条数已用完，客户再次来信后恢复", en: "no replies are left until the customer writes again" },
  unreachable: { zh: "客户已取消关注或屏蔽了您", en: "the customer unsubscribed or blocked you" },
  rate_limited: { zh: "平台限制发送频率，多次重试仍未成功", en: "the provider limits how fast one may send, and trying again did not help" },
  provider_in_trouble: { zh: "平台接口出错，多次重试仍未成功。请在“渠道”中测试", en: "the provider's interface failed, and trying again did not help. Test the channel in the administration" },
  refused: { zh: "平台拒收此消息", en: "the provider refused this message" },
  file_gone: { zh: "文件已失效，请重新添加后发送", en: "the file is gone; add it again and send it" },
  no_address: { zh: "不知道客户在此渠道的地址，客户来信后才能回复", en: "the customer's address on this channel is not known until they write" },
});

const REASONS = ["window_closed", "quota_exceeded", "unreachable", "rate_limited", "provider_in_trouble", "refused", "file_gone", "no_address"] as const;

/** A code such as `refused:48001` in words, with the provider's own code apart; no words where it is the provider's alone. */
export function failureReason(code: string): { text: string; code: string } {
  const at = code.indexOf(":");
  const [head, tail] = at < 0 ? [code, ""] : [code.slice(0, at), code.slice(at + 1)];
  const reason = REASONS.find((it) => it === head);
  return reason ? { text: why(reason), code: tail } : { text: "", code };
}
