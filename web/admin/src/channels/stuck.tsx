// What did not go out: why, and trying it again. What may have arrived is asked about first.

import { useState } from "react";
import { api, Badge, Button, ConfirmDialog, EmptyState, failureReason, fullTime, Icon, listTime, texts, toast, useLoad } from "@rapport/ui";
import type { Inbox, Page } from "@rapport/ui";
import { Loading } from "../components/loading.tsx";
import { ButtonLink, List, Row } from "../components/section.tsx";
import type { StuckRow } from "./nouns.ts";

const t = texts({
  title: { zh: "没有发出去的消息", en: "Not delivered" },
  text: { zh: "平台拒收，或没有确认是否收到。排除原因后可以重发。", en: "The provider refused these, or did not say whether it took them. Send them again once the cause is gone." },
  empty: { zh: "没有积压", en: "Nothing is stuck" },
  emptyText: { zh: "发给客户却没有送出的消息会列在这里，并说明原因；修好后一键重发。", en: "Messages that could not be sent to customers are listed here with the reason, to be sent again once it is mended." },
  rejected: { zh: "没有发出", en: "Not sent" },
  notTaken: { zh: "未处理", en: "Not taken in" },
  unknown: { zh: "可能已送达", en: "May have arrived" },
  fact: { zh: "平台推送的内容没有处理成功", en: "Something that the provider told us was not taken in" },
  noText: { zh: "（没有文字）", en: "(no text)" },
  formerInbox: { zh: "已删除的渠道", en: "A former channel" },
  conversation: { zh: "查看会话", en: "Conversation" },
  retry: { zh: "重发", en: "Send again" },
  retryFact: { zh: "重新处理", en: "Try again" },
  retryOf: { zh: "重发：{text}", en: "Send again: {text}" },
  askTitle: { zh: "再发一次？", en: "Send it again?" },
  askText: { zh: "这条消息可能已经送达，平台只是没有确认。再发一次，客户可能会收到两遍。", en: "This message may have arrived: the provider only did not confirm it. Sent again, the customer may get it twice." },
  done: { zh: "已重新排队发送", en: "It is being sent again" },
  refresh: { zh: "刷新", en: "Refresh" },
});

export function Stuck({ inboxes }: { inboxes: Inbox[] }) {
  const stuck = useLoad("stuck", async () => (await api.get<Page<StuckRow>>("/deliveries/stuck")).items);
  const [asking, setAsking] = useState<StuckRow>();
  const [busy, setBusy] = useState<string>();
  const send = async (row: StuckRow) => {
    await api.post(`/deliveries/${row.id}/retry`);
    toast.good(t("done"));
    stuck.replace((stuck.data ?? []).filter((it) => it.id !== row.id));
  };
  const retry = async (row: StuckRow) => {
    if (row.outcome === "unknown") return setAsking(row);
    setBusy(row.id);
    try {
      await send(row);
    } catch (error) {
      toast.fault(error);
      stuck.reload();
    } finally {
      setBusy(undefined);
    }
  };
  return (
    <section className="ch-stuck" aria-labelledby="ch-stuck-title" data-testid="stuck">
      <header>
        <div className="ui-grow">
          <h2 id="ch-stuck-title">{t("title")}</h2>
          <p>{t("text")}</p>
        </div>
        <Button size="s" kind="quiet" icon="refresh" busy={stuck.loading && stuck.data !== undefined} onPress={stuck.reload}>
          {t("refresh")}
        </Button>
      </header>
      <Loading of={stuck} rows={2} height={56}>
        {(rows) =>
          rows.length === 0 ? (
            <div className="ui-card">
              <EmptyState icon="checkCircle" title={t("empty")} text={t("emptyText")} />
            </div>
          ) : (
            <List label={t("title")}>
              {rows.map((row) => (
                <StuckLine key={row.id} row={row} inbox={inboxes.find((it) => it.id === row.inbox)} busy={busy === row.id} onRetry={() => void retry(row)} />
              ))}
            </List>
          )
        }
      </Loading>
      {asking ? <ConfirmDialog isOpen title={t("askTitle")} text={t("askText")} confirmLabel={t("retry")} onClose={() => setAsking(undefined)} onConfirm={() => send(asking)} /> : null}
    </section>
  );
}

function StuckLine({ row, inbox, busy, onRetry }: { row: StuckRow; inbox: Inbox | undefined; busy: boolean; onRetry: () => void }) {
  const reason = failureReason(row.code);
  const title = row.kind === "fact" ? t("fact") : row.text || t("noText");
  return (
    <Row
      lead={
        <span className="ad-row-icon">
          <Icon name={row.outcome === "unknown" ? "help" : "warning"} />
        </span>
      }
      title={title}
      testId="stuck-row"
      badges={<Badge tone={row.outcome === "unknown" ? "warn" : "bad"}>{row.kind === "fact" ? t("notTaken") : t(row.outcome)}</Badge>}
      detail={
        <>
          <span>{inbox?.name ?? t("formerInbox")}</span>
          {reason.text ? <span className="ch-reason">{reason.text}</span> : null}
          {reason.code ? <code className="ch-code">{reason.code}</code> : null}
        </>
      }
      meta={
        <time className="ui-num" dateTime={new Date(row.at).toISOString()} title={fullTime(row.at)}>
          {listTime(row.at)}
        </time>
      }
      actions={
        <>
          {row.conversation ? (
            <ButtonLink size="s" kind="quiet" href={`/desk#/all/${row.conversation}`} icon="external">
              {t("conversation")}
            </ButtonLink>
          ) : null}
          <Button size="s" icon="refresh" busy={busy} onPress={onRetry} aria-label={t("retryOf", { text: title })} testId="stuck-retry">
            {row.kind === "fact" ? t("retryFact") : t("retry")}
          </Button>
        </>
      }
    />
  );
}
