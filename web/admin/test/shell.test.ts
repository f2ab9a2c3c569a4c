// The frame: addresses, the guard before unsaved work, first steps, the audit log in words.

import { beforeEach, describe, expect, it } from "vitest";
import { setLang } from "@rapport/ui";
import { actorName, deed, detailText, doerName, kindOf, targetHref, targetName } from "../src/audit/sentence.ts";
import { passwordProblem } from "../src/account/password.ts";
import { safeAddress } from "../src/components/rendered.tsx";
import { matches } from "../src/components/search.tsx";
import { firstSteps, nextStep } from "../src/overview/steps.ts";
import { parseRoute, to } from "../src/shell/route.ts";
import { atLeast, rolesBelow } from "../src/shell/session.ts";
import { expiryOf } from "../src/tokens/expiry.ts";

describe("addresses", () => {
  it("lead back to what they were made from", () => {
    const hash = to("inboxes", "a/b ü", "install");
    expect(parseRoute(hash)).toMatchObject({ page: "inboxes", id: "a/b ü", tab: "install" });
    expect(parseRoute(`${to("members")}?team=7`).query.get("team")).toBe("7");
    expect(parseRoute("#/nowhere").page).toBe("overview");
    expect(parseRoute("").page).toBe("overview");
  });

  it("in articles are followed only when they are safe", () => {
    expect(safeAddress("https://a.example/x")).toBe("https://a.example/x");
    expect(safeAddress("/kb/demo/1")).toBe("/kb/demo/1");
    expect(safeAddress("//evil.example")).toBeUndefined();
    expect(safeAddress("javascript:alert(1)")).toBeUndefined();
    expect(safeAddress("data:text/html,x")).toBeUndefined();
  });
});

describe("roles", () => {
  it("include those before them", () => {
    expect(atLeast("owner", "agent")).toBe(true);
    expect(atLeast("agent", "supervisor")).toBe(false);
    expect(rolesBelow("administrator")).toEqual(["agent", "supervisor", "administrator"]);
  });
});

describe("first steps", () => {
  const nothing = { hasPassword: false, members: [{ active: true }], articles: [], inboxes: [], calendars: [], pages: [], origin: "https://chat.example" };
  const done = (facts: Parameters<typeof firstSteps>[0]) => firstSteps(facts).flatMap((it) => (it.done ? [it.id] : []));

  it("are all open at first", () => {
    expect(done(nothing)).toEqual([]);
    expect(nextStep(firstSteps(nothing))).toBe("password");
  });

  it("are ticked by what is there", () => {
    expect(done({ ...nothing, articles: [{ published: false }] })).toEqual([]);
    expect(done({ ...nothing, articles: [{ published: false }, { published: true }] })).toEqual(["knowledge"]);
    expect(done({ ...nothing, members: [{ active: true }, { active: false }] })).toEqual([]);
    expect(done({ ...nothing, members: [{ active: true }, { active: true }] })).toEqual(["invite"]);
    expect(done({ ...nothing, inboxes: [{ id: "i", active: true, calendar: "gone" }] })).toEqual([]);
    expect(done({ ...nothing, calendars: [{ id: "c" }], inboxes: [{ id: "i", active: true, calendar: "c" }] })).toEqual(["hours"]);
  });

  it("tell the own site from this server", () => {
    expect(done({ ...nothing, pages: [null, "https://chat.example/demo"] })).toEqual(["try"]);
    expect(done({ ...nothing, pages: ["https://shop.example/cart"] })).toEqual(["try", "snippet"]);
    expect(done({ ...nothing, pages: ["not an address"] })).toEqual(["try"]);
  });
});

describe("the audit log", () => {
  const ADA = "0192f000-0000-7000-8000-000000000004";
  const names = new Map([[ADA, "阿达"]]);
  const record = (action: string, target: string, by?: string) => ({ at: 0, actor: by ? { type: "member" as const, id: by } : { type: "system" as const }, action, target, detail: "" });
  beforeEach(() => setLang("zh-CN", false));

  it("reads in both languages", () => {
    expect(deed("member.created")).toBe("创建了成员");
    expect(deed("token.revoked")).toBe("吊销了 API 令牌");
    expect(deed("sign_in.failed")).toBe("登录失败");
    setLang("en", false);
    expect(deed("canned_reply.removed")).toBe("deleted the canned reply");
    expect(deed("inbox.identity_secret_made")).toBe("created the identity secret");
  });

  it("shows the code of what it does not know", () => {
    expect(deed("robot.danced")).toBe("robot.danced");
    expect(kindOf("robot.danced")).toBe("other");
  });

  it("names people and things", () => {
    expect(actorName({ type: "member", id: ADA }, names)).toBe("阿达");
    expect(actorName({ type: "member", id: "x" }, names)).toBe("已离职成员");
    expect(doerName(record("sign_in.failed", ADA), names)).toBe("阿达");
    expect(targetName(ADA, names)).toBe("阿达");
    expect(targetName("0192f000-0000-7000-8000-0000000000ff", names)).toBe("…000000ff");
    expect(targetName("faq.xlsx", names)).toBe("faq.xlsx");
    expect(targetName("1024", names)).toBe("#1024");
    expect(detailText({ action: "conversation.assigned", detail: ADA }, names)).toBe("阿达");
    expect(detailText({ action: "knowledge.imported", detail: "3 created, 1 updated" }, names)).toBe("新增 3 篇，更新 1 篇");
    expect(detailText({ action: "token.created", detail: "agent" }, names)).toBe("客服");
    expect(detailText({ action: "contact.changed", detail: "name vip_level" }, names)).toBe("姓名、vip_level");
  });

  it("links to what is still there", () => {
    expect(targetHref(record("member.updated", ADA), names)).toBe(`#/members/${ADA}`);
    expect(targetHref(record("member.updated", "0192f000-0000-7000-8000-0000000000ff"), names)).toBeUndefined();
    expect(targetHref(record("settings.updated", ADA), names)).toBeUndefined();
    expect(targetHref(record("conversation.resolved", ADA), new Map())).toBe(`/desk#/all/${ADA}`);
  });
});

describe("small rules", () => {
  it("passwords", () => {
    expect(passwordProblem("短短短", "")).toEqual({ type: "short", missing: 7 });
    expect(passwordProblem("long enough", "other")).toEqual({ type: "differs" });
    expect(passwordProblem("long enough", "long enough")).toBeUndefined();
  });
  it("tokens", () => {
    expect(expiryOf("d30", 1_000)).toBe(1_000 + 30 * 86_400_000);
    expect(expiryOf("never", 1_000)).toBeUndefined();
  });
  it("searching", () => {
    expect(matches("lan 退换", "林岚", "LAN@example.com", "退换货")).toBe(true);
    expect(matches("lan x", "LAN")).toBe(false);
    expect(matches("", "a")).toBe(true);
  });
});
