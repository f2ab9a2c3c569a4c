// How far a message came on the customer's channel, and why one did not go out, in words.

import { texts } from "@rapport/ui";
import type { Delivery } from "../state/timeline.ts";

const t = texts({
  waiting: { zh: "等待发出", en: "Waiting to go out" },
  sent: { zh: "平台已接收", en: "Taken by the provider" },
  unknown: { zh: "可能已送达：平台没有确认，重发可能重复", en: "May have arrived: the provider did not confirm it, and sending it again might double it" },
  delivered: { zh: "已送达客户", en: "Delivered to the customer" },
  read: { zh: "客户已读", en: "Read by the customer" },
  failed: { zh: "没有送达", en: "Not delivered" },
  window_closed: { zh: "没有发出：可以回复的时间已过，客户再次来信后才能回复", en: "Not sent: the time to reply is over until the customer writes again" },
  quota_exceeded: { zh: "没有发出：可发的条数已用完，客户再次来信后恢复", en: "Not sent: no replies are left until the customer writes again" },
  unreachable: { zh: "没有发出：客户已取消关注或屏蔽了您", en: "Not sent: the customer unsubscribed or blocked you" },
  rate_limited: { zh: "没有发出：平台限制发送频率，多次重试仍未成功", en: "Not sent: the provider limits how fast one may send, and trying again did not help" },
  provider_in_trouble: { zh: "没有发出：平台接口出错，多次重试仍未成功。请管理员在“渠道”中测试", en: "Not sent: the provider's interface failed, and trying again did not help. Ask an administrator to test the channel" },
  refused: { zh: "没有发出：平台拒收此消息", en: "Not sent: the provider refused this message" },
  file_gone: { zh: "没有发出：文件已失效，请重新添加后发送", en: "Not sent: the file is gone; add it again and send it" },
  no_address: { zh: "没有发出：不知道客户在此渠道的地址，客户来信后才能回复", en: "Not sent: the customer's address on this channel is not known until they write" },
});

const REASONS = ["window_closed", "quota_exceeded", "unreachable", "rate_limited", "provider_in_trouble", "refused", "file_gone", "no_address"] as const;

export const waitingText = (): string => t("waiting");

/** What it came to; of a failure why, with the provider's own code apart. */
export function deliveryText({ state, code }: Delivery): { text: string; code: string } {
  if (state !== "failed") return { text: t(state), code: state === "unknown" ? code : "" };
  const at = code.indexOf(":");
  const [head, tail] = at < 0 ? [code, ""] : [code.slice(0, at), code.slice(at + 1)];
  const reason = REASONS.find((it) => it === head);
  return reason ? { text: t(reason), code: tail } : { text: t("failed"), code };
}
