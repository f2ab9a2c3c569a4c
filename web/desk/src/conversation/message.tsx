// A message: whose it is by side and colour, what it holds, how far it came.

import { Avatar, Button, Icon, clock, fullTime, texts } from "@rapport/ui";
import type { ConversationRow, IconName } from "@rapport/ui";
import { About } from "../care/about.tsx";
import { useChannel, useDesk, useDeskState, useMemberName } from "../state/context.ts";
import type { Delivery, MessageItem } from "../state/timeline.ts";
import { contactName, words } from "../words.ts";
import { ContentView } from "./content.tsx";
import { deliveryText, waitingText } from "./delivery-words.ts";

const t = texts({
  note: { zh: "内部备注", en: "Internal note" },
  noteHint: { zh: "仅成员可见", en: "Members only" },
  sending: { zh: "发送中", en: "Sending" },
  sent: { zh: "已送达", en: "Sent" },
  read: { zh: "客户已读", en: "Read by the customer" },
  failed: { zh: "发送失败", en: "Not sent" },
  retry: { zh: "重试", en: "Try again" },
  discard: { zh: "删除", en: "Discard" },
});

export function MessageView({ item, row }: { item: MessageItem; row: ConversationRow }) {
  const me = useDeskState((state) => state.me.member.id);
  const mine = item.member === me;
  const side = item.from === "customer" ? "start" : "end";
  const look = item.note ? "note" : item.from;
  const bare = item.content.type === "image";
  return (
    <article className="dk-message" data-side={side} data-look={look} data-mine={mine} data-first={item.first} data-last={item.last} data-testid="message" data-from={item.from} data-state={item.state} data-delivery={item.delivery?.state} data-note={item.note || undefined} data-seq={item.seq}>
      <Face item={item} row={row} />
      <div className="dk-message-body">
        {item.first ? <Author item={item} row={row} /> : null}
        <div className="dk-bubble-line">
          <div className="dk-bubble" data-bare={bare}>
            <ContentView item={item} />
          </div>
          {item.from === "customer" && item.content.type === "text" && item.seq !== undefined ? <About conversation={row.id} seq={item.seq} /> : null}
        </div>
        <Foot item={item} row={row} />
      </div>
    </article>
  );
}

function Face({ item, row }: { item: MessageItem; row: ConversationRow }) {
  const memberName = useMemberName();
  const members = useDeskState((state) => state.members);
  if (!item.last) return <span className="dk-face-gap" />;
  if (item.from === "customer") return <Avatar name={contactName(row.contact)} seed={row.contact.id} size={30} kind={row.contact.name.trim() === "" ? "visitor" : "person"} />;
  if (item.from === "bot" || item.from === "system") return <Avatar name={words(item.from)} size={30} kind={item.from} />;
  return <Avatar name={members.get(item.member ?? "")?.name ?? memberName(item.member)} seed={item.member ?? ""} size={30} />;
}

function Author({ item, row }: { item: MessageItem; row: ConversationRow }) {
  const memberName = useMemberName();
  const name = item.from === "customer" ? contactName(row.contact) : item.from === "agent" ? memberName(item.member) : words(item.from);
  return (
    <div className="dk-author">
      {item.note ? <Icon name="note" size={13} /> : null}
      <span>{name}</span>
      {item.note ? (
        <>
          <span className="dk-author-note">{t("note")}</span>
          <span className="dk-author-hint">{t("noteHint")}</span>
        </>
      ) : null}
    </div>
  );
}

function Foot({ item, row }: { item: MessageItem; row: ConversationRow }) {
  const desk = useDesk();
  const channel = useChannel(row.inbox);
  if (item.state === "failed" && item.pending) {
    const id = item.pending;
    return (
      <div className="dk-failed" role="alert">
        <Icon name="warning" size={15} />
        <span>{item.failure ?? t("failed")}</span>
        <Button size="s" kind="quiet" icon="refresh" onPress={() => desk.retry(id)} testId="message-retry">
          {t("retry")}
        </Button>
        <Button size="s" kind="quiet" icon="trash" onPress={() => desk.discard(id)} testId="message-discard">
          {t("discard")}
        </Button>
      </div>
    );
  }
  if (item.delivery?.state === "failed") return <Undelivered delivery={item.delivery} at={item.last ? item.at : undefined} />;
  if (channel && item.from !== "customer" && !item.note && item.state !== "sending") {
    if (!item.last && item.delivery?.state !== "unknown") return null;
    return (
      <div className="dk-foot">
        <Time at={item.at} />
        {item.delivery || item.from === "agent" ? <DeliveryTick delivery={item.delivery} /> : null}
      </div>
    );
  }
  const state = item.from === "agent" && !item.note ? item.state : item.state === "sending" ? "sending" : undefined;
  if (!item.last && state !== "sending") return null;
  return (
    <div className="dk-foot">
      <Time at={item.at} />
      {state === "sending" ? <span>{t("sending")}</span> : null}
      {state && state !== "failed" ? (
        <span className="dk-tick" data-state={state} role="img" aria-label={t(state)} title={t(state)} {...(state === "read" ? { "data-testid": "read-mark" } : {})}>
          <Icon name={state === "sending" ? "clock" : state === "read" ? "checks" : "check"} size={15} />
        </span>
      ) : null}
    </div>
  );
}

function Time({ at }: { at: number }) {
  return (
    <time className="ui-num" dateTime={new Date(at).toISOString()} title={fullTime(at)}>
      {clock(at)}
    </time>
  );
}

const TICKS: Record<Delivery["state"], IconName> = { sent: "check", unknown: "help", delivered: "checks", read: "checks", failed: "warning" };

/** How far it came with the customer's provider; a clock until the provider has it. */
function DeliveryTick({ delivery }: { delivery: Delivery | undefined }) {
  const { text, code } = delivery ? deliveryText(delivery) : { text: waitingText(), code: "" };
  const label = code ? `${text} (${code})` : text;
  return (
    <span className="dk-tick" data-state={delivery?.state ?? "waiting"} role="img" aria-label={label} title={label} data-testid="delivery-mark">
      <Icon name={delivery ? TICKS[delivery.state] : "clock"} size={15} />
    </span>
  );
}

function Undelivered({ delivery, at }: { delivery: Delivery; at: number | undefined }) {
  const { text, code } = deliveryText(delivery);
  return (
    <div className="dk-failed dk-undelivered" data-testid="undelivered">
      {at === undefined ? null : <Time at={at} />}
      <Icon name="warning" size={15} />
      <span>{text}</span>
      {code ? <small className="dk-code">{code}</small> : null}
    </div>
  );
}
