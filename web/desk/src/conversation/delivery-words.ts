// How far a message came on the customer's channel, in words.

import { failureReason, texts } from "@rapport/ui";
import type { Delivery } from "../state/timeline.ts";

const t = texts({
  waiting: { zh: "等待发出", en: "Waiting to go out" },
  sent: { zh: "平台已接收", en: "Taken by the provider" },
  unknown: { zh: "可能已送达：平台没有确认，重发可能重复", en: "May have arrived: the provider did not confirm it, and sending it again might double it" },
  delivered: { zh: "已送达客户", en: "Delivered to the customer" },
  read: { zh: "客户已读", en: "Read by the customer" },
  failed: { zh: "没有送达", en: "Not delivered" },
  failedWhy: { zh: "没有发出：{why}", en: "Not sent: {why}" },
});

export const waitingText = (): string => t("waiting");

/** What it came to; of a failure why, with the provider's own code apart. */
export function deliveryText({ state, code }: Delivery): { text: string; code: string } {
  if (state !== "failed") return { text: t(state), code: state === "unknown" ? code : "" };
  const reason = failureReason(code);
  return { text: reason.text ? t("failedWhy", { why: reason.text }) : t("failed"), code: reason.code };
}
