// Above the list, for supervisors: customers who need somebody now, and compensations that wait for a yes.

import { Badge, Button, Icon, clock, fullTime, pick, texts } from "@rapport/ui";
import type { CareAlert, SpendingRow } from "@rapport/ui";
import { becauseOf } from "../conversation/step-words.ts";
import { useDesk, useDeskState } from "../state/context.ts";
import { routeHash } from "../state/route.ts";
import { contactName, money } from "../words.ts";
import { Judge } from "./compensations.tsx";

const t = texts({
  title: { zh: "需要主管关注", en: "For a supervisor" },
  seen: { zh: "已阅", en: "Seen" },
  seenOf: { zh: "已阅：{name}", en: "Seen: {name}" },
  announce: { zh: "主管提醒：{name}，{rule}", en: "For a supervisor: {name}, {rule}" },
  spending: { zh: "补偿 {amount} 待批准", en: "A compensation of {amount} waits" },
});

export function Calls() {
  const alerts = useDeskState((state) => state.careAlerts);
  const spending = useDeskState((state) => state.spending);
  const waiting = spending?.items ?? [];
  const newest = alerts.reduce<CareAlert | undefined>((a, b) => (a && a.at > b.at ? a : b), undefined);
  return (
    <>
      <div className="ui-hidden" role="alert">
        {newest ? t("announce", { name: nameOf(newest), rule: pick(newest.rule_name) }) : ""}
      </div>
      {alerts.length + waiting.length === 0 ? null : (
        <section className="dk-calls" aria-labelledby="dk-calls-title" data-testid="care-alerts">
          <h2 id="dk-calls-title">
            <Icon name="bell" size={15} />
            {t("title")}
            <Badge tone="bad">{alerts.length + waiting.length}</Badge>
          </h2>
          <ul>
            {alerts.map((it) => (
              <AlertLine key={it.conversation} alert={it} />
            ))}
            {waiting.map((it) => (
              <SpendingLine key={it.id} spending={it} />
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function nameOf({ contact, contact_name }: { contact: string; contact_name: string }): string {
  return contactName({ id: contact, name: contact_name });
}

function AlertLine({ alert }: { alert: CareAlert }) {
  const desk = useDesk();
  const name = nameOf(alert);
  return (
    <li data-testid="care-alert" data-number={alert.number}>
      <a href={routeHash({ page: "inbox", view: "all", conversation: alert.conversation })}>
        <span className="dk-calls-who">
          <b className="ui-truncate">{name}</b>
          <small className="ui-num">#{alert.number}</small>
          <time className="ui-num" dateTime={new Date(alert.at).toISOString()} title={fullTime(alert.at)}>
            {clock(alert.at)}
          </time>
        </span>
        <small className="dk-calls-why">{becauseOf(alert.reasons) || pick(alert.rule_name)}</small>
      </a>
      <Button size="s" aria-label={t("seenOf", { name })} onPress={() => void desk.careSeen(alert.conversation)} testId="care-seen">
        {t("seen")}
      </Button>
    </li>
  );
}

function SpendingLine({ spending }: { spending: SpendingRow }) {
  return (
    <li data-testid="care-spending" className="dk-calls-spending">
      <a href={routeHash({ page: "inbox", view: "all", conversation: spending.conversation })}>
        <span className="dk-calls-who">
          <b className="ui-truncate">{t("spending", { amount: money(spending.amount_minor, spending.currency) })}</b>
          <time className="ui-num">{clock(spending.at)}</time>
        </span>
        <small>{nameOf(spending)}</small>
      </a>
      <Judge id={spending.id} />
    </li>
  );
}
