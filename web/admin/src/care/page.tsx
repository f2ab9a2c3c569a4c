// Care: what is done for customers who are not well, how much may be spent on it, and what the rules would have done.

import { api, Button, Notice, PageLayout, Tabs, texts, useLoad } from "@rapport/ui";
import type { Versioned } from "@rapport/ui";
import type { PageProps } from "../app.tsx";
import { Loading } from "../components/loading.tsx";
import { ReadOnlyNotice } from "../components/read-only.tsx";
import { useList } from "../shell/data.ts";
import { go, to } from "../shell/route.ts";
import { useMay } from "../shell/session.ts";
import { pageTitle } from "../shell/words.ts";
import { BudgetTab } from "./budget.tsx";
import type { CareBudget, CareRule, EthicsSettings } from "./nouns.ts";
import { ReplayTab } from "./replay.tsx";
import { RuleDialog } from "./rule.tsx";
import { ResetButton, RulesTab } from "./rules.tsx";
import { SpendingTab } from "./spending.tsx";
import "./care.css";

const t = texts({
  text: { zh: "客户着急、不满时做什么；只对同意的客户生效，每个动作都有依据", en: "What is done for customers who are worried or upset; only for those who agreed, each act with its reasons" },
  add: { zh: "新建规则", en: "New rule" },
  tabs: { zh: "关怀策略", en: "Care" },
  rules: { zh: "规则", en: "Rules" },
  budget: { zh: "预算", en: "Budget" },
  spending: { zh: "补偿记录", en: "Compensation" },
  replay: { zh: "推演", en: "Replay" },
  off: { zh: "情绪感知还没有开启，这些规则暂不生效。", en: "Noticing feelings is off, so none of these rules acts yet." },
  turnOn: { zh: "去“伦理与隐私”开启", en: "Turn it on in Ethics and privacy" },
});

const TABS = ["rules", "budget", "spending", "replay"] as const;

export default function CarePage({ route }: PageProps) {
  const sees = useMay("supervisor");
  if (!sees)
    return (
      <PageLayout title={pageTitle("care")} text={t("text")}>
        <ReadOnlyNotice needed="supervisor" closed />
      </PageLayout>
    );
  return <Care route={route} />;
}

function Care({ route }: PageProps) {
  const may = useMay("administrator");
  const rules = useList<CareRule>("/care/rules");
  const budget = useLoad("care-budget", () => api.get<Versioned<CareBudget>>("/care/budget"));
  // Only administrators may read the switches; whoever may not is told nothing.
  const ethics = useLoad(`care-ethics/${may}`, async () => (may ? await api.get<EthicsSettings>("/ethics") : undefined));
  const tab = TABS.find((it) => it === route.id) ?? "rules";
  const open = (id: string | undefined) => go(id ? to("care", "rules", id) : to("care"));
  const editing = tab === "rules" && route.tab && route.tab !== "new" ? rules.data?.find((it) => it.id === route.tab) : undefined;
  const last = Math.max(0, ...(rules.data ?? []).map((it) => it.order));
  return (
    <PageLayout
      title={pageTitle("care")}
      text={t("text")}
      actions={
        may && tab === "rules" ? (
          <>
            <ResetButton onChanged={rules.reload} />
            <Button kind="primary" icon="plus" onPress={() => open("new")} testId="rule-new">
              {t("add")}
            </Button>
          </>
        ) : null
      }
    >
      <ReadOnlyNotice />
      {ethics.data && !ethics.data.switches.feelings ? (
        <Notice tone="warn" icon="lock">
          {t("off")} <a href={to("privacy")}>{t("turnOn")}</a>
        </Notice>
      ) : null}
      <Tabs
        label={t("tabs")}
        selected={tab}
        onChange={(next) => go(next === "rules" ? to("care") : to("care", next), true)}
        pages={[
          { id: "rules", label: t("rules"), testId: "tab-rules", content: <Loading of={rules}>{(data) => <RulesTab rules={data} currency={budget.data?.currency ?? "CNY"} may={may} onOpen={open} onChanged={rules.reload} />}</Loading> },
          { id: "budget", label: t("budget"), testId: "tab-budget", content: <Loading of={budget}>{(data) => <BudgetTab first={data} may={may} onSaved={budget.reload} />}</Loading> },
          { id: "spending", label: t("spending"), testId: "tab-spending", content: <SpendingTab rules={rules.data ?? []} /> },
          { id: "replay", label: t("replay"), testId: "tab-replay", content: <ReplayTab key={route.tab} first={route.tab} /> },
        ]}
      />
      {rules.data && budget.data && (editing || (route.tab === "new" && tab === "rules" && may)) ? <RuleDialog key={route.tab} rule={editing} order={last + 10} budget={budget.data} onClose={() => open(undefined)} onSaved={rules.reload} /> : null}
    </PageLayout>
  );
}
