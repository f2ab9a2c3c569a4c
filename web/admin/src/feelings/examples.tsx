// Sentences with the state that they show: adding several by lines, finding, taking away.

import { useState } from "react";
import { api, Badge, Button, Checkbox, ErrorState, fullTime, IconButton, listTime, Select, SkeletonRows, TextArea, texts, toast, useLoad } from "@rapport/ui";
import type { FeelingState, Page, Tone } from "@rapport/ui";
import { feelingName } from "../care/words.ts";
import { RadioCards } from "../components/choice.tsx";
import { count } from "../components/figures.tsx";
import { SearchBox } from "../components/search.tsx";
import { Section } from "../components/section.tsx";
import { words } from "../shell/words.ts";
import { STATES } from "./nouns.ts";
import type { FeelingExample, FeelingsView, TaughtFeelings } from "./nouns.ts";

const t = texts({
  addTitle: { zh: "教几句", en: "Teach some" },
  addText: { zh: "保存时自动遮住电话、地址等个人信息", en: "Phone numbers, addresses and other personal data are masked when saved" },
  add: { zh: "客户怎么说，每行一句", en: "What customers say, one on each line" },
  placeholder: { zh: "例如：\n这也太离谱了吧\n又翻车了", en: "Such as:\nthis is so bogus\nnot again" },
  shows: { zh: "这时客户是", en: "They are then" },
  calm_text: { zh: "平常询问，或满意", en: "Simply asking, or content" },
  concerned_text: { zh: "不安，想要个说法", en: "Uneasy, wanting to be told" },
  upset_text: { zh: "不满、失望", en: "Displeased, let down" },
  angry_text: { zh: "发火，言辞激烈", en: "Furious" },
  anxious: { zh: "同时很焦虑", en: "Anxious as well" },
  urgent: { zh: "同时很着急", en: "Urgent as well" },
  addN: { zh: "添加 {n} 句", en: "Add {n}" },
  addNone: { zh: "添加", en: "Add" },
  added: { zh: "已学会 {n} 句，立即生效", en: "{n} learned; they count at once" },
  title: { zh: "已教的例句", en: "What is taught" },
  all: { zh: "全部 {n}", en: "All {n}" },
  of: { zh: "{state} {n}", en: "{state} {n}" },
  filter: { zh: "状态", en: "State" },
  search: { zh: "搜索例句", en: "Search examples" },
  corrected: { zh: "来自会话", en: "From a conversation" },
  correctedHint: { zh: "随该客户的同意保留，撤回即删除", en: "Kept while this customer agrees, and deleted with their consent" },
  imported: { zh: "导入", en: "Imported" },
  removed: { zh: "已删除，立即生效", en: "Deleted, with effect at once" },
  more: { zh: "再显示一些", en: "Show more" },
  is_anxious: { zh: "焦虑", en: "anxious" },
  is_urgent: { zh: "着急", en: "urgent" },
});

const TONES: Record<FeelingState, Tone> = { calm: "good", concerned: "neutral", upset: "warn", angry: "bad" };
/** What one request takes. */
const MOST_AT_ONCE = 500;
const PAGE = 50;

export function AddFeelings({ onChanged }: { onChanged: () => void }) {
  const [typed, setTyped] = useState("");
  const [state, setState] = useState<FeelingState>("upset");
  const [anxious, setAnxious] = useState(false);
  const [urgent, setUrgent] = useState(false);
  const [busy, setBusy] = useState(false);
  const lines = [...new Set(typed.split(/\r?\n/).map((it) => it.trim()))].filter((it) => it !== "");
  const add = async () => {
    if (busy || lines.length === 0) return;
    setBusy(true);
    try {
      let taught = 0;
      for (let at = 0; at < lines.length; at += MOST_AT_ONCE) taught += (await api.post<TaughtFeelings>("/feelings/examples", { texts: lines.slice(at, at + MOST_AT_ONCE), state, anxious, urgent })).taught;
      toast.good(t("added", { n: taught }));
      setTyped("");
    } catch (error) {
      toast.fault(error);
    } finally {
      setBusy(false);
      onChanged();
    }
  };
  return (
    <Section title={t("addTitle")} text={t("addText")} icon="note" testId="feelings-add">
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
        <TextArea label={t("add")} value={typed} onChange={setTyped} rows={3} placeholder={t("placeholder")} maxLength={100_000} testId="feeling-text" />
        <RadioCards label={t("shows")} options={STATES.map((id) => ({ id, label: feelingName(id), text: t(`${id}_text`) }))} value={state} onChange={setState} testId="feeling-state" />
        <div className="fl-add-row">
          <Checkbox isSelected={anxious} onChange={setAnxious} testId="feeling-anxious">
            {t("anxious")}
          </Checkbox>
          <Checkbox isSelected={urgent} onChange={setUrgent} testId="feeling-urgent">
            {t("urgent")}
          </Checkbox>
          <span className="ui-grow" />
          <Button type="submit" kind="primary" busy={busy} isDisabled={lines.length === 0} testId="feeling-add">
            {lines.length > 0 ? t("addN", { n: lines.length }) : t("addNone")}
          </Button>
        </div>
      </form>
    </Section>
  );
}

export function FeelingExamples({ counts, changes, onChanged }: { counts: FeelingsView["counts"]; changes: number; onChanged: () => void }) {
  const [state, setState] = useState<FeelingState | "all">("all");
  const [search, setSearch] = useState("");
  const [limit, setLimit] = useState(PAGE);
  const query = { ...(state === "all" ? {} : { state }), ...(search.trim() === "" ? {} : { q: search.trim() }), limit };
  const { data, fault, reload } = useLoad(`feelings-examples/${JSON.stringify(query)}/${changes}`, () => api.get<Page<FeelingExample>>("/feelings/examples", { query }));
  const remove = async (example: FeelingExample) => {
    try {
      await api.del(`/feelings/examples/${example.id}`);
      toast.good(t("removed"));
      onChanged();
    } catch (error) {
      toast.fault(error);
    }
  };
  const options = [{ id: "all" as const, label: t("all", { n: count(counts.examples) }) }, ...STATES.map((id) => ({ id, label: t("of", { state: feelingName(id), n: count(counts[id]) }) }))];
  return (
    <Section title={`${t("title")} · ${count(counts.examples)}`} icon="smile" testId="feelings-examples">
      <div className="fl-filters">
        <Select label={t("filter")} options={options} value={state} onChange={setState} testId="feeling-filter" />
        <SearchBox value={search} onChange={setSearch} label={t("search")} testId="feeling-search" />
      </div>
      {fault && !data ? <ErrorState fault={fault} retry={reload} /> : null}
      {!data && !fault ? <SkeletonRows rows={3} height={36} /> : null}
      {data?.items.length === 0 ? <p className="ui-hint">{words("noMatch")}</p> : null}
      <ul className="fl-examples" aria-label={t("title")}>
        {data?.items.map((example) => (
          <li key={example.id} data-testid="feeling-example" data-state={example.state}>
            <Badge tone={TONES[example.state]}>{feelingName(example.state)}</Badge>
            <span className="ui-grow">{example.text}</span>
            {example.anxious ? <Badge>{t("is_anxious")}</Badge> : null}
            {example.urgent ? <Badge>{t("is_urgent")}</Badge> : null}
            {example.source === "corrected" ? (
              <Badge tone="accent" icon="inbox" title={t("correctedHint")}>
                {t("corrected")}
              </Badge>
            ) : example.source === "imported" ? (
              <Badge>{t("imported")}</Badge>
            ) : null}
            <time title={fullTime(example.at)} dateTime={new Date(example.at).toISOString()}>
              {listTime(example.at)}
            </time>
            <IconButton icon="trash" size="s" label={words("removeOf", { name: example.text })} onPress={() => void remove(example)} testId="feeling-remove" />
          </li>
        ))}
      </ul>
      {data?.next ? (
        <div className="ad-more">
          <Button onPress={() => setLimit(limit + PAGE)}>{t("more")}</Button>
        </div>
      ) : null}
    </Section>
  );
}
