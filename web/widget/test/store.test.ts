// The frame's state over cuts, reloads, expired tokens and changing customers, against a server in memory.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeServer } from "../../live/test/fake-server.ts";
import type { Consent, PublicConversation } from "../src/frame/http.ts";
import { Store } from "../src/frame/store.ts";
import type { Thread } from "../src/frame/thread.ts";
import { FakeHttp } from "./fake-http.ts";

interface World {
  server: FakeServer;
  http: FakeHttp;
  store: Store;
  told: unknown[];
}

function world(options: { server?: FakeServer; http?: FakeHttp; config?: ConstructorParameters<typeof FakeHttp>[1] } = {}): World {
  const server = options.server ?? new FakeServer();
  const http = options.http ?? new FakeHttp(server, options.config);
  const store = new Store("k", { locale: "zh-CN", localeForced: true, theme: "auto", http, open: server.open });
  const told: unknown[] = [];
  store.tellHost = (message) => told.push(message);
  return { server, http, store, told };
}

const conversation = (part: Partial<PublicConversation> = {}): PublicConversation => ({ id: "c1", number: 7, status: "bot", unread: 0, read_by_members: 0, rating_requested: false, updated_at: 1, ...part });

const said = (thread: Thread | undefined): string[] =>
  (thread?.entries ?? []).flatMap((it) => ("message" in it.event && it.event.message.content.type === "text" ? [it.event.message.content.text] : []));

const text = (value: string) => ({ type: "text", text: value }) as const;

async function begun(made: World): Promise<World> {
  void made.store.begin();
  await vi.advanceTimersByTimeAsync(100);
  return made;
}

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

describe("a visitor", () => {
  it("costs the server nothing before something is said", async () => {
    const { http, server, store } = await begun(world());
    expect([http.sessions.length, server.hellos.length]).toEqual([0, 0]);
    await store.send(text("你好"));
    await vi.advanceTimersByTimeAsync(100);
    expect(http.sessions.length).toBe(1);
    expect(said(store.current)).toEqual(["你好"]);
  });

  it("comes back on the next page to the conversation and the draft", async () => {
    const server = new FakeServer();
    const first = await begun(world({ server }));
    await first.store.send(text("第一页"));
    await vi.advanceTimersByTimeAsync(100);
    first.store.memory.set("draft", "写到一半");
    first.store.live.close();
    const second = world({ server, http: first.http });
    first.http.conversationsNow = () => [conversation({ status: "resolved" }), conversation({ id: "c0", status: "resolved" })];
    await begun(second);
    expect(second.store.current?.meta.id).toBe("c1");
    expect(said(second.store.current)).toEqual(["第一页"]);
    expect(second.store.memory.get("draft")).toBe("写到一半");
    expect(first.http.sessions.at(-1)?.token).toBe("t1");
  });

  it("is shown what came after they left, though it has ended", async () => {
    const server = new FakeServer();
    const first = await begun(world({ server }));
    await first.store.send(text("在吗"));
    await vi.advanceTimersByTimeAsync(100);
    first.store.live.close();
    sessionStorage.clear();
    server.say("在的");
    first.http.conversationsNow = () => [conversation({ status: "resolved", unread: 1 })];
    const { store, told } = await begun(world({ server, http: first.http }));
    expect(said(store.current)).toEqual(["在吗", "在的"]);
    expect(told).toContainEqual({ type: "unread", count: 1 });
  });

  it("does not lose what was filled in to a session that was under way", async () => {
    const { http, store } = world();
    let go = (): void => undefined;
    http.hold = new Promise((resolve) => (go = resolve));
    const early = store.visitor.open();
    const filled = store.introduce({ name: "陈静" });
    http.hold = undefined;
    go();
    await Promise.all([early, filled]);
    expect(http.sessions.map((it) => it.fields)).toEqual([undefined, { name: "陈静" }]);
    expect(http.sessions[1]?.token).toBe("t1");
  });
});

describe("tokens", () => {
  it("an expired one is exchanged; nothing that was said or written is lost", async () => {
    const { server, http, store } = await begun(world());
    await store.send(text("一"));
    await vi.advanceTimersByTimeAsync(100);
    store.memory.set("draft", "没写完");
    server.down = true;
    server.cutAll(4401);
    await store.send(text("二"));
    await vi.advanceTimersByTimeAsync(500);
    server.down = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(http.sessions.map((it) => it.token)).toEqual([undefined, "t1"]);
    expect(said(store.current)).toEqual(["一", "二"]);
    expect(said(store.current)).toEqual(server.journal.map((it) => ("message" in it.event && it.event.message.content.type === "text" ? it.event.message.content.text : "")));
    expect(store.memory.get("draft")).toBe("没写完");
  });

  it("one that nobody knows any more begins anew, and what waited goes with it", async () => {
    const { server, http, store } = await begun(world());
    await store.send(text("一"));
    await vi.advanceTimersByTimeAsync(100);
    store.memory.set("draft", "没写完");
    http.tokens.clear();
    server.down = true;
    server.cutAll(4401);
    await store.send(text("二"));
    await vi.advanceTimersByTimeAsync(500);
    server.down = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(http.sessions.map((it) => it.token)).toEqual([undefined, "t1", undefined]);
    expect(server.frames.filter((it) => it.t === "send").at(-1)).not.toHaveProperty("conversation");
    expect(said(store.current)).toContain("二");
    expect(store.live.pending()).toEqual([]);
    expect(store.memory.get("draft")).toBe("没写完");
  });

  it("refused again and again is asked for at most three times a minute", async () => {
    const { server, http, store } = await begun(world());
    await store.send(text("一"));
    await vi.advanceTimersByTimeAsync(100);
    for (let second = 0; second < 120; second += 1) {
      server.cutAll(4401);
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(http.sessions.length).toBeGreaterThan(3);
    expect(http.sessions.length).toBeLessThanOrEqual(8);
  });
});

describe("identity", () => {
  const jwt = (sub: string): string => `h.${btoa(JSON.stringify({ sub }))}.s`;

  it("another customer of the site finds nothing of the one before", async () => {
    const { server, store, http } = await begun(world());
    await store.identify(jwt("ann"));
    await vi.advanceTimersByTimeAsync(100);
    await store.send(text("安的话"));
    await vi.advanceTimersByTimeAsync(100);
    server.down = true;
    server.cutAll();
    await store.send(text("安还没发出的话"));
    store.memory.set("draft", "安的草稿");
    await store.identify(jwt("bob"));
    server.down = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.journal.flatMap((it) => ("message" in it.event && it.event.message.content.type === "text" ? [it.event.message.content.text] : []))).toEqual(["安的话"]);
    expect(store.threads.size).toBe(0);
    expect(store.memory.get("draft")).toBeUndefined();
    expect(http.sessions.at(-1)).toMatchObject({ identity: jwt("bob") });
    expect(http.sessions.at(-1)?.token).not.toBe("t1");
  });

  it("the same customer with a fresh token changes nothing", async () => {
    const { store } = await begun(world());
    await store.identify(jwt("ann"));
    await vi.advanceTimersByTimeAsync(100);
    await store.send(text("一"));
    await vi.advanceTimersByTimeAsync(100);
    store.memory.set("draft", "草稿");
    await store.identify(`${jwt("ann")}2`);
    await vi.advanceTimersByTimeAsync(100);
    expect(store.memory.get("draft")).toBe("草稿");
  });

  it("a refused identity goes on as the known visitor, and tells the site", async () => {
    const { server, http, store, told } = await begun(world());
    await store.send(text("一"));
    await vi.advanceTimersByTimeAsync(100);
    http.refuseIdentity = true;
    await store.identify(jwt("ann"));
    await vi.advanceTimersByTimeAsync(100);
    expect(told).toContainEqual({ type: "event", name: "error", detail: { code: "widget.identity_invalid" } });
    expect(store.live.current.phase).toBe("live");
    await store.send(text("二"));
    await vi.advanceTimersByTimeAsync(100);
    expect(server.journal.length).toBe(2);
  });

  it("on the next page the site's word is waited for, and without it the next person finds nothing", async () => {
    const first = await begun(world());
    await first.store.identify(jwt("ann"));
    await vi.advanceTimersByTimeAsync(100);
    await first.store.send(text("一"));
    await vi.advanceTimersByTimeAsync(100);
    first.store.live.close();
    const again = await begun(world({ server: first.server, http: first.http }));
    expect(first.http.sessions.length).toBe(1);
    await again.store.identify(jwt("ann"));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(first.http.sessions.length).toBe(2);
    expect(again.store.visitor.contact).toBe(`of ${jwt("ann").split(".")[1]}`);
    again.store.memory.set("draft", "安的草稿");
    again.store.live.close();
    const next = await begun(world({ server: first.server, http: first.http }));
    await next.store.send(text("下一位的话"));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(next.store.memory.get("draft")).toBeUndefined();
    expect(next.store.visitor.contact).toBe("u3");
    expect(first.http.sessions.at(-1)).not.toHaveProperty("token");
    expect(said(next.store.current)).toContain("下一位的话");
  });

  it("a site's word that is too old is asked for again; nothing is taken for a stranger's", async () => {
    const { server, http, store } = await begun(world());
    await store.identify(jwt("ann"));
    await vi.advanceTimersByTimeAsync(100);
    await store.send(text("一"));
    await vi.advanceTimersByTimeAsync(100);
    http.refuseIdentity = true;
    server.down = true;
    server.cutAll(4401);
    await store.send(text("二"));
    await vi.advanceTimersByTimeAsync(1_000);
    server.down = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(store.phase).toBe("sign_in");
    expect(server.journal.length).toBe(1);
    http.refuseIdentity = false;
    await store.identify(jwt("ann"));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(store.phase).toBe("ready");
    expect(server.journal.length).toBe(2);
  });

  it("where it is required and missing, nothing is asked again and again", async () => {
    const { http, store } = await begun(world({ config: { require_identity: true } }));
    expect(store.phase).toBe("sign_in");
    await vi.advanceTimersByTimeAsync(120_000);
    expect(http.sessions.length).toBe(0);
    await store.identify(jwt("ann"));
    await vi.advanceTimersByTimeAsync(100);
    expect(store.phase).toBe("ready");
    expect(store.live.current.phase).toBe("live");
  });
});

describe("what is shown", () => {
  it("a reset while a page was on its way leaves no hole", async () => {
    const { server, http, store } = await begun(world());
    await store.send(text("问"));
    await vi.advanceTimersByTimeAsync(100);
    let go = (): void => undefined;
    http.hold = new Promise((resolve) => (go = resolve));
    store.threads.get("c1")!.loaded = false;
    const old = store.load("c1");
    server.cutAll();
    for (let index = 0; index < 5; index += 1) server.say(`错过 ${index}`);
    server.resetBefore = 4;
    http.conversationsNow = () => [conversation()];
    await vi.advanceTimersByTimeAsync(2_000);
    server.say("之后");
    await vi.advanceTimersByTimeAsync(50);
    http.hold = undefined;
    go();
    await old;
    await vi.advanceTimersByTimeAsync(50);
    expect(said(store.current)).toEqual(["问", "错过 0", "错过 1", "错过 2", "错过 3", "错过 4", "之后"]);
  });

  it("an answer that was overtaken by the socket takes nothing back", async () => {
    const { server, http, store } = await begun(world());
    await store.send(text("问"));
    await vi.advanceTimersByTimeAsync(100);
    store.names.set("m1", "林岚");
    http.conversationsNow = () => [conversation({ status: "queued", queue: { position: 1 } })];
    let go = (): void => undefined;
    http.hold = new Promise((resolve) => (go = resolve));
    const late = store.loadConversations();
    server.commit({ type: "member", id: "m1" }, { kind: "assigned", to: "m1" });
    server.say("您好");
    await vi.advanceTimersByTimeAsync(50);
    http.hold = undefined;
    go();
    await late;
    expect(store.current?.meta).toMatchObject({ status: "assigned", unread: 1, queue: null });
  });

  it("a picture that met a cut goes out by itself, once, under its own id", async () => {
    const { server, http, store } = await begun(world());
    await store.send(text("看图"));
    await vi.advanceTimersByTimeAsync(100);
    http.down = true;
    server.down = true;
    server.cutAll();
    store.uploads.stage([new File(["x"], "鞋.png", { type: "image/png" })]);
    const [staged] = store.uploads.staged;
    await store.uploads.sendStaged("c1");
    expect(store.uploads.running).toMatchObject([{ id: staged?.id, cut: true }]);
    http.down = false;
    server.down = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(store.uploads.running).toEqual([]);
    const pictures = server.journal.filter((it) => "message" in it.event && it.event.message.content.type === "image");
    expect(pictures.map((it) => ("message" in it.event ? it.event.message.client_id : ""))).toEqual([staged?.id]);
  });

  it("what is read is marked once it is in view, and only then", async () => {
    const { server, store } = await begun(world());
    await store.send(text("问"));
    await vi.advanceTimersByTimeAsync(100);
    store.setShown(false, false);
    server.say("答");
    await vi.advanceTimersByTimeAsync(2_000);
    expect(store.unread()).toBe(1);
    expect(server.frames.some((it) => it.t === "act")).toBe(false);
    store.setShown(true, false);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(store.unread()).toBe(0);
    expect(server.frames.flatMap((it) => (it.t === "act" ? [it.action] : []))).toEqual([{ action: "mark_read", up_to: 2 }]);
  });
});

describe("consent", () => {
  const feelings = (part: Partial<Consent> = {}): Consent => ({ purpose: "emotion:care", question: { version: 1, title: { zh: "以更好地服务您", en: "To serve you better" }, text: { zh: "…", en: "…" } }, given: false, at: null, ...part });
  const asked = async (consents: Consent[], made = world()): Promise<World> => {
    made.http.consentsNow = consents;
    await begun(made);
    await made.store.send(text("你好"));
    await vi.advanceTimersByTimeAsync(100);
    return made;
  };
  const acts = ({ server }: World) => server.frames.flatMap((it) => (it.t === "act" ? [it.action] : []));

  it("is asked for after the first message and not before, and only where the company asks", async () => {
    const made = world();
    made.http.consentsNow = [feelings()];
    await begun(made);
    expect(made.store.question).toBeUndefined();
    await made.store.send(text("你好"));
    await vi.advanceTimersByTimeAsync(100);
    expect(made.store.question?.purpose).toBe("emotion:care");
    expect((await asked([])).store.question).toBeUndefined();
  });

  it("is told with the version of the text that was read, and taken back by one step", async () => {
    const made = await asked([feelings({ question: { ...feelings().question, version: 3 } })]);
    const it = made.store.question as Consent;
    await Promise.all([made.store.consent(it, true), vi.advanceTimersByTimeAsync(100)]);
    expect(made.store.question).toBeUndefined();
    await Promise.all([made.store.consent(it, false), vi.advanceTimersByTimeAsync(100)]);
    expect(acts(made)).toEqual([
      { action: "consent", purpose: "emotion:care", given: true, text_version: 3 },
      { action: "consent", purpose: "emotion:care", given: false, text_version: 3 },
    ]);
    expect(it.given).toBe(false);
  });

  it("that was refused is not asked for again, tells the server nothing, and is asked anew when its text is another", async () => {
    const first = await asked([feelings()]);
    await first.store.consent(first.store.question as Consent, false);
    expect([first.store.question, acts(first)]).toEqual([undefined, []]);
    first.store.live.close();
    const again = async (consents: Consent[]) => (await asked(consents, world({ server: first.server, http: first.http }))).store.question?.question.version;
    expect(await again([feelings()])).toBeUndefined();
    expect(await again([feelings({ question: { ...feelings().question, version: 2 } })])).toBe(2);
  });

  it("that was answered elsewhere, or taken back, is not asked for", async () => {
    expect((await asked([feelings({ given: true, at: 5 })])).store.question).toBeUndefined();
    const made = await asked([feelings({ given: true, at: 5 })]);
    await Promise.all([made.store.consent(made.store.consents[0] as Consent, false), vi.advanceTimersByTimeAsync(100)]);
    made.store.live.close();
    expect((await asked([feelings()], world({ server: made.server, http: made.http }))).store.question).toBeUndefined();
  });

  it("of one customer is asked of the next at the same machine too", async () => {
    const made = await asked([feelings()]);
    await made.store.consent(made.store.question as Consent, false);
    made.store.shutdown();
    expect(made.store.memory.get("asked")).toBeUndefined();
  });
});

describe("a compensation", () => {
  it("is taken by one step and stays taken", async () => {
    const made = await begun(world());
    await made.store.send(text("你好"));
    await vi.advanceTimersByTimeAsync(100);
    made.server.commit({ type: "bot" }, { kind: "message_sent", message: { id: "k", content: { type: "compensation", spending: "s1", amount_minor: 1000, currency: "CNY", text: "抱歉", state: "offered" } } });
    await Promise.all([made.store.accept("s1"), vi.advanceTimersByTimeAsync(100)]);
    expect(made.server.frames.at(-1)).toMatchObject({ action: { action: "choose", choice: { accept_compensation: { spending: "s1" } } } });
    expect(made.store.current?.judged.get("s1")).toBe(true);
  });
});
