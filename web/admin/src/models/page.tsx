// The registry of trained models: which one answers, how good each is, and going to another one by one click.

import { useState } from "react";
import { api, Badge, Button, dateTime, EmptyState, fileSize, FormDialog, fullTime, Notice, PageLayout, texts, toast, useLoad } from "@rapport/ui";
import type { Tone } from "@rapport/ui";
import type { PageProps } from "../app.tsx";
import { count, percent, seconds, ShareMeter } from "../components/figures.tsx";
import { Loading } from "../components/loading.tsx";
import { NumberField, inRange } from "../components/number.tsx";
import { ReadOnlyNotice } from "../components/read-only.tsx";
import { ButtonLink } from "../components/section.tsx";
import type { ModelState, ModelView } from "../intents/nouns.ts";
import { to } from "../shell/route.ts";
import { useMay } from "../shell/session.ts";
import { pageTitle } from "../shell/words.ts";
import { modelChange } from "./change.ts";
import "./models.css";

const t = texts({
  text: { zh: "每次训练都留下一个模型和它的成绩单；哪个在用，随时可换", en: "Each training leaves a model and its card; which one answers can be changed at any time" },
  empty: { zh: "还没有训练过模型", en: "No model has been trained yet" },
  emptyText: { zh: "教给它两个以上的意图后，模型会自动训练并出现在这里。", en: "Once two intents are taught, a model is trained by itself and appears here." },
  teach: { zh: "去教意图", en: "Teach intents" },
  state_live: { zh: "使用中", en: "Live" },
  state_canary: { zh: "灰度 {p}", en: "Canary {p}" },
  state_shadow: { zh: "影子对比", en: "Shadow" },
  state_candidate: { zh: "候选", en: "Candidate" },
  state_retired: { zh: "已退役", en: "Retired" },
  says_live: { zh: "正在回答所有客户", en: "Answers all customers" },
  says_canary: { zh: "回答一部分客户，其余仍由使用中的模型回答", en: "Answers a share of the customers, the live one the others" },
  says_shadow: { zh: "在旁边预测，只和使用中的模型比较，不影响客户", en: "Predicts beside the live one and is only compared; customers notice nothing" },
  says_candidate: { zh: "训练好了，还没有使用", en: "Trained, and used nowhere" },
  says_retired: { zh: "以前用过，随时可以换回来", en: "Was live once; one click brings it back" },
  model: { zh: "意图模型 {id}", en: "Intent model {id}" },
  modelOfFeelings: { zh: "情绪模型 {id}", en: "Model of feelings {id}" },
  intents: { zh: "意图模型", en: "Intent models" },
  feelings: { zh: "情绪模型", en: "Models of feelings" },
  sentences: { zh: "例句 / 状态", en: "Sentences / states" },
  feels_live: { zh: "正在修正对同意了的客户的情绪识别", en: "Corrects how feelings of customers who agreed are read" },
  accuracy: { zh: "准确率", en: "Accuracy" },
  range: { zh: "95% 区间 {low}–{high}", en: "95 % within {low}–{high}" },
  ece: { zh: "校准误差", en: "Calibration error" },
  examples: { zh: "例句 / 意图", en: "Examples / intents" },
  trained: { zh: "训练用时", en: "Training" },
  size: { zh: "大小", en: "Size" },
  data: { zh: "数据指纹", en: "Data" },
  vectors: { zh: "含语义向量", en: "With sentence vectors" },
  agreement: { zh: "与使用中的模型说法一致", en: "Said the same as the live one" },
  agreementOf: { zh: "{seen} 条中 {same} 条", en: "{same} of {seen}" },
  agreementNone: { zh: "还没有可比较的消息", en: "No messages to compare yet" },
  live: { zh: "设为使用中", en: "Make live" },
  back: { zh: "换回这个", en: "Roll back to this" },
  shadow: { zh: "影子对比", en: "Run in shadow" },
  canary: { zh: "灰度试用", en: "Try on a share" },
  stop: { zh: "停止", en: "Stop" },
  askLive: { zh: "换成这个模型？", en: "Make this model live?" },
  askBack: { zh: "换回这个模型？", en: "Roll back to this model?" },
  askCanary: { zh: "让一部分客户由它回答？", en: "Let it answer a share of the customers?" },
  askText: { zh: "立即生效，不中断服务；现在使用中的模型会保留，随时可以再换回来。", en: "At once and without a break. The model that is live now is kept and can be brought back at any time." },
  askBackText: { zh: "此后新训练的模型只作候选，直到您再次把最新的设为使用中。", en: "From then on new trainings stay candidates, until you make the newest one live again." },
  askWorse: { zh: "它的准确率比使用中的低 {n} 个百分点。", en: "It is {n} points less accurate than the live one." },
  share: { zh: "由它回答的客户", en: "Share of customers" },
  done_live: { zh: "已换用这个模型", en: "This model is live" },
  done_shadow: { zh: "已开始影子对比", en: "It runs in shadow" },
  done_canary: { zh: "已开始灰度试用", en: "It answers a share of the customers" },
  done_candidate: { zh: "已停止", en: "Stopped" },
  done_retired: { zh: "已停止", en: "Stopped" },
  more: { zh: "再显示 {n} 个更早的模型", en: "{n} earlier models" },
  versus: { zh: "比使用中的 {sign}{n} 点", en: "{sign}{n} points against the live one" },
});

/** Earlier models shown at first. */
const AT_ONCE = 4;

const TONE: Record<ModelState, Tone> = { live: "good", canary: "violet", shadow: "accent", candidate: "neutral", retired: "neutral" };

export default function ModelsPage(_: PageProps) {
  const models = useLoad("models", () => api.get<ModelView[]>("/models"));
  const may = useMay("supervisor");
  const [drawn, setDrawn] = useState(AT_ONCE);
  const [asking, setAsking] = useState<{ model: ModelView; state: "live" | "canary" }>();
  const set = async (model: ModelView, state: ModelState, share?: number) => {
    await api.post(`/models/${model.id}/state`, { state, ...(share === undefined ? {} : { share }) });
    toast.good(t(`done_${state}`));
    models.reload();
  };
  const quietly = (model: ModelView, state: ModelState) => void set(model, state).catch((error: unknown) => toast.fault(error));
  return (
    <PageLayout title={pageTitle("models")} text={t("text")}>
      <ReadOnlyNotice needed="supervisor" />
      <Loading of={models} rows={3} height={120}>
        {(all) => {
          if (all.length === 0)
            return (
              <div className="ui-card">
                <EmptyState icon="cube" title={t("empty")} text={t("emptyText")} action={<ButtonLink kind="primary" icon="target" href={to("intents")}>{t("teach")}</ButtonLink>} />
              </div>
            );
          const lives = all.filter((it) => it.state === "live");
          const liveOf = (model: ModelView) => lives.find((it) => it.kind === model.kind);
          const rest = all.filter((it) => it.state !== "live");
          const earlier = rest.filter((it) => it.state === "retired");
          // Each small change trains one: the older of those that were live stand behind a button.
          const shown = rest.filter((it) => it.state !== "retired" || earlier.indexOf(it) < drawn);
          return (
            <>
            <ul className="ml-list" aria-label={pageTitle("models")}>
              {[...lives, ...shown].map((model) => (
                <ModelCardView
                  key={model.id}
                  model={model}
                  live={liveOf(model)}
                  actions={
                    may && model.state !== "live" ? (
                      <>
                        {model.state === "candidate" && model.kind === "intent" ? (
                          <Button size="s" kind="quiet" onPress={() => quietly(model, "shadow")} testId="model-shadow">
                            {t("shadow")}
                          </Button>
                        ) : null}
                        {model.kind === "intent" && (model.state === "candidate" || model.state === "shadow") ? (
                          <Button size="s" kind="quiet" onPress={() => setAsking({ model, state: "canary" })} testId="model-canary">
                            {t("canary")}
                          </Button>
                        ) : null}
                        {model.state === "shadow" || model.state === "canary" ? (
                          <Button size="s" kind="quiet" onPress={() => quietly(model, "candidate")} testId="model-stop">
                            {t("stop")}
                          </Button>
                        ) : null}
                        <Button size="s" icon={model.state === "retired" ? "undo" : "check"} onPress={() => setAsking({ model, state: "live" })} testId="model-live">
                          {t(model.state === "retired" ? "back" : "live")}
                        </Button>
                      </>
                    ) : null
                  }
                />
              ))}
            </ul>
            {shown.length < rest.length ? (
              <div className="ad-more">
                <Button onPress={() => setDrawn(drawn + AT_ONCE * 4)}>{t("more", { n: Math.min(AT_ONCE * 4, rest.length - shown.length) })}</Button>
              </div>
            ) : null}
            </>
          );
        }}
      </Loading>
      {asking ? <AskDialog model={asking.model} state={asking.state} live={models.data?.find((it) => it.state === "live" && it.kind === asking.model.kind)} onClose={() => setAsking(undefined)} onSet={set} /> : null}
    </PageLayout>
  );
}

function AskDialog({ model, state, live, onClose, onSet }: { model: ModelView; state: "live" | "canary"; live: ModelView | undefined; onClose: () => void; onSet: (model: ModelView, state: ModelState, share?: number) => Promise<void> }) {
  const [share, setShare] = useState(10);
  const back = model.state === "retired";
  const worse = live ? (live.card.accuracy - model.card.accuracy) * 100 : 0;
  return (
    <FormDialog
      title={t(state === "canary" ? "askCanary" : back ? "askBack" : "askLive")}
      isOpen
      onClose={onClose}
      size="s"
      submitLabel={t(state === "canary" ? "canary" : back ? "back" : "live")}
      submitTestId="model-confirm"
      canSubmit={inRange(share, 1, 50)}
      onSubmit={async () => {
        await onSet(model, state, state === "canary" ? share / 100 : undefined);
        onClose();
      }}
    >
      {state === "canary" ? <NumberField label={t("share")} value={share} onChange={setShare} min={1} max={50} step={5} unit="%" testId="model-share" /> : <p>{t("askText")}</p>}
      {back ? <p className="ui-muted">{t("askBackText")}</p> : null}
      {worse >= 0.1 ? <Notice tone="warn">{t("askWorse", { n: worse.toFixed(1) })}</Notice> : null}
    </FormDialog>
  );
}

function ModelCardView({ model, live, actions }: { model: ModelView; live: ModelView | undefined; actions: React.ReactNode }) {
  const { card, state } = model;
  const change = live && live.id !== model.id ? modelChange(card, live.card) : undefined;
  const id = (card.model || model.id).slice(0, 8);
  return (
    <li className="ui-card ml-card" data-state={state} data-kind={model.kind} data-testid="model" aria-label={t(model.kind === "feeling" ? "modelOfFeelings" : "model", { id })}>
      <header>
        <div className="ui-grow">
          <div className="ml-title">
            <Badge tone={TONE[state]} {...(state === "live" ? { icon: "checkCircle" as const } : {})}>
              {state === "canary" ? t("state_canary", { p: percent(model.canary_share) }) : t(`state_${state}`)}
            </Badge>
            <h2>
              <time title={fullTime(card.made_at)}>{dateTime(card.made_at)}</time>
            </h2>
            <code className="ui-muted">{id}</code>
            <Badge tone={model.kind === "feeling" ? "violet" : "accent"}>{t(model.kind === "feeling" ? "feelings" : "intents")}</Badge>
          </div>
          <p className="ui-hint">{t(state === "live" && model.kind === "feeling" ? "feels_live" : `says_${state}`)}</p>
        </div>
        {actions ? <div className="ml-actions">{actions}</div> : null}
      </header>
      <div className="ml-body">
        <div className="ml-accuracy">
          <span className="ui-muted">{t("accuracy")}</span>
          <b className="ui-num">{percent(card.accuracy, 1)}</b>
          <Interval card={card} />
          <small className="ui-num">{t("range", { low: percent(card.low, 1), high: percent(card.high, 1) })}</small>
          {change ? (
            <small className="ui-num" data-tone={change.tone}>
              {t("versus", { sign: change.sign, n: change.points })}
            </small>
          ) : null}
        </div>
        <dl className="ml-facts">
          <div>
            <dt>{t("ece")}</dt>
            <dd className="ui-num">{percent(card.ece, 1)}</dd>
          </div>
          <div>
            <dt>{t(model.kind === "feeling" ? "sentences" : "examples")}</dt>
            <dd className="ui-num">
              {count(card.examples)} / {count(card.labels)}
            </dd>
          </div>
          <div>
            <dt>{t("trained")}</dt>
            <dd className="ui-num">{seconds(card.train_s)}</dd>
          </div>
          <div>
            <dt>{t("size")}</dt>
            <dd className="ui-num">{fileSize(card.bytes)}</dd>
          </div>
          <div>
            <dt>{t("data")}</dt>
            <dd>
              <code>{card.data_hash.slice(0, 8)}</code>
              {card.vectors ? <small> · {t("vectors")}</small> : null}
            </dd>
          </div>
        </dl>
      </div>
      {state === "shadow" || state === "canary" ? (
        <footer>
          <span>{t("agreement")}</span>
          {model.agreement && model.agreement.seen > 0 ? (
            <>
              <ShareMeter share={model.agreement.same / model.agreement.seen} label={`${t("agreement")} ${percent(model.agreement.same / model.agreement.seen)}`} tone="accent" />
              <b className="ui-num">{percent(model.agreement.same / model.agreement.seen)}</b>
              <small className="ui-num">{t("agreementOf", { seen: count(model.agreement.seen), same: count(model.agreement.same) })}</small>
            </>
          ) : (
            <small>{t("agreementNone")}</small>
          )}
        </footer>
      ) : null}
    </li>
  );
}

/** Where the accuracy may lie, from none to all. */
function Interval({ card }: { card: ModelView["card"] }) {
  const place = (share: number) => percent(share, 1);
  return (
    <span className="ml-interval" aria-hidden="true">
      <i style={{ left: place(card.low), right: `calc(100% - ${place(card.high)})` }} />
      <b style={{ left: place(card.accuracy) }} />
    </span>
  );
}
