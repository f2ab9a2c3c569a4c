// The live connection: says hello with the last number seen, keeps what is not acknowledged, and comes back by itself.

import { newId, readFrame, socketUrl } from "./frames.ts";
import { Outbox } from "./outbox.ts";
import type { KeyValue, OutboxItem } from "./outbox.ts";
import type { Ack, Action, ClientFrame, EventFrame, FaultBody, Presence, SentContent, Signal } from "./protocol.ts";

export type { KeyValue, OutboxFailure, OutboxItem } from "./outbox.ts";

/** `waiting`: will connect again at `retryAt`. `refused`: the token is no longer valid; get another and call `connect()`. */
export type LivePhase = "closed" | "connecting" | "live" | "waiting" | "refused";

export interface LiveState {
  phase: LivePhase;
  /** Everything that was missed has arrived. */
  caughtUp: boolean;
  /** Milliseconds since 1970. */
  retryAt?: number;
  /** Failed attempts since the connection was last live. */
  attempts: number;
}

export interface Hello {
  as: "visitor" | "member";
  token?: string;
}

/** The part of `WebSocket` that is needed. */
export interface Socket {
  readyState: number;
  onopen: ((event: unknown) => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  onerror: ((event: unknown) => void) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

export interface LiveOptions {
  /** `wss://host/live`, or a path of this origin. */
  url: string;
  hello: () => Hello | Promise<Hello>;
  /** Keeps unacknowledged messages over reloads; none means memory. */
  storage?: KeyValue;
  /** Prefix of the keys in `storage`: one per visitor or member. */
  scope?: string;
  /** A journal entry, each once, in rising order of `seq`. */
  onEvent: (event: EventFrame) => void;
  onSignal?: (signal: Signal) => void;
  onState?: (state: LiveState) => void;
  /** Too much was missed: reload by HTTP; live events after `seq` follow. */
  onReset?: (seq: number) => void;
  /** Something of the outbox changed (added, acknowledged, failed, revived). */
  onOutbox?: () => void;
  /** One of ours is durable; its event may come before or after. */
  onAck?: (item: OutboxItem, ack: Ack) => void;
  /** An error that belongs to no frame of ours. */
  onFault?: (fault: FaultBody) => void;
  /** For tests. */
  open?: (url: string) => Socket;
  random?: () => number;
  now?: () => number;
}

/** An action that the server refused; `code` is of the catalogue. */
export class LiveError extends Error {
  readonly code: string;
  readonly hint: string;
  constructor(fault: Pick<FaultBody, "code" | "message" | "hint">) {
    super(fault.message);
    this.name = "LiveError";
    this.code = fault.code;
    this.hint = fault.hint;
  }
}

const ACK_MS_MAX = 15_000;
const PONG_MS_MAX = 10_000;
/** From opening the socket to `welcome`. */
const WELCOME_MS_MAX = 12_000;
/** Between attempts that a person causes. */
const HURRY_MS_MIN = 2_000;
const BACKOFF_MS_MIN = 500;
const BACKOFF_MS_MAX = 30_000;
const TYPING_MS_MIN = 3_000;
/** The server may accept these later; the frame stays in the outbox. */
const TRY_AGAIN = new Set(["store.unavailable", "rate_limited", "live.slow_reader", "live.hello_first", "auth.expired"]);

interface Waiter {
  resolve: (ack: Ack) => void;
  reject: (error: LiveError) => void;
}

export class LiveClient {
  readonly #options: LiveOptions;
  readonly #outbox: Outbox;
  readonly #waiters = new Map<string, Waiter>();
  #socket: Socket | undefined;
  #state: LiveState = { phase: "closed", caughtUp: false, attempts: 0 };
  #resume: number | undefined;
  /** Whether this connection asked for what was missed; if not, there is nothing to catch up with. */
  #resuming = false;
  #triedAt = Number.NEGATIVE_INFINITY;
  #inFlight: string | undefined;
  #heartbeatMs = 25_000;
  #reconnectTimer: ReturnType<typeof setTimeout> | undefined;
  #quietTimer: ReturnType<typeof setTimeout> | undefined;
  #ackTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #typingSent = new Map<string, number>();
  #lastPresence: Presence | undefined;
  #listening = false;

  readonly #outboxPrefix: string;

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#outboxPrefix = `${options.scope ?? "rapport"}:outbox:`;
    this.#outbox = new Outbox(options.storage, this.#outboxPrefix);
  }

  /** Opens the connection and keeps it open until `close()`. */
  connect(): void {
    if (this.#socket) return;
    clearTimeout(this.#reconnectTimer);
    this.#listen();
    this.#triedAt = this.#now();
    this.#change({ phase: "connecting", caughtUp: false });
    const socket = this.#openSocket();
    if (!socket) return;
    this.#socket = socket;
    socket.onopen = () => void this.#sayHello(socket);
    socket.onmessage = (event) => {
      if (this.#socket === socket) this.#receive(event.data);
    };
    socket.onerror = () => undefined;
    socket.onclose = (event) => {
      if (this.#socket === socket) this.#lost(event.code);
    };
    // A network that swallows packets never says that it does.
    clearTimeout(this.#quietTimer);
    this.#quietTimer = setTimeout(() => this.#lost(4000), WELCOME_MS_MAX);
  }

  /** Somebody waits for it: does not sit out the back-off. */
  retryNow(): void {
    if (this.#state.phase !== "waiting" || Math.abs(this.#now() - this.#triedAt) < HURRY_MS_MIN) return;
    this.connect();
  }

  /** Closes for good (until `connect()`); the outbox stays. */
  close(): void {
    this.#unlisten();
    clearTimeout(this.#reconnectTimer);
    this.#drop(1000);
    this.#change({ phase: "closed", caughtUp: false, attempts: 0 });
  }

  get current(): LiveState {
    return this.#state;
  }

  /** The last number seen; undefined before the first `welcome` when none was set. */
  get seq(): number | undefined {
    return this.#resume;
  }

  /** Where to continue: the `seq` of the last HTTP answer that was shown. */
  setResume(seq: number): void {
    this.#resume = Math.max(seq, this.#resume ?? 0);
  }

  /** Says something. The answer is the client id, by which the event will be recognised; delivery survives any cut. */
  send(conversation: string | undefined, content: SentContent, id: string = newId()): string {
    this.#enqueue({ id, at: this.#now(), keep: true, content, ...(conversation ? { conversation } : {}) });
    return id;
  }

  /** Does something. Resolves when it is durable, rejects with `LiveError` when the server refused; in between it is tried again after any cut. */
  act(conversation: string | undefined, action: Action, options: { keep?: boolean; id?: string } = {}): Promise<Ack> {
    const id = options.id ?? newId();
    if (action.action === "mark_read") this.#forgetOlderReads(conversation);
    return new Promise((resolve, reject) => {
      this.#waiters.set(id, { resolve, reject });
      this.#enqueue({ id, at: this.#now(), keep: options.keep ?? false, action, ...(conversation ? { conversation } : {}) });
    });
  }

  /** Call on every key; sent at most every three seconds, and once when it stops. */
  typing(conversation: string, on = true): void {
    const last = this.#typingSent.get(conversation);
    // The difference of a clock that was set back is no reason to be silent for an hour.
    if (on ? last !== undefined && Math.abs(this.#now() - last) < TYPING_MS_MIN : last === undefined) return;
    if (on) this.#typingSent.set(conversation, this.#now());
    else this.#typingSent.delete(conversation);
    if (this.#state.phase === "live") this.#put({ t: "typing", conversation, on });
  }

  /** Told again after each reconnection. */
  presence(presence: Presence): void {
    this.#lastPresence = presence;
    if (this.#state.phase === "live") this.#put({ t: "presence", presence });
  }

  /** The visitor is another contact than before (a token that cannot be renewed): what waits is theirs still, in a conversation of their own. */
  detach(): void {
    this.#outbox.detach();
    this.#options.onOutbox?.();
  }

  /** What is not acknowledged, oldest first, with what failed for good. */
  pending(): readonly OutboxItem[] {
    return this.#outbox.all();
  }

  /** Sends a failed one again, under the same id. */
  retry(id: string): void {
    this.#outbox.revive(id);
    this.#options.onOutbox?.();
    this.#flush();
  }

  discard(id: string): void {
    this.#settle(id);
    this.#options.onOutbox?.();
    this.#flush();
  }

  #enqueue(item: OutboxItem): void {
    this.#outbox.add(item);
    this.#options.onOutbox?.();
    if (item.content) this.retryNow();
    this.#flush();
  }

  /** One frame at a time: what was said first is durable first, whatever is cut in between. */
  #flush(): void {
    if (this.#state.phase !== "live" || this.#inFlight) return;
    const item = this.#outbox.head();
    if (!item) return;
    this.#inFlight = item.id;
    const where = item.conversation ? { conversation: item.conversation } : {};
    if (item.content) this.#put({ t: "send", id: item.id, ...where, content: item.content });
    else if (item.action) this.#put({ t: "act", id: item.id, ...where, action: item.action });
    clearTimeout(this.#ackTimer);
    // A socket that swallows frames is as good as cut.
    this.#ackTimer = setTimeout(() => this.#lost(4000), ACK_MS_MAX);
  }

  #forgetOlderReads(conversation: string | undefined): void {
    for (const item of [...this.#outbox.all()]) {
      if (item.action?.action !== "mark_read" || item.conversation !== conversation || item.id === this.#inFlight) continue;
      this.#waiters.get(item.id)?.resolve({ id: item.id, seq: 0, conversation: conversation ?? "", duplicate: true });
      this.#settle(item.id);
    }
  }

  #settle(id: string): OutboxItem | undefined {
    this.#waiters.delete(id);
    if (this.#inFlight === id) {
      this.#inFlight = undefined;
      clearTimeout(this.#ackTimer);
    }
    return this.#outbox.remove(id);
  }

  #openSocket(): Socket | undefined {
    try {
      const open = this.#options.open ?? ((url: string) => new WebSocket(url) as unknown as Socket);
      return open(socketUrl(this.#options.url));
    } catch {
      this.#lost(4000);
      return undefined;
    }
  }

  async #sayHello(socket: Socket): Promise<void> {
    try {
      const hello = await this.#options.hello();
      if (this.#socket !== socket) return;
      this.#resuming = this.#resume !== undefined;
      this.#put({ t: "hello", v: 1, ...hello, ...(this.#resume === undefined ? {} : { resume: this.#resume }) });
    } catch {
      if (this.#socket === socket) this.#lost(4000);
    }
  }

  #receive(data: unknown): void {
    if (this.#state.phase === "live") this.#watchQuiet();
    const frame = readFrame(data);
    if (!frame) return;
    switch (frame.t) {
      case "welcome":
        this.#heartbeatMs = Math.max(1, frame.heartbeat_s) * 1000;
        this.#resume ??= frame.seq;
        this.#synchronise();
        this.#change({ phase: "live", attempts: 0, caughtUp: !this.#resuming });
        this.#watchQuiet();
        if (this.#lastPresence) this.#put({ t: "presence", presence: this.#lastPresence });
        this.#flush();
        break;
      case "event":
        this.#event(frame);
        break;
      case "caught_up":
        this.setResume(frame.seq);
        this.#change({ caughtUp: true });
        break;
      case "reset":
        this.#resume = frame.seq;
        this.#options.onReset?.(frame.seq);
        this.#change({ caughtUp: true });
        break;
      case "ack":
        this.#acknowledged(frame);
        break;
      case "error":
        this.#refused(frame);
        break;
      case "pong":
        break;
      case "typing":
      case "queue":
      case "presence":
      case "visitor":
      case "rights_changed":
        this.#options.onSignal?.(frame);
        break;
    }
  }

  #event(frame: { t: "event" } & EventFrame): void {
    if (this.#resume !== undefined && frame.seq <= this.#resume) return;
    this.#resume = frame.seq;
    const { t: _t, ...event } = frame;
    this.#options.onEvent(event);
    const id = "message" in event.event ? event.event.message.client_id : undefined;
    // Our own words in the journal are as good as the acknowledgement that a cut may have swallowed.
    if (id && this.#outbox.get(id)) this.#acknowledged({ id, seq: event.seq, conversation: event.conversation, duplicate: false });
  }

  #acknowledged({ id, seq, conversation, duplicate }: Ack): void {
    const waiter = this.#waiters.get(id);
    const item = this.#settle(id);
    const ack = { id, seq, conversation, duplicate };
    if (item) this.#options.onAck?.(item, ack);
    waiter?.resolve(ack);
    this.#options.onOutbox?.();
    this.#flush();
  }

  #refused(fault: { id?: string } & FaultBody): void {
    if (!fault.id || !this.#outbox.get(fault.id)) {
      this.#options.onFault?.(fault);
      return;
    }
    if (TRY_AGAIN.has(fault.code)) {
      clearTimeout(this.#ackTimer);
      this.#ackTimer = setTimeout(() => {
        this.#inFlight = undefined;
        this.#flush();
      }, this.#jitter(2_000));
      return;
    }
    const waiter = this.#waiters.get(fault.id);
    const item = this.#outbox.get(fault.id);
    if (item?.content) {
      this.#outbox.fail(fault.id, { code: fault.code, message: fault.message, hint: fault.hint });
      if (this.#inFlight === fault.id) this.#inFlight = undefined;
      clearTimeout(this.#ackTimer);
    } else {
      this.#settle(fault.id);
    }
    waiter?.reject(new LiveError(fault));
    this.#options.onOutbox?.();
    this.#flush();
  }

  #lost(code: number): void {
    this.#drop(code === 4000 ? 4000 : 1000);
    if (code === 4401) {
      this.#change({ phase: "refused", caughtUp: false });
      return;
    }
    const attempts = this.#state.attempts + 1;
    const wait = code === 1001 ? 1_000 + this.#jitter(1_000) : this.#jitter(Math.min(BACKOFF_MS_MAX, BACKOFF_MS_MIN * 2 ** (attempts - 1)));
    this.#change({ phase: "waiting", caughtUp: false, attempts, retryAt: this.#now() + wait });
    clearTimeout(this.#reconnectTimer);
    this.#reconnectTimer = setTimeout(() => this.connect(), wait);
  }

  #drop(code: number): void {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#inFlight = undefined;
    this.#typingSent.clear();
    clearTimeout(this.#ackTimer);
    clearTimeout(this.#quietTimer);
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
    try {
      socket.close(code);
    } catch {
      // It was closed already.
    }
  }

  /** After a quiet heartbeat asks `ping`; without any answer the connection counts as lost. */
  #watchQuiet(): void {
    clearTimeout(this.#quietTimer);
    this.#quietTimer = setTimeout(() => this.#check(), this.#heartbeatMs);
  }

  #check(): void {
    if (this.#state.phase === "live") this.#put({ t: "ping" });
    clearTimeout(this.#quietTimer);
    this.#quietTimer = setTimeout(() => this.#lost(4000), PONG_MS_MAX);
  }

  #put(frame: ClientFrame): void {
    try {
      this.#socket?.send(JSON.stringify(frame));
    } catch {
      // Closing: `onclose` follows and the outbox holds what matters.
    }
  }

  #change(part: Partial<LiveState>): void {
    const { retryAt: _retryAt, ...rest } = this.#state;
    this.#state = { ...rest, ...part };
    this.#options.onState?.(this.#state);
  }

  /** Between half and all of `ms`: visitors of a restarted server do not come back in one instant. */
  #jitter(ms: number): number {
    return ms * (0.5 + 0.5 * (this.#options.random ?? Math.random)());
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }

  readonly #hurry = (): void => {
    if (typeof document !== "undefined" && document.visibilityState === "hidden") return;
    this.#synchronise();
    if (this.#state.phase === "waiting") {
      this.#change({ attempts: 0 });
      this.connect();
    } else if (this.#state.phase === "live") {
      this.#check();
    }
  };

  readonly #onStorage = (event: StorageEvent): void => {
    // A tab that settled something of ours; what it adds it sends itself, as long as it lives.
    if (event.newValue === null && (event.key === null || event.key.startsWith(this.#outboxPrefix))) this.#synchronise();
  };

  #synchronise(): void {
    const { found, gone } = this.#outbox.synchronise(this.#inFlight);
    if (!found.length && !gone.length) return;
    for (const { id, conversation = "" } of gone) {
      this.#waiters.get(id)?.resolve({ id, seq: 0, conversation, duplicate: true });
      this.#waiters.delete(id);
    }
    this.#options.onOutbox?.();
    this.#flush();
  }

  #listen(): void {
    if (this.#listening || typeof window === "undefined") return;
    this.#listening = true;
    window.addEventListener("online", this.#hurry);
    window.addEventListener("storage", this.#onStorage);
    document.addEventListener("visibilitychange", this.#hurry);
  }

  #unlisten(): void {
    if (!this.#listening) return;
    this.#listening = false;
    window.removeEventListener("online", this.#hurry);
    window.removeEventListener("storage", this.#onStorage);
    document.removeEventListener("visibilitychange", this.#hurry);
  }
}
