// A server in memory that keeps the promises of docs/live-protocol.md and can be cut at any point.

import type { Socket } from "../src/index.ts";
import type { ClientFrame, EventFrame, KeyValue, ServerFrame } from "../src/index.ts";

/** Where the connection breaks on one `send` or `act`. */
export type Cut = "none" | "before_commit" | "after_commit" | "after_event" | "swallow";

export class FakeServer {
  readonly journal: EventFrame[] = [];
  readonly hellos: Extract<ClientFrame, { t: "hello" }>[] = [];
  readonly frames: ClientFrame[] = [];
  private readonly known = new Map<string, EventFrame>();
  private readonly sockets = new Set<FakeSocket>();
  /** The next frames meet these, then all is well. */
  cuts: Cut[] = [];
  /** Refuse these ids with a code. */
  refusals = new Map<string, string>();
  down = false;
  resetBefore = 0;
  mute = false;

  open = (): Socket => {
    const socket = new FakeSocket(this);
    setTimeout(() => {
      if (this.down) return socket.cut(1006);
      this.sockets.add(socket);
      socket.readyState = 1;
      socket.onopen?.({});
    }, 5);
    return socket;
  };

  /** A message of somebody else. */
  say(text: string): EventFrame {
    return this.commit({ type: "member", id: "m1" }, { kind: "message_sent", message: { id: `s${this.journal.length}`, content: { type: "text", text } } });
  }

  cutAll(code = 1006): void {
    for (const socket of [...this.sockets]) socket.cut(code);
  }

  gone(socket: FakeSocket): void {
    this.sockets.delete(socket);
  }

  receive(socket: FakeSocket, text: string): void {
    const frame = JSON.parse(text) as ClientFrame;
    this.frames.push(frame);
    if (this.mute) return;
    if (frame.t === "hello") {
      this.hellos.push(frame);
      const newest = this.journal.length;
      socket.put({ t: "welcome", v: 1, seq: newest, heartbeat_s: 25, session: "x" });
      socket.welcomed = true;
      if (frame.resume === undefined) return;
      if (frame.resume < this.resetBefore) return socket.put({ t: "reset", seq: newest });
      for (const event of this.journal.slice(frame.resume)) socket.put({ t: "event", ...event });
      socket.put({ t: "caught_up", seq: newest });
    } else if (frame.t === "ping") {
      socket.put({ t: "pong" });
    } else if (frame.t === "send" || frame.t === "act") {
      this.accept(socket, frame);
    }
  }

  private accept(socket: FakeSocket, frame: Extract<ClientFrame, { t: "send" | "act" }>): void {
    const refusal = this.refusals.get(frame.id);
    if (refusal) return socket.put({ t: "error", id: frame.id, code: refusal, message: refusal, hint: "" });
    const before = this.known.get(frame.id);
    if (before) return socket.put({ t: "ack", id: frame.id, seq: before.seq, conversation: "c1", duplicate: true });
    const cut = this.cuts.shift() ?? "none";
    if (cut === "swallow") return;
    if (cut === "before_commit") return socket.cut(1006);
    const event = frame.t === "send" ? ({ kind: "message_received", message: { id: `r-${frame.id}`, client_id: frame.id, content: frame.content } } as const) : ({ kind: "left_queue" } as const);
    const silent = cut === "after_commit" ? socket : undefined;
    const entry = this.commit({ type: "customer", id: "u1" }, event, silent);
    this.known.set(frame.id, entry);
    if (cut !== "none") return socket.cut(1006);
    socket.put({ t: "ack", id: frame.id, seq: entry.seq, conversation: "c1", duplicate: false });
  }

  commit(actor: EventFrame["actor"], event: EventFrame["event"], silent?: FakeSocket): EventFrame {
    const entry: EventFrame = { seq: this.journal.length + 1, at: Date.now(), conversation: "c1", contact: "u1", inbox: "i1", actor, event };
    this.journal.push(entry);
    for (const socket of this.sockets) if (socket !== silent && socket.welcomed) socket.put({ t: "event", ...entry });
    return entry;
  }
}

class FakeSocket implements Socket {
  readyState = 0;
  welcomed = false;
  onopen: Socket["onopen"] = null;
  onmessage: Socket["onmessage"] = null;
  onclose: Socket["onclose"] = null;
  onerror: Socket["onerror"] = null;
  private closed = false;

  constructor(private readonly server: FakeServer) {}

  put(frame: ServerFrame): void {
    const text = JSON.stringify(frame);
    setTimeout(() => {
      if (!this.closed) this.onmessage?.({ data: text });
    }, 2);
  }

  send(text: string): void {
    setTimeout(() => {
      if (!this.closed) this.server.receive(this, text);
    }, 2);
  }

  close(): void {
    this.cut(1000);
  }

  cut(code: number): void {
    if (this.closed) return;
    this.closed = true;
    this.readyState = 3;
    this.server.gone(this);
    setTimeout(() => this.onclose?.({ code }), 1);
  }
}

/** DOM `Storage` in memory. */
export class MemoryStorage implements KeyValue {
  private readonly map = new Map<string, string>();
  get length(): number {
    return this.map.size;
  }
  key(index: number): string | null {
    return [...this.map.keys()][index] ?? null;
  }
  getItem(key: string): string | null {
    return this.map.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.map.set(key, value);
  }
  removeItem(key: string): void {
    this.map.delete(key);
  }
}
