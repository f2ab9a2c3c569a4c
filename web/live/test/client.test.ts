// The promises of the live client, against a server that is cut at every point.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LiveClient, LiveError } from "../src/index.ts";
import type { EventFrame, KeyValue, LiveState } from "../src/index.ts";
import { FakeServer, MemoryStorage } from "./fake-server.ts";
import type { Cut } from "./fake-server.ts";

interface World {
  server: FakeServer;
  client: LiveClient;
  events: EventFrame[];
  states: LiveState[];
  resets: number[];
}

function world(options: { server?: FakeServer; storage?: KeyValue; resume?: number; random?: () => number } = {}): World {
  const server = options.server ?? new FakeServer();
  const made: World = { server, events: [], states: [], resets: [], client: undefined as unknown as LiveClient };
  made.client = new LiveClient({
    url: "ws://test/live",
    hello: () => ({ as: "visitor", token: "t" }),
    storage: options.storage ?? new MemoryStorage(),
    onEvent: (event) => made.events.push(event),
    onState: (state) => made.states.push(state),
    onReset: (seq) => made.resets.push(seq),
    open: server.open,
    random: options.random ?? (() => 0.5),
  });
  if (options.resume !== undefined) made.client.setResume(options.resume);
  made.client.connect();
  return made;
}

const texts = (events: EventFrame[]): string[] =>
  events.flatMap((it) => ("message" in it.event && it.event.message.content.type === "text" ? [it.event.message.content.text] : []));

const text = (value: string) => ({ type: "text", text: value }) as const;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("resuming", () => {
  it("says hello with the last number seen and gets what was missed once", async () => {
    const { server, client, events } = world({ resume: 0 });
    await vi.advanceTimersByTimeAsync(50);
    server.say("one");
    await vi.advanceTimersByTimeAsync(50);
    server.cutAll();
    server.say("two");
    await vi.advanceTimersByTimeAsync(2_000);
    expect(server.hellos.map((it) => it.resume)).toEqual([0, 1]);
    expect(texts(events)).toEqual(["one", "two"]);
    expect(client.current).toMatchObject({ phase: "live", caughtUp: true });
  });

  it("without a number gets only what is new", async () => {
    const server = new FakeServer();
    server.say("old");
    const { events } = world({ server });
    await vi.advanceTimersByTimeAsync(50);
    server.say("new");
    await vi.advanceTimersByTimeAsync(50);
    expect(texts(events)).toEqual(["new"]);
  });

  it("on reset hands the reload over and continues behind it", async () => {
    const server = new FakeServer();
    for (let index = 0; index < 5; index += 1) server.say(`old ${index}`);
    server.resetBefore = 3;
    const { events, resets, client } = world({ server, resume: 1 });
    await vi.advanceTimersByTimeAsync(50);
    server.say("new");
    await vi.advanceTimersByTimeAsync(50);
    expect(resets).toEqual([5]);
    expect(texts(events)).toEqual(["new"]);
    expect(client.seq).toBe(6);
    expect(client.current.caughtUp).toBe(true);
    server.cutAll();
    server.say("while away");
    await vi.advanceTimersByTimeAsync(2_000);
    expect(server.hellos.at(-1)?.resume).toBe(6);
    expect(texts(events)).toEqual(["new", "while away"]);
  });

  it("what waits in the outbox goes out after a reset, once", async () => {
    const server = new FakeServer();
    const { client, events } = world({ server, resume: 0 });
    await vi.advanceTimersByTimeAsync(50);
    server.cuts = ["after_commit"];
    client.send("c1", text("said before the cut"));
    await vi.advanceTimersByTimeAsync(10);
    for (let index = 0; index < 5; index += 1) server.say(`missed ${index}`);
    server.resetBefore = 3;
    client.send("c1", text("said after"));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(texts(server.journal).filter((it) => it.startsWith("said"))).toEqual(["said before the cut", "said after"]);
    expect(texts(events)).toEqual(["said after"]);
    expect(client.pending()).toEqual([]);
  });

  it("without a number there is nothing to catch up with", async () => {
    const { client } = world();
    await vi.advanceTimersByTimeAsync(50);
    expect(client.current).toMatchObject({ phase: "live", caughtUp: true });
  });
});

describe("outbox", () => {
  it("keeps what is said offline and sends it in order", async () => {
    const { server, client, events } = world({ resume: 0 });
    server.down = true;
    for (const word of ["a", "b", "c"]) client.send(undefined, text(word));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(client.pending().length).toBe(3);
    server.down = false;
    await vi.advanceTimersByTimeAsync(40_000);
    expect(texts(events)).toEqual(["a", "b", "c"]);
    expect(client.pending()).toEqual([]);
  });

  it("survives a reload under the same ids, and two tabs do not overwrite one another", async () => {
    const storage = new MemoryStorage();
    const server = new FakeServer();
    server.down = true;
    const first = world({ server, storage, resume: 0 });
    const second = world({ server, storage, resume: 0 });
    const ids = [first.client.send("c1", text("from the first tab")), second.client.send("c1", text("from the second"))];
    await vi.advanceTimersByTimeAsync(100);
    first.client.close();
    second.client.close();
    server.down = false;
    const third = world({ server, storage, resume: 0 });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(texts(third.events).sort()).toEqual(["from the first tab", "from the second"]);
    expect(server.journal.map((it) => ("message" in it.event ? it.event.message.client_id : "")).sort()).toEqual([...ids].sort());
    expect(storage.length).toBe(0);
  });

  it("a tab that stays delivers what a closed one could not", async () => {
    const storage = new MemoryStorage();
    const server = new FakeServer();
    const stays = world({ server, storage, resume: 0 });
    await vi.advanceTimersByTimeAsync(50);
    server.down = true;
    server.cutAll();
    const closes = world({ server, storage, resume: 0 });
    closes.client.send("c1", text("from the closed tab"));
    await vi.advanceTimersByTimeAsync(100);
    closes.client.close();
    server.down = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(texts(stays.events)).toEqual(["from the closed tab"]);
    expect(storage.length).toBe(0);
  });

  it("two tabs that both have it send it once in effect, and what one discarded the other forgets", async () => {
    const storage = new MemoryStorage();
    const server = new FakeServer();
    server.down = true;
    const first = world({ server, storage, resume: 0 });
    first.client.send("c1", text("once"), "once");
    first.client.send("c1", text("never"), "never");
    const second = world({ server, storage, resume: 0 });
    expect(second.client.pending().map((it) => it.id)).toEqual(["once", "never"]);
    first.client.discard("never");
    server.down = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(texts(server.journal)).toEqual(["once"]);
    expect(texts(first.events)).toEqual(["once"]);
    expect(texts(second.events)).toEqual(["once"]);
    expect(second.client.pending()).toEqual([]);
  });

  it("for another contact what waits is sent without the old conversation", async () => {
    const { server, client } = world({ resume: 0 });
    server.down = true;
    client.send("old", text("still mine"));
    client.detach();
    server.down = false;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(server.frames.filter((it) => it.t === "send")).toMatchObject([{ content: { text: "still mine" } }]);
    expect(server.frames.some((it) => it.t === "send" && it.conversation !== undefined)).toBe(false);
  });

  it.each<[Cut]>([["before_commit"], ["after_commit"], ["after_event"], ["swallow"]])("cut %s: once in view, in order", async (cut) => {
    const { server, client, events } = world({ resume: 0 });
    await vi.advanceTimersByTimeAsync(50);
    server.cuts = [cut];
    client.send("c1", text("a"));
    client.send("c1", text("b"));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(texts(events)).toEqual(["a", "b"]);
    expect(texts(server.journal)).toEqual(["a", "b"]);
    expect(client.pending()).toEqual([]);
  });

  it("any sequence of cuts loses and duplicates nothing (200 seeds)", async () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const random = generator(seed);
      const storage = new MemoryStorage();
      let here = world({ storage, resume: 0, random });
      const { server } = here;
      const said: string[] = [];
      const seen: EventFrame[] = [];
      for (let step = 0; step < 12; step += 1) {
        const dice = random();
        if (dice < 0.5) {
          const word = `${seed}.${step}`;
          said.push(word);
          here.client.send(random() < 0.5 ? "c1" : undefined, text(word));
        } else if (dice < 0.65) {
          server.cutAll(random() < 0.5 ? 1006 : 1001);
        } else if (dice < 0.8) {
          server.cuts.push(...(["before_commit", "after_commit", "after_event", "swallow"] as const).slice(Math.floor(random() * 4)));
        } else if (dice < 0.9) {
          server.down = !server.down;
        } else {
          seen.push(...here.events);
          const resume = here.client.seq ?? 0;
          here.client.close();
          here = world({ server, storage, resume, random });
        }
        await vi.advanceTimersByTimeAsync(random() * 3_000);
      }
      server.down = false;
      await vi.advanceTimersByTimeAsync(300_000);
      seen.push(...here.events);
      expect(texts(server.journal), `seed ${seed}: journal`).toEqual(said);
      expect(texts(seen), `seed ${seed}: view`).toEqual(said);
      expect(here.client.pending(), `seed ${seed}`).toEqual([]);
      expect(storage.length, `seed ${seed}`).toBe(0);
      here.client.close();
    }
  }, 60_000);

  it("a refused message is kept as failed, lets others pass and can be sent again", async () => {
    const { server, client, events } = world({ resume: 0 });
    await vi.advanceTimersByTimeAsync(50);
    server.refusals.set("bad", "message.too_long");
    client.send("c1", text("a"), "bad");
    client.send("c1", text("b"));
    await vi.advanceTimersByTimeAsync(100);
    expect(texts(events)).toEqual(["b"]);
    expect(client.pending()).toMatchObject([{ id: "bad", failed: { code: "message.too_long" } }]);
    server.refusals.clear();
    client.retry("bad");
    await vi.advanceTimersByTimeAsync(100);
    expect(texts(events)).toEqual(["b", "a"]);
    expect(client.pending()).toEqual([]);
  });

  it("what the store cannot take now is tried again, before what came later", async () => {
    const { server, client, events } = world({ resume: 0 });
    await vi.advanceTimersByTimeAsync(50);
    server.refusals.set("early", "store.unavailable");
    client.send("c1", text("a"), "early");
    client.send("c1", text("b"));
    await vi.advanceTimersByTimeAsync(3_000);
    expect(events).toEqual([]);
    server.refusals.clear();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(texts(events)).toEqual(["a", "b"]);
  });
});

describe("actions", () => {
  it("resolve with the acknowledgement, also after a cut", async () => {
    const { server, client } = world({ resume: 0 });
    await vi.advanceTimersByTimeAsync(50);
    server.cuts = ["after_commit"];
    const ack = client.act("c1", { action: "leave_queue" });
    await vi.advanceTimersByTimeAsync(5_000);
    await expect(ack).resolves.toMatchObject({ conversation: "c1", duplicate: true });
  });

  it("reject with the code of the catalogue", async () => {
    const { server, client } = world({ resume: 0 });
    await vi.advanceTimersByTimeAsync(50);
    server.refusals.set("r1", "conversation.not_ratable");
    const outcome = client.act("c1", { action: "rate", score: 5 }, { id: "r1" }).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(100);
    const error = await outcome;
    expect(error).toBeInstanceOf(LiveError);
    expect((error as LiveError).code).toBe("conversation.not_ratable");
  });

  it("only the newest read mark waits", async () => {
    const { server, client } = world({ resume: 0 });
    server.down = true;
    void client.act("c1", { action: "mark_read", up_to: 1 });
    void client.act("c1", { action: "mark_read", up_to: 2 });
    expect(client.pending().map((it) => it.action)).toEqual([{ action: "mark_read", up_to: 2 }]);
  });
});

describe("connection", () => {
  it("backs off with jitter up to half a minute", async () => {
    const { server, client, states } = world({ random: () => 1 });
    server.down = true;
    await vi.advanceTimersByTimeAsync(180_000);
    const waits = states.filter((it) => it.phase === "waiting").map((it) => it.attempts);
    expect(waits.slice(0, 4)).toEqual([1, 2, 3, 4]);
    // 0.5 + 1 + 2 + 4 + 8 + 16 s, then every 30 s.
    expect(waits.length).toBeGreaterThanOrEqual(9);
    expect(waits.length).toBeLessThanOrEqual(12);
    server.down = false;
    await vi.advanceTimersByTimeAsync(31_000);
    expect(client.current).toMatchObject({ phase: "live", attempts: 0 });
  });

  it("asks for a new token when the old one is refused, and does not hammer", async () => {
    const { server, client } = world({ resume: 0 });
    await vi.advanceTimersByTimeAsync(50);
    server.cutAll(4401);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(client.current.phase).toBe("refused");
    expect(server.hellos.length).toBe(1);
    client.connect();
    await vi.advanceTimersByTimeAsync(50);
    expect(client.current.phase).toBe("live");
  });

  it("pings when quiet and leaves a dead connection", async () => {
    const { server, states } = world({ resume: 0 });
    await vi.advanceTimersByTimeAsync(26_000);
    expect(server.frames.filter((it) => it.t === "ping").length).toBe(1);
    server.mute = true;
    await vi.advanceTimersByTimeAsync(36_000);
    expect(states.some((it) => it.phase === "waiting")).toBe(true);
  });

  it("gives up a connection that never says welcome", async () => {
    const { server, states } = world({ resume: 0 });
    server.mute = true;
    await vi.advanceTimersByTimeAsync(14_000);
    expect(states.at(-1)?.phase).not.toBe("live");
    expect(states.some((it) => it.phase === "waiting")).toBe(true);
  });

  it("who says something does not sit out the back-off, and does not hammer either", async () => {
    const { server, client, states } = world({ resume: 0, random: () => 1 });
    server.down = true;
    await vi.advanceTimersByTimeAsync(40_000);
    const before = states.filter((it) => it.phase === "connecting").length;
    for (let index = 0; index < 20; index += 1) client.send("c1", text(`${index}`));
    await vi.advanceTimersByTimeAsync(20);
    for (let index = 0; index < 20; index += 1) client.send("c1", text(`more ${index}`));
    expect(states.filter((it) => it.phase === "connecting").length).toBeLessThanOrEqual(before + 1);
    server.down = false;
    await vi.advanceTimersByTimeAsync(2_000);
    client.send("c1", text("last"));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(client.pending()).toEqual([]);
    expect(texts(server.journal).length).toBe(41);
  });

  it("a clock that is set back stops nothing", async () => {
    const { server, client } = world({ resume: 0 });
    await vi.advanceTimersByTimeAsync(50);
    client.typing("c1");
    client.send("c1", text("a"));
    vi.setSystemTime(Date.now() - 3_600_000);
    client.typing("c1");
    client.send("c1", text("b"));
    await vi.advanceTimersByTimeAsync(50);
    expect(server.frames.flatMap((it) => (it.t === "typing" ? [it.on] : []))).toEqual([true, true]);
    expect(texts(server.journal)).toEqual(["a", "b"]);
  });

  it("types at most every three seconds and says once that it stopped", async () => {
    const { server, client } = world({ resume: 0 });
    await vi.advanceTimersByTimeAsync(50);
    for (let index = 0; index < 40; index += 1) {
      client.typing("c1");
      await vi.advanceTimersByTimeAsync(100);
    }
    client.typing("c1", false);
    client.typing("c1", false);
    await vi.advanceTimersByTimeAsync(10);
    expect(server.frames.flatMap((it) => (it.t === "typing" ? [it.on] : []))).toEqual([true, true, false]);
  });
});

/** Small and even: mulberry32. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
