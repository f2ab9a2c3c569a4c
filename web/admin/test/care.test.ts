// Care and privacy: rules in words, what is wrong with one, their order, amounts of money, erasures.

import { beforeEach, describe, expect, it } from "vitest";
import { setLang } from "@rapport/ui";
import { detailText, deed, kindOf, targetName } from "../src/audit/sentence.ts";
import { blankRule, moved, ruleProblem, withAct, withAction } from "../src/care/form.ts";
import { money, parseMoney, writeMoney } from "../src/care/money.ts";
import type { CareWhen } from "../src/care/nouns.ts";
import { actionText, isNever, whenText } from "../src/care/words.ts";
import { kindName } from "../src/privacy/person.tsx";

beforeEach(() => setLang("zh-CN", false));

const nothing: CareWhen = { states: [], alarm: false, level_raised: false };

describe("a rule", () => {
  it("reads as a sentence in both languages", () => {
    const when: CareWhen = { ...nothing, states: ["upset", "angry"], turns_min: 3 };
    expect(whenText(when)).toBe("情绪为不满或愤怒，且连续 3 句不平静");
    setLang("en", false);
    expect(whenText(when)).toBe("The mood is upset or angry, and 3 messages in a row are not calm");
    expect(actionText({ act: "prioritise", priority: "urgent" }, "CNY")).toBe("Priority becomes urgent");
    expect(actionText({ act: "compensate", amount_minor: 1_250 }, "CNY")).toBe("Offer ¥12.50");
  });

  it("without a condition never fires, and says so", () => {
    expect(isNever(nothing)).toBe(true);
    expect(isNever({ ...nothing, urgent_min: 0 })).toBe(false);
    expect(whenText(nothing)).toBe("没有条件：从不触发");
  });

  it("says what it lacks", () => {
    const named = { ...blankRule(10), name: { zh: "", en: "x" } };
    const held = { ...named, when: { ...nothing, alarm: true } };
    const problem = (act: Parameters<typeof withAct>[1], change = {}) => {
      const actions = withAct([], act, true);
      return ruleProblem({ ...held, actions: withAction(actions, { ...actions[0], act, ...change }) });
    };
    expect(ruleProblem(blankRule(10))).toBe("name");
    expect(ruleProblem(named)).toBe("when");
    expect(ruleProblem(held)).toBe("actions");
    expect(problem("soothe")).toBe("opening");
    expect(problem("soothe", { opening: { zh: "抱歉", en: "" } })).toBeUndefined();
    expect(problem("route_skill")).toBe("skill");
    expect(problem("compensate")).toBeUndefined();
    expect(problem("compensate", { amount_minor: 0 })).toBe("amount");
    expect(problem("compensate", { amount_minor: Number.NaN })).toBe("amount");
    expect(problem("alert_supervisor")).toBeUndefined();
  });

  it("does its acts in their order, each once", () => {
    const acts = withAct(withAct(withAct([], "compensate", true), "soothe", true), "soothe", true);
    expect(acts.map((it) => it.act)).toEqual(["soothe", "compensate"]);
    expect(withAct(acts, "soothe", false).map((it) => it.act)).toEqual(["compensate"]);
  });

  it("moves among the others, which keep their place", () => {
    const rules = [10, 20, 30].map((order) => ({ id: String(order), order }));
    const order = (id: string, by: -1 | 1) => moved(rules, id, by).map((it) => [it.rule.id, it.order]);
    expect(order("20", -1)).toEqual([
      ["20", 10],
      ["10", 20],
    ]);
    expect(order("10", -1)).toEqual([]);
    expect(order("30", 1)).toEqual([]);
    expect(order("gone", 1)).toEqual([]);
    const same = [
      { id: "a", order: 0 },
      { id: "b", order: 0 },
    ];
    expect(moved(same, "b", -1).map((it) => [it.rule.id, it.order])).toEqual([
      ["b", 10],
      ["a", 20],
    ]);
  });
});

describe("money", () => {
  const check = (text: string, minor: number | undefined) => expect(parseMoney(text), text).toBe(minor);

  it("is read as people write it", () => {
    check("12", 1200);
    check("12.5", 1250);
    check("¥ 12.05", 1205);
    check("1,200.50", 120_050);
    check("１２元", 1200);
    check("0", 0);
    check("12.", 1200);
  });

  it("is refused when it is none", () => {
    for (const text of ["", "abc", "-5", "1.234", "1e3", "999999999", "1,2"]) check(text, undefined);
  });

  it("is written back as it was", () => {
    for (const minor of [0, 5, 1250, 1200, 99]) check(writeMoney(minor), minor);
    expect(money(1200)).toBe("¥12");
    expect(money(1205)).toBe("¥12.05");
  });
});

describe("the audit log", () => {
  it("tells what was taught and decided", () => {
    expect(deed("intent.created")).toBe("创建了意图");
    expect(deed("care_rule.reset")).toBe("恢复了出厂的关怀规则");
    expect(deed("ethics.changed")).toBe("修改了伦理与隐私设置");
    expect(deed("ethics.infer_emotion")).toBe("按规则判断：感知情绪");
    expect(kindOf("ethics.compensate")).toBe("ethics");
    setLang("en", false);
    expect(deed("compensation.approved")).toBe("approved the compensation");
    expect(deed("model.state_set")).toBe("changed the state of the model");
  });

  it("says what was taught, imported and switched", () => {
    const check = (action: string, detail: string, said: string) => expect(detailText({ action, detail }, new Map())).toBe(said);
    check("intent.taught", "4 examples", "4 条例句");
    check("intent.untaught", "example 17", "第 17 条例句");
    check("intent.imported", "1 intents, 3 examples", "新意图 1，新例句 3");
    check("lexicon.imported", "1 new, 0 changed", "新增 1，补充 0");
    check("model.state_set", "live", "设为使用中");
    check("lexicon.groups_set", "cantonese, min", "粤语、闽南与台湾用语");
    check("intent.created", "预约试穿", "预约试穿");
  });

  it("shortens evidence to what was decided by which policy", () => {
    const detail = JSON.stringify({ action: "infer_emotion", allowed: false, determining_policies: ["emotion.no_consent"], subject: "ab" });
    expect(detailText({ action: "ethics.infer_emotion", detail }, new Map())).toBe("拒绝 · emotion.no_consent");
    expect(detailText({ action: "ethics.changed", detail: "feelings=true" }, new Map())).toBe("feelings=true");
    expect(targetName("ab".repeat(32), new Map())).toBe("…abababab");
  });
});

describe("an erasure", () => {
  it("names what was erased, and the table itself where it has no name", () => {
    expect(kindName("journal")).toBe("消息与事件");
    expect(kindName("conversations")).toBe("会话");
    expect(kindName("moon_phase")).toBe("moon_phase");
  });
});
