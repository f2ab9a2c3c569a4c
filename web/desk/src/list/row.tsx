// One conversation in the list: who, what was said last, how long they have waited, what is unread.

import { memo, useEffect, useRef } from "react";
import type { ReactNode } from "react";
import { Avatar, Badge, Icon, channelIcon, channelName, dateTime, duration, fullTime, listTime, texts } from "@rapport/ui";
import type { ConversationRow } from "@rapport/ui";
import { useChannel, useDeskState, useMemberName, useNow } from "../state/context.ts";
import { useDraft } from "../state/drafts.ts";
import { assignee } from "../state/fold.ts";
import { routeHash } from "../state/route.ts";
import { isWaiting, waitLevel } from "../state/views.ts";
import type { View } from "../state/views.ts";
import { contactName, previewText, priorityName, statusName, words } from "../words.ts";

const t = texts({
  unread: { zh: "{count} 条未读", en: "{count} unread" },
  waits: { zh: "等待 {time}", en: "waits {time}" },
  waitsTitle: { zh: "客户等待回复的时间", en: "How long the customer has waited for an answer" },
  typing: { zh: "正在输入…", en: "typing…" },
  draft: { zh: "[草稿]", en: "[Draft]" },
  until: { zh: "{time} 恢复", en: "until {time}" },
  offered: { zh: "邀请您接待", en: "Offered to you" },
  online: { zh: "在线", en: "online" },
});

interface RowProps {
  row: ConversationRow;
  view: View;
  isSelected: boolean;
  /** Searched text, to be marked where it is shown. */
  marked?: string;
}

export const RowLink = memo(function RowLink({ row, view, isSelected, marked = "" }: RowProps) {
  const ref = useRef<HTMLAnchorElement>(null);
  const me = useDeskState((state) => state.me.member.id);
  const online = useDeskState((state) => state.visitors.get(row.contact.id) === true);
  useEffect(() => {
    if (isSelected) ref.current?.scrollIntoView({ block: "nearest" });
  }, [isSelected]);
  const name = contactName(row.contact);
  // What the bot is busy with is nobody's to read yet.
  const unread = row.status.type === "bot" ? 0 : row.unread_by_members;
  // A colleague's unread messages are theirs to read.
  const mine = isWaiting(row) || assignee(row.status) === me;
  const offered = row.status.type === "offered" && row.status.to === me;
  return (
    <a ref={ref} className="dk-row" href={routeHash({ page: "inbox", view, conversation: row.id })} aria-current={isSelected ? "true" : undefined} data-testid="row" data-number={row.number} data-status={row.status.type} data-unread={unread} {...(offered ? { "data-offered": true } : {})}>
      <span className="dk-row-face">
        <Avatar name={name} seed={row.contact.id} size={38} kind={row.contact.name.trim() === "" ? "visitor" : "person"} />
        {online ? <span className="ui-avatar-dot" data-presence="online" title={t("online")} /> : null}
      </span>
      <span className="dk-row-body">
        <span className="dk-row-line">
          <b className="dk-row-name ui-truncate" {...(unread > 0 && mine ? { "data-unread": true } : {})}>
            <Marked text={name} marked={marked} />
          </b>
          <small className="dk-row-number ui-num">
            <Marked text={`#${row.number}`} marked={marked} />
          </small>
          {row.priority === "urgent" || row.priority === "high" ? <Icon name="flag" size={14} className="dk-flag" data-priority={row.priority} role="img" aria-hidden={false} aria-label={priorityName(row.priority)} /> : null}
          <time className="dk-row-time ui-num" dateTime={new Date(row.updated_at).toISOString()} title={fullTime(row.last_message?.at ?? row.updated_at)}>
            {listTime(row.last_message?.at ?? row.updated_at)}
          </time>
        </span>
        <span className="dk-row-line">
          <span className="dk-row-said ui-truncate">
            <Said row={row} marked={marked} />
          </span>
          {unread > 0 ? (
            <span className="dk-unread" data-quiet={!mine} aria-label={t("unread", { count: unread })} role="img" data-testid="row-unread">
              {unread > 99 ? "99+" : unread}
            </span>
          ) : null}
        </span>
        <Meta row={row} view={view} offered={offered} />
      </span>
    </a>
  );
});

function Said({ row, marked }: { row: ConversationRow; marked: string }): ReactNode {
  const memberName = useMemberName();
  const typing = useDeskState((state) => state.typing.get(row.id)?.some((it) => it.kind === "customer") ?? false);
  const draft = useDraft(row.id).text.trim();
  if (typing) return <span className="dk-row-typing">{t("typing")}</span>;
  if (draft !== "") {
    return (
      <>
        <span className="dk-row-draft">{t("draft")}</span> {draft}
      </>
    );
  }
  const actor = row.last_message?.actor;
  const who = actor?.type === "member" ? memberName(actor.id) : actor?.type === "bot" ? words("bot") : "";
  return (
    <>
      {who ? `${who}: ` : ""}
      <Marked text={previewText(row)} marked={marked} />
    </>
  );
}

function Meta({ row, view, offered }: { row: ConversationRow; view: View; offered: boolean }) {
  const memberName = useMemberName();
  const channel = useChannel(row.inbox);
  const inbox = useDeskState((state) => (state.inboxes.size > 1 && state.inbox === undefined ? state.inboxes.get(row.inbox)?.name : undefined));
  const who = assignee(row.status);
  const status = offered ? t("offered") : row.status.type === "snoozed" ? t("until", { time: dateTime(row.status.until) }) : view !== "mine" && who ? memberName(who) : view === "mine" && row.status.type === "assigned" ? "" : statusName(row.status);
  const since = waitingSince(row);
  if (!status && !inbox && !channel && row.labels.length === 0 && since === null) return null;
  return (
    <span className="dk-row-line dk-row-meta">
      {status ? (
        <span className="dk-row-status ui-truncate" data-status={offered ? "offered" : row.status.type}>
          {row.status.type === "snoozed" ? <Icon name="moon" size={13} /> : row.status.type === "bot" ? <Icon name="bot" size={13} /> : null}
          {status}
        </span>
      ) : null}
      {channel ? (
        <span className="dk-channel" data-testid="row-channel" data-channel={channel}>
          <Icon name={channelIcon(channel)} size={13} />
          <span className="ui-truncate">{channelName(channel)}</span>
        </span>
      ) : null}
      {inbox ? <span className="ui-truncate dk-row-inbox">{inbox}</span> : null}
      {row.labels.slice(0, 2).map((label) => (
        <span key={label} className="dk-label">
          {label}
        </span>
      ))}
      {since === null ? null : <Wait since={since} />}
    </span>
  );
}

/** Since when the customer waits for an answer of a person. */
function waitingSince(row: ConversationRow): number | null {
  if (isWaiting(row)) return row.queue?.since ?? row.waiting_since;
  return row.status.type === "assigned" ? row.waiting_since : null;
}

function Wait({ since }: { since: number }) {
  const skew = useDeskState((state) => state.skewMs);
  const now = useNow(10_000) - skew;
  const ms = Math.max(0, now - since);
  const level = waitLevel(ms);
  return (
    <span className="dk-wait" title={t("waitsTitle")}>
      <Badge tone={level === "late" ? "bad" : level === "soon" ? "warn" : "neutral"} icon="clock">
        <span className="ui-hidden">{t("waits", { time: "" })}</span>
        {duration(ms)}
      </Badge>
    </span>
  );
}

/** The text with what was searched marked, whatever its case. */
export function Marked({ text, marked }: { text: string; marked: string }): ReactNode {
  const at = marked === "" ? -1 : text.toLowerCase().indexOf(marked.toLowerCase());
  if (at < 0) return text;
  return (
    <>
      {text.slice(0, at)}
      <mark>{text.slice(at, at + marked.length)}</mark>
      {text.slice(at + marked.length)}
    </>
  );
}
