// How much may be spent on making good.

import { api, Select, texts } from "@rapport/ui";
import type { Versioned } from "@rapport/ui";
import { SaveBar } from "../components/save-bar.tsx";
import { Section } from "../components/section.tsx";
import { useDraft } from "../shell/draft.ts";
import type { Stored } from "../shell/draft.ts";
import { MoneyField } from "./money-field.tsx";
import { CURRENCIES, money } from "./money.ts";
import type { CareBudget } from "./nouns.ts";

const t = texts({
  title: { zh: "补偿预算", en: "Budget for compensation" },
  text: { zh: "规则里的补偿受这里限制。额度用完或超过上限时，补偿不会发出，其他关怀照常。", en: "What rules offer is limited by this. Above a limit, or once the day's budget is spent, nothing is offered; all other care goes on." },
  currency: { zh: "货币", en: "Currency" },
  customer: { zh: "每位客户累计上限", en: "Limit for each customer, ever" },
  day: { zh: "每天合计上限", en: "Limit for each day, all customers" },
  approval: { zh: "超过多少需要批准", en: "Needs approval above" },
  approvalHint: { zh: "填 0 表示每笔都要主管批准", en: "0: each one is approved by a supervisor" },
  says: { zh: "也就是：每位客户累计最多 {customer}，每天最多发出 {day}；{approval}。", en: "That is: at most {customer} for each customer and {day} a day; {approval}." },
  saysApproval: { zh: "单笔超过 {limit} 先由主管批准", en: "above {limit} a supervisor approves first" },
  saysAll: { zh: "每一笔都先由主管批准", en: "a supervisor approves each one first" },
  saysNone: { zh: "每位客户上限低于批准线，因此都会直接发出", en: "the limit for a customer is below that of approval, so all are offered at once" },
});

const stored = ({ version, ...value }: Versioned<CareBudget>): Stored<CareBudget> => ({ value, version });

export function BudgetTab({ first, may, onSaved }: { first: Versioned<CareBudget>; may: boolean; onSaved: () => void }) {
  const draft = useDraft<CareBudget>({
    stored: stored(first),
    put: async (value, version) => {
      const saved = stored(await api.put<Versioned<CareBudget>>("/care/budget", value, version === undefined ? {} : { version }));
      onSaved();
      return saved;
    },
    latest: async () => stored(await api.get<Versioned<CareBudget>>("/care/budget")),
  });
  const { value, patch } = draft;
  const good = [value.per_customer_minor, value.per_day_minor, value.approval_above_minor].every((it) => Number.isInteger(it) && it >= 0);
  const approval = value.approval_above_minor === 0 ? t("saysAll") : value.approval_above_minor >= value.per_customer_minor ? t("saysNone") : t("saysApproval", { limit: money(value.approval_above_minor, value.currency) });
  const currencies = [...new Set<string>([...CURRENCIES, value.currency])];
  return (
    <div className="ad-stack cr-tab">
      <Section title={t("title")} text={t("text")} icon="star">
        <div className="cr-budget">
          <MoneyField label={t("customer")} value={value.per_customer_minor} onChange={(per_customer_minor) => patch({ per_customer_minor })} currency={value.currency} isDisabled={!may} testId="budget-customer" />
          <MoneyField label={t("day")} value={value.per_day_minor} onChange={(per_day_minor) => patch({ per_day_minor })} currency={value.currency} isDisabled={!may} testId="budget-day" />
          <MoneyField label={t("approval")} hint={t("approvalHint")} value={value.approval_above_minor} onChange={(approval_above_minor) => patch({ approval_above_minor })} currency={value.currency} isDisabled={!may} testId="budget-approval" />
          <Select label={t("currency")} options={currencies.map((id) => ({ id, label: id }))} value={value.currency} onChange={(currency) => patch({ currency })} isDisabled={!may} testId="budget-currency" />
        </div>
        {good ? <p className="cr-says">{t("says", { customer: money(value.per_customer_minor, value.currency), day: money(value.per_day_minor, value.currency), approval })}</p> : null}
      </Section>
      {may ? <SaveBar draft={draft} canSave={good} testId="budget-save" /> : null}
    </div>
  );
}
