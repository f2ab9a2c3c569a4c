// Importing sentences with the state that they show.

import { Badge, texts } from "@rapport/ui";
import { TemplateLink } from "../components/drop-file.tsx";
import { count } from "../components/figures.tsx";
import { ImportFileDialog } from "../components/import-file.tsx";
import type { TaughtFeelings } from "./nouns.ts";

const t = texts({
  title: { zh: "导入情绪例句", en: "Import examples of feelings" },
  types: { zh: "CSV、TSV、JSONL 或 JSON", en: "CSV, TSV, JSON lines or JSON" },
  help: {
    zh: "首行写列名 text 和 label。label 写 calm（平静）、concerned（担心）、upset（不满）或 angry（愤怒）之一；焦虑或着急时再加 |anxious、|urgent。有一行不对就什么都不导入，并指出是哪一行。",
    en: "The first line names the columns text and label. The label is one of calm, concerned, upset and angry; where it is so, add |anxious or |urgent. One wrong line, and nothing is imported; it is named.",
  },
  template: { zh: "下载模板", en: "Download a template" },
  taught: { zh: "学会 {n}", en: "{n} learned" },
  known: { zh: "已有 {n}", en: "{n} known" },
});

const TEMPLATE = [
  ["text", "label"],
  ["这也太离谱了吧", "upset"],
  ["等米下锅呢，快点", "concerned|urgent"],
  ["蹲一个链接", "calm"],
];

export function ImportFeelings({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  return (
    <ImportFileDialog<TaughtFeelings>
      title={t("title")}
      path="/feelings/import"
      accept=".csv,.tsv,.jsonl,.ndjson,.json,text/csv,application/json"
      types={t("types")}
      help={
        <>
          {t("help")}{" "}
          <TemplateLink name="feelings.csv" rows={TEMPLATE}>
            {t("template")}
          </TemplateLink>
        </>
      }
      onClose={onClose}
      onDone={onDone}
      report={(answer) => (
        <div className="ad-tags">
          <Badge tone={answer.taught > 0 ? "good" : "neutral"}>{t("taught", { n: count(answer.taught) })}</Badge>
          <Badge>{t("known", { n: count(answer.known) })}</Badge>
        </div>
      )}
    />
  );
}
