// What is wrong with a line of an imported file, in the reader's language. The server says it in English; what is not known here stays as it is.

import { lang } from "@rapport/ui";

const KNOWN: [RegExp, string][] = [
  [/^(\d+) fields where the first line has (\d+)$/, "有 $1 列，首行有 $2 列"],
  [/^no column of texts.*$/s, "首行没有 text（例句）这一列"],
  [/^no column of labels.*$/s, "首行没有 label（意图）这一列"],
  [/^a quotation mark is not closed.*$/s, "引号没有成对，或出现在内容中间"],
  [/^not a JSON object.*$/s, "不是有效的 JSON"],
  [/^`text` is missing or no text$/, "缺少例句"],
  [/^`label` is missing, empty or no text$/, "缺少意图名"],
  [/^not UTF-8$/, "文件不是 UTF-8 编码，请另存为 UTF-8"],
  [/^no line of data$/, "没有数据行"],
  [/^cannot be read as a table$/, "无法按表格读取"],
  [/^no canonical term$/, "缺少标准说法"],
  [/^no variants$/, "缺少其他说法"],
  [/^unknown group$/, "没有这个分组"],
  [/^more than (\d+) variants$/, "其他说法超过 $1 个"],
  [/^a term of more than (\d+) characters$/, "词语超过 $1 个字"],
  [/^a single everyday character.*$/s, "单个常用字会出现在每句话里，不能作其他说法"],
  [/^more than (\d+) rows$/, "超过 $1 行"],
];

export function lineFault(what: string): string {
  if (lang() === "en") return what;
  const found = KNOWN.find(([pattern]) => pattern.test(what));
  return found ? what.replace(found[0], found[1]) : what;
}
