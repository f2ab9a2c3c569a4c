// Trying a text: language, jargon that was replaced, the wishes in it, the three likeliest intents with what decided, and teaching it right there.

import { useEffect, useRef, useState } from "react";
import { api, Badge, ComboBox, Fault, FaultNotice, Icon, IconButton, Spinner, TextArea, texts, toast } from "@rapport/ui";
import { percent, ProbabilityBar, Weights } from "../components/figures.tsx";
import { useRested } from "../shell/rested.ts";
import { localeName } from "../shell/words.ts";
import { addExamples } from "./data.ts";
import { intentName } from "./name.ts";
import type { Intent, Understanding, Wish } from "./nouns.ts";

const t = texts({
  title: { zh: "试一试", en: "Try it" },
  text: { zh: "像客户那样写一句，看它被理解成什么、凭什么", en: "Write as a customer would; see what is understood, and why" },
  field: { zh: "客户的话", en: "What a customer writes" },
  example: { zh: "例如：我的包裹到哪了？顺便开张发票", en: "Such as: where is my parcel? And I need an invoice" },
  samples: { zh: "试试这些", en: "Try these" },
  language: { zh: "语言：{name}", en: "Language: {name}" },
  noWords: { zh: "没有文字", en: "No words" },
  replaced: { zh: "按词表理解", en: "Read by the lexicon" },
  replacedAs: { zh: "“{from}”读作“{to}”", en: "“{from}” is read as “{to}”" },
  bySound: { zh: "按读音", en: "by sound" },
  wishes: { zh: "听出 {n} 个诉求", en: "{n} wishes" },
  sure: { zh: "认出来了", en: "Recognised" },
  asks: { zh: "会反问确认", en: "Asks back" },
  asksText: { zh: "把握不足，机器人会问“您是想问…”，列出下面三个选项", en: "Not sure enough: the bot asks “did you mean …” with these three choices" },
  outside: { zh: "不在已教范围内", en: "Outside of what is taught" },
  outsideText: { zh: "和教过的都不像：机器人查知识库，没有答案就提供转人工", en: "Like nothing taught so far: the bot looks in knowledge, and offers a person when there is no answer" },
  decided: { zh: "凭这些字词", en: "What decided" },
  near: { zh: "最像的例句", en: "Nearest examples" },
  nearness: { zh: "相似 {p}", en: "{p} alike" },
  right: { zh: "记为“{name}”的例句", en: "Teach it as “{name}”" },
  other: { zh: "归到其他意图", en: "Teach it as another" },
  taught: { zh: "已加入“{name}”", en: "Added to “{name}”" },
  noModel: { zh: "还没有可用的模型：先给至少两个意图各写几条例句", en: "There is no model yet: first give at least two intents some examples" },
});

/** So long after the last key the text is asked about. */
const REST_MS = 300;

export type Standing = "sure" | "asks" | "outside";

/** From this probability on an intent answers by itself. */
const SURE_MIN = 0.5;

/** What becomes of a wish. */
export function standing({ choices: [first], asked_back }: Pick<Wish, "choices" | "asked_back">): Standing {
  if (first && !first.abstained && first.p >= SURE_MIN) return "sure";
  return asked_back ? "asks" : "outside";
}

export function TryPanel({ intents, samples, may, onTaught }: { intents: Intent[]; samples: string[]; may: boolean; onTaught: () => void }) {
  const [text, setText] = useState("");
  const [answer, setAnswer] = useState<{ text: string; understood: Understanding }>();
  const [fault, setFault] = useState<Fault>();
  const [busy, setBusy] = useState(false);
  const [round, setRound] = useState(0);
  const rested = useRested(text.trim(), REST_MS);
  const turn = useRef(0);
  useEffect(() => {
    turn.current += 1;
    const mine = turn.current;
    setFault(undefined);
    if (rested === "") {
      setAnswer(undefined);
      setBusy(false);
      return;
    }
    setBusy(true);
    api
      .post<Understanding>("/intents/try", { text: rested })
      .then((understood) => mine === turn.current && setAnswer({ text: rested, understood }))
      .catch((error: unknown) => mine === turn.current && setFault(Fault.of(error)))
      .finally(() => mine === turn.current && setBusy(false));
  }, [rested, round]);
  const teach = async (said: string, intent: Intent) => {
    try {
      await addExamples(intent.id, [said]);
      toast.good(t("taught", { name: intentName(intent.name) }));
      onTaught();
      setRound((it) => it + 1);
    } catch (error) {
      toast.fault(error);
    }
  };
  return (
    <section className="ui-card it-try" aria-label={t("title")}>
      <header>
        <h2>
          <Icon name="play" size={17} />
          {t("title")}
          {busy ? <Spinner size="s" /> : null}
        </h2>
        <p className="ui-hint">{t("text")}</p>
      </header>
      <TextArea label={t("field")} hideLabel value={text} onChange={setText} rows={2} placeholder={t("example")} maxLength={2000} testId="try-text" />
      {answer || text !== "" || samples.length === 0 ? null : (
        <div className="it-samples">
          <span className="ui-hint">{t("samples")}</span>
          {samples.map((sample) => (
            <button key={sample} type="button" onClick={() => setText(sample)}>
              {sample}
            </button>
          ))}
        </div>
      )}
      <FaultNotice fault={fault} />
      <div aria-live="polite" aria-busy={busy}>
        {answer && !fault ? <Understood of={answer.understood} intents={intents} may={may} onTeach={teach} /> : null}
      </div>
    </section>
  );
}

function Understood({ of, intents, may, onTeach }: { of: Understanding; intents: Intent[]; may: boolean; onTeach: (text: string, intent: Intent) => Promise<void> }) {
  return (
    <div className="it-understood" data-testid="understood" data-language={of.language ?? ""}>
      <div className="ad-tags">
        <Badge icon="globe">{of.language === null ? t("noWords") : t("language", { name: localeName(of.language) })}</Badge>
        {of.wishes.length > 1 ? <Badge tone="violet">{t("wishes", { n: of.wishes.length })}</Badge> : null}
      </div>
      {of.replaced.length > 0 ? (
        <div>
          <span className="ui-label">{t("replaced")}</span>
          <ul className="it-replaced">
            {of.replaced.map((it, index) => (
              <li key={index}>
                <span className="ui-hidden">{t("replacedAs", { from: it.surface, to: it.canonical })}</span>
                <span aria-hidden="true">
                  {it.surface} <span className="ui-muted">→</span> <b>{it.canonical}</b>
                </span>
                {it.by === "sound" ? <small>{t("bySound")}</small> : null}
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      {of.wishes.every((it) => it.choices.length === 0 && it.neighbours.length === 0) && intents.length < 2 ? <p className="ui-hint">{t("noModel")}</p> : of.wishes.map((wish, index) => <WishCard key={`${index}/${wish.text}`} wish={wish} several={of.wishes.length > 1} intents={intents} may={may} onTeach={onTeach} />)}
    </div>
  );
}

const TONE = { sure: "good", asks: "warn", outside: "bad" } as const;
const ICON = { sure: "checkCircle", asks: "help", outside: "slash" } as const;

function WishCard({ wish, several, intents, may, onTeach }: { wish: Wish; several: boolean; intents: Intent[]; may: boolean; onTeach: (text: string, intent: Intent) => Promise<void> }) {
  const state = standing(wish);
  const choices = wish.choices.slice(0, 3);
  const decided = choices[0]?.features ?? [];
  return (
    <article className="it-wish" data-several={several || undefined} data-testid="wish" data-standing={state}>
      {several ? <p className="it-wish-text">“{wish.text}”</p> : null}
      <div>
        <Badge tone={TONE[state]} icon={ICON[state]}>
          {t(state)}
        </Badge>
        {state === "sure" ? null : <p className="ui-hint">{t(state === "asks" ? "asksText" : "outsideText")}</p>}
      </div>
      {choices.length > 0 ? (
        <div className="it-choices">
          {choices.map((choice, index) => {
            const intent = intents.find((it) => it.id === choice.intent);
            return (
              <ProbabilityBar key={choice.label} name={intentName(choice.label)} p={choice.p} threshold={index === 0 && choice.threshold > 0 ? choice.threshold : undefined} tone={index === 0 ? (state === "sure" ? "good" : state === "asks" ? "warn" : "quiet") : "quiet"}>
                {may && intent ? <IconButton size="s" icon="check" label={t("right", { name: intentName(choice.label) })} onPress={() => void onTeach(wish.text, intent)} testId="teach-choice" /> : null}
              </ProbabilityBar>
            );
          })}
        </div>
      ) : null}
      {decided.length > 0 ? (
        <div>
          <span className="ui-label">{t("decided")}</span>
          <Weights label={t("decided")} weights={decided} />
        </div>
      ) : null}
      {wish.neighbours.length > 0 ? (
        <div>
          <span className="ui-label">{t("near")}</span>
          <ul className="it-near">
            {wish.neighbours.slice(0, 3).map((it) => (
              <li key={`${it.label}/${it.text}`}>
                <span>{it.text}</span>
                <small>
                  {intentName(it.label)} · {t("nearness", { p: percent(it.similarity) })}
                </small>
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      {may && intents.length > 0 ? <ComboBox label={t("other")} options={intents.map(({ id, name }) => ({ id, label: intentName(name) }))} value={null} onChange={(id) => void (id && onTeach(wish.text, intents.find((it) => it.id === id) as Intent))} placeholder={t("other")} hideLabel testId="teach-other" /> : null}
    </article>
  );
}
