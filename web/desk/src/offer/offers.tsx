// Conversations that are offered to this member: who, what was said, how long the offer stands, yes or no. Over every page of
// the desk, without taking the keys away from what one is writing.

import { useEffect, useState } from "react";
import { Avatar, Badge, Button, Icon, Kbd, duration, texts, useStore } from "@rapport/ui";
import type { ConversationRow } from "@rapport/ui";
import { actionsOf } from "../conversation/actions.ts";
import { useKeys } from "../shell/keys.ts";
import { useDesk, useDeskState, useNow } from "../state/context.ts";
import { goConversation } from "../state/route.ts";
import { offersTo } from "../state/state.ts";
import { askToNotify, notifyPermission } from "../state/alerts.ts";
import { contactName, previewText, priorityName, words } from "../words.ts";
import { SummaryView } from "./summary.tsx";

const t = texts({
  title: { zh: "新会话邀请", en: "New conversation for you" },
  left: { zh: "剩余 {seconds} 秒", en: "{seconds} s left" },
  over: { zh: "已超时，将派给其他同事", en: "Time is up, others are asked" },
  waited: { zh: "已等待 {time}", en: "Has waited {time}" },
  more: { zh: "还有 {count} 个邀请", en: "{count} more offers" },
  look: { zh: "查看对话", en: "Read it first" },
  announce: { zh: "新会话邀请：{name}。{wish}。按 Alt 加 Y 接受，Alt 加 N 谢绝。", en: "New conversation: {name}. {wish}. Alt Y accepts, Alt N declines." },
  notify: { zh: "不在此页面时也提醒我", en: "Tell me when I am on another page" },
});

export function Offers() {
  const offers = useDeskState(offersTo);
  const [first] = offers;
  if (!first) return null;
  return <OfferCard key={first.id} row={first} others={offers.length - 1} />;
}

function OfferCard({ row, others }: { row: ConversationRow; others: number }) {
  const desk = useDesk();
  const [busy, setBusy] = useState<"accept" | "decline">();
  const inbox = useDeskState((state) => state.inboxes.get(row.inbox)?.name ?? "");
  const actions = actionsOf(desk, row);
  const name = contactName(row.contact);
  const run = async (what: "accept" | "decline") => {
    if (busy) return;
    setBusy(what);
    await actions[what]();
    setBusy(undefined);
  };
  useKeys([
    { key: "y", alt: true, anywhere: true, run: () => void run("accept") },
    { key: "n", alt: true, anywhere: true, run: () => void run("decline") },
  ]);
  const skew = useDeskState((state) => state.skewMs);
  const now = useNow(250) - skew;
  const since = row.queue?.since ?? row.waiting_since;
  const asked = row.summary && (row.summary.wish !== "" || row.summary.points.length > 0);
  return (
    <section className="dk-offer" aria-label={t("title")} data-testid="offer" data-number={row.number}>
      <div className="ui-hidden" role="alert">
        {t("announce", { name, wish: row.summary?.wish ?? "" })}
      </div>
      <header>
        <span className="dk-offer-bell">
          <Icon name="bell" size={17} />
        </span>
        <b className="ui-grow">{t("title")}</b>
        <TimeLeft row={row} now={now} />
      </header>
      <div className="dk-offer-who">
        <Avatar name={name} seed={row.contact.id} size={36} kind={row.contact.name.trim() === "" ? "visitor" : "person"} />
        <div className="ui-grow">
          <b className="ui-truncate">{name}</b>
          <small className="ui-truncate">{[`#${row.number}`, inbox].filter(Boolean).join(" · ")}</small>
        </div>
        {row.priority === "high" || row.priority === "urgent" ? (
          <Badge tone={row.priority === "urgent" ? "bad" : "warn"} icon="flag">
            {priorityName(row.priority)}
          </Badge>
        ) : null}
        {since ? (
          <Badge icon="clock" title={t("waited", { time: duration(now - since) })}>
            {duration(now - since)}
          </Badge>
        ) : null}
      </div>
      <div className="dk-offer-said" data-testid="offer-summary">
        {asked && row.summary ? <SummaryView summary={row.summary} max={4} /> : <p>{previewText(row)}</p>}
      </div>
      <footer>
        <Button size="l" isDisabled={busy !== undefined} busy={busy === "decline"} onPress={() => void run("decline")} testId="offer-decline">
          {words("decline")} <Kbd>Alt N</Kbd>
        </Button>
        <Button kind="good" size="l" icon="check" isDisabled={busy !== undefined} busy={busy === "accept"} onPress={() => void run("accept")} testId="offer-accept">
          {words("accept")} <Kbd>Alt Y</Kbd>
        </Button>
      </footer>
      <div className="dk-offer-foot">
        <button type="button" className="dk-link" onClick={() => goConversation(row.id, "mine")}>
          {t("look")}
        </button>
        <span className="ui-grow" />
        {others > 0 ? <span>{t("more", { count: others })}</span> : <AskToNotify />}
      </div>
    </section>
  );
}

function TimeLeft({ row, now }: { row: ConversationRow; now: number }) {
  const ends = row.status.type === "offered" ? row.status.expires_at : 0;
  const [length] = useState(() => Math.max(1, ends - now));
  const left = Math.max(0, ends - now);
  const seconds = Math.ceil(left / 1000);
  const part = Math.min(1, left / length);
  return (
    <span className="dk-offer-left" data-late={seconds <= 10} data-testid="offer-left" title={seconds > 0 ? t("left", { seconds }) : t("over")}>
      <svg viewBox="0 0 36 36" width={34} height={34} aria-hidden="true">
        <circle cx="18" cy="18" r="15.5" pathLength="100" />
        <circle cx="18" cy="18" r="15.5" pathLength="100" strokeDasharray={`${part * 100} 100`} transform="rotate(-90 18 18)" />
      </svg>
      <b className="ui-num">{seconds}</b>
      <span className="ui-hidden">{seconds > 0 ? t("left", { seconds }) : t("over")}</span>
    </span>
  );
}

/** Asked here, where it is plain what for, and only while it was never answered. */
function AskToNotify() {
  const permission = useStore(notifyPermission);
  const [asked, setAsked] = useState(false);
  useEffect(() => setAsked(false), [permission]);
  if (permission !== "default" || asked) return null;
  return (
    <button
      type="button"
      className="dk-link"
      onClick={() => {
        setAsked(true);
        void askToNotify();
      }}
    >
      {t("notify")}
    </button>
  );
}
