// What the customer's channel allows now, as a line above the field.

import { duration, texts } from "@rapport/ui";
import type { Reach } from "@rapport/ui";
import { allowance, pieces } from "../state/reach.ts";

const t = texts({
  both: { zh: "还能发 {left} 条，窗口 {time}后关闭", en: "{left} replies left, closes in {time}" },
  bothOne: { zh: "还能发 1 条，窗口 {time}后关闭", en: "1 reply left, closes in {time}" },
  left: { zh: "客户再次来信前还能发 {left} 条", en: "{left} replies left until the customer writes again" },
  leftOne: { zh: "客户再次来信前还能发 1 条", en: "1 reply left until the customer writes again" },
  closes: { zh: "窗口 {time}后关闭", en: "Closes in {time}" },
  minute: { zh: "不到 1 分钟", en: "less than a minute" },
  closed: { zh: "可以回复的时间已过：现在发送会被平台拒收，并标为没有发出。客户再次来信后可以回复。", en: "The time to reply is over: the provider will refuse what you send now, and it will be marked as not sent. You can reply once the customer writes again." },
  closedTemplate: { zh: "可以回复的时间已过：平台此时只接受审核过的模板，现在发送会被拒收，并标为没有发出。客户再次来信后可以回复。", en: "The time to reply is over: the provider takes only approved templates until the customer writes again. What you send now will be refused and marked as not sent." },
  spent: { zh: "可发的条数已用完：现在发送会被平台拒收，并标为没有发出。客户再次来信后恢复。", en: "No replies are left: the provider will refuse what you send now, and it will be marked as not sent. There are more once the customer writes again." },
  gone: { zh: "客户已取消关注或屏蔽了您：现在发送无法送达，并会标为没有发出。", en: "The customer unsubscribed or blocked you: what you send now will not arrive, and will be marked as not sent." },
  pieces: { zh: "这段文字较长，将分 {count} 条发出", en: "This text is long: it goes out as {count} messages" },
  tooMany: { zh: "将发出 {count} 条，只剩 {left} 条可发：超出的会被平台拒收", en: "This makes {count} messages but only {left} can go out: the provider will refuse the rest" },
});

export interface ReachLine {
  tone: "plain" | "warn";
  text: string;
}

function span(ms: number): string {
  return ms < 60_000 ? t("minute") : duration(ms);
}

/** Nothing where the channel has no bounds. */
export function reachText(reach: Reach, now: number): ReachLine | undefined {
  const it = allowance(reach, now);
  if (!it.open) {
    const text = it.why === "left" ? t("gone") : it.why === "spent" ? t("spent") : t(reach.template_outside ? "closedTemplate" : "closed");
    return { tone: "warn", text };
  }
  const { left, closesInMs } = it;
  if (closesInMs !== undefined && left !== undefined) {
    const time = span(closesInMs);
    return { tone: left === 1 ? "warn" : "plain", text: left === 1 ? t("bothOne", { time }) : t("both", { left, time }) };
  }
  if (closesInMs !== undefined) return { tone: "plain", text: t("closes", { time: span(closesInMs) }) };
  if (left !== undefined) return { tone: left === 1 ? "warn" : "plain", text: left === 1 ? t("leftOne") : t("left", { left }) };
  return undefined;
}

/** What is written makes several messages, or more than may still go out. */
export function sizeText(reach: Reach, text: string, files: number, now: number): ReachLine | undefined {
  const parts = pieces(text, reach.unit, reach.text_max).length;
  const it = allowance(reach, now);
  const count = parts + files;
  if (it.open && it.left !== undefined && count > it.left) return { tone: "warn", text: t("tooMany", { count, left: it.left }) };
  return parts > 1 ? { tone: "plain", text: t("pieces", { count: parts }) } : undefined;
}
