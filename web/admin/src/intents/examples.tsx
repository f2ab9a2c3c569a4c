// The examples of one intent: adding several by lines, finding, taking away.

import { useState } from "react";
import { Badge, Button, fullTime, IconButton, listTime, Notice, TextArea, texts, toast } from "@rapport/ui";
import { count } from "../components/figures.tsx";
import { matches, SearchBox } from "../components/search.tsx";
import { Section } from "../components/section.tsx";
import { words } from "../shell/words.ts";
import { addExamples, ENOUGH, FEWEST, readLines, removeExample, taught } from "./data.ts";
import type { Example, Intent } from "./nouns.ts";

const t = texts({
  title: { zh: "例句", en: "Examples" },
  add: { zh: "添加例句，每行一句", en: "Add examples, one on each line" },
  placeholder: { zh: "可以一次粘贴多行，例如：\n快递怎么还没到\n物流停了三天没动", en: "Paste several lines if you like, such as:\nwhere is my parcel\ntracking has not moved for days" },
  addN: { zh: "添加 {n} 条", en: "Add {n}" },
  addNone: { zh: "添加", en: "Add" },
  known: { zh: "{n} 条已经有了，不会重复添加", en: "{n} are there already and are left out" },
  elsewhere: { zh: "“{text}”也在“{intent}”里：同一句话教给两个意图，模型分不清", en: "“{text}” is also in “{intent}”: taught to two intents, the model cannot tell them apart" },
  added: { zh: "已添加 {n} 条，立即生效", en: "{n} added; they count at once" },
  none: { zh: "写下客户真会说的话，3 条起步", en: "Write what customers really say; three are a start" },
  few: { zh: "再写 {n} 条就能稳定认出", en: "{n} more and it is recognised well" },
  good: { zh: "够用了。补上说法差别大的，会更准", en: "Enough to work. Wordings that differ make it better" },
  rich: { zh: "很充足。再多的相似说法帮助不大", en: "Plenty. More of the same helps little" },
  search: { zh: "搜索例句", en: "Search examples" },
  corrected: { zh: "来自会话纠正", en: "From a conversation" },
  imported: { zh: "导入", en: "Imported" },
  removed: { zh: "已删除例句", en: "The example was deleted" },
  undo: { zh: "撤销", en: "Undo" },
  more: { zh: "再显示 {n} 条", en: "{n} more" },
});

const AT_ONCE = 40;
const SEARCH_FROM = 12;
/** What one request takes. */
const MOST_AT_ONCE = 500;

export function ExamplesSection({ intent, intents, may, onChanged }: { intent: Intent; intents: Intent[]; may: boolean; onChanged: () => void }) {
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const [search, setSearch] = useState("");
  const [drawn, setDrawn] = useState(AT_ONCE);
  const read = readLines(typed, intent, intents);
  const state = taught(intent.examples.length);
  const add = async () => {
    if (busy || read.fresh.length === 0) return;
    setBusy(true);
    try {
      for (let at = 0; at < read.fresh.length; at += MOST_AT_ONCE) await addExamples(intent.id, read.fresh.slice(at, at + MOST_AT_ONCE));
      toast.good(t("added", { n: read.fresh.length }));
      setTyped("");
    } catch (error) {
      toast.fault(error);
    } finally {
      setBusy(false);
      onChanged();
    }
  };
  const remove = async (example: Example) => {
    try {
      await removeExample(intent.id, example.id);
      toast.good(t("removed"), {
        label: t("undo"),
        onPress: () =>
          void addExamples(intent.id, [example.text])
            .catch((error: unknown) => toast.fault(error))
            .finally(onChanged),
      });
      onChanged();
    } catch (error) {
      toast.fault(error);
    }
  };
  const newest = [...intent.examples].sort((a, b) => b.at - a.at || b.id - a.id);
  const shown = newest.filter((it) => matches(search, it.text));
  const first = read.elsewhere[0];
  return (
    <Section title={`${t("title")} · ${count(intent.examples.length)}`} text={state === "few" ? t("few", { n: FEWEST - intent.examples.length }) : t(state)} icon="note" testId="examples">
      <span className="it-goal" aria-hidden="true" data-state={state}>
        <i style={{ width: `${Math.min(100, (intent.examples.length / ENOUGH) * 100)}%` }} />
      </span>
      {may ? (
        <form
          className="ad-field-group"
          onSubmit={(event) => {
            event.preventDefault();
            void add();
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
              event.preventDefault();
              void add();
            }
          }}
        >
          <TextArea label={t("add")} value={typed} onChange={setTyped} rows={3} placeholder={t("placeholder")} maxLength={100_000} testId="example-text" />
          {first ? <Notice tone="warn">{t("elsewhere", first)}</Notice> : null}
          <div className="it-add-row">
            <span className="ui-hint ui-grow" role="status">
              {read.known > 0 ? t("known", { n: read.known }) : null}
            </span>
            <Button type="submit" kind="primary" busy={busy} isDisabled={read.fresh.length === 0} testId="example-add">
              {read.fresh.length > 0 ? t("addN", { n: read.fresh.length }) : t("addNone")}
            </Button>
          </div>
        </form>
      ) : null}
      {intent.examples.length >= SEARCH_FROM ? <SearchBox value={search} onChange={setSearch} label={t("search")} testId="example-search" /> : null}
      {intent.examples.length === 0 ? null : shown.length === 0 ? (
        <p className="ui-hint">{words("noMatch")}</p>
      ) : (
        <ul className="it-examples" aria-label={t("title")}>
          {shown.slice(0, drawn).map((example) => (
            <li key={example.id} data-testid="example">
              <span className="ui-grow">{example.text}</span>
              {example.source === "corrected" ? (
                <Badge tone="accent" icon="inbox">
                  {t("corrected")}
                </Badge>
              ) : example.source === "imported" ? (
                <Badge>{t("imported")}</Badge>
              ) : null}
              <time title={fullTime(example.at)} dateTime={new Date(example.at).toISOString()}>
                {listTime(example.at)}
              </time>
              {may ? <IconButton icon="trash" size="s" label={words("removeOf", { name: example.text })} onPress={() => void remove(example)} testId="example-remove" /> : null}
            </li>
          ))}
        </ul>
      )}
      {shown.length > drawn ? (
        <div className="ad-more">
          <Button onPress={() => setDrawn(drawn + AT_ONCE * 5)}>{t("more", { n: Math.min(AT_ONCE * 5, shown.length - drawn) })}</Button>
        </div>
      ) : null}
    </Section>
  );
}
