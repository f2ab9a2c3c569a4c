// The frame's state: session, conversations, connection; and everything that can be done with them.

import { LiveClient, LiveError, newId } from "@rapport/live";
import type { Ack, ChoiceId, EventFrame, LiveState, Locale, OutboxItem, SentContent, Signal, Socket } from "@rapport/live";
import type { Theme, ToHost } from "../bridge.ts";
import { adviceOf, Http } from "./http.ts";
import type { Config, Consent, Session } from "./http.ts";
import { Memory, storageOf } from "./memory.ts";
import { freshConversation, plainOf, Thread } from "./thread.ts";
import { Uploads } from "./uploads.ts";
import { Visitor } from "./visitor.ts";
import { wordsOf } from "./words.ts";
import type { Words } from "./words.ts";

export type View = { at: "thread"; id: string | undefined } | { at: "list" };
export type Phase = "loading" | "ready" | "unreachable" | "sign_in";

const TYPING_SHOWN_MS = 6_000;
const RENEW_MS_MIN = 20_000;
/** How long the site has to say again who its customer is before the next person at this machine is somebody else. */
const VOUCH_MS_MAX = 10_000;

export class Store {
  readonly http: Http;
  readonly memory: Memory;
  readonly live: LiveClient;
  readonly visitor: Visitor;
  readonly uploads: Uploads;
  config: Config | undefined;
  phase: Phase = "loading";
  view: View = { at: "thread", id: undefined };
  threads = new Map<string, Thread>();
  names = new Map<string, string>();
  /** Purposes that the company asks about. */
  consents: Consent[] = [];
  locale: Locale;
  theme: Theme;
  open = true;
  narrow = false;
  embedded = false;
  sound: boolean;
  /** What the host page puts into the composer. */
  written: string | undefined;
  /** Told to screen readers and shown briefly. */
  notice = "";
  /** Counts customers on this page: the composer begins empty for each. */
  cleared = 0;
  /** One question a visit is enough. */
  #asked = false;
  /** The visitor asked for a new conversation. */
  #anew = false;
  #caughtUp = false;
  readonly #pictures = new Map<string, Promise<string>>();
  #renewedAt = Number.NEGATIVE_INFINITY;
  /** Counts reloads: what was asked for before one is of the time before the gap. */
  #reloads = 0;
  #localeForced: boolean;
  #readTimer: ReturnType<typeof setTimeout> | undefined;
  #typingTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #listeners = new Set<() => void>();
  tellHost: (message: ToHost) => void = () => undefined;
  ring: () => void = () => undefined;

  constructor(
    readonly key: string,
    options: { locale: Locale; localeForced: boolean; theme: Theme; http?: Http; open?: (url: string) => Socket },
  ) {
    this.http = options.http ?? new Http();
    const storage = storageOf("localStorage");
    this.memory = new Memory(storage, storageOf("sessionStorage"), `rapport:${key}`);
    this.#localeForced = options.localeForced;
    const chosen = this.memory.get("locale");
    this.locale = !options.localeForced && (chosen === "en" || chosen === "zh-CN") ? chosen : options.locale;
    this.http.locale = this.locale;
    this.theme = options.theme;
    this.sound = this.memory.get("sound") !== "off";
    this.visitor = new Visitor(key, this.http, this.memory, {
      locale: () => this.locale,
      adopted: (session, other) => this.#adopted(session, other),
      signIn: () => {
        this.phase = "sign_in";
        this.live.close();
        this.changed();
      },
      fault: (code) => this.tellHost({ type: "event", name: "error", detail: { code } }),
    });
    this.uploads = new Uploads(this.http, {
      changed: () => this.changed(),
      ensure: () => this.visitor.ensure(),
      stored: (id, file, thread, preview) => {
        if (preview) this.#pictures.set(file.blob, Promise.resolve(preview));
        void this.send({ type: file.media_type.startsWith("image/") ? "image" : "file", file }, id, thread);
      },
      words: () => this.words,
      say: (text) => this.say(text),
    });
    this.live = new LiveClient({
      url: "/live",
      hello: async () => {
        await this.visitor.ensure();
        return { as: "visitor", token: this.http.token ?? "" };
      },
      ...(storage ? { storage } : {}),
      ...(options.open ? { open: options.open } : {}),
      scope: `rapport:${key}`,
      onEvent: (event) => this.#onEvent(event),
      onSignal: (signal) => this.#onSignal(signal),
      onState: (state) => this.#onState(state),
      onReset: () => void this.#reload(),
      onAck: (item, ack) => this.#onAck(item, ack),
      onOutbox: () => this.changed(),
    });
  }

  get words(): Words {
    return wordsOf(this.locale);
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  // ---- beginning

  async begin(): Promise<void> {
    this.phase = "loading";
    this.changed();
    try {
      this.config = await this.http.config(this.key);
    } catch {
      this.phase = "unreachable";
      this.changed();
      return;
    }
    if (this.config.require_identity && !this.http.token && !this.visitor.identity) this.phase = "sign_in";
    else this.phase = "ready";
    this.changed();
    if (this.visitor.awaited) {
      const began = Date.now();
      setTimeout(() => {
        if (!this.visitor.awaited) return;
        this.visitor.forget();
        this.#clear(began);
        if (this.live.pending().length) void this.#start();
      }, VOUCH_MS_MAX);
      return;
    }
    // Without a session nothing is asked of the server before the visitor says something.
    if (this.http.token || this.visitor.identity || this.live.pending().length) await this.#connect();
  }

  async #connect(): Promise<void> {
    try {
      await this.visitor.open();
      await this.loadConversations();
    } catch {
      // The live client goes on trying, and loads when it is back.
    }
    if (this.phase === "ready") this.live.connect();
  }

  #adopted(session: Session, other: boolean): void {
    if (other) {
      this.#forgetThreads();
      this.live.detach();
    }
    this.tellHost({ type: "known", known: true });
    this.phase = "ready";
    // Only a first session: later ones must not skip what was missed in between.
    if (this.live.seq === undefined) this.live.setResume(session.seq);
    if (session.conversation) {
      const thread = this.#thread(session.conversation.id, session.conversation);
      if (this.view.at === "thread" && this.view.id === undefined && !thread.isOver) this.show(session.conversation.id);
    }
    this.#tellUnread();
    this.changed();
  }

  #forgetThreads(): void {
    this.threads.clear();
    this.names.clear();
    this.consents = [];
    this.memory.set("asked", undefined);
    this.view = { at: "thread", id: undefined };
  }

  #onState(state: LiveState): void {
    if (state.phase === "refused") void this.#renew();
    if (state.caughtUp && !this.#caughtUp) this.#onCaughtUp();
    this.#caughtUp = state.caughtUp;
    this.changed();
  }

  /** The token was refused: another one, but not in a circle. By a clock that nobody sets. */
  async #renew(): Promise<void> {
    const wait = Math.max(0, this.#renewedAt + RENEW_MS_MIN - performance.now());
    this.#renewedAt = performance.now() + wait;
    if (wait) await new Promise((resolve) => setTimeout(resolve, wait));
    await this.visitor.renew();
    if (this.phase === "ready") this.live.connect();
  }

  /** The queue and an agent's name are no entries of the journal: they are asked for after each connection. */
  #onCaughtUp(): void {
    void this.loadConversations().catch(() => undefined);
    void this.#loadConsents();
    void this.uploads.resume();
    const thread = this.current;
    if (thread && !thread.loaded) void this.load(thread.meta.id);
  }

  async #reload(): Promise<void> {
    this.#reloads += 1;
    for (const thread of this.threads.values()) {
      thread.entries = [];
      thread.loaded = false;
    }
    await this.loadConversations().catch(() => undefined);
    if (this.view.at === "thread" && this.view.id) await this.load(this.view.id);
  }

  async loadConversations(): Promise<void> {
    const { items, seq } = await this.http.conversations();
    for (const meta of items) {
      const thread = this.#thread(meta.id, meta);
      // What came by the socket while the answer was on its way is newer than the answer.
      for (const entry of thread.entries) if (entry.seq > seq) thread.fold(entry);
    }
    if (this.view.at === "thread" && this.view.id === undefined && !this.#anew) {
      const left = this.memory.get("view");
      const shown = items.find((it) => it.status !== "resolved") ?? items.find((it) => it.id === left) ?? items.find((it) => it.unread > 0);
      if (shown) this.show(shown.id);
    }
    this.#tellUnread();
    this.changed();
  }

  #thread(id: string, meta = this.threads.get(id)?.meta ?? freshConversation(id)): Thread {
    const thread = this.threads.get(id) ?? new Thread(meta);
    thread.meta = meta;
    this.threads.set(id, thread);
    if (meta.agent?.name) {
      const assigned = thread.entries.findLast((it) => it.event.kind === "assigned");
      const member = meta.agent.id ?? (assigned?.event.kind === "assigned" ? assigned.event.to : undefined);
      if (member) this.names.set(member, meta.agent.name);
    }
    return thread;
  }

  /** The newest page of a conversation, or the one before what is known. */
  async load(id: string, earlier = false): Promise<void> {
    const thread = this.#thread(id);
    if (thread.loading || (earlier && !thread.more)) return;
    const reloads = this.#reloads;
    thread.loading = true;
    thread.failed = false;
    this.changed();
    try {
      const page = await this.http.entries(id, earlier ? thread.oldest : undefined);
      if (reloads === this.#reloads) {
        thread.merge(page.items);
        if (earlier || !thread.loaded) thread.more = page.more;
        thread.loaded = true;
        for (const [member, name] of Object.entries(page.names ?? {})) this.names.set(member, name);
        this.#thread(id);
      }
    } catch {
      thread.failed = true;
    }
    thread.loading = false;
    if (reloads !== this.#reloads) return this.load(id);
    this.seen();
    this.changed();
  }

  // ---- what comes in

  #onEvent(event: EventFrame): void {
    const thread = this.#thread(event.conversation);
    if (!thread.merge([event]).length) return;
    thread.fold(event);
    const kind = event.event.kind;
    if (kind === "conversation_opened") thread.loaded = true;
    if (this.view.at === "thread" && this.view.id === undefined && !thread.isOver && (kind === "conversation_opened" || kind === "message_received")) this.#turnTo(event.conversation);
    if (kind === "assigned" && !this.names.has(event.event.to)) void this.loadConversations().catch(() => undefined);
    if (event.event.kind === "message_sent") this.#arrived(thread, event);
    if (kind === "consent_given" || kind === "consent_withdrawn") void this.#loadConsents();
    if (kind === "conversation_opened") this.tellHost({ type: "event", name: "conversation", detail: { conversation: event.conversation } });
    this.seen();
    this.#tellUnread();
    this.changed();
  }

  /** What was said began a conversation, or reached one that another tab had open. */
  #turnTo(id: string): void {
    this.#anew = false;
    this.view = { at: "thread", id };
    this.memory.set("view", id);
    const thread = this.#thread(id);
    if (!thread.loaded) void this.load(id);
  }

  #arrived(thread: Thread, event: EventFrame): void {
    const message = event.event.kind === "message_sent" ? event.event.message : undefined;
    if (!message) return;
    if (!this.isWatched(thread)) {
      thread.dividerAfter ??= event.seq - 1;
      if (this.sound) this.ring();
      const from = event.actor.type === "member" ? this.names.get(event.actor.id) : undefined;
      if (!this.open) this.tellHost({ type: "unread", count: this.unread(), text: plainOf(message.content).slice(0, 160), ...(from ? { from } : {}) });
    }
    this.tellHost({ type: "event", name: "message", detail: { conversation: event.conversation, seq: event.seq } });
  }

  #onSignal(signal: Signal): void {
    if (signal.t === "queue") {
      const thread = this.#thread(signal.conversation);
      if (thread.meta.status === "bot") thread.meta.status = "queued";
      thread.meta.queue = { position: signal.position, ...(signal.estimate_s === undefined ? {} : { estimate_s: signal.estimate_s }) };
    } else if (signal.t === "typing" && signal.actor.type !== "customer") {
      const name = signal.actor.type === "member" ? (this.names.get(signal.actor.id) ?? this.words.agent) : this.words.bot;
      this.#setTyping(this.#thread(signal.conversation), signal.on ? name : undefined);
    }
    this.changed();
  }

  #setTyping(thread: Thread, name: string | undefined): void {
    thread.typing = name ? { name, until: Date.now() + TYPING_SHOWN_MS } : undefined;
    clearTimeout(this.#typingTimer);
    if (name)
      this.#typingTimer = setTimeout(() => {
        thread.typing = undefined;
        this.changed();
      }, TYPING_SHOWN_MS);
  }

  #onAck(item: OutboxItem, ack: Ack): void {
    const thread = this.#thread(ack.conversation);
    if (item.content) {
      const message = { id: item.id, client_id: item.id, content: item.content };
      thread.presume({ seq: ack.seq, at: Math.round(item.at), conversation: ack.conversation, contact: "", inbox: "", actor: { type: "customer", id: this.visitor.contact ?? "" }, event: { kind: "message_received", message } });
      if (this.view.at === "thread" && this.view.id === undefined) this.#turnTo(ack.conversation);
      // The assistant answers within a moment: show that it is at it.
      if (thread.meta.status === "bot" && !ack.duplicate && (thread.newestOther ?? 0) < ack.seq) this.#setTyping(thread, this.words.bot);
    }
    this.changed();
  }

  // ---- reading

  isWatched(thread: Thread): boolean {
    return this.open && document.visibilityState === "visible" && this.view.at === "thread" && this.view.id === thread.meta.id;
  }

  /** Marks what is on the screen as read, a moment later. */
  seen(): void {
    clearTimeout(this.#readTimer);
    this.#readTimer = setTimeout(() => {
      const thread = this.view.at === "thread" && this.view.id ? this.threads.get(this.view.id) : undefined;
      const upTo = thread?.newestOther;
      if (!thread || !upTo || !thread.meta.unread || !this.isWatched(thread)) return;
      thread.meta.unread = 0;
      this.live.act(thread.meta.id, { action: "mark_read", up_to: upTo }).catch(() => undefined);
      this.#tellUnread();
      this.changed();
    }, 400);
  }

  unread(): number {
    return [...this.threads.values()].reduce((sum, it) => sum + it.meta.unread, 0);
  }

  #tellUnread(): void {
    this.tellHost({ type: "unread", count: this.unread() });
  }

  // ---- what the visitor does

  get current(): Thread | undefined {
    return this.view.at === "thread" && this.view.id ? this.threads.get(this.view.id) : undefined;
  }

  /** What is on its way in the conversation that is shown. */
  waiting(): OutboxItem[] {
    const id = this.current?.meta.id;
    return this.live.pending().filter((it) => it.content && (it.conversation === id || (!it.conversation && !this.current?.isOver)));
  }

  async send(content: SentContent, id = newId(), conversation = this.current?.meta.id): Promise<void> {
    const thread = conversation === undefined ? undefined : this.threads.get(conversation);
    if (thread) {
      thread.dividerAfter = undefined;
      this.live.typing(thread.meta.id, false);
    }
    this.live.send(conversation, content, id);
    if (this.live.current.phase === "closed") await this.#start();
  }

  async #start(): Promise<void> {
    if (this.visitor.awaited) return;
    await this.visitor.ensure().catch(() => undefined);
    if (this.phase === "ready") this.live.connect();
  }

  async requestPerson(): Promise<void> {
    await this.act({ action: "request_person" });
  }

  async choose(choice: ChoiceId, message?: string): Promise<boolean> {
    const thread = this.current;
    if (thread && message && (choice === "helped" || choice === "not_helped")) thread.judged.set(message, choice === "helped");
    this.changed();
    return this.act({ action: "choose", choice });
  }

  async act(action: Parameters<LiveClient["act"]>[1]): Promise<boolean> {
    if (this.live.current.phase === "closed") await this.#start();
    const id = this.current?.meta.id;
    try {
      const ack = await this.live.act(id, action);
      if (!id && ack.conversation && this.view.at === "thread" && this.view.id === undefined) this.show(ack.conversation);
      return true;
    } catch (error) {
      this.say(error instanceof LiveError ? adviceOf(error) : this.words.noService);
      return false;
    }
  }

  async rate(score: number, comment: string): Promise<void> {
    if (await this.act({ action: "rate", score, ...(comment ? { comment } : {}) })) {
      if (this.current) this.current.meta.rated = score;
      this.tellHost({ type: "event", name: "rated", detail: { score } });
      this.changed();
    }
  }

  async #loadConsents(): Promise<void> {
    this.consents = await this.http.consents().catch(() => this.consents);
    this.changed();
  }

  /** The question to ask now: once, after the first message, in the middle of nothing. */
  get question(): Consent | undefined {
    const { current } = this;
    if (this.#asked || !current || current.isOver || !current.entries.some((it) => it.event.kind === "message_received")) return undefined;
    const asked = this.memory.get("asked") ?? "";
    return this.consents.find((it) => !it.given && !asked.includes(askedAs(it)));
  }

  /** A "no" to the question stays in this browser: nothing was given that could be taken back. Whoever answered once is not asked again. */
  async consent(it: Consent, given: boolean): Promise<void> {
    this.#asked = true;
    this.memory.set("asked", `${this.memory.get("asked") ?? ""} ${askedAs(it)}`);
    if (given !== it.given && (await this.act({ action: "consent", purpose: it.purpose, given, text_version: it.question.version }))) it.given = given;
    this.changed();
  }

  /** The customer's own page. What opens it stands behind the `#`, which no server is told. */
  get myData(): string {
    return `/my-data?key=${encodeURIComponent(this.key)}&lang=${this.locale}#${this.http.token ?? ""}`;
  }

  async accept(spending: string): Promise<void> {
    if (await this.choose({ accept_compensation: { spending } })) this.current?.judged.set(spending, true);
    this.changed();
  }

  typing(on: boolean): void {
    const thread = this.current;
    if (thread && (thread.meta.status === "assigned" || !on)) this.live.typing(thread.meta.id, on);
  }

  /** An address of this page for a stored picture or file; asked for once. */
  picture(blob: string): Promise<string> {
    const known = this.#pictures.get(blob);
    if (known) return known;
    const asked = this.http.file(blob).then((it) => URL.createObjectURL(it));
    this.#pictures.set(blob, asked);
    asked.catch(() => this.#pictures.delete(blob));
    return asked;
  }

  /** Pre-chat fields; the first thing that makes a session. */
  async introduce(fields: Record<string, string>): Promise<void> {
    await this.visitor.open(fields);
    this.memory.set("prechat", "done");
    this.live.connect();
    this.changed();
  }

  skipPrechat(): void {
    this.memory.set("prechat", "done");
    this.changed();
  }

  get prechatDue(): boolean {
    const fields = this.config?.prechat ?? [];
    return fields.length > 0 && !this.memory.get("prechat") && this.view.at === "thread" && !this.view.id && this.threads.size === 0 && !this.visitor.identity;
  }

  get prechatRequired(): boolean {
    return this.prechatDue && (this.config?.prechat.some((it) => it.required) ?? false);
  }

  // ---- what is shown

  show(id: string | undefined): void {
    const before = this.current;
    if (before && before.meta.id !== id) before.dividerAfter = undefined;
    this.view = { at: "thread", id };
    this.#anew = id === undefined;
    this.memory.set("view", id);
    const thread = id ? this.#thread(id) : undefined;
    if (thread) {
      if (thread.meta.unread && thread.dividerAfter === undefined) this.#placeDivider(thread);
      if (!thread.loaded) void this.load(thread.meta.id).then(() => this.#placeDivider(thread));
    }
    this.seen();
    this.changed();
  }

  #placeDivider(thread: Thread): void {
    if (!thread.meta.unread || thread.dividerAfter !== undefined) return;
    const others = thread.entries.filter((it) => it.event.kind === "message_sent");
    const first = others.at(-thread.meta.unread);
    if (first && others.length > thread.meta.unread) thread.dividerAfter = first.seq - 1;
    this.changed();
  }

  showList(): void {
    this.view = { at: "list" };
    if (this.http.token) void this.loadConversations().catch(() => undefined);
    this.changed();
  }

  startAnew(): void {
    const open = [...this.threads.values()].find((it) => !it.isOver);
    this.show(open?.meta.id);
  }

  setLocale(locale: Locale, byHost = false): void {
    if (!byHost && this.#localeForced) this.#localeForced = false;
    this.locale = locale;
    this.http.locale = locale;
    if (!byHost) this.memory.set("locale", locale);
    this.tellHost({ type: "locale", locale });
    this.changed();
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.changed();
  }

  write(text: string): void {
    this.written = text;
    if (this.view.at === "list" || this.current?.isOver) this.startAnew();
    this.changed();
  }

  setSound(on: boolean): void {
    this.sound = on;
    this.memory.set("sound", on ? "on" : "off");
    this.changed();
  }

  setShown(open: boolean, narrow: boolean): void {
    const opened = open && !this.open;
    this.open = open;
    this.narrow = narrow;
    if (opened) {
      const thread = this.current;
      if (thread && thread.meta.unread) this.#placeDivider(thread);
      this.seen();
    }
    this.changed();
  }

  async identify(token: string): Promise<void> {
    if (token === this.visitor.identity) return;
    if (this.visitor.identify(token)) this.#clear();
    if (!this.config) return;
    this.phase = "ready";
    this.live.close();
    await this.#connect();
  }

  /** The customer signed out of the host's site. */
  shutdown(): void {
    this.visitor.forget();
    this.#clear();
    if (this.config?.require_identity) this.phase = "sign_in";
    this.tellHost({ type: "known", known: false });
    this.changed();
  }

  /** Nothing of one customer is left for the next on the same machine; what was said since `began` is the next one's. */
  #clear(began = Number.POSITIVE_INFINITY): void {
    this.live.close();
    for (const item of [...this.live.pending()]) if (item.at < began) this.live.discard(item.id);
    for (const it of [...this.uploads.running]) this.uploads.drop(it.id);
    for (const it of [...this.uploads.staged]) this.uploads.unstage(it.id);
    this.#pictures.clear();
    this.#forgetThreads();
    this.cleared += 1;
    this.#tellUnread();
  }

  say(text: string): void {
    this.notice = text;
    this.changed();
    setTimeout(() => {
      if (this.notice !== text) return;
      this.notice = "";
      this.changed();
    }, 5_000);
  }
}

function askedAs({ purpose, question }: Consent): string {
  return `${purpose}@${question.version};`;
}
