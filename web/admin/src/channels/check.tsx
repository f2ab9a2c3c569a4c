// A live test of a channel: each step, whether it passed, and what to do where it did not.

import { useState } from "react";
import { api, Badge, Button, Fault, FaultNotice, Icon, pick, texts } from "@rapport/ui";
import type { Page } from "@rapport/ui";
import { Section } from "../components/section.tsx";
import type { CheckStep } from "./nouns.ts";

const t = texts({
  title: { zh: "测试", en: "Test" },
  text: { zh: "用已保存的信息真实地连接一次平台：凭据是否有效、回调是否接通。", en: "Connects to the provider with what is saved: whether the credentials are good and calls arrive." },
  run: { zh: "测试", en: "Test" },
  again: { zh: "重新测试", en: "Test again" },
  unsaved: { zh: "请先保存修改", en: "Save your changes first" },
  missing: { zh: "请先填写并保存必填的信息", en: "Fill in and save what is required first" },
  running: { zh: "正在连接平台…", en: "Connecting to the provider…" },
  good: { zh: "全部通过，可以接待客户了", en: "Everything works: customers can write to you" },
  bad: { zh: "有一步没有通过，按提示修改后再测试一次", en: "A step failed: change what it says, then test again" },
  steps: { zh: "测试结果", en: "Result of the test" },
  passed: { zh: "通过", en: "Passed" },
  failed: { zh: "未通过", en: "Failed" },
  untried: { zh: "未测试", en: "Not tried" },
});

const LOOKS = {
  passed: { icon: "checkCircle", tone: "good" },
  failed: { icon: "warning", tone: "bad" },
  untried: { icon: "minus", tone: "neutral" },
} as const;

function outcome({ passed }: CheckStep): keyof typeof LOOKS {
  if (passed === null) return "untried";
  return passed ? "passed" : "failed";
}

export function Check({ id, blocked }: { id: string; blocked: "unsaved" | "missing" | undefined }) {
  const [steps, setSteps] = useState<CheckStep[]>();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault>();
  const run = async () => {
    setBusy(true);
    setFault(undefined);
    setSteps(undefined);
    try {
      setSteps((await api.post<Page<CheckStep>>(`/inboxes/${id}/channel/check`)).items);
    } catch (error) {
      setFault(Fault.of(error));
    } finally {
      setBusy(false);
    }
  };
  const allGood = steps?.every((it) => it.passed === true) ?? false;
  return (
    <Section
      title={t("title")}
      text={t("text")}
      icon="play"
      actions={
        <Button kind={blocked ? "secondary" : "primary"} icon="play" busy={busy} isDisabled={blocked !== undefined} onPress={() => void run()} testId="channel-check">
          {steps ? t("again") : t("run")}
        </Button>
      }
      testId="channel-test"
    >
      {blocked ? <p className="ui-muted">{t(blocked)}</p> : null}
      <FaultNotice fault={fault} />
      <div role="status">
        {busy ? <p className="ui-muted">{t("running")}</p> : null}
        {steps ? (
          <p className="ch-verdict" data-good={allGood}>
            {allGood ? t("good") : t("bad")}
          </p>
        ) : null}
      </div>
      {steps ? (
        <ul className="ch-steps" aria-label={t("steps")}>
          {steps.map((step, index) => {
            const how = outcome(step);
            return (
              <li key={`${index}-${step.name}`} data-outcome={how} data-testid="check-step" data-name={step.name}>
                <Icon name={LOOKS[how].icon} size={18} />
                <span className="ui-grow">{pick(step.said)}</span>
                <Badge tone={LOOKS[how].tone}>{t(how)}</Badge>
              </li>
            );
          })}
        </ul>
      ) : null}
    </Section>
  );
}
