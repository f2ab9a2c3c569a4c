// The rules as a table to read: when, then; in their order; on or off.

import { useState } from "react";
import { api, Badge, Button, ConfirmDialog, EmptyState, Icon, IconButton, Menu, pick, Switch, texts, toast } from "@rapport/ui";
import type { IconName, Versioned } from "@rapport/ui";
import { words } from "../shell/words.ts";
import { moved, ruleForm } from "./form.ts";
import type { CareAct, CareRule } from "./nouns.ts";
import { actionText, isNever, whenText } from "./words.ts";

const t = texts({
  rules: { zh: "规则", en: "Rules" },
  when: { zh: "何时", en: "When" },
  then: { zh: "做什么", en: "Then" },
  rule: { zh: "规则", en: "Rule" },
  on: { zh: "启用", en: "On" },
  onOf: { zh: "启用“{name}”", en: "“{name}” is on" },
  up: { zh: "上移“{name}”", en: "Move “{name}” up" },
  down: { zh: "下移“{name}”", en: "Move “{name}” down" },
  empty: { zh: "没有规则", en: "No rules" },
  emptyText: { zh: "没有规则时，客户情绪变化不会触发任何动作。", en: "Without rules nothing follows when a customer is not well." },
  recover: { zh: "客户情绪恢复后，优先级和技能要求自动撤回；人工改过的不动。", en: "Once the customer is well again, priority and skill go back by themselves; what somebody set by hand stays." },
  removeTitle: { zh: "删除规则“{name}”？", en: "Delete the rule “{name}”?" },
  removeText: { zh: "立即生效。以前的动作和依据仍可查看。", en: "With effect at once. What it did before, and why, can still be read." },
  removed: { zh: "已删除", en: "Deleted" },
  resetTitle: { zh: "恢复出厂规则？", en: "Back to the rules that ship?" },
  resetText: { zh: "现有规则全部替换为出厂规则，包括您新建的。", en: "All rules are replaced by those that ship, including the ones you made." },
  reset: { zh: "恢复出厂规则", en: "Reset to defaults" },
  resetDone: { zh: "已恢复出厂规则", en: "The rules that ship are back" },
});

const ICONS: Record<CareAct, IconName> = { soothe: "heart", prioritise: "flag", route_skill: "users", alert_supervisor: "bell", offer_callback: "phone", compensate: "star" };

export function RulesTab({ rules, currency, may, onOpen, onChanged }: { rules: Versioned<CareRule>[]; currency: string; may: boolean; onOpen: (id: string) => void; onChanged: () => void }) {
  const [removing, setRemoving] = useState<CareRule>();
  const [busy, setBusy] = useState(false);
  const ordered = [...rules].sort((a, b) => a.order - b.order);
  const put = async (changes: { rule: Versioned<CareRule>; part: Partial<CareRule> }[]) => {
    setBusy(true);
    try {
      for (const { rule, part } of changes) await api.put(`/care/rules/${rule.id}`, { ...ruleForm(rule), ...part }, { version: rule.version });
    } catch (error) {
      toast.fault(error);
    } finally {
      setBusy(false);
      onChanged();
    }
  };
  const move = (id: string, by: -1 | 1) => void put(moved(ordered, id, by).map(({ rule, order }) => ({ rule, part: { order } })));
  if (ordered.length === 0)
    return (
      <div className="ui-card cr-tab">
        <EmptyState icon="heart" title={t("empty")} text={t("emptyText")} />
      </div>
    );
  return (
    <div className="ad-stack cr-tab">
      <div className="ui-card cr-table" role="table" aria-label={t("rules")} aria-busy={busy}>
        <div className="cr-head" role="row">
          {(["rule", "when", "then"] as const).map((it) => (
            <span key={it} role="columnheader">
              {t(it)}
            </span>
          ))}
          <span role="columnheader">
            <span className="ui-hidden">{t("on")}</span>
          </span>
        </div>
        {ordered.map((rule, at) => (
          <div key={rule.id} className="cr-rule" role="row" data-off={!rule.enabled || undefined} data-testid="care-rule">
            <div role="rowheader" className="cr-name">
              <span className="cr-number ui-num" aria-hidden="true">
                {at + 1}
              </span>
              <button type="button" onClick={() => onOpen(rule.id)}>
                {pick(rule.name)}
              </button>
            </div>
            <div role="cell" className="cr-when" data-label={t("when")}>
              {isNever(rule.when) ? <Badge tone="warn">{whenText(rule.when)}</Badge> : whenText(rule.when)}
            </div>
            <div role="cell" className="cr-then" data-label={t("then")}>
              <ul>
                {rule.actions.map((action) => (
                  <li key={action.act}>
                    <Icon name={ICONS[action.act]} size={15} />
                    <span>{actionText(action, currency)}</span>
                  </li>
                ))}
              </ul>
            </div>
            <div role="cell" className="cr-tools">
              <Switch isSelected={rule.enabled} onChange={(enabled) => void put([{ rule, part: { enabled } }])} isDisabled={!may || busy} testId="care-rule-on">
                <span className="ui-hidden">{t("onOf", { name: pick(rule.name) })}</span>
              </Switch>
              {may ? (
                <>
                  <IconButton icon="arrowUp" size="s" label={t("up", { name: pick(rule.name) })} isDisabled={at === 0 || busy} onPress={() => move(rule.id, -1)} testId="care-rule-up" />
                  <IconButton icon="arrowDown" size="s" label={t("down", { name: pick(rule.name) })} isDisabled={at === ordered.length - 1 || busy} onPress={() => move(rule.id, 1)} testId="care-rule-down" />
                  <Menu
                    label={words("moreOf", { name: pick(rule.name) })}
                    trigger={<IconButton icon="more" size="s" label={words("moreOf", { name: pick(rule.name) })} />}
                    groups={[
                      {
                        items: [
                          { id: "edit", label: words("edit"), icon: "edit", onAction: () => onOpen(rule.id) },
                          { id: "remove", label: words("remove"), icon: "trash", tone: "bad", onAction: () => setRemoving(rule) },
                        ],
                      },
                    ]}
                  />
                </>
              ) : null}
            </div>
          </div>
        ))}
      </div>
      <p className="ui-hint cr-recover">
        <Icon name="undo" size={15} />
        {t("recover")}
      </p>
      {removing ? (
        <ConfirmDialog
          isOpen
          title={t("removeTitle", { name: pick(removing.name) })}
          text={t("removeText")}
          confirmLabel={words("remove")}
          onClose={() => setRemoving(undefined)}
          onConfirm={async () => {
            await api.del(`/care/rules/${removing.id}`);
            toast.good(t("removed"));
            onChanged();
          }}
        />
      ) : null}
    </div>
  );
}

export function ResetButton({ onChanged }: { onChanged: () => void }) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button icon="undo" onPress={() => setAsking(true)} testId="care-reset">
        {t("reset")}
      </Button>
      {asking ? (
        <ConfirmDialog
          isOpen
          title={t("resetTitle")}
          text={t("resetText")}
          confirmLabel={t("reset")}
          onClose={() => setAsking(false)}
          onConfirm={async () => {
            await api.post("/care/rules/reset", {});
            toast.good(t("resetDone"));
            onChanged();
          }}
        />
      ) : null}
    </>
  );
}
