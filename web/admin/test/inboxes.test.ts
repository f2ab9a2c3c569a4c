// Website chats: addresses, pre-chat fields, colours, and the code that signs identities, run for real where the machine has its language.

import { spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { contrastOn, inkOn, isColor } from "../src/inboxes/color.ts";
import { blankInbox, fieldProblems, inboxGood, move, originOf } from "../src/inboxes/form.ts";
import { IDENTITY_CODE } from "../src/inboxes/identity.ts";

describe("the site's address", () => {
  it.each([
    ["https://shop.example.com/cart?x=1", "https://shop.example.com"],
    ["shop.example.com", "https://shop.example.com"],
    ["HTTP://Shop.Example.com:8080/", "http://shop.example.com:8080"],
    ["http://localhost:3000", "http://localhost:3000"],
    ["商城.example", "https://xn--v9x81o.example"],
    ["ftp://shop.example.com", undefined],
    ["javascript:alert(1)", undefined],
    ["https://user:pass@shop.example.com", undefined],
    ["shop", undefined],
    ["", undefined],
  ])("%s", (text, origin) => {
    if (text.startsWith("商")) expect(originOf(text)).toMatch(/^https:\/\/xn--/);
    else expect(originOf(text)).toBe(origin);
  });
});

describe("pre-chat fields", () => {
  const field = (key: string, zh = "问", en = "") => ({ key, label: { zh, en }, required: false });

  it("have a key of their own and a label", () => {
    expect(fieldProblems([field("name"), field("order_no", "", "Order")])).toEqual([undefined, undefined]);
    expect(fieldProblems([field("name"), field("name")])).toEqual(["twice", "twice"]);
    expect(fieldProblems([field("Order No"), field("x", " ", "")])).toEqual(["key", "label"]);
  });

  it("move within the list", () => {
    expect(move(["a", "b", "c"], 0, 1)).toEqual(["b", "a", "c"]);
    expect(move(["a", "b", "c"], 0, -1)).toEqual(["a", "b", "c"]);
    expect(move(["a", "b", "c"], 2, -2)).toEqual(["c", "a", "b"]);
  });
});

describe("a website chat", () => {
  const form = blankInbox("官网", "zh-CN", "云履");
  it("is good as it begins", () => expect(inboxGood(form)).toBe(true));
  it("needs a name, a colour, a welcome and a time that can be kept", () => {
    expect(inboxGood({ ...form, name: " " })).toBe(false);
    expect(inboxGood({ ...form, color: "blue" })).toBe(false);
    expect(inboxGood({ ...form, welcome: { zh: "", en: " " } })).toBe(false);
    expect(inboxGood({ ...form, welcome: { zh: "", en: "Hello" } })).toBe(true);
    expect(inboxGood({ ...form, routing: { ...form.routing, offer_timeout_s: Number.NaN } })).toBe(false);
    expect(inboxGood({ ...form, routing: { ...form.routing, offer_timeout_s: 2 } })).toBe(false);
  });
});

describe("colours", () => {
  it("are six digits, and get text that can be read", () => {
    expect(isColor("#2456d6")).toBe(true);
    expect(isColor("#fff")).toBe(false);
    expect(inkOn("#ffffff")).toBe("#14181d");
    expect(inkOn("#2456d6")).toBe("#ffffff");
    expect(contrastOn("#2456d6")).toBeGreaterThan(4.5);
    expect(contrastOn("#8a8a8a")).toBeLessThan(4.5);
  });
});

describe("identity code", () => {
  const SECRET = "a secret of the inbox";

  function check(token: string): void {
    const [head = "", body = "", signature] = token.trim().split(".");
    expect(JSON.parse(Buffer.from(head, "base64url").toString())).toEqual({ alg: "HS256", typ: "JWT" });
    const claims = JSON.parse(Buffer.from(body, "base64url").toString()) as { sub: string; name: string; email: string; exp: number };
    expect(claims).toMatchObject({ sub: "42", name: "王小明", email: "wang@example.com" });
    const ahead = claims.exp - Date.now() / 1000;
    expect(ahead).toBeGreaterThan(60);
    expect(ahead).toBeLessThanOrEqual(86_400);
    expect(signature).toBe(createHmac("sha256", SECRET).update(`${head}.${body}`).digest("base64url"));
  }

  function output(command: string, args: string[], input: string): string {
    const { stdout, stderr, status } = spawnSync(command, args, { input, encoding: "utf8", env: { ...process.env, RAPPORT_IDENTITY_SECRET: SECRET } });
    expect(status, stderr).toBe(0);
    return stdout;
  }

  it("signs in Node", () => {
    const code = `${IDENTITY_CODE.node}\nprocess.stdout.write(identityToken({ id: 42, name: "王小明", email: "wang@example.com" }));`;
    check(output(process.execPath, ["--input-type=module"], code));
  });

  it.runIf(spawnSync("python3", ["--version"]).status === 0)("signs in Python", () => {
    const code = `${IDENTITY_CODE.python}\nprint(identity_token({"id": 42, "name": "王小明", "email": "wang@example.com"}))\n`;
    check(output("python3", ["-"], code));
  });
});
