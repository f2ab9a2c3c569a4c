// The rows a person sees, from the journal and what is on its way.

import type { Content, EventFrame, LiveEvent } from "@rapport/live";
import { describe, expect, it } from "vitest";
import { judgeable, timeline } from "../src/frame/timeline.ts";
import type { Row, TimelineInput } from "../src/frame/timeline.ts";
import { wordsOf } from "../src/frame/words.ts";

const NOON = new Date(2026, 5, 15, 12, 0).getTime();

let seq = 0;
function entry(actor: EventFrame["actor"], event: LiveEvent, at = NOON): EventFrame {
  seq += 1;
  return { seq, at, conversation: "c1", contact: "u1", inbox: "i1", actor, event };
}
const mine = (text: string, id: string, at?: number): EventFrame => entry({ type: "customer", id: "u1" }, { kind: "message_received", message: { id: `m-${id}`, client_id: id, content: { type: "text", text } } }, at);
const theirs = (content: Content, at?: number): EventFrame => entry({ type: "member", id: "a1" }, { kind: "message_sent", message: { id: `s${seq}`, content } }, at);
const bot = (content: Content): EventFrame => entry({ type: "bot" }, { kind: "message_sent", message: { id: `b${seq}`, content } });
const text = (value: string) => ({ type: "text", text: value }) as const;

function rows(input: Partial<TimelineInput>): Row[] {
  return timeline({ entries: [], waiting: [], uploads: [], readByMembers: 0, names: new Map([["a1", "林岚"]]), company: "云履", words: wordsOf("zh-CN"), locale: "zh-CN", now: NOON, ...input });
}

/** One line a row: what it is, who, what, state. */
function shown(all: Row[]): string[] {
  return all.map((it) => {
    if (it.row === "message") return `${it.from}${it.first ? "[" : " "}${"text" in it.content ? it.content.text : it.content.type}${it.last ? "]" : " "}${it.state ?? ""}`;
    return it.row === "upload" ? `upload ${it.name}` : `${it.row} ${it.text}`;
  });
}

describe("messages", () => {
  it("are in the order of the journal, then what waits, each once", () => {
    const sent = mine("一", "x1");
    const all = rows({ entries: [sent, theirs(text("二"))], waiting: [{ id: "x1", at: NOON, content: text("一") }, { id: "x2", at: NOON, content: text("三") }, { id: "x3", at: NOON, content: text("四"), failed: "过长" }] });
    expect(shown(all)).toEqual(["day 今天", "customer[一]sent", "agent[二]", "customer[三 sending", "customer 四]failed"]);
  });

  it("are read up to where the other side has read", () => {
    const [first, second] = [mine("一", "r1"), mine("二", "r2")];
    expect(shown(rows({ entries: [first, second], readByMembers: first.seq }))).toEqual(["day 今天", "customer[一 read", "customer 二]sent"]);
  });

  it("are grouped by author within five minutes", () => {
    expect(shown(rows({ entries: [theirs(text("一")), theirs(text("二"), NOON + 60_000), theirs(text("三"), NOON + 600_000)] }))).toEqual(["day 今天", "agent[一 ", "agent 二]", "agent[三]"]);
  });

  it("of another day come under that day's name", () => {
    expect(shown(rows({ entries: [mine("昨", "d1", NOON - 86_400_000), mine("今", "d2")] }))).toEqual(["day 昨天", "customer[昨]sent", "day 今天", "customer[今]sent"]);
  });

  it("that came while nobody looked stand under a divider", () => {
    const seen = theirs(text("看过"));
    expect(shown(rows({ entries: [seen, theirs(text("新"))], dividerAfter: seen.seq }))).toContain("divider 以下为新消息");
  });
});

describe("lines", () => {
  it("tell who joined, what ended, and of tickets what no card tells", () => {
    const entries = [
      entry({ type: "system" }, { kind: "assigned", to: "a1" }),
      entry({ type: "member", id: "a1" }, { kind: "ticket_created", ticket: "t1", number: 9, title: "换码" }),
      entry({ type: "member", id: "a1" }, { kind: "ticket_changed", ticket: "t1", number: 9, stage: "done" }),
      entry({ type: "member", id: "a1" }, { kind: "resolved" }),
    ];
    expect(shown(rows({ entries }))).toEqual(["day 今天", "line 林岚 已接入会话", "line 工单 #9：换码", "line 工单 #9：已完成", "line 会话已结束"]);
    const card = theirs({ type: "ticket", ticket: "t1", number: 9, title: "换码", path: "/ticket/t1/x" });
    expect(shown(rows({ entries: [...entries.slice(0, 2), card] }))).toEqual(["day 今天", "line 林岚 已接入会话", "agent[ticket]"]);
  });
});

describe("buttons", () => {
  const answer: Content = { type: "answer", text: "可以", sources: [], confidence: 0.9 };
  it("work only until something is said after them", () => {
    const asked = bot({ type: "choices", text: "转人工？", options: [{ id: "request_person", label: "转人工" }] });
    const live = (entries: EventFrame[]): boolean[] => rows({ entries }).flatMap((it) => (it.row === "message" && it.from === "bot" ? [it.live] : []));
    expect(live([asked])).toEqual([true]);
    expect(live([asked, mine("不用", "b1")])).toEqual([false]);
  });

  it("judge the newest answer, unless the assistant asks itself", () => {
    const given = bot(answer);
    const all = rows({ entries: [given] });
    expect(judgeable(all)).toBe(all.findLast((it) => it.row === "message")?.key);
    expect(judgeable(rows({ entries: [given, bot({ type: "choices", text: "有帮助吗", options: [{ id: "helped", label: "有" }] })] }))).toBeUndefined();
    expect(judgeable(rows({ entries: [given, mine("谢谢", "j1")] }))).toBeUndefined();
  });
});

describe("consent", () => {
  it("given and taken back is told in a line, before anything rests on it", () => {
    const given = entry({ type: "customer", id: "u1" }, { kind: "consent_given", purpose: "emotion:care", text_version: 1, channel: "widget" });
    const back = entry({ type: "customer", id: "u1" }, { kind: "consent_withdrawn", purpose: "emotion:care" });
    const words = wordsOf("zh-CN");
    expect(shown(rows({ entries: [mine("一", "f1"), given, back] })).slice(2)).toEqual([`line ${words.feelingsNotice}`, `line ${words.feelingsEnded}`]);
  });
});
