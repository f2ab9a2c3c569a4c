// What was offered to make good, and what waits for approval.

import { useState } from "react";
import { api, Badge, Button, EmptyState, fullTime, listTime, pick, texts, toast, useLoad } from "@rapport/ui";
import type { Tone } from "@rapport/ui";
import { Segmented } from "../components/choice.tsx";
import { Figures } from "../components/figures.tsx";
import { Loading } from "../components/loading.tsx";
import { Filters, List, Row } from "../components/section.tsx";
import { words } from "../shell/words.ts";
import { money } from "./money.ts";
import type { CareRule, Spending, Spendings, SpendingState } from "./nouns.ts";
import { spendingName } from "./words.ts";

const t = texts({
  figures: { zh: "今天的预算", en: "Today's budget" },
  today: { zh: "今天已用", en: "Spent today" },
  left: { zh: "今天剩余", en: "Left today" },
  waiting: { zh: "待批准", en: "To approve" },
  state: { zh: "状态", en: "State" },
  approve: { zh: "批准", en: "Approve" },
  decline: { zh: "不批准", en: "Decline" },
  approveOf: { zh: "批准 {amount}", en: "Approve {amount}" },
  declineOf: { zh: "不批准 {amount}", en: "Decline {amount}" },
  approved: { zh: "已批准，客户会收到", en: "Approved: the customer is told" },
  declined: { zh: "未批准，客户不会知道", en: "Declined: the customer is not told" },
  somebody: { zh: "未留名的客户", en: "A customer without a name" },
  open: { zh: "查看会话", en: "Open the conversation" },
  byRule: { zh: "规则：{name}", en: "Rule: {name}" },
  empty: { zh: "还没有补偿", en: "Nothing was offered yet" },
  emptyText: { zh: "规则触发补偿后，会列在这里；超过批准线的等您决定。", en: "What rules offer is listed here; what is above the limit waits for you." },
  emptyPending: { zh: "没有待批准的补偿", en: "Nothing waits for approval" },
});

const TONE: Record<SpendingState, Tone> = { pending: "warn", offered: "accent", approved: "accent", declined: "neutral", accepted: "good" };

export function SpendingTab({ rules }: { rules: CareRule[] }) {
  const [state, setState] = useState<"all" | SpendingState>("all");
  const [busy, setBusy] = useState<string>();
  const spendings = useLoad("care-spending", () => api.get<Spendings>("/care/spending"));
  const judge = async (spending: Spending, approve: boolean) => {
    setBusy(spending.id);
    try {
      await api.post(`/care/spending/${spending.id}`, { approve });
      toast.good(t(approve ? "approved" : "declined"));
    } catch (error) {
      toast.fault(error);
    } finally {
      setBusy(undefined);
      spendings.reload();
    }
  };
  return (
    <div className="ad-stack cr-tab">
      <Loading of={spendings} rows={4}>
        {(data) => {
          const pending = data.items.filter((it) => it.state === "pending").length;
          // What waits comes first, then the newest.
          const shown = data.items.filter((it) => state === "all" || it.state === state).sort((a, b) => Number(b.state === "pending") - Number(a.state === "pending") || b.at - a.at);
          return (
            <>
              <Figures
                label={t("figures")}
                testId="spending-figures"
                figures={[
                  { id: "waiting", label: t("waiting"), value: pending, ...(pending > 0 ? { tone: "warn" as const } : {}) },
                  { id: "today", label: t("today"), value: money(data.today_minor, data.currency) },
                  { id: "left", label: t("left"), value: money(data.left_minor, data.currency), ...(data.left_minor === 0 ? { tone: "bad" as const } : {}) },
                ]}
              />
              {data.items.length > 0 ? (
                <Filters>
                  <Segmented label={t("state")} options={[{ id: "all", label: words("all") }, ...(["pending", "offered", "approved", "accepted", "declined"] as const).map((id) => ({ id, label: spendingName(id) }))]} value={state} onChange={setState} testId="spending-filter" />
                </Filters>
              ) : null}
              {shown.length === 0 ? (
                <div className="ui-card">
                  <EmptyState icon="star" title={data.items.length === 0 ? t("empty") : state === "pending" ? t("emptyPending") : words("noMatch")} {...(data.items.length === 0 ? { text: t("emptyText") } : {})} />
                </div>
              ) : (
                <List label={t("figures")}>
                  {shown.map((it) => {
                    const amount = money(it.amount_minor, it.currency);
                    const rule = rules.find((rule) => rule.id === it.rule);
                    return (
                      <Row
                        key={it.id}
                        title={`${amount} · ${it.contact_name || t("somebody")}`}
                        testId="spending-row"
                        badges={<Badge tone={TONE[it.state]}>{spendingName(it.state)}</Badge>}
                        detail={
                          <>
                            {rule ? <span>{t("byRule", { name: pick(rule.name) })}</span> : null}
                            <time title={fullTime(it.at)}>{listTime(it.at)}</time>
                            <a href={`/desk#/all/${it.conversation}`}>{t("open")}</a>
                          </>
                        }
                        actions={
                          it.state === "pending" ? (
                            <>
                              <Button size="s" onPress={() => void judge(it, false)} isDisabled={busy !== undefined} aria-label={t("declineOf", { amount })} testId="spending-decline">
                                {t("decline")}
                              </Button>
                              <Button size="s" kind="primary" busy={busy === it.id} isDisabled={busy !== undefined} onPress={() => void judge(it, true)} aria-label={t("approveOf", { amount })} testId="spending-approve">
                                {t("approve")}
                              </Button>
                            </>
                          ) : null
                        }
                      />
                    );
                  })}
                </List>
              )}
            </>
          );
        }}
      </Loading>
    </div>
  );
}
