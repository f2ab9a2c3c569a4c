// What a customer's channel allows: the line above the field, the pieces that a text goes out in, and how far a message came.

import { beforeEach, describe, expect, test } from "vitest";
import { setLang } from "@rapport/ui";
import type { DeliveryState, Entry, Reach, TextUnit } from "@rapport/ui";
import { reachText, sizeText } from "../src/composer/reach-words.ts";
import { deliveryText } from "../src/conversation/delivery-words.ts";
import { applyEntry } from "../src/state/fold.ts";
import { allowance, pieces, textLength } from "../src/state/reach.ts";
import { buildTimeline, deliveries } from "../src/state/timeline.ts";
import { entry, ME, received, row, sent } from "./made.ts";

const NOW = 1_000_000_000;
const HOUR = 3_600_000;
const reach = (part: Partial<Reach> = {}): Reach => ({ channel: "wechat", unit: "bytes", text_max: 600, read_receipts: false, window: "always", template_outside: false, ...part });

beforeEach(() => setLang("en", false));

describe("what is allowed", () => {
  test.each<[string, Partial<Reach>, string | undefined, "plain" | "warn"]>([
    ["without bounds", {}, undefined, "plain"],
    ["a window and a number", { window: "open", closes_at: NOW + 3 * HOUR + 1, quota_left: 4 }, "4 replies left, closes in 3 h", "plain"],
    ["the last one", { window: "open", closes_at: NOW + 3 * HOUR, quota_left: 1 }, "1 reply left, closes in 3 h", "warn"],
    ["a window alone", { window: "open", closes_at: NOW + 20_000 }, "Closes in less than a minute", "plain"],
    ["a number alone", { quota_left: 5 }, "5 replies left until the customer writes again", "plain"],
    ["a window that is over", { window: "closed" }, "The time to reply is over", "warn"],
    ["a window that ends while one looks", { window: "open", closes_at: NOW, quota_left: 3 }, "The time to reply is over", "warn"],
    ["templates outside of the window", { window: "closed", template_outside: true }, "approved templates", "warn"],
    ["nothing left", { window: "open", closes_at: NOW + HOUR, quota_left: 0 }, "No replies are left", "warn"],
    ["a customer who left", { window: "open", closes_at: NOW + HOUR, quota_left: 3, left_at: NOW - HOUR }, "unsubscribed or blocked", "warn"],
  ])("%s", (_name, part, text, tone) => {
    const line = reachText(reach(part), NOW);
    if (text === undefined) expect(line).toBeUndefined();
    else expect(line).toMatchObject({ tone, text: expect.stringContaining(text) as string });
  });

  test("in Chinese", () => {
    setLang("zh-CN", false);
    expect(reachText(reach({ window: "open", closes_at: NOW + 3 * HOUR, quota_left: 4 }), NOW)?.text).toBe("还能发 4 条，窗口 3 小时后关闭");
    expect(reachText(reach({ window: "closed" }), NOW)?.text).toContain("拒收");
  });

  test("who left is told before all else", () => {
    expect(allowance(reach({ window: "closed", left_at: 1 }), NOW)).toEqual({ open: false, why: "left" });
  });
});

describe("a long text", () => {
  test("says in how many messages it goes out", () => {
    expect(sizeText(reach(), "short", 0, NOW)).toBeUndefined();
    expect(sizeText(reach({ text_max: 30 }), "您好。订单已发出，请您查收。", 0, NOW)).toMatchObject({ tone: "plain", text: "This text is long: it goes out as 2 messages" });
  });

  test("and its files are held against what is left", () => {
    expect(sizeText(reach({ quota_left: 1 }), "here", 1, NOW)).toMatchObject({ tone: "warn", text: expect.stringContaining("2 messages but only 1") as string });
    expect(sizeText(reach({ quota_left: 2 }), "here", 1, NOW)).toBeUndefined();
    expect(sizeText(reach({ quota_left: 1 }), "", 0, NOW)).toBeUndefined();
  });

  test.each<[string, TextUnit, number]>([
    ["好", "bytes", 3],
    ["𠮷好a", "characters", 3],
    ["𠮷好a", "utf16", 4],
    ["hello", "sms", 5],
    ["5 €", "sms", 4],
    ["好a", "sms", 4],
    ["👍🏽", "characters", 2],
  ])("%s counts in %s", (text, unit, length) => expect(textLength(text, unit)).toBe(length));

  test.each<[string, TextUnit, number, string[]]>([
    ["", "bytes", 10, []],
    ["好", "bytes", 10, ["好"]],
    ["您好。订单已发出。请查收", "bytes", 27, ["您好。订单已发出。", "请查收"]],
    ["one two three four", "characters", 9, ["one two", "three", "four"]],
    ["Version 3.5 is out. Please update", "characters", 22, ["Version 3.5 is out.", "Please update"]],
    ["a\n\nbbbbbbbbbbbb\n\ncc", "characters", 18, ["a\n\nbbbbbbbbbbbb", "cc"]],
    ["abcdefghijkl", "utf16", 8, ["abcdefgh", "ijkl"]],
  ])("%s is cut as the server cuts it", (text, unit, max, expected) => expect(pieces(text, unit, max)).toEqual(expected));

  test("loses nothing, keeps to its bounds, and no visible character is cut", () => {
    const family = "👨‍👩‍👧‍👦";
    const text = `${family.repeat(5)}${"字".repeat(40)}𠮷野家${"👍🏽"} e\u0301nd`;
    for (const unit of ["bytes", "characters", "utf16", "sms"] as const) {
      for (let max = 30; max < 90; max += 7) {
        const all = pieces(text, unit, max);
        expect(all.every((it) => textLength(it, unit) <= max)).toBe(true);
        expect(all.join("").replace(/\s/g, "")).toBe(text.replace(/\s/g, ""));
        if (textLength(family, unit) <= max) expect(all.reduce((sum, it) => sum + it.split(family).length - 1, 0)).toBe(5);
      }
    }
    expect(pieces(`e${"\u0301".repeat(50)}`, "characters", 10)).toHaveLength(6);
  });
});

describe("how far a message came", () => {
  const told = (seq: number, message: string, state: DeliveryState, code?: string): Entry => entry(seq, { kind: "delivery_changed", message, state, ...(code ? { code } : {}) }, { actor: { type: "system" } });

  test.each<[DeliveryState[], DeliveryState]>([
    [["sent", "delivered", "read"], "read"],
    [["read", "delivered", "sent"], "read"],
    [["unknown", "sent"], "unknown"],
    [["unknown", "delivered"], "delivered"],
    [["failed", "sent", "read"], "failed"],
    [["sent", "failed"], "failed"],
  ])("%j is %s", (states, last) => {
    expect(deliveries(states.map((state, index) => told(index + 1, "m", state))).get("m")?.state).toBe(last);
  });

  test("is with its message, and no line of its own", () => {
    const items = buildTimeline({ entries: [received(1, "a"), sent(2, "b"), told(3, "m2", "sent"), sent(4, "c"), told(5, "m4", "failed", "refused:48001")], pending: [], me: ME, readByCustomer: 0, unreadAfter: undefined });
    expect(items.map((it) => it.type)).toEqual(["day", "message", "message", "message"]);
    expect(items.map((it) => (it.type === "message" ? it.delivery?.state : ""))).toEqual(["", undefined, "sent", "failed"]);
  });

  test("changes nothing else of the conversation", () => {
    const before = row({ last_seq: 1, messages: 2 });
    expect(applyEntry(before, told(2, "m", "read"))).toEqual({ ...before, last_seq: 2, updated_at: 2_000 });
  });

  test("is said in words, with the provider's code apart", () => {
    expect(deliveryText({ state: "delivered", code: "" })).toEqual({ text: "Delivered to the customer", code: "" });
    expect(deliveryText({ state: "failed", code: "quota_exceeded:45047" })).toEqual({ text: "Not sent: no replies are left until the customer writes again", code: "45047" });
    expect(deliveryText({ state: "failed", code: "131026" })).toEqual({ text: "Not delivered", code: "131026" });
    expect(deliveryText({ state: "unknown", code: "timeout" }).code).toBe("timeout");
    setLang("zh-CN", false);
    expect(deliveryText({ state: "failed", code: "no_address" }).text).toContain("没有发出：不知道客户在此渠道的地址");
  });
});
