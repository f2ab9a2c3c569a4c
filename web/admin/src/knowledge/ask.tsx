// Trying a question: what the bot would say, from which article, and how sure it is.

import { useState } from "react";
import { api, Badge, Button, Fault, FaultNotice, Icon, lang, texts, TextField } from "@rapport/ui";
import type { Citation, Locale } from "@rapport/ui";
import { Segmented } from "../components/choice.tsx";
import { to } from "../shell/route.ts";
import { guessLocale } from "./form.ts";

const t = texts({
  title: { zh: "试问一下", en: "Try a question" },
  text: { zh: "像客户那样提问，看看机器人会怎么回答", en: "Ask as a customer would, and see what the bot says" },
  question: { zh: "问题", en: "Question" },
  example: { zh: "例如：鞋子买大了能换吗？", en: "Such as: the shoes are too big, can I change them?" },
  language: { zh: "提问语言", en: "Language of the question" },
  ask: { zh: "提问", en: "Ask" },
  samples: { zh: "试试这些", en: "Try these" },
  found: { zh: "会直接回答", en: "Answers" },
  unsure: { zh: "不够确定", en: "Not sure enough" },
  unknown: { zh: "没有答案", en: "No answer" },
  foundText: { zh: "把握超过门槛，客户会看到这个回答和出处", en: "It is sure enough: the customer sees this answer with its source" },
  unsureText: { zh: "把握不足，机器人会列出可能相关的文章，并提供转人工", en: "It is not sure: the bot shows what may be meant, and offers a person" },
  unknownText: { zh: "机器人会如实说不知道，并提供转人工", en: "The bot says that it does not know, and offers a person" },
  unknownTip: { zh: "补一篇文章，或在相关文章里加上这种问法，就能答上来", en: "Write an article, or add this wording to one, and it can be answered" },
  write: { zh: "为它写一篇文章", en: "Write an article for it" },
  confidence: { zh: "把握", en: "Confidence" },
  threshold: { zh: "门槛", en: "Needed" },
  confidenceOf: { zh: "把握 {confidence}%，门槛 {threshold}%", en: "Confidence {confidence}%, {threshold}% needed" },
  sources: { zh: "出处", en: "Source" },
  candidates: { zh: "可能相关", en: "May be meant" },
});

/** Answer of `POST /knowledge/ask`. */
interface Asked {
  outcome: "found" | "unsure" | "unknown";
  text: string;
  sources: Citation[];
  confidence: number;
  threshold: number;
}

const TONE = { found: "good", unsure: "warn", unknown: "bad" } as const;
const WHY = { found: "foundText", unsure: "unsureText", unknown: "unknownText" } as const;

export function AskPanel({ samples = [], locale: first }: { samples?: string[]; locale?: Locale }) {
  const [question, setQuestion] = useState("");
  const [locale, setLocale] = useState<Locale>(first ?? lang());
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault>();
  const [asked, setAsked] = useState<{ question: string; answer: Asked }>();
  const ask = async (text: string, of: Locale = locale) => {
    const clean = text.trim();
    if (clean === "" || busy) return;
    setBusy(true);
    setFault(undefined);
    try {
      const answer = await api.post<Asked>("/knowledge/ask", { question: clean, locale: of });
      setAsked({ question: clean, answer });
    } catch (error) {
      setFault(Fault.of(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <section className="ui-card kn-ask" aria-label={t("title")}>
      <header>
        <h2>
          <Icon name="bot" size={18} />
          {t("title")}
        </h2>
        <p className="ui-hint">{t("text")}</p>
      </header>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void ask(question);
        }}
      >
        <TextField label={t("question")} hideLabel value={question} onChange={setQuestion} placeholder={t("example")} maxLength={500} testId="ask-question" />
        <div className="kn-ask-row">
          <Segmented
            label={t("language")}
            options={[
              { id: "zh-CN", label: "中文" },
              { id: "en", label: "English" },
            ]}
            value={locale}
            onChange={setLocale}
          />
          <Button type="submit" kind="primary" busy={busy} isDisabled={question.trim() === ""} testId="ask-send">
            {t("ask")}
          </Button>
        </div>
      </form>
      {asked || samples.length === 0 ? null : (
        <div className="kn-samples">
          <span className="ui-hint">{t("samples")}</span>
          {samples.map((sample) => (
            <button
              key={sample}
              type="button"
              onClick={() => {
                const of = guessLocale(sample) ?? locale;
                setQuestion(sample);
                setLocale(of);
                void ask(sample, of);
              }}
            >
              {sample}
            </button>
          ))}
        </div>
      )}
      <FaultNotice fault={fault} />
      <div aria-live="polite">{asked ? <Result question={asked.question} answer={asked.answer} /> : null}</div>
    </section>
  );
}

function Result({ question, answer }: { question: string; answer: Asked }) {
  const { outcome, text, sources, confidence, threshold } = answer;
  const percent = (part: number) => Math.round(Math.min(1, Math.max(0, part)) * 100);
  return (
    <div className="kn-result" data-testid="ask-answer" data-outcome={outcome}>
      <p className="kn-asked">{question}</p>
      <div>
        <Badge tone={TONE[outcome]} icon={outcome === "found" ? "checkCircle" : outcome === "unsure" ? "help" : "close"}>
          {t(outcome)}
        </Badge>
        <p className="ui-hint">{t(WHY[outcome])}</p>
      </div>
      <div className="kn-confidence" role="img" aria-label={t("confidenceOf", { confidence: percent(confidence), threshold: percent(threshold) })}>
        <span>
          {t("confidence")} <b className="ui-num">{percent(confidence)}%</b>
        </span>
        <span>
          {t("threshold")} <span className="ui-num">{percent(threshold)}%</span>
        </span>
        <span className="kn-scale" data-tone={TONE[outcome]}>
          <i style={{ width: `${percent(confidence)}%` }} />
          <b style={{ left: `${percent(threshold)}%` }} />
        </span>
      </div>
      {text ? <div className="kn-answer">{text}</div> : null}
      {sources.length > 0 ? (
        <div className="kn-sources">
          <span className="ui-label">{outcome === "found" ? t("sources") : t("candidates")}</span>
          {sources.map((source, index) => (
            <a key={`${source.article}/${index}`} href={to("knowledge", source.article)}>
              <b>{[source.title, ...source.heading.filter((it) => it !== source.title)].join(" › ")}</b>
              {source.quote && source.quote !== text ? <span className="ad-clamp-2">{source.quote}</span> : null}
            </a>
          ))}
        </div>
      ) : null}
      {outcome === "found" ? null : (
        <p className="ui-hint">
          {t("unknownTip")} <a href={`${to("knowledge", "new")}?q=${encodeURIComponent(question)}`}>{t("write")}</a>
        </p>
      )}
    </div>
  );
}
