// Nothing is taught yet: what an intent is, what it takes, and a set to begin from.

import { useState } from "react";
import { api, Button, lang, texts, toast } from "@rapport/ui";
import type { ImportedIntents } from "./nouns.ts";
import { STARTER, starterCsv } from "./starter.ts";

const t = texts({
  title: { zh: "教机器人听懂客户想做什么", en: "Teach the bot what customers want" },
  text: { zh: "“意图”是客户的一类诉求，比如“查询物流”。写几条客户真会说的话，它就能认出没见过的说法。", en: "An intent is one kind of wish, such as “Track a parcel”. Write a few things customers really say, and wordings never seen before are recognised too." },
  one: { zh: "起个名字", en: "Name it" },
  oneText: { zh: "一类诉求一个意图。处理方式相同的，放在一起。", en: "One intent for each kind of wish. What is handled the same way belongs together." },
  two: { zh: "写 3–20 条例句", en: "Write 3 to 20 examples" },
  twoText: { zh: "像客户那样说：长短、口气、错别字都可以不同。保存后立即生效。", en: "As customers would say it: long and short, polite and not, with slips. They count at once." },
  three: { zh: "看它会混淆什么", en: "See what it confuses" },
  threeText: { zh: "每次训练后都有混淆表，点一下就能把例句挪到对的地方；也可以在会话里一键纠正。", en: "After each training a table shows what is taken for what; one click moves an example. On the desk one click corrects a real message." },
  load: { zh: "载入 {n} 个常见意图", en: "Load {n} common intents" },
  loadText: { zh: "含中英文例句 {n} 条，可随意修改", en: "With {n} examples in Chinese and English, yours to change" },
  loaded: { zh: "已载入 {n} 个意图", en: "{n} intents loaded" },
  ask: { zh: "还没有教过任何意图。请联系管理员。", en: "No intents have been taught yet. Ask an administrator." },
});

export function TeachFirst({ may, actions, onDone }: { may: boolean; actions: React.ReactNode; onDone: () => void }) {
  const [busy, setBusy] = useState(false);
  const load = async () => {
    setBusy(true);
    try {
      const { intents_new } = await api.post<ImportedIntents>("/intents/import", new Blob([starterCsv(lang())], { type: "text/csv" }));
      toast.good(t("loaded", { n: intents_new }));
      onDone();
    } catch (error) {
      toast.fault(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <section className="ui-card it-first" data-testid="teach-first">
      <h2>{t("title")}</h2>
      <p>{t("text")}</p>
      <ol className="it-first-steps">
        {(["one", "two", "three"] as const).map((step) => (
          <li key={step}>
            <b>{t(step)}</b>
            <span>{t(`${step}Text`)}</span>
          </li>
        ))}
      </ol>
      {may ? (
        <div className="it-first-actions">
          <div>
            <Button kind="primary" size="l" icon="download" busy={busy} onPress={() => void load()} testId="load-starter">
              {t("load", { n: STARTER.length })}
            </Button>
            <small>{t("loadText", { n: STARTER.reduce((sum, it) => sum + it.zh.length + it.en.length, 0) })}</small>
          </div>
          <div className="ui-row">{actions}</div>
        </div>
      ) : (
        <p className="ui-hint">{t("ask")}</p>
      )}
    </section>
  );
}
