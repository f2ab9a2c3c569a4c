// Writing one rule: conditions that all must hold, and what is done then.

import { api, Checkbox, Notice, pick, texts, TextField } from "@rapport/ui";
import type { Priority, Versioned } from "@rapport/ui";
import type { ReactNode } from "react";
import { BilingualField } from "../components/bilingual.tsx";
import { EditDialog } from "../components/edit-dialog.tsx";
import { NumberField } from "../components/number.tsx";
import { Segmented } from "../components/choice.tsx";
import { useDraft } from "../shell/draft.ts";
import { fetchItem } from "../shell/data.ts";
import { useMay } from "../shell/session.ts";
import { words } from "../shell/words.ts";
import { blankRule, ruleForm, ruleProblem, withAct, withAction } from "./form.ts";
import type { RuleForm } from "./form.ts";
import { MoneyField } from "./money-field.tsx";
import { money } from "./money.ts";
import { ACTS, FEELINGS } from "./nouns.ts";
import type { CareAct, CareAction, CareBudget, CareRule, CareWhen } from "./nouns.ts";
import { actName, feelingName, priorityName, whenText } from "./words.ts";

const t = texts({
  add: { zh: "新建规则", en: "New rule" },
  name: { zh: "名称", en: "Name" },
  when: { zh: "何时（勾选的条件要同时满足）", en: "When (all that is ticked must hold)" },
  then: { zh: "做什么", en: "Then" },
  states: { zh: "客户的情绪是其中之一", en: "The mood is one of these" },
  anxious: { zh: "这句话显得焦急", en: "The message sounds anxious" },
  urgent: { zh: "这句话显得紧急", en: "The message sounds urgent" },
  atLeast: { zh: "可能性至少", en: "At least this likely" },
  alarm: { zh: "提到投诉、法律或安全", en: "Complaint, law or safety is mentioned" },
  raised: { zh: "情绪在多句中持续偏高（看整段会话，不看单句）", en: "The level is raised (over the conversation, not by one message)" },
  turns: { zh: "连续多句都不平静", en: "Several messages in a row are not calm" },
  turnsField: { zh: "至少几句", en: "How many at least" },
  messages: { zh: "句", en: "messages" },
  says: { zh: "也就是：{text}", en: "That is: {text}" },
  opening: { zh: "安抚的话", en: "Soothing words" },
  openingHint: { zh: "放在机器人下一条回复之前；也会建议给坐席。", en: "Said before the bot's next answer, and suggested to agents." },
  priority: { zh: "优先级", en: "Priority" },
  skill: { zh: "坐席技能", en: "Skill of the agent" },
  skillHint: { zh: "与“成员”页里填写的技能一致", en: "As written on the Members page" },
  amount: { zh: "补偿金额", en: "Amount" },
  amountHint: { zh: "超过 {limit} 需主管批准；受预算限制", en: "Above {limit} a supervisor approves; the budget limits it" },
  tooMuch: { zh: "超过每位客户的上限 {limit}，不会发出", en: "More than the limit for one customer, {limit}: it will not be offered" },
  alert_text: { zh: "主管在工作台收到提醒", en: "Supervisors are told on the desk" },
  callback_text: { zh: "机器人询问客户是否需要回电", en: "The bot asks whether the customer wants to be called back" },
  problem_name: { zh: "请给规则起个名字", en: "Give the rule a name" },
  problem_when: { zh: "请至少勾选一个条件", en: "Tick one condition at least" },
  problem_actions: { zh: "请至少勾选一个动作", en: "Tick one action at least" },
  problem_opening: { zh: "请写下安抚的话", en: "Write the soothing words" },
  problem_skill: { zh: "请填写技能", en: "Name the skill" },
  problem_amount: { zh: "请填写补偿金额", en: "Fill in the amount" },
});

/** Where a likelihood starts when its condition is ticked. */
const LIKELY = 0.6;

export function RuleDialog({ rule, order, budget, onClose, onSaved }: { rule: Versioned<CareRule> | undefined; order: number; budget: CareBudget; onClose: () => void; onSaved: () => void }) {
  const readOnly = !useMay("administrator");
  const draft = useDraft<RuleForm>({
    stored: rule ? { value: ruleForm(rule), version: rule.version } : { value: blankRule(order), version: undefined },
    put: async (value, version) => {
      const saved = rule ? await api.put<Versioned<CareRule>>(`/care/rules/${rule.id}`, value, version === undefined ? {} : { version }) : await api.post<Versioned<CareRule>>("/care/rules", value);
      onSaved();
      return { value: ruleForm(saved), version: saved.version };
    },
    latest: async () => {
      const now = await fetchItem<CareRule>("/care/rules", rule?.id ?? "");
      return { value: ruleForm(now), version: now.version };
    },
  });
  const { value, patch } = draft;
  const problem = ruleProblem(value);
  return (
    <EditDialog title={rule ? (readOnly ? pick(rule.name) : words("editOf", { name: pick(rule.name) })) : t("add")} draft={draft} onClose={onClose} canSave={!problem} saveTestId="rule-save" size="l" readOnly={readOnly} testId="rule-dialog">
      <BilingualField label={t("name")} value={value.name} onChange={(name) => patch({ name })} maxLength={60} isDisabled={readOnly} testId="rule-name" />
      <WhenFields when={value.when} onChange={(when) => patch({ when })} isDisabled={readOnly} />
      <fieldset className="cr-fields">
        <legend>{t("then")}</legend>
        {ACTS.map((act) => (
          <ActField key={act} act={act} action={value.actions.find((it) => it.act === act)} budget={budget} isDisabled={readOnly} onSwitch={(on) => patch({ actions: withAct(value.actions, act, on) })} onChange={(action) => patch({ actions: withAction(value.actions, action) })} />
        ))}
      </fieldset>
      {problem && draft.dirty ? <p className="ui-hint" role="status">{t(`problem_${problem}`)}</p> : null}
    </EditDialog>
  );
}

function WhenFields({ when, onChange, isDisabled }: { when: CareWhen; onChange: (when: CareWhen) => void; isDisabled: boolean }) {
  const set = (part: Partial<CareWhen>) => onChange({ ...when, ...part });
  const likely = (key: "anxious_min" | "urgent_min", label: string) => {
    const value = when[key] ?? null;
    return (
      <Ticked label={label} on={value !== null} onSwitch={(on) => set({ [key]: on ? LIKELY : null })} isDisabled={isDisabled} testId={`when-${key}`}>
        <NumberField label={t("atLeast")} value={Math.round((value ?? LIKELY) * 100)} onChange={(next) => set({ [key]: next / 100 })} min={10} max={95} step={5} unit="%" isDisabled={isDisabled} />
      </Ticked>
    );
  };
  const turns = when.turns_min ?? null;
  return (
    <fieldset className="cr-fields">
      <legend>{t("when")}</legend>
      <div role="group" aria-label={t("states")} className="cr-states">
        <span className="ui-label">{t("states")}</span>
        <div>
          {FEELINGS.map((state) => (
            <Checkbox key={state} isSelected={when.states.includes(state)} onChange={(on) => set({ states: FEELINGS.filter((it) => (it === state ? on : when.states.includes(it))) })} isDisabled={isDisabled} testId={`when-${state}`}>
              {feelingName(state)}
            </Checkbox>
          ))}
        </div>
      </div>
      {likely("anxious_min", t("anxious"))}
      {likely("urgent_min", t("urgent"))}
      <Checkbox isSelected={when.alarm} onChange={(alarm) => set({ alarm })} isDisabled={isDisabled} testId="when-alarm">
        {t("alarm")}
      </Checkbox>
      <Checkbox isSelected={when.level_raised} onChange={(level_raised) => set({ level_raised })} isDisabled={isDisabled} testId="when-raised">
        {t("raised")}
      </Checkbox>
      <Ticked label={t("turns")} on={turns !== null} onSwitch={(on) => set({ turns_min: on ? 3 : null })} isDisabled={isDisabled} testId="when-turns">
        <NumberField label={t("turnsField")} value={turns ?? 3} onChange={(turns_min) => set({ turns_min })} min={1} max={20} unit={t("messages")} isDisabled={isDisabled} />
      </Ticked>
      <p className="cr-says">{t("says", { text: whenText(when) })}</p>
    </fieldset>
  );
}

/** A tick that brings its own control. */
function Ticked({ label, on, onSwitch, isDisabled, children, testId }: { label: string; on: boolean; onSwitch: (on: boolean) => void; isDisabled: boolean; children?: ReactNode; testId: string }) {
  return (
    <div className="cr-ticked">
      <Checkbox isSelected={on} onChange={onSwitch} isDisabled={isDisabled} testId={testId}>
        {label}
      </Checkbox>
      {on && children ? <div className="cr-inside">{children}</div> : null}
    </div>
  );
}

function ActField({ act, action, budget, isDisabled, onSwitch, onChange }: { act: CareAct; action: CareAction | undefined; budget: CareBudget; isDisabled: boolean; onSwitch: (on: boolean) => void; onChange: (action: CareAction) => void }) {
  const inside = () => {
    if (!action) return null;
    switch (act) {
      case "soothe":
        return (
          <>
            <BilingualField label={t("opening")} value={action.opening ?? { zh: "", en: "" }} onChange={(opening) => onChange({ ...action, opening })} rows={2} maxLength={300} isDisabled={isDisabled} testId="act-opening" />
            <p className="ui-hint">{t("openingHint")}</p>
          </>
        );
      case "prioritise":
        return <Segmented label={t("priority")} options={(["high", "urgent"] as const).map((id) => ({ id, label: priorityName(id) }))} value={(action.priority ?? "high") as "high" | "urgent"} onChange={(priority) => onChange({ ...action, priority: priority as Priority })} isDisabled={isDisabled} testId="act-priority" />;
      case "route_skill":
        return <TextField label={t("skill")} hint={t("skillHint")} value={action.skill ?? ""} onChange={(skill) => onChange({ ...action, skill })} maxLength={60} isDisabled={isDisabled} testId="act-skill" />;
      case "compensate":
        return (
          <>
            <MoneyField label={t("amount")} hint={t("amountHint", { limit: money(budget.approval_above_minor, budget.currency) })} value={action.amount_minor ?? Number.NaN} onChange={(amount_minor) => onChange({ ...action, amount_minor })} currency={budget.currency} isDisabled={isDisabled} testId="act-amount" />
            {(action.amount_minor ?? 0) > budget.per_customer_minor ? <Notice tone="warn">{t("tooMuch", { limit: money(budget.per_customer_minor, budget.currency) })}</Notice> : null}
          </>
        );
      case "alert_supervisor":
        return <p className="ui-hint">{t("alert_text")}</p>;
      case "offer_callback":
        return <p className="ui-hint">{t("callback_text")}</p>;
    }
  };
  return (
    <Ticked label={actName(act)} on={action !== undefined} onSwitch={onSwitch} isDisabled={isDisabled} testId={`act-${act}`}>
      {inside()}
    </Ticked>
  );
}
