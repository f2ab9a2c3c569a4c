// What the desk does when something wants its person: a sound, and a notification while the page is not looked at.

import { texts } from "@rapport/ui";
import { isLookedAt, notify, play } from "../state/alerts.ts";
import type { Alert } from "../state/desk.ts";
import { plainText, shorten } from "../state/fold.ts";
import { currentRoute, goConversation } from "../state/route.ts";
import { contactName } from "../words.ts";

const t = texts({
  offer: { zh: "新会话：{name}", en: "New conversation: {name}" },
  offerText: { zh: "请在限时内接受", en: "Accept it in time" },
  assigned: { zh: "{name} 的会话已转交给您", en: "{name}'s conversation was given to you" },
  care: { zh: "主管提醒：{name} 需要关注", en: "For a supervisor: {name} needs attention" },
  mention: { zh: "有同事在备注中提到您（{name}）", en: "A colleague mentioned you ({name})" },
});

export function call({ kind, row, entry }: Alert): void {
  const name = contactName(row.contact);
  const said = entry.event.kind !== "delivery_changed" && "message" in entry.event ? shorten(plainText(entry.event.message.content), 120) : (row.summary?.wish ?? row.last_message?.text ?? "");
  const open = () => goConversation(row.id, "mine");
  if (kind === "message") {
    if (!isBeingRead(row.id)) play("message");
    notify(name, said, row.id, open);
    return;
  }
  play("offer");
  notify(t(kind, { name }), said || (kind === "offer" ? t("offerText") : ""), row.id, open);
}

function isBeingRead(conversation: string): boolean {
  const route = currentRoute();
  return isLookedAt() && route.page === "inbox" && route.conversation === conversation;
}
