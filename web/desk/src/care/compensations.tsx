// What was offered to make good in this conversation; what waits for a yes can be given one here by whoever may.

import { useState } from "react";
import { Badge, Button, texts } from "@rapport/ui";
import type { CompensationOffer, ConversationRow, SpendingState } from "@rapport/ui";
import { useDesk, useDeskState } from "../state/context.ts";
import { money, words } from "../words.ts";

const t = texts({
  title: { zh: "补偿", en: "Compensation" },
  approve: { zh: "批准", en: "Approve" },
  decline: { zh: "不批准", en: "Decline" },
  left: { zh: "今日预算还剩 {amount}", en: "{amount} of today's budget left" },
  waits: { zh: "待主管批准", en: "A supervisor has to approve it" },
});

const TONES: Record<SpendingState, "warn" | "accent" | "good" | "neutral"> = { pending: "warn", offered: "accent", approved: "accent", declined: "neutral", accepted: "good" };

export function Compensations({ row }: { row: ConversationRow }) {
  const offers = row.compensations ?? [];
  if (offers.length === 0) return null;
  return (
    <>
      <h4>{t("title")}</h4>
      <ul className="dk-spendings">
        {offers.map((it) => (
          <Offer key={it.spending} offer={it} />
        ))}
      </ul>
    </>
  );
}

function Offer({ offer }: { offer: CompensationOffer }) {
  const { supervises } = useDesk();
  return (
    <li data-testid="compensation" data-state={offer.state}>
      <b className="ui-num">{money(offer.amount_minor, offer.currency)}</b>
      <Badge tone={TONES[offer.state]}>{words(`state_${offer.state}`)}</Badge>
      {offer.state === "pending" ? supervises ? <Judge id={offer.spending} /> : <small className="ui-muted">{t("waits")}</small> : null}
    </li>
  );
}

export function Judge({ id }: { id: string }) {
  const desk = useDesk();
  const budget = useDeskState((state) => state.spending);
  const [busy, setBusy] = useState(false);
  const judge = async (approve: boolean) => {
    setBusy(true);
    await desk.judgeSpending(id, approve);
    setBusy(false);
  };
  return (
    <span className="dk-judge">
      <Button size="s" kind="primary" icon="check" busy={busy} onPress={() => void judge(true)} testId="spending-approve">
        {t("approve")}
      </Button>
      <Button size="s" isDisabled={busy} onPress={() => void judge(false)} testId="spending-decline">
        {t("decline")}
      </Button>
      {budget ? <small className="ui-muted">{t("left", { amount: money(budget.left_minor, budget.currency) })}</small> : null}
    </span>
  );
}
