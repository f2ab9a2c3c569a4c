// Intents, models and the lexicon: reading typed examples, the confusion matrix, what becomes of a wish, comparing models.

import { beforeEach, describe, expect, it } from "vitest";
import { Fault, setLang } from "@rapport/ui";
import { badLine } from "../src/components/import-file.tsx";
import { lineFault } from "../src/components/line-fault-words.ts";
import { percent } from "../src/components/figures.tsx";
import { confusionGrid } from "../src/intents/confusion.ts";
import { readLines, recallTone, sameText, taught } from "../src/intents/data.ts";
import { intentBody, nameTaken } from "../src/intents/form.ts";
import type { Confusion, Intent, IntentChoice } from "../src/intents/nouns.ts";
import { STARTER, starterCsv } from "../src/intents/starter.ts";
import { standing } from "../src/intents/try.tsx";
import { modelChange } from "../src/models/change.ts";

beforeEach(() => setLang("en", false));

const intent = (id: string, name: string, ...examples: string[]): Intent => ({ id, name, description: "", enabled: true, reply: null, version: 1, examples: examples.map((text, at) => ({ id: at + 1, text, source: "taught", at: 0 })) });

describe("typed examples", () => {
  const mine = intent("1", "Track", "Where is my parcel?");
  const other = intent("2", "Return", "I want my money back");

  const check = (typed: string, fresh: string[], known: number, elsewhere: string[] = []) => {
    const read = readLines(typed, mine, [mine, other]);
    expect([read.fresh, read.known, read.elsewhere.map((it) => it.text)]).toEqual([fresh, known, elsewhere]);
  };

  it("are one a line, without bullets and numbers", () => {
    check("a b\n\n  c  \r\nd", ["a b", "c", "d"], 0);
    check("- first\n* second\n3. third\n4、第四\n5) fifth", ["first", "second", "third", "第四", "fifth"], 0);
    check("4、 第四\n12 pairs please", ["第四", "12 pairs please"], 0);
  });

  it("are taken once, whatever their case, spaces and closing marks", () => {
    check("where is  my parcel\nWHERE IS MY PARCEL！", [], 2);
    check("new one\nNew one.", ["new one"], 1);
  });

  it("that another intent has are told", () => {
    check("i want my money back.", ["i want my money back."], 0, ["i want my money back."]);
  });

  it("are the same by what they teach", () => {
    expect(sameText("ＡＢＣ。", "abc")).toBe(true);
    expect(sameText("abc", "abd")).toBe(false);
  });
});

describe("an intent", () => {
  it("is taught by degrees", () => {
    expect([0, 1, 2, 3, 19, 20].map(taught)).toEqual(["none", "few", "few", "good", "good", "rich"]);
    expect([0.5, 0.7, 0.9].map(recallTone)).toEqual(["bad", "warn", undefined]);
  });

  it("is saved with an answer in both languages or none", () => {
    const form = { name: " a ", description: "", enabled: true };
    expect(intentBody({ ...form, reply: { zh: " ", en: "" } }).reply).toBeNull();
    expect(intentBody({ ...form, reply: { zh: "好", en: "" } })).toMatchObject({ name: "a", reply: { zh: "好", en: "好" } });
  });

  it("has a name of its own", () => {
    expect(nameTaken(" track ", [intent("1", "Track")])).toBe(true);
    expect(nameTaken("Tracking", [intent("1", "Track")])).toBe(false);
  });
});

describe("the confusion matrix", () => {
  const cell = (truth: string, said: string, count: number): Confusion => ({ truth, said, count, examples: [] });
  const figure = (name: string, examples: number, right: number) => ({ name, examples, right, recall: right / examples, precision: 1 });

  it("has the right ones on its diagonal and shares by row", () => {
    const { labels, rows, left } = confusionGrid([cell("a", "b", 3)], [figure("a", 10, 7), figure("b", 4, 4), figure("c", 5, 5)]);
    expect(labels).toEqual(["a", "b"]);
    expect(rows.map((row) => row.map((it) => it.count))).toEqual([
      [7, 3],
      [0, 4],
    ]);
    expect(rows[0]?.[1]?.share).toBeCloseTo(0.3);
    expect(left).toBe(0);
  });

  it("keeps what is mixed up side by side, and the most confused when there are too many", () => {
    const confusion = [cell("a", "d", 9), cell("b", "c", 5), cell("e", "f", 1)];
    expect(confusionGrid(confusion, []).labels).toEqual(["a", "d", "b", "c", "e", "f"]);
    const cut = confusionGrid(confusion, [], 4);
    expect([cut.labels, cut.left]).toEqual([["a", "d", "b", "c"], 2]);
  });
});

describe("a wish", () => {
  const choice = (p: number, abstained = false): IntentChoice => ({ intent: "1", label: "x", p, abstained, model: "", threshold: 0.4, features: [] });

  it("is sure, asked back, or neither", () => {
    expect(standing({ choices: [choice(0.8)], asked_back: false })).toBe("sure");
    expect(standing({ choices: [choice(0.8, true)], asked_back: true })).toBe("asks");
    expect(standing({ choices: [choice(0.45)], asked_back: true })).toBe("asks");
    expect(standing({ choices: [choice(0.3, true)], asked_back: false })).toBe("outside");
    expect(standing({ choices: [], asked_back: false })).toBe("outside");
  });
});

describe("the starter intents", () => {
  it("have examples enough in both languages, none of them twice", () => {
    const all = STARTER.flatMap((it) => [...it.zh, ...it.en]);
    expect(new Set(all).size).toBe(all.length);
    for (const it of STARTER) {
      expect(it.zh.length).toBeGreaterThanOrEqual(6);
      expect(it.en.length).toBeGreaterThanOrEqual(6);
      expect(it.zh.every((text) => /\p{Script=Han}/u.test(text))).toBe(true);
    }
  });

  it("are a table that quotes its fields", () => {
    const rows = starterCsv("en").trim().split("\n");
    expect(rows[0]).toBe("text,label");
    expect(rows.length - 1).toBe(STARTER.reduce((sum, it) => sum + it.zh.length + it.en.length, 0));
    expect(rows.slice(1).every((it) => /^"[^"]+","[^"]+"$/.test(it))).toBe(true);
  });
});

describe("models", () => {
  const card = (accuracy: number, half: number) => ({ accuracy, low: accuracy - half, high: accuracy + half });

  it("differ only where their intervals lie apart", () => {
    expect(modelChange(card(0.95, 0.01), card(0.9, 0.01))).toEqual({ sign: "+", points: "5.0", tone: "good" });
    expect(modelChange(card(0.84, 0.02), card(0.9, 0.02))).toEqual({ sign: "−", points: "6.0", tone: "bad" });
    expect(modelChange(card(0.91, 0.03), card(0.9, 0.03)).tone).toBe("even");
    expect(modelChange(card(0.9, 0.03), card(0.9, 0.03)).sign).toBe("±");
  });
});

describe("a refused import", () => {
  const fault = (code: string, detail?: string) => new Fault({ code, message: "", hint: "", ...(detail ? { detail } : {}) }, 422);

  it("names its line", () => {
    expect(badLine(fault("import.bad_line", "line 7: 3 fields where the first line has 2"))).toEqual({ line: 7, what: "3 fields where the first line has 2" });
    expect(badLine(fault("import.bad_line", "12"))).toEqual({ line: 12, what: "" });
    expect(badLine(fault("import.bad_line", "no line"))).toBeUndefined();
    expect(badLine(fault("input.bad_field", "line 7: x"))).toBeUndefined();
  });
});

describe("what is wrong with a line", () => {
  it("is said in the reader's language, and left alone where it is not known", () => {
    expect(lineFault("3 fields where the first line has 2")).toBe("3 fields where the first line has 2");
    setLang("zh-CN", false);
    expect(lineFault("3 fields where the first line has 2")).toBe("有 3 列，首行有 2 列");
    expect(lineFault("no column of labels: the first line names the columns, one of them `label`")).toBe("首行没有 label（意图）这一列");
    expect(lineFault("more than 64 variants")).toBe("其他说法超过 64 个");
    expect(lineFault("something new")).toBe("something new");
  });
});

describe("shares", () => {
  it("are percentages within bounds", () => {
    expect([0, 0.62, 1, 1.2, -1].map((it) => percent(it))).toEqual(["0%", "62%", "100%", "100%", "0%"]);
    expect(percent(0.9345, 1)).toBe("93.5%");
    expect(percent(null)).toBe("–");
    expect(percent(Number.NaN)).toBe("–");
  });
});
