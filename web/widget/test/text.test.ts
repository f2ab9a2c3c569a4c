// Text from people and from the bot never becomes markup, and addresses in it are links only when they are safe.

import { describe, expect, it } from "vitest";
import { contrast, luminance, palette } from "../src/frame/color.ts";
import { inline, linkify, markdown, safeHref } from "../src/frame/text.ts";
import type { Inline } from "../src/frame/text.ts";
import { whenOpen } from "../src/frame/words.ts";

const flat = (parts: Inline[]): string => parts.map((it) => (it.kind === "text" ? it.text : it.kind === "link" ? `<${it.text}|${it.href}>` : `${it.kind}(${it.text})`)).join("");

describe("addresses", () => {
  it.each([
    ["官网https://a.cn/x，请看", "官网<https://a.cn/x|https://a.cn/x>，请看"],
    ["see (https://a.com/b_(c)).", "see (<https://a.com/b_(c)|https://a.com/b_(c)>)."],
    ["https://a.com/?q=1&b=2!", "<https://a.com/?q=1&b=2|https://a.com/?q=1&b=2>!"],
    ["javascript:alert(1)", "javascript:alert(1)"],
    ["http:// nothing", "http:// nothing"],
    ["<b>https://a.com</b>", "<b><https://a.com|https://a.com/></b>"],
  ])("%s", (given, expected) => expect(flat(linkify(given))).toBe(expected));

  it("are http or https with a host, or none", () => {
    for (const bad of ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "//a.com", "http:", "file:///etc/passwd", "blob:https://a.com/1"]) expect(safeHref(bad), bad).toBeUndefined();
    expect(safeHref("https://例子.中国/路")).toMatch(/^https:\/\/xn--/);
  });
});

describe("the bot's Markdown", () => {
  it("knows bold, code, links and lists, and shows the rest as it is", () => {
    expect(flat(inline("**15 天** `A1` [规则](https://a.cn/r) [坏](javascript:x) <img src=x onerror=1>"))).toBe("bold(15 天) code(A1) <规则|https://a.cn/r> [坏](javascript:x) <img src=x onerror=1>");
    expect(markdown("可以：\n1. 一\n2. 二\n\n- 甲\n- 乙\n## 标题\n> 引用").map((it) => (it.kind === "list" ? `${it.ordered ? "ol" : "ul"}${it.start}:${it.items.map(flat).join("/")}` : it.lines.map(flat).join("/")))).toEqual(["可以：", "ol1:一/二", "ul1:甲/乙", "bold(标题)/引用"]);
  });
});

describe("colours", () => {
  it("stay readable whatever the tenant chooses", () => {
    for (const color of ["#ffffff", "#000000", "#f2b705", "#2563eb", "#ff0000", "#00ff88", "#808080"])
      for (const dark of [false, true]) {
        const { brand, ink, accent } = palette(color, dark);
        expect(contrast(luminance(brand), luminance(ink)), `${color} ink`).toBeGreaterThanOrEqual(4.4);
        expect(contrast(luminance(accent), dark ? luminance("#1c2025") : 1), `${color} accent`).toBeGreaterThanOrEqual(4.5);
      }
  });
});

describe("opening hours", () => {
  const now = new Date(2026, 5, 15, 20, 0).getTime();
  it.each([
    [new Date(2026, 5, 15, 21, 30), "今天 21:30", "at 21:30"],
    [new Date(2026, 5, 16, 9, 0), "明天 09:00", "tomorrow at 09:00"],
    [new Date(2026, 5, 19, 9, 0), "周五 09:00", "on Friday at 09:00"],
    [new Date(2026, 6, 1, 9, 0), "7月1日 09:00", "on Jul 1 at 09:00"],
  ])("%s", (at, zh, en) => {
    expect(whenOpen(at.getTime(), now, "zh-CN")).toBe(zh);
    expect(whenOpen(at.getTime(), now, "en")).toBe(en);
  });
});
