// What is switched on, in plain words, and how long what was noticed is kept. Switching feelings on is asked about once more.

import { useRef, useState } from "react";
import { api, Badge, Button, Dialog, Icon, Switch, texts } from "@rapport/ui";
import type { Versioned } from "@rapport/ui";
import type { EthicsSettings } from "../care/nouns.ts";
import { inRange, NumberField } from "../components/number.tsx";
import { SaveBar } from "../components/save-bar.tsx";
import { Section } from "../components/section.tsx";
import { useDraft } from "../shell/draft.ts";
import type { Stored } from "../shell/draft.ts";
import { to } from "../shell/route.ts";
import { words } from "../shell/words.ts";

const t = texts({
  on: { zh: "已开启", en: "On" },
  off: { zh: "未开启", en: "Off" },
  feelings: { zh: "情绪感知", en: "Noticing feelings" },
  feelingsText: { zh: "从客户写的话里留意他们是否着急或不满，好让服务更体贴。", en: "Notices from what customers write whether they are worried or upset, so that they are served with more care." },
  feelingsSwitch: { zh: "对同意的客户开启情绪感知", en: "Notice feelings of customers who agree" },
  feelings_do: { zh: "聊天窗口会用一句明白话征求每位客户同意；不同意也照常服务", en: "The chat asks each customer in plain words; who says no is served all the same" },
  feelings_do2: { zh: "坐席看到走势和依据，规则可以安抚、提高优先级、提醒主管、补偿", en: "Agents see the trend and what it rests on; rules may soothe, raise priority, alert a supervisor, make good" },
  feelings_not: { zh: "不用于营销、报价、推荐，也从不感知员工或学生", en: "Never for marketing, prices or recommendations; never of staff or pupils" },
  feelings_back: { zh: "客户随时可以撤回，立即停止并删除已有记录", en: "Customers take it back at any time: it stops at once and what was noticed is deleted" },
  proactive: { zh: "主动联系", en: "Writing first" },
  proactiveText: { zh: "有提醒、新消息或优惠时，主动给同意的客户发消息。", en: "Writes first to customers who agreed, with reminders, news or offers." },
  proactiveSwitch: { zh: "对同意的客户开启主动联系", en: "Write first to customers who agree" },
  proactive_do: { zh: "单独征求同意，与情绪感知互不影响", en: "Asked about by itself, apart from feelings" },
  proactive_not: { zh: "22:00 至 8:00 不打扰；客户焦虑、不满或困难后的 24 小时内不推送", en: "Never from 22:00 to 8:00, and no offers within 24 hours of anxiety, upset or hardship" },
  retention: { zh: "保留多久", en: "How long it is kept" },
  retentionText: { zh: "感知到的情绪到期自动删除；客户撤回时立即删除，不等到期。", en: "What was noticed is deleted when this time is over; at once when a customer takes the consent back." },
  retentionField: { zh: "情绪记录保留", en: "Keep what was noticed for" },
  days: { zh: "天", en: "days" },
  retentionHint: { zh: "1 到 365 天，建议不超过 90 天", en: "1 to 365 days; 90 at most is advised" },
  askTitle: { zh: "开启情绪感知？", en: "Switch on noticing feelings?" },
  ask: { zh: "开启后，聊天窗口会开始向客户征求同意。请确认：", en: "The chat then begins to ask customers. Please make sure of this:" },
  ask1: { zh: "您的隐私政策里写明了这项用途", en: "Your privacy notice names this use" },
  ask2: { zh: "不会拿它评价员工，也不用于未成年学生", en: "It will not be used to judge staff, nor with pupils" },
  ask3: { zh: "“关怀策略”里的规则符合您的服务标准", en: "The rules of care suit your standards of service" },
  rules: { zh: "查看规则", en: "See the rules" },
  confirm: { zh: "确认开启", en: "Switch on" },
});

type EthicsForm = Pick<EthicsSettings, "switches" | "retention_days">;
const stored = ({ switches, retention_days, version }: Versioned<EthicsSettings>): Stored<EthicsForm> => ({ value: { switches, retention_days }, version });

export function Switches({ first, onSaved }: { first: Versioned<EthicsSettings>; onSaved: (settings: Versioned<EthicsSettings>) => void }) {
  const draft = useDraft<EthicsForm>({
    stored: stored(first),
    put: async (value, version) => {
      const saved = await api.put<Versioned<EthicsSettings>>("/ethics", value, version === undefined ? {} : { version });
      onSaved(saved);
      return stored(saved);
    },
    latest: async () => stored(await api.get<Versioned<EthicsSettings>>("/ethics")),
  });
  const [asking, setAsking] = useState(false);
  const answer = useRef<(yes: boolean) => void>(undefined);
  const { value, saved, patch } = draft;
  const askFirst = async () => {
    if (!value.switches.feelings || saved.switches.feelings) return await draft.save();
    setAsking(true);
    const yes = await new Promise<boolean>((resolve) => {
      answer.current = resolve;
    });
    setAsking(false);
    return yes ? await draft.save() : false;
  };
  const flip = (part: Partial<EthicsForm["switches"]>) => patch({ switches: { ...value.switches, ...part } });
  return (
    <>
      <Section title={t("feelings")} text={t("feelingsText")} icon="heart" actions={<State on={saved.switches.feelings} />} testId="ethics-feelings">
        <Switch isSelected={value.switches.feelings} onChange={(feelings) => flip({ feelings })} testId="switch-feelings">
          <b>{t("feelingsSwitch")}</b>
        </Switch>
        <Points items={[["check", t("feelings_do")], ["check", t("feelings_do2")], ["close", t("feelings_not")], ["undo", t("feelings_back")]]} />
      </Section>
      <Section title={t("proactive")} text={t("proactiveText")} icon="send" actions={<State on={saved.switches.proactive_contact} />} testId="ethics-proactive">
        <Switch isSelected={value.switches.proactive_contact} onChange={(proactive_contact) => flip({ proactive_contact })} testId="switch-proactive">
          <b>{t("proactiveSwitch")}</b>
        </Switch>
        <Points items={[["check", t("proactive_do")], ["close", t("proactive_not")]]} />
      </Section>
      <Section title={t("retention")} text={t("retentionText")} icon="hourglass">
        <NumberField label={t("retentionField")} value={value.retention_days} onChange={(retention_days) => patch({ retention_days })} min={1} max={365} step={30} unit={t("days")} hint={t("retentionHint")} testId="retention" />
      </Section>
      <SaveBar draft={{ ...draft, save: askFirst }} canSave={inRange(value.retention_days, 1, 365)} testId="ethics-save" />
      <Dialog
        title={t("askTitle")}
        isOpen={asking}
        onClose={() => answer.current?.(false)}
        testId="feelings-dialog"
        footer={
          <>
            <Button onPress={() => answer.current?.(false)}>{words("cancel")}</Button>
            <Button kind="primary" onPress={() => answer.current?.(true)} testId="feelings-confirm">
              {t("confirm")}
            </Button>
          </>
        }
      >
        <p>{t("ask")}</p>
        <Points items={[["dot", t("ask1")], ["dot", t("ask2")], ["dot", t("ask3")]]} />
        <p>
          <a href={to("care")} target="_blank" rel="noreferrer">
            {t("rules")}
          </a>
        </p>
      </Dialog>
    </>
  );
}

function State({ on }: { on: boolean }) {
  return (
    <Badge tone={on ? "good" : "neutral"} {...(on ? { icon: "checkCircle" as const } : {})}>
      {t(on ? "on" : "off")}
    </Badge>
  );
}

function Points({ items }: { items: ["check" | "close" | "undo" | "dot", string][] }) {
  return (
    <ul className="pv-points">
      {items.map(([icon, text]) => (
        <li key={text} data-icon={icon}>
          <Icon name={icon} size={16} />
          <span>{text}</span>
        </li>
      ))}
    </ul>
  );
}
