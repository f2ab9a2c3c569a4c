// Channels: the form over fields with secrets, what is missing, which can be added, why something did not go out.

import { beforeEach, describe, expect, it } from "vitest";
import { channelIcon, channelName, failureReason, isRemote, setLang } from "@rapport/ui";
import { deed, targetHref } from "../src/audit/sentence.ts";
import { changedFields, fieldsForm, isPublicAddress, missingFields } from "../src/channels/form.ts";
import { addedKind, ADDED_KINDS, kindGroups, kindText } from "../src/channels/kinds.ts";
import type { ChannelField, ChannelRow } from "../src/channels/nouns.ts";
import { inboxAt } from "../src/shell/route.ts";

const words = { zh: "", en: "" };
const field = (name: string, more: Partial<ChannelField> = {}): ChannelField => ({ name, label: words, hint: words, secret: false, required: true, default: "", value: "", is_set: false, ...more });
const row = (...fields: ChannelField[]): ChannelRow => ({ channel: "wechat", callback_url: "https://chat.example/x", fields, missing: [] });

beforeEach(() => setLang("en", false));

describe("the fields of a channel", () => {
  const stored = row(field("app_id", { value: "wx1", is_set: true }), field("app_secret", { secret: true, is_set: true }), field("token", { secret: true }), field("base_url", { required: false, default: "https://api.example" }));

  it("begin with what is stored, secrets empty", () => {
    expect(fieldsForm(stored)).toEqual({ app_id: "wx1", app_secret: "", token: "", base_url: "" });
  });

  it("send what was typed and nothing else", () => {
    expect(changedFields(stored, fieldsForm(stored))).toEqual({});
    expect(changedFields(stored, { ...fieldsForm(stored), app_id: " wx2 ", token: "t" })).toEqual({ app_id: "wx2", token: "t" });
  });

  it("keep a secret that is left empty, and take away a value that is emptied", () => {
    expect(changedFields(stored, { app_id: "", app_secret: " ", token: "", base_url: "" })).toEqual({ app_id: "" });
  });

  it("are missing when they are required, empty, and no secret that is set", () => {
    const names = (form: Record<string, string>) => missingFields(stored, form).map((it) => it.name);
    expect(names(fieldsForm(stored))).toEqual(["token"]);
    expect(names({ ...fieldsForm(stored), token: "t" })).toEqual([]);
    expect(names({ ...fieldsForm(stored), app_id: " ", token: "t" })).toEqual(["app_id"]);
  });
});

describe("the callback address", () => {
  it.each([
    ["https://chat.example.com/x", true],
    ["http://chat.example.com/x", false],
    ["https://localhost:8443/x", false],
    ["https://127.0.0.1/x", false],
    ["https://192.168.1.4/x", false],
    ["https://172.20.0.1/x", false],
    ["https://172.40.0.1/x", true],
    ["https://desk.local/x", false],
    ["nonsense", false],
  ])("%s", (address, good) => expect(isPublicAddress(address)).toBe(good));
});

describe("kinds", () => {
  it("that can be added are each in one group, with a name, an icon and a line in both languages", () => {
    const all = kindGroups().flatMap((it) => [...it.kinds]);
    expect(new Set(all).size).toBe(all.length);
    expect([...all].sort()).toEqual(["api", "dingtalk", "feishu", "instagram", "messenger", "sms_aliyun", "sms_twilio", "telegram", "wechat", "wechat_mini", "wecom", "wecom_kf", "whatsapp"]);
    for (const kind of ADDED_KINDS) {
      expect(channelIcon(kind)).not.toBe("");
      expect(kindText(kind)).toMatch(/[a-z]/);
      expect(isRemote(kind)).toBe(true);
    }
    setLang("zh-CN", false);
    for (const kind of ADDED_KINDS) expect(kindText(kind)).toMatch(/\p{Script=Han}/u);
    expect(channelName("wecom_kf")).toBe("微信客服");
  });

  it("in an address are only those", () => {
    expect(addedKind("wechat")).toBe("wechat");
    expect(addedKind("web")).toBeUndefined();
    expect(addedKind(undefined)).toBeUndefined();
  });
});

describe("why something did not go out", () => {
  it("is told in words, with the provider's code apart", () => {
    expect(failureReason("window_closed:45015")).toEqual({ text: "the time to reply is over until the customer writes again", code: "45015" });
    expect(failureReason("no_address")).toMatchObject({ code: "" });
    expect(failureReason("refused:a:b").code).toBe("a:b");
    expect(failureReason("131047")).toEqual({ text: "", code: "131047" });
    expect(failureReason("constructor:1")).toEqual({ text: "", code: "constructor:1" });
  });
});

describe("places", () => {
  it("of an inbox are by its channel", () => {
    expect(inboxAt({ id: "a", channel: "web" }, "service")).toBe("#/inboxes/a/service");
    expect(inboxAt({ id: "a", channel: "telegram" }, "service")).toBe("#/channels/a/service");
  });

  it("of the audit log lead there", () => {
    const target = "0192f000-0000-7000-8000-000000000304";
    const record = { at: 0, actor: { type: "system" as const }, action: "channel.configured", target, detail: "" };
    expect(targetHref(record, new Map([[target, "Bot"]]))).toBe(`#/channels/${target}`);
    expect(deed("channel.configured")).toBe("changed the connection of the channel");
    expect(deed("delivery.retried")).toBe("sent again what had not gone out");
  });
});
