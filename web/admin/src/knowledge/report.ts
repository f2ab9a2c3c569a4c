// What an import did, in words.

import { texts } from "@rapport/ui";

/** Answer of `POST /knowledge/import`. */
export interface ImportAnswer {
  created: number;
  updated: number;
  unchanged: number;
  skipped: { place: string; reason: string }[];
  articles: { id: string; title: string }[];
}

const t = texts({
  empty_answer: { zh: "没有答案内容", en: "there is no answer" },
  no_question: { zh: "没有问题或标题", en: "there is no question or title" },
  too_long: { zh: "内容过长（上限 10 万字）", en: "it is too long (100,000 characters at most)" },
  duplicate: { zh: "与文件中前面的一条重复", en: "the file has it already further up" },
  no_columns: { zh: "没有“问题”和“答案”两列", en: "there are no columns named question and answer" },
  hidden: { zh: "隐藏的工作表", en: "the sheet is hidden" },
  too_many: { zh: "超出一次导入的数量上限，请拆分文件", en: "the file holds more than one import takes; split it" },
  row: { zh: "第 {n} 行", en: "Row {n}" },
  rowOn: { zh: "第 {n} 行起", en: "From row {n} on" },
  section: { zh: "第 {n} 节", en: "Section {n}" },
  sheet: { zh: "工作表“{name}”", en: "Sheet “{name}”" },
});

const REASONS = ["empty_answer", "no_question", "too_long", "duplicate", "no_columns", "hidden", "too_many"] as const;

export function reasonText(reason: string): string {
  const known = REASONS.find((it) => it === reason);
  return known ? t(known) : reason;
}

/** `sheet 价格, row 3 and after` → `工作表“价格” 第 3 行起`. */
export function placeText(place: string): string {
  const match = /^(?:sheet (?<sheet>.+?))?(?:, )?(?:(?<part>row|section) (?<n>\d+)(?<after> and after)?)?$/.exec(place);
  const { sheet, part, n, after } = match?.groups ?? {};
  const where = n === undefined ? undefined : part === "section" ? t("section", { n }) : after ? t("rowOn", { n }) : t("row", { n });
  const words = [sheet === undefined ? undefined : t("sheet", { name: sheet }), where].filter(Boolean);
  return words.length > 0 ? words.join(" ") : place;
}

export const IMPORT_TYPES = [".md", ".markdown", ".html", ".htm", ".txt", ".csv", ".tsv", ".xlsx"] as const;
export const IMPORT_BYTES_MAX = 5 * 1024 * 1024;

export type FileProblem = "type" | "size" | "empty";

/** What can be told about a file before it is sent. */
export function fileProblem(name: string, bytes: number): FileProblem | undefined {
  if (!IMPORT_TYPES.some((it) => name.toLowerCase().endsWith(it))) return "type";
  if (bytes === 0) return "empty";
  return bytes > IMPORT_BYTES_MAX ? "size" : undefined;
}
