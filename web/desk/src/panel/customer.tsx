// The customer: what is known and can be corrected, what was talked about before.

import { useState } from "react";
import { Badge, Button, Icon, Skeleton, TextArea, day, duration, listTime, texts, toast, useLoad } from "@rapport/ui";
import type { Contact, ConversationRow } from "@rapport/ui";
import { MoodCard } from "../care/mood.tsx";
import { useDesk, useDeskState, useNow } from "../state/context.ts";
import { goConversation } from "../state/route.ts";
import { contactName, previewText, statusName, words } from "../words.ts";
import { Editable } from "./editable.tsx";
import { AddField, FieldRows } from "./fields.tsx";

const t = texts({
  online: { zh: "在线", en: "Online now" },
  seen: { zh: "{time}前在线", en: "Seen {time} ago" },
  email: { zh: "邮箱", en: "E-mail" },
  emailForm: { zh: "应为 name@example.com 的形式", en: "It has the form name@example.com" },
  phone: { zh: "电话", en: "Phone" },
  name: { zh: "姓名", en: "Name" },
  page: { zh: "所在页面", en: "Page" },
  language: { zh: "语言", en: "Language" },
  zhCN: { zh: "中文", en: "Chinese" },
  en: { zh: "英文", en: "English" },
  localTime: { zh: "当地时间", en: "Local time" },
  since: { zh: "首次来访", en: "First came" },
  notes: { zh: "备注", en: "Notes" },
  notesHint: { zh: "仅成员可见，随客户保留", en: "Members only; kept with the customer" },
  notesEmpty: { zh: "偏好、约定、需要同事知道的事", en: "Preferences, promises, what colleagues should know" },
  earlier: { zh: "以往会话", en: "Earlier conversations" },
  noEarlier: { zh: "这是首次会话", en: "This is the first one" },
  rated: { zh: "评价 {score}/5", en: "Rated {score}/5" },
});

export function CustomerTab({ row }: { row: ConversationRow }) {
  const desk = useDesk();
  const { contact } = row;
  const save = async (change: Partial<Contact>) => {
    try {
      await desk.saveContact(contact.id, change);
      return true;
    } catch (error) {
      toast.fault(error);
      return false;
    }
  };
  return (
    <div className="dk-panel-page">
      <section className="dk-card">
        <div className="dk-customer-name">
          <Editable label={t("name")} value={contact.name} placeholder={contactName(contact)} onSave={(name) => save({ name })} strong testId="contact-name" />
        </div>
        <Presence row={row} />
        <dl className="dk-facts">
          <dt>{t("email")}</dt>
          <dd>
            <Editable label={t("email")} value={contact.email ?? ""} type="email" check={(text) => (text === "" || /^[^\s@]+@[^\s@]+$/.test(text) ? undefined : t("emailForm"))} onSave={(email) => save({ email })} testId="contact-email" />
          </dd>
          <dt>{t("phone")}</dt>
          <dd>
            <Editable label={t("phone")} value={contact.phone ?? ""} type="tel" onSave={(phone) => save({ phone })} testId="contact-phone" />
          </dd>
          <FieldRows contact={contact} onSave={(fields) => save({ fields })} />
        </dl>
        <AddField contact={contact} onSave={(fields) => save({ fields })} />
      </section>
      <MoodCard key={row.id} row={row} />
      <Facts row={row} />
      <Notes contact={contact} onSave={save} />
      <Earlier row={row} />
    </div>
  );
}

function Presence({ row }: { row: ConversationRow }) {
  const online = useDeskState((state) => state.visitors.get(row.contact.id));
  const now = useNow(30_000);
  return (
    <div className="dk-customer-state">
      <span className="dk-dot" data-presence={online ? "online" : "offline"} />
      {online ? t("online") : t("seen", { time: duration(Math.max(60_000, now - row.contact.last_seen_at)) })}
      {row.contact.verified_at ? (
        <Badge tone="good" icon="shield">
          {words("verified")}
        </Badge>
      ) : null}
    </div>
  );
}

function localTime(zone: string, now: number): string | undefined {
  try {
    return new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: zone }).format(now);
  } catch {
    return undefined;
  }
}

/** Only web addresses become links; anything else a site may have sent stays words. */
function webLink(page: string | null): URL | undefined {
  try {
    const url = new URL(page ?? "");
    return url.protocol === "https:" || url.protocol === "http:" ? url : undefined;
  } catch {
    return undefined;
  }
}

function Facts({ row }: { row: ConversationRow }) {
  const now = useNow(30_000);
  const zone = row.contact.fields["timezone"];
  const time = zone ? localTime(zone, now) : undefined;
  const url = webLink(row.page);
  return (
    <section className="dk-card">
      <dl className="dk-facts">
        {row.page ? (
          <>
            <dt>{t("page")}</dt>
            <dd className="ui-truncate">
              {url ? (
                <a href={url.href} target="_blank" rel="noopener noreferrer nofollow" title={url.href}>
                  {url.host + (url.pathname === "/" ? "" : url.pathname)}
                </a>
              ) : (
                row.page
              )}
            </dd>
          </>
        ) : null}
        <dt>{t("language")}</dt>
        <dd>{row.locale === "en" ? t("en") : t("zhCN")}</dd>
        {time ? (
          <>
            <dt>{t("localTime")}</dt>
            <dd className="ui-num">
              {time} <span className="ui-muted">{zone}</span>
            </dd>
          </>
        ) : null}
        <dt>{t("since")}</dt>
        <dd>{day(row.contact.created_at)}</dd>
      </dl>
    </section>
  );
}

function Notes({ contact, onSave }: { contact: Contact; onSave: (change: Partial<Contact>) => Promise<boolean> }) {
  const [text, setText] = useState(contact.notes);
  const [busy, setBusy] = useState(false);
  const changed = text !== contact.notes;
  const save = async () => {
    setBusy(true);
    await onSave({ notes: text });
    setBusy(false);
  };
  return (
    <section className="dk-card">
      <TextArea label={t("notes")} hint={t("notesHint")} value={text} onChange={setText} rows={2} placeholder={t("notesEmpty")} testId="contact-notes" />
      {changed ? (
        <div className="dk-card-foot">
          <Button size="s" onPress={() => setText(contact.notes)}>
            {words("cancel")}
          </Button>
          <Button size="s" kind="primary" busy={busy} onPress={() => void save()} testId="contact-notes-save">
            {words("save")}
          </Button>
        </div>
      ) : null}
    </section>
  );
}

function Earlier({ row }: { row: ConversationRow }) {
  const desk = useDesk();
  const { data, fault, loading, reload } = useLoad(`earlier-${row.contact.id}`, () => desk.ofContact(row.contact.id));
  const others = (data ?? []).filter((it) => it.id !== row.id);
  return (
    <section className="dk-card">
      <h3>{t("earlier")}</h3>
      {fault ? (
        <button type="button" className="dk-link" onClick={reload}>
          {fault.message} · {words("retry")}
        </button>
      ) : loading && !data ? (
        <Skeleton height={40} />
      ) : others.length === 0 ? (
        <p className="ui-muted">{t("noEarlier")}</p>
      ) : (
        <ul className="dk-earlier">
          {others.map((it) => (
            <li key={it.id}>
              <button type="button" onClick={() => goConversation(it.id)} data-testid="earlier">
                <span className="dk-earlier-top">
                  <b className="ui-num">#{it.number}</b>
                  <Badge tone={it.status.type === "resolved" ? "neutral" : "accent"}>{statusName(it.status)}</Badge>
                  {it.csat.score === null ? null : (
                    <span className="dk-stars" title={t("rated", { score: it.csat.score })}>
                      <Icon name="star" size={13} />
                      {it.csat.score}
                    </span>
                  )}
                  <time className="ui-num">{listTime(it.updated_at)}</time>
                </span>
                <span className="ui-truncate ui-muted">{it.summary?.wish || previewText(it)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
