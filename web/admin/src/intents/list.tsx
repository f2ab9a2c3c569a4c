// The list of intents: how many examples each has, how often it is understood, what is missing.

import { useState } from "react";
import { Badge, EmptyState, texts } from "@rapport/ui";
import { count, percent, ShareMeter } from "../components/figures.tsx";
import { matches, SearchBox } from "../components/search.tsx";
import { Filters, List, Row } from "../components/section.tsx";
import { to } from "../shell/route.ts";
import { pageTitle, words } from "../shell/words.ts";
import { recallTone, taught } from "./data.ts";
import { intentName } from "./name.ts";
import { OUT_OF_SCOPE } from "./nouns.ts";
import type { Intent, IntentFigures } from "./nouns.ts";

const t = texts({
  search: { zh: "搜索名称、说明或例句", en: "Search names, descriptions, examples" },
  examples: { zh: "{n} 条例句", en: "{n} examples" },
  example: { zh: "{n} 条例句", en: "{n} example" },
  none: { zh: "还没有例句", en: "No examples yet" },
  few: { zh: "例句太少", en: "Too few examples" },
  off: { zh: "已停用", en: "Off" },
  reply: { zh: "固定回答", en: "Fixed answer" },
  recall: { zh: "认出 {p}", en: "{p} recognised" },
  recallOf: { zh: "“{name}”的例句有 {p} 被正确认出", en: "{p} of the examples of “{name}” are recognised" },
  outside: { zh: "与业务无关的话，教机器人不要硬猜", en: "What has nothing to do with the business, so that the bot does not guess" },
  shown: { zh: "{n} 个意图", en: "{n} intents" },
  shownOne: { zh: "{n} 个意图", en: "{n} intent" },
});

/** Shown once there are so many that one searches. */
const SEARCH_FROM = 6;

export function IntentList({ intents, figures }: { intents: Intent[]; figures: ReadonlyMap<string, IntentFigures> }) {
  const [search, setSearch] = useState("");
  const last = (it: Intent) => Number(it.name === OUT_OF_SCOPE);
  const shown = [...intents].sort((a, b) => last(a) - last(b)).filter((it) => matches(search, it.name, it.description, ...it.examples.map((example) => example.text)));
  return (
    <>
      {intents.length < SEARCH_FROM ? null : (
        <Filters>
          <SearchBox value={search} onChange={setSearch} label={t("search")} testId="intent-search" />
          <span className="ad-filters-end" role="status">
            {t(shown.length === 1 ? "shownOne" : "shown", { n: count(shown.length) })}
          </span>
        </Filters>
      )}
      {shown.length === 0 ? (
        <div className="ui-card">
          <EmptyState icon="search" title={words("noMatch")} text={words("noMatchHint")} />
        </div>
      ) : (
        <List label={pageTitle("intents")}>
          {shown.map((intent) => (
            <IntentLine key={intent.id} intent={intent} figures={figures.get(intent.name)} />
          ))}
        </List>
      )}
    </>
  );
}

function IntentLine({ intent, figures }: { intent: Intent; figures: IntentFigures | undefined }) {
  const examples = intent.examples.length;
  const state = taught(examples);
  return (
    <Row
      title={intentName(intent.name)}
      href={to("intents", intent.id)}
      testId="intent-row"
      muted={!intent.enabled}
      badges={
        <>
          {intent.enabled ? null : <Badge>{t("off")}</Badge>}
          {state === "few" && intent.name !== OUT_OF_SCOPE ? <Badge tone="warn">{t("few")}</Badge> : null}
          {intent.reply ? (
            <Badge tone="violet" icon="bot">
              {t("reply")}
            </Badge>
          ) : null}
        </>
      }
      detail={<span className="ad-clamp-1 it-start">{intent.name === OUT_OF_SCOPE ? t("outside") : intent.description || intent.examples.slice(0, 4).map((it) => it.text).join(" · ")}</span>}
      meta={
        <span className="it-meta">
          <span>{examples === 0 ? t("none") : t(examples === 1 ? "example" : "examples", { n: count(examples) })}</span>
          {figures ? (
            <span className="it-recall">
              <ShareMeter share={figures.recall} label={t("recallOf", { name: intent.name, p: percent(figures.recall) })} tone={recallTone(figures.recall)} />
              <span className="ui-num" aria-hidden="true">
                {t("recall", { p: percent(figures.recall) })}
              </span>
            </span>
          ) : null}
        </span>
      }
    />
  );
}
