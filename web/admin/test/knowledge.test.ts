// Knowledge: what changed between versions, Markdown by buttons, reports of imports, forms.

import { describe, expect, it } from "vitest";
import { setLang } from "@rapport/ui";
import { plainStart } from "../src/knowledge/articles.ts";
import { diff, diffLines, folded } from "../src/knowledge/diff.ts";
import { articleBody, articleGood, goodAddress, guessLocale } from "../src/knowledge/form.ts";
import { continueList, link, markLines, wrap } from "../src/knowledge/marks.ts";
import { fileProblem, placeText, reasonText } from "../src/knowledge/report.ts";

const apply = (edits: { kind: string; item: string }[], not: string) => edits.filter((it) => it.kind !== not).map((it) => it.item);

/** A small generator with a seed, so that a failure comes again. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

function longestCommon(a: string[], b: string[]): number {
  const row = new Array<number>(b.length + 1).fill(0);
  for (const item of a) {
    let diagonal = 0;
    b.forEach((other, at) => {
      const above = row[at + 1] ?? 0;
      row[at + 1] = item === other ? diagonal + 1 : Math.max(above, row[at] ?? 0);
      diagonal = above;
    });
  }
  return row[b.length] ?? 0;
}

describe("diff", () => {
  it("gives both texts back and keeps as much as can be kept", () => {
    const next = random(7);
    for (let round = 0; round < 300; round += 1) {
      const make = () => Array.from({ length: Math.floor(next() * 14) }, () => "abcd"[Math.floor(next() * 4)] as string);
      const [before, after] = [make(), make()];
      const edits = diff(before, after);
      expect(apply(edits, "new")).toEqual(before);
      expect(apply(edits, "gone")).toEqual(after);
      expect(edits.filter((it) => it.kind === "same")).toHaveLength(longestCommon(before, after));
    }
  });

  it("does not search for ever", () => {
    const before = Array.from({ length: 4_000 }, (_, n) => `a${n}`);
    const after = Array.from({ length: 4_000 }, (_, n) => `b${n}`);
    const edits = diff(["head", ...before, "tail"], ["head", ...after, "tail"]);
    expect(edits).toHaveLength(8_002);
    expect(edits[0]).toEqual({ kind: "same", item: "head" });
  });

  it("shows what of a line changed, Chinese by characters", () => {
    const lines = diffLines("签收后 7 天内可以退货\n运费自理", "签收后 15 天内可以退货\n运费自理");
    expect(lines.map((it) => it.kind)).toEqual(["gone", "new", "same"]);
    expect(lines[0]?.parts?.filter((it) => it.changed).map((it) => it.text)).toEqual(["7"]);
    expect(lines[1]?.parts?.filter((it) => it.changed).map((it) => it.text)).toEqual(["15"]);
    expect(lines[0]?.parts?.map((it) => it.text).join("")).toBe("签收后 7 天内可以退货");
  });

  it("does not pretend that a new line is a changed one", () => {
    const lines = diffLines("营业时间", "completely different");
    expect(lines.every((it) => it.parts === undefined)).toBe(true);
  });

  it("folds what stayed, keeping lines beside each change", () => {
    const before = Array.from({ length: 30 }, (_, n) => `line ${n}`);
    const after = before.map((it, n) => (n === 15 ? "changed" : it));
    const shown = folded(diffLines(before.join("\n"), after.join("\n")));
    expect(shown.map((it) => it.kind)).toEqual(["fold", "same", "same", "same", "gone", "new", "same", "same", "same", "fold"]);
    const all = shown.flatMap((it) => (it.kind === "fold" ? it.lines : [it]));
    expect(all.filter((it) => it.kind !== "new").map((it) => it.text)).toEqual(before);
  });
});

/** `[` and `]` mark the selection, `|` a caret. */
function selected(marked: string) {
  const text = marked.replace(/[|[\]]/g, "");
  const start = marked.includes("|") ? marked.indexOf("|") : marked.indexOf("[");
  return { text, start, end: marked.includes("|") ? start : marked.indexOf("]") - 1 };
}
function marked({ text, start, end }: { text: string; start: number; end: number }) {
  return start === end ? `${text.slice(0, start)}|${text.slice(start)}` : `${text.slice(0, start)}[${text.slice(start, end)}]${text.slice(end)}`;
}

describe("Markdown by buttons", () => {
  it("puts marks on and takes them off", () => {
    expect(marked(wrap(selected("可以[免费]换"), "**", "文字"))).toBe("可以**[免费]**换");
    expect(marked(wrap(selected("可以**[免费]**换"), "**", "文字"))).toBe("可以[免费]换");
    expect(marked(wrap(selected("可以[**免费**]换"), "**", "文字"))).toBe("可以[免费]换");
    expect(marked(wrap(selected("可以|换"), "**", "文字"))).toBe("可以**[文字]**换");
  });

  it("marks lines", () => {
    expect(marked(markLines(selected("第一|步"), "heading"))).toBe("## 第一步|");
    expect(marked(markLines(selected("## 第一|步"), "heading"))).toBe("第一步|");
    expect(marked(markLines(selected("[a\nb]"), "numbers"))).toBe("[1. a\n2. b]");
    expect(marked(markLines(selected("[1. a\n2. b]"), "bullets"))).toBe("[- a\n- b]");
    expect(marked(markLines(selected("[- a\n- b]"), "bullets"))).toBe("[a\nb]");
    expect(marked(markLines(selected("x\n[a\n\nb\n]y"), "bullets"))).toBe("x\n[- a\n\n- b]\ny");
  });

  it("links the selection and lets the address be typed", () => {
    expect(marked(link(selected("见[运费说明]"), "文字"))).toBe("见[运费说明]([https://])");
  });

  it("goes on with a list, and ends it on an empty point", () => {
    const go = (text: string) => {
      const next = continueList(selected(text));
      return next && marked(next);
    };
    expect(go("- a|")).toBe("- a\n- |");
    expect(go("9. a|")).toBe("9. a\n10. |");
    expect(go("  * a|b")).toBe("  * a\n  * |b");
    expect(go("- a\n- |")).toBe("- a\n|");
    expect(go("plain|")).toBeUndefined();
  });
});

describe("import", () => {
  it("says places and reasons in both languages", () => {
    setLang("zh-CN", false);
    expect(placeText("row 12")).toBe("第 12 行");
    expect(placeText("sheet 价格, row 3")).toBe("工作表“价格” 第 3 行");
    expect(placeText("sheet 价格, 含税, row 10001 and after")).toBe("工作表“价格, 含税” 第 10001 行起");
    expect(placeText("sheet 价格")).toBe("工作表“价格”");
    expect(placeText("section 3")).toBe("第 3 节");
    expect(placeText("somewhere")).toBe("somewhere");
    expect(reasonText("empty_answer")).toBe("没有答案内容");
    setLang("en", false);
    expect(placeText("row 7 and after")).toBe("From row 7 on");
    expect(reasonText("hidden")).toBe("the sheet is hidden");
    expect(reasonText("new_reason")).toBe("new_reason");
  });

  it("refuses files before they are sent", () => {
    expect(fileProblem("FAQ.XLSX", 10)).toBeUndefined();
    expect(fileProblem("a.docx", 10)).toBe("type");
    expect(fileProblem("a.md", 0)).toBe("empty");
    expect(fileProblem("a.csv", 6 * 1024 * 1024)).toBe("size");
  });
});

describe("an article", () => {
  const form = { title: " 换码 ", body: "可以。", questions: ["", " 能换吗 ", "能换吗", "换码"], locale: "zh-CN" as const, published: true, url: " " };

  it("is sent clean", () => expect(articleBody(form)).toEqual({ title: "换码", body: "可以。", questions: ["能换吗"], locale: "zh-CN", published: true, url: null }));

  it("needs a title, a text and a whole address", () => {
    expect(articleGood(form)).toBe(true);
    expect(articleGood({ ...form, title: " " })).toBe(false);
    expect(articleGood({ ...form, body: "\n" })).toBe(false);
    expect(goodAddress("shop.example.com")).toBe(false);
    expect(goodAddress("javascript:alert(1)")).toBe(false);
    expect(goodAddress("https://shop.example.com/a?b=c")).toBe(true);
  });

  it("guesses its language like the server", () => {
    expect(guessLocale("可以用 PayPal 付款吗")).toBe("zh-CN");
    expect(guessLocale("We sell 云履 shoes in many countries")).toBe("en");
    expect(guessLocale("123")).toBeUndefined();
  });

  it("shows its beginning without marks", () => {
    expect(plainStart("# 标题\n\n**可以**，见[说明](https://a.example)。\n- 一\n| a | b |\n| --- | --- |")).toBe("标题 可以，见说明。 一 a b");
  });
});
