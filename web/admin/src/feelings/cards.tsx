// What reads feelings: the model that ships, the firm's own with what it does for the firm's sentences, and which of them is used.

import { useState } from "react";
import { api, Badge, Button, fullTime, listTime, Notice, Switch, texts, toast } from "@rapport/ui";
import { count, percent } from "../components/figures.tsx";
import { ButtonLink, Section } from "../components/section.tsx";
import { to } from "../shell/route.ts";
import type { FeelingFigures, FeelingsView } from "./nouns.ts";

const t = texts({
  own: { zh: "自家的模型", en: "Your own model" },
  ownText: { zh: "在内置模型上修正；学到的东西只在对没见过的例句有用时才算数", en: "Corrects the one that ships; what it learned counts only as far as it helped with sentences held aside" },
  use: { zh: "使用自家教的", en: "Use what you taught" },
  useHint: { zh: "关闭即刻退回内置模型；例句和模型都保留", en: "Off goes back to what ships at once; examples and models stay" },
  back: { zh: "已退回内置模型", en: "Feelings are read as shipped" },
  forth: { zh: "已按自家教的识别", en: "Feelings are read as you taught" },
  none: { zh: "还没有训练自家的模型：满 20 句、不止一种状态后自动训练。相同或相近的话现在就按您教的识别。", en: "No model of your own yet: it is trained by itself from 20 sentences of more than one state on. The same and similar words are read as taught already." },
  without: { zh: "内置", en: "As shipped" },
  with: { zh: "加上自家教的", en: "With yours" },
  measure: { zh: "自家例句，逐句留出测试", en: "Your sentences, each held aside" },
  accuracy: { zh: "准确率", en: "Accuracy" },
  f1: { zh: "宏平均 F1", en: "Macro-F1" },
  ece: { zh: "校准误差", en: "Calibration error" },
  range: { zh: "95% 区间 {low}–{high}", en: "95 % within {low}–{high}" },
  strength: { zh: "修正力度 {p}", en: "It counts by {p}" },
  useless: { zh: "目前学到的共性对没见过的例句没有帮助，因此不计入；相同或相近的话仍按您教的识别。", en: "What the sentences have in common did not help with sentences held aside, so it does not count; the same and similar words are read as taught." },
  model: { zh: "模型 {id} · {n} 句 · {time}", en: "Model {id} · {n} sentences · {time}" },
  models: { zh: "全部模型与回退", en: "All models and going back" },
  training: { zh: "正在训练，{p}", en: "Training, {p}" },
  stale: { zh: "有新例句还没有进入模型；相同或相近的话已经生效。", en: "There are sentences the model has not seen; the same and similar words count already." },
  train: { zh: "立即训练", en: "Train at once" },
  shipped: { zh: "内置模型", en: "The model that ships" },
  shippedText: { zh: "模型 {id} · {date}", en: "Model {id} · {date}" },
  inUse: { zh: "使用中", en: "In use" },
  zh: { zh: "中文", en: "Chinese" },
  en: { zh: "英文", en: "English" },
  held: { zh: "{n} 句留出测试", en: "{n} sentences held aside" },
  limits: { zh: "没有惯常字眼的反话、方言和其他语言识别得较差；只用于同意了的客户，不用于营销、定价、推荐，也从不用于员工。", en: "Irony without its usual words, dialects and other languages are read poorly. Only for customers who agreed; never for marketing, prices or recommendations, and never for staff." },
});

export function FeelingCards({ view, onChanged }: { view: FeelingsView; onChanged: () => void }) {
  const [busy, setBusy] = useState(false);
  const run = async (ask: () => Promise<unknown>, done?: string) => {
    setBusy(true);
    try {
      await ask();
      if (done) toast.good(done);
    } catch (error) {
      toast.fault(error);
    } finally {
      setBusy(false);
      onChanged();
    }
  };
  const { own, shipped } = view;
  return (
    <>
      <Section title={t("own")} text={t("ownText")} icon="cube" testId="feelings-own" actions={<ButtonLink size="s" kind="quiet" icon="undo" href={to("models")}>{t("models")}</ButtonLink>}>
        <Switch isSelected={view.uses_own} isDisabled={busy} hint={t("useHint")} onChange={(on) => void run(() => api.put("/feelings/use", { own: on }), t(on ? "forth" : "back"))} testId="feelings-use">
          {t("use")}
        </Switch>
        {view.training?.running ? (
          <Notice icon="refresh">
            <span data-testid="feelings-training">{t("training", { p: percent(view.training.done_share) })}</span>
          </Notice>
        ) : view.stale ? (
          <Notice tone="warn" icon="hourglass">
            <div className="fl-add-row">
              <span className="ui-grow">{t("stale")}</span>
              <Button size="s" busy={busy} onPress={() => void run(() => api.post("/feelings/train", {}))} testId="feelings-train">
                {t("train")}
              </Button>
            </div>
          </Notice>
        ) : null}
        {own ? (
          <>
            <div className="fl-table">
              <table data-testid="feelings-figures">
                <caption className="ui-hint">{t("measure")}</caption>
                <thead>
                  <tr>
                    <td />
                    <th scope="col">{t("accuracy")}</th>
                    <th scope="col">{t("f1")}</th>
                    <th scope="col">{t("ece")}</th>
                  </tr>
                </thead>
                <tbody>
                  <Figures label={t("without")} of={own.without} />
                  <Figures label={t("with")} of={own.with} />
                </tbody>
              </table>
            </div>
            <p className="ui-hint">{own.strength > 0 ? t("strength", { p: percent(own.strength) }) : t("useless")}</p>
            <p className="ui-hint" title={fullTime(own.model.card.made_at)}>
              {t("model", { id: own.model.card.model.slice(0, 8), n: count(own.model.card.examples), time: listTime(own.model.card.made_at) })}
            </p>
          </>
        ) : (
          <p className="ui-hint">{t("none")}</p>
        )}
      </Section>
      <Section title={t("shipped")} text={t("shippedText", { id: shipped.model.slice(0, 8), date: shipped.date })} icon="shield" testId="feelings-shipped">
        <dl className="fl-shipped">
          {shipped.measured.map((it) => (
            <div key={it.language}>
              <dt>{t(it.language === "en" ? "en" : "zh")}</dt>
              <dd>
                <b className="ui-num">{percent(it.accuracy, 1)}</b> <small className="ui-num">{t("range", { low: percent(it.low, 1), high: percent(it.high, 1) })}</small>
                <div className="ui-hint">{t("held", { n: count(it.sentences) })}</div>
              </dd>
            </div>
          ))}
        </dl>
        <p className="ui-hint">{t("limits")}</p>
        {view.uses_own ? null : <Badge tone="good">{t("inUse")}</Badge>}
      </Section>
    </>
  );
}

function Figures({ label, of }: { label: string; of: FeelingFigures }) {
  return (
    <tr>
      <th scope="row">{label}</th>
      <td className="ui-num">
        <b>{percent(of.accuracy, 1)}</b> <small>{t("range", { low: percent(of.low, 1), high: percent(of.high, 1) })}</small>
      </td>
      <td className="ui-num">{percent(of.macro_f1, 1)}</td>
      <td className="ui-num">{percent(of.ece, 1)}</td>
    </tr>
  );
}
