// Importing labelled examples from a table or from JSON.

import { Badge, texts } from "@rapport/ui";
import { TemplateLink } from "../components/drop-file.tsx";
import { count } from "../components/figures.tsx";
import { ImportFileDialog } from "../components/import-file.tsx";
import type { ImportedIntents } from "./nouns.ts";

const t = texts({
  title: { zh: "导入意图和例句", en: "Import intents and examples" },
  types: { zh: "CSV、TSV、JSONL 或 JSON", en: "CSV, TSV, JSON lines or JSON" },
  help: { zh: "首行写列名 text 和 label（也可以写“例句”“意图”）：每行一条例句和它的意图名。意图不存在时自动创建，已有的例句不会重复；标为 oos 的句子表示“不属于任何意图”。", en: "The first line names the columns text and label. Each line is an example with the name of its intent. Missing intents are made, known examples are not doubled; the label oos means “none of them”." },
  template: { zh: "下载模板", en: "Download a template" },
  intents: { zh: "新意图 {n}", en: "{n} new intents" },
  examples: { zh: "新例句 {n}", en: "{n} new examples" },
  known: { zh: "已有 {n}", en: "{n} known" },
  outside: { zh: "范围外 {n}", en: "{n} out of scope" },
});

const TEMPLATE = [
  ["text", "label"],
  ["我的包裹到哪里了", "查询物流 Parcel tracking"],
  ["快递怎么还没到", "查询物流 Parcel tracking"],
  ["怎么开发票", "开发票 Invoice"],
  ["讲个笑话吧", "oos"],
];

export function ImportIntents({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  return (
    <ImportFileDialog<ImportedIntents>
      title={t("title")}
      path="/intents/import"
      accept=".csv,.tsv,.jsonl,.ndjson,.json,text/csv,application/json"
      types={t("types")}
      help={
        <>
          {t("help")}{" "}
          <TemplateLink name="intents.csv" rows={TEMPLATE}>
            {t("template")}
          </TemplateLink>
        </>
      }
      onClose={onClose}
      onDone={onDone}
      report={(answer) => (
        <div className="ad-tags">
          <Badge tone={answer.intents_new > 0 ? "good" : "neutral"}>{t("intents", { n: count(answer.intents_new) })}</Badge>
          <Badge tone={answer.examples_new > 0 ? "good" : "neutral"}>{t("examples", { n: count(answer.examples_new) })}</Badge>
          <Badge>{t("known", { n: count(answer.examples_known) })}</Badge>
          <Badge>{t("outside", { n: count(answer.out_of_scope) })}</Badge>
        </div>
      )}
    />
  );
}
