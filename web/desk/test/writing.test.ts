import { describe, expect, test } from "vitest";
import { fillReply, findCanned } from "../src/composer/canned.ts";
import { EMOJI } from "../src/composer/emoji-data.ts";
import { mentionsIn, wordAt } from "../src/composer/mention.ts";
import { localInput, snoozeTimes } from "../src/conversation/snooze-times.ts";
import { parseRoute, routeHash } from "../src/state/route.ts";
import { nextPage } from "../src/sign-in/next.ts";

const facts = { name: "周子航", agent: "小云", number: "12", company: "云履" };

describe("canned replies", () => {
  const replies = [
    { id: "1", shortcut: "地址", text: "请提供地址" },
    { id: "2", shortcut: "hi", text: "Hello {name}, how can I help?" },
    { id: "3", shortcut: "Hide", text: "地址已隐藏" },
  ];

  test("by the beginning of the shortcut, then by anything in it", () => {
    expect(findCanned(replies, "hi").map((it) => it.id)).toEqual(["2", "3"]);
    expect(findCanned(replies, "地址").map((it) => it.id)).toEqual(["1", "3"]);
    expect(findCanned(replies, "").map((it) => it.id)).toHaveLength(3);
    expect(findCanned(replies, "zzz")).toEqual([]);
  });

  test.each([
    ["{name}您好", "周子航您好", "您好"],
    ["{name}，换货已登记", "周子航，换货已登记", "换货已登记"],
    ["Hello {name}, how are you?", "Hello 周子航, how are you?", "Hello, how are you?"],
    ["我是{agent}，会话 #{number}（{company}）", "我是小云，会话 #12（云履）", "我是小云，会话 #12（云履）"],
    ["{order}", "{order}", "{order}"],
  ])("%s", (text, named, unnamed) => {
    expect(fillReply(text, facts)).toBe(named);
    expect(fillReply(text, { ...facts, name: "" })).toBe(unnamed);
  });
});

describe("the word at the caret", () => {
  test.each([
    ["/", 1, { mark: "/", text: "", start: 0, end: 1 }],
    ["/您好", 3, { mark: "/", text: "您好", start: 0, end: 3 }],
    ["好的 /wa", 6, { mark: "/", text: "wa", start: 3, end: 6 }],
    ["请@王", 3, { mark: "@", text: "王", start: 1, end: 3 }],
    ["https://", 8, undefined],
    ["1/2", 3, undefined],
    ["a@b.example", 11, undefined],
    ["/wait done", 10, undefined],
  ])("%s", (text, caret, found) => expect(wordAt(text as string, caret as number)).toEqual(found));
});

test("mentions are whole names: the longer one wins", () => {
  const members = [
    { id: "1", name: "王磊", active: true },
    { id: "2", name: "王磊磊", active: true },
    { id: "3", name: "Gone", active: false },
  ];
  expect(mentionsIn("@王磊磊 看一下", members)).toEqual(["2"]);
  expect(mentionsIn("@王磊磊 @王磊 @Gone", members).sort()).toEqual(["1", "2"]);
});

describe("times to put aside until", () => {
  const at = (text: string) => new Date(text).getTime();
  const keys = (text: string) => snoozeTimes(at(text)).map((it) => it.key);

  test("all lie ahead and none twice", () => {
    for (let hour = 0; hour < 24 * 8; hour += 1) {
      const now = at("2026-11-23T00:30:00") + hour * 3_600_000;
      const times = snoozeTimes(now).map((it) => it.at);
      expect(Math.min(...times)).toBeGreaterThan(now);
      expect(new Set(times).size).toBe(times.length);
    }
  });

  test("this afternoon only while it is still some time off; Monday not when that is tomorrow", () => {
    expect(keys("2026-11-25T09:00:00")).toEqual(["hour", "afternoon", "tomorrow", "monday"]);
    expect(keys("2026-11-25T14:30:00")).toEqual(["hour", "tomorrow", "monday"]);
    expect(keys("2026-11-29T16:00:00")).toEqual(["hour", "tomorrow"]);
  });

  test("Monday is the next one", () => expect(localInput(snoozeTimes(at("2026-11-30T10:00:00")).at(-1)?.at ?? 0)).toBe("2026-12-07T09:00"));
});

test.each(["#/mine", "#/unassigned/abc", "#/done", "#/tickets", "#/tickets/t1"])("address %s and back", (hash) => expect(routeHash(parseRoute(hash))).toBe(hash));

test("an unknown address is the own list", () => expect(parseRoute("#/nonsense/x")).toEqual({ page: "inbox", view: "mine", conversation: "x" }));

test.each([
  ["", "/desk"],
  ["?next=%2Fdesk%23%2Fall", "/desk#/all"],
  ["?next=%2Fadmin", "/admin"],
  ["?next=https%3A%2F%2Fevil.example%2F", "/desk"],
  ["?next=%2F%2Fevil.example", "/desk"],
  ["?next=javascript%3Aalert(1)", "/desk"],
  ["?next=%2Fsign-in%3Fnext%3D%2F", "/desk"],
])("after signing in with %s one is at %s", (search, page) => expect(nextPage(search, "https://desk.example")).toBe(page));

test("no emoji twice in a group, each with words in both languages", () => {
  for (const { emoji, words } of EMOJI) {
    expect(words, emoji).toMatch(/\p{Script=Han}/u);
    expect(words, emoji).toMatch(/[a-z]/);
  }
  const keys = EMOJI.map((it) => it.group + it.emoji);
  expect(new Set(keys).size).toBe(keys.length);
});
