// All tickets: open ones or every one, and the chosen one in full with the way back to its conversation.

import { useEffect, useState } from "react";
import { Badge, Button, EmptyState, ErrorState, Fault, Icon, IconButton, SkeletonRows, Spinner, api, listTime, texts, toast, useLoad } from "@rapport/ui";
import type { Page, Ticket } from "@rapport/ui";
import { usePhone } from "../shell/media.ts";
import { useDeskState, useMemberName } from "../state/context.ts";
import { go, routeHash } from "../state/route.ts";
import { stageName, stageTone, words } from "../words.ts";
import { TicketCard } from "./card.tsx";

const t = texts({
  title: { zh: "工单", en: "Tickets" },
  open: { zh: "进行中", en: "Open" },
  all: { zh: "全部", en: "All" },
  filter: { zh: "显示哪些工单", en: "Which tickets" },
  none: { zh: "没有进行中的工单", en: "No open tickets" },
  noneAll: { zh: "还没有工单", en: "No tickets yet" },
  noneText: { zh: "在会话中按 T 可以创建工单，客户会收到查看进度的链接。", en: "Press T in a conversation to make one; the customer gets a link to follow it." },
  one: { zh: "工单详情", en: "Ticket" },
  choose: { zh: "选择一张工单", en: "Choose a ticket" },
  chooseText: { zh: "查看进展、更新阶段、复制客户的进度链接", en: "See how it stands, move it on, copy the customer's link" },
  conversation: { zh: "查看会话", en: "Show the conversation" },
  more: { zh: "加载更多", en: "Load more" },
  back: { zh: "返回工单列表", en: "Back to the tickets" },
});

export default function TicketsPage({ ticket: selected }: { ticket: string | undefined }) {
  const [openOnly, setOpenOnly] = useState(true);
  const turn = useDeskState((state) => state.ticketTurn);
  const { data, fault, reload, replace } = useLoad(`tickets-${openOnly}-${turn}`, () => api.get<Page<Ticket>>("/tickets", { query: { open: openOnly || undefined } }));
  // While the list is read again the old one stays.
  const [kept, setKept] = useState(data);
  useEffect(() => {
    if (data) setKept(data);
  }, [data]);
  const page = data ?? kept;
  const more = async () => {
    if (!page?.next) return;
    try {
      const next = await api.get<Page<Ticket>>("/tickets", { query: { open: openOnly || undefined, before: page.next } });
      replace({ items: [...page.items, ...next.items], next: next.next ?? null });
    } catch (error) {
      toast.fault(error);
    }
  };
  return (
    <div className="dk-inbox" data-open={selected !== undefined}>
      <section className="dk-list" aria-label={t("title")}>
        <header className="dk-list-head dk-tickets-head">
          <h2>{t("title")}</h2>
          <div className="dk-segments" role="group" aria-label={t("filter")}>
            {[true, false].map((it) => (
              <button key={String(it)} type="button" aria-pressed={openOnly === it} onClick={() => setOpenOnly(it)} data-testid={it ? "tickets-open" : "tickets-all"}>
                {it ? t("open") : t("all")}
              </button>
            ))}
          </div>
        </header>
        {fault && !page ? <ErrorState fault={fault} retry={reload} /> : !page ? <SkeletonRows rows={7} height={62} /> : page.items.length === 0 ? <EmptyState icon="ticket" title={openOnly ? t("none") : t("noneAll")} text={t("noneText")} /> : <TicketRows page={page} selected={selected} onMore={() => void more()} />}
      </section>
      {selected ? (
        <OpenTicket key={selected} id={selected} known={page?.items.find((it) => it.id === selected)} onChanged={(changed) => page && replace({ ...page, items: page.items.map((it) => (it.id === changed.id ? changed : it)) })} />
      ) : (
        <section className="dk-nothing" aria-label={t("choose")}>
          <EmptyState icon="ticket" title={t("choose")} text={t("chooseText")} />
        </section>
      )}
    </div>
  );
}

function TicketRows({ page, selected, onMore }: { page: Page<Ticket>; selected: string | undefined; onMore: () => void }) {
  const memberName = useMemberName();
  return (
    <div className="dk-rows">
      <ul>
        {page.items.map((ticket) => (
          <li key={ticket.id}>
            <a className="dk-row dk-ticket-row" href={routeHash({ page: "tickets", ticket: ticket.id })} aria-current={ticket.id === selected ? "true" : undefined} data-testid="ticket-row" data-number={ticket.number}>
              <span className="dk-row-body">
                <span className="dk-row-line">
                  <small className="ui-num ui-muted">#{ticket.number}</small>
                  <b className="dk-row-name ui-truncate">{ticket.title}</b>
                  <time className="dk-row-time ui-num">{listTime(ticket.updated_at)}</time>
                </span>
                <span className="dk-row-line dk-row-meta">
                  <Badge tone={stageTone(ticket.stage)}>{stageName(ticket.stage)}</Badge>
                  <span className="ui-truncate">{memberName(ticket.assignee)}</span>
                </span>
              </span>
            </a>
          </li>
        ))}
      </ul>
      {page.next ? (
        <button type="button" className="dk-more" onClick={onMore}>
          <Icon name="arrowDown" size={16} />
          {t("more")}
        </button>
      ) : null}
    </div>
  );
}

function OpenTicket({ id, known, onChanged }: { id: string; known: Ticket | undefined; onChanged: (ticket: Ticket) => void }) {
  const phone = usePhone();
  const { data, fault, reload, replace } = useLoad(`ticket-${id}`, () => api.get<Ticket>(`/tickets/${id}`));
  const ticket = data ?? known;
  return (
    <section className="dk-conversation dk-ticket-page" id="conversation" tabIndex={-1} aria-label={ticket?.title ?? t("one")}>
      <header className="dk-head">
        {phone ? <IconButton icon="arrowLeft" label={t("back")} onPress={() => go({ page: "tickets", ticket: undefined })} testId="back" /> : null}
        <div className="dk-head-main">
          <div className="dk-head-title">
            <h2 className="ui-truncate">{ticket?.title ?? t("one")}</h2>
          </div>
        </div>
        {ticket?.conversation ? (
          <Button icon="inbox" onPress={() => go({ page: "inbox", view: "all", conversation: ticket.conversation ?? undefined })} testId="ticket-conversation">
            {phone ? words("inbox") : t("conversation")}
          </Button>
        ) : null}
      </header>
      <div className="dk-ticket-scroll">
        {fault && !ticket ? (
          <ErrorState fault={Fault.of(fault)} retry={reload} />
        ) : ticket ? (
          <TicketCard
            ticket={ticket}
            onChanged={(changed) => {
              replace(changed);
              onChanged(changed);
            }}
          />
        ) : (
          <Spinner />
        )}
      </div>
    </section>
  );
}
