// The frame's state: session, conversations, connection; and everything that can be done with them.

import { LiveClient, newId } from "@rapport/live";
import type { Ack, ChoiceId, EventFrame, Locale, OutboxItem, SentContent, Signal } from "@rapport/live";
import type { Theme, ToHost } from "../bridge.ts";
import { Http, HttpError } from "./http.ts";
import type { Config, Session } from "./http.ts";
import { Memory, localStore } from "./memory.ts";
import { freshConversation, Thread } from "./thread.ts";
import type { Upload } from "./timeline.ts";
import { wordsOf } from "./words.ts";
import type { Words } from "./words.ts";

export type View = { at: "thread"; id: string | undefined } | { at: "list" };
export type Phase = "loading" | "ready" | "unreachable" | "sign_in";

interface RunningUpload extends Upload {
  thread: string | undefined;
  file: File;
  abort: () => void;
}

const TYPING_SHOWN_MS = 6_000;
const RENEW_MS_MIN = 20_000;

export class Store {
  readonly http = new Http();
  readonly memory: Memory;
  readonly live: LiveClient;
  config: Config | undefined;
  phase: Phase = "loading";
  view: View = { at: "thread", id: undefined };
  threads = new Map<string, Thread>();
  uploads: RunningUpload[] = [];
  names = new Map<string, string>();
  locale: Locale;
  theme: Theme;
  open = true;
  narrow = false;
  embedded = false;
  sound: boolean;
  /** Told to screen readers and shown briefly. */
  notice = "";
  private readonly pictures = new Map<string, Promise<string>>();
  private contact: string | undefined;
  private page = "";
  private identity: string | undefined;
  private sessionUnderWay: Promise<void> | undefined;
  private renewedAt = 0;
  private localeForced: boolean;
  private readTimer: ReturnType<typeof setTimeout> | undefined;
  private typingTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly listeners = new Set<() => void>();
  tellHost: (message: ToHost) => void = () => undefined;
  ring: () => void = () => undefined;

  constructor(
    readonly key: string,
    options: { locale: Locale; localeForced: boolean; theme: Theme },
  ) {
    const storage = localStore();
    this.memory = new Memory(storage, `rapport:${key}`);
    this.localeForced = options.localeForced;
    const chosen = this.memory.get("locale");
    this.locale = !options.localeForced && (chosen === "en" || chosen === "zh-CN") ? chosen : options.locale;
    this.http.locale = this.locale;
    this.theme = options.theme;
    this.sound = this.memory.get("sound") !== "off";
    this.live = new LiveClient({
      url: "/live",
      hello: async () => {
        await this.ensureSession();
        return { as: "visitor", token: this.http.token ?? "" };
      },
      ...(storage ? { storage } : {}),
      scope: `rapport:${key}`,
      onEvent: (event) => this.onEvent(event),
      onSignal: (signal) => this.onSignal(signal),
      onState: (state) => {
        if (state.phase === "refused") void this.renew();
        if (state.caughtUp) this.caughtUp();
        this.changed();
      },
      onReset: () => void this.reload(),
      onAck: (item, ack) => this.onAck(item, ack),
      onOutbox: () => this.changed(),
    });
  }

  get words(): Words {
    return wordsOf(this.locale);
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  changed(): void {
    for (const listener of this.listeners) listener();
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
    this.http.token = this.memory.get("token");
    if (this.config.require_identity && !this.http.token && !this.identity) this.phase = "sign_in";
    else this.phase = "ready";
    this.changed();
    // Without a session nothing is asked of the server before the visitor says something.
    if (this.http.token || this.identity || this.live.pending().length) await this.connect();
  }

  private async connect(): Promise<void> {
    try {
      await this.openSession();
      await this.loadConversations();
    } catch {
      // The live client goes on trying, and loads when it is back.
    }
    this.live.connect();
  }

  private ensureSession(): Promise<void> {
    return this.contact ? Promise.resolve() : this.openSession();
  }

  private openSession(fields?: Record<string, string>): Promise<void> {
    this.sessionUnderWay ??= this.requestSession(fields).finally(() => {
      this.sessionUnderWay = undefined;
    });
    return this.sessionUnderWay;
  }

  private async requestSession(fields?: Record<string, string>): Promise<void> {
    const { key, locale } = this;
    try {
      const session = await this.http.session({
        key,
        locale,
        ...(this.http.token ? { token: this.http.token } : {}),
        ...(this.identity ? { identity: this.identity } : {}),
        ...(this.page ? { page: this.page } : {}),
        ...(fields ? { fields } : {}),
      });
      this.adopt(session);
    } catch (error) {
      if (error instanceof HttpError && error.code === "widget.identity_invalid") {
        this.phase = "sign_in";
        this.identity = undefined;
      }
      this.changed();
      throw error;
    }
  }

  private adopt(session: Session): void {
    if (this.contact && this.contact !== session.contact.id) this.forgetThreads();
    this.contact = session.contact.id;
    this.http.token = session.token;
    this.memory.set("token", session.token);
    this.tellHost({ type: "known", known: true });
    this.phase = "ready";
    // Only a first session: later ones must not skip what was missed in between.
    if (this.live.seq === undefined) this.live.setResume(session.seq);
    if (session.conversation) {
      const thread = this.thread(session.conversation.id, session.conversation);
      if (this.view.at === "thread" && this.view.id === undefined && !thread.isOver) this.show(session.conversation.id);
    }
    this.tellUnread();
    this.changed();
  }

  private forgetThreads(): void {
    this.threads.clear();
    this.view = { at: "thread", id: undefined };
  }

  /** The token was refused: another one, but not in a circle. */
  private async renew(): Promise<void> {
    const wait = Math.max(0, this.renewedAt + RENEW_MS_MIN - Date.now());
    this.renewedAt = Date.now() + wait;
    if (wait) await new Promise((resolve) => setTimeout(resolve, wait));
    try {
      await this.openSession();
    } catch (error) {
      if (error instanceof HttpError && error.status >= 400 && error.status < 500) {
        this.http.token = undefined;
        this.memory.set("token", undefined);
        this.contact = undefined;
      }
    }
    this.live.connect();
  }

  /** The queue and an agent's name are no entries of the journal: they are asked for after each connection. */
  private caughtUp(): void {
    void this.loadConversations().catch(() => undefined);
    const thread = this.current;
    if (thread && !thread.loaded) void this.load(thread.meta.id);
  }

  private async reload(): Promise<void> {
    for (const thread of this.threads.values()) {
      thread.entries = [];
      thread.loaded = false;
    }
    await this.loadConversations().catch(() => undefined);
    if (this.view.at === "thread" && this.view.id) await this.load(this.view.id);
  }

  async loadConversations(): Promise<void> {
    const { items } = await this.http.conversations();
    for (const meta of items) this.thread(meta.id, meta);
    const open = items.find((it) => it.status !== "resolved");
    if (open && this.view.at === "thread" && this.view.id === undefined) this.show(open.id);
    this.tellUnread();
    this.changed();
  }

  private thread(id: string, meta = this.threads.get(id)?.meta ?? freshConversation(id)): Thread {
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
    const thread = this.thread(id);
    if (thread.loading || (earlier && !thread.more)) return;
    thread.loading = true;
    thread.failed = false;
    this.changed();
    try {
      const page = await this.http.entries(id, earlier ? thread.oldest : undefined);
      thread.merge(page.items);
      if (earlier || !thread.loaded) thread.more = page.more;
      thread.loaded = true;
      for (const [member, name] of Object.entries(page.names ?? {})) this.names.set(member, name);
      this.thread(id);
    } catch {
      thread.failed = true;
    }
    thread.loading = false;
    this.seen();
    this.changed();
  }

  // ---- what comes in

  private onEvent(event: EventFrame): void {
    const thread = this.thread(event.conversation);
    if (!thread.merge([event]).length) return;
    thread.fold(event);
    const kind = event.event.kind;
    if (this.view.at === "thread" && this.view.id === undefined && !thread.isOver && (kind === "conversation_opened" || this.isMine(event))) {
      thread.loaded = true;
      this.view = { at: "thread", id: event.conversation };
    }
    if (kind === "assigned" && !this.names.has(event.event.to)) void this.loadConversations().catch(() => undefined);
    if (event.event.kind === "message_sent") this.arrived(thread, event);
    if (kind === "conversation_opened") this.tellHost({ type: "event", name: "conversation", detail: { conversation: event.conversation } });
    this.seen();
    this.tellUnread();
    this.changed();
  }

  private isMine(event: EventFrame): boolean {
    return event.event.kind === "message_received";
  }

  private arrived(thread: Thread, event: EventFrame): void {
    const message = event.event.kind === "message_sent" ? event.event.message : undefined;
    if (!message) return;
    if (!this.isWatched(thread)) {
      thread.dividerAfter ??= event.seq - 1;
      if (this.sound) this.ring();
      const text = "text" in message.content ? message.content.text : "file" in message.content ? message.content.file.name : message.content.title;
      const from = event.actor.type === "member" ? this.names.get(event.actor.id) : undefined;
      if (!this.open) this.tellHost({ type: "unread", count: this.unread(), text: text.slice(0, 160), ...(from ? { from } : {}) });
    }
    this.tellHost({ type: "event", name: "message", detail: { conversation: event.conversation, seq: event.seq } });
  }

  private onSignal(signal: Signal): void {
    if (signal.t === "queue") {
      const thread = this.thread(signal.conversation);
      if (thread.meta.status === "bot") thread.meta.status = "queued";
      thread.meta.queue = { position: signal.position, ...(signal.estimate_s === undefined ? {} : { estimate_s: signal.estimate_s }) };
    } else if (signal.t === "typing" && signal.actor.type !== "customer") {
      const name = signal.actor.type === "member" ? (this.names.get(signal.actor.id) ?? this.words.agent) : this.words.bot;
      this.setTyping(this.thread(signal.conversation), signal.on ? name : undefined);
    }
    this.changed();
  }

  private setTyping(thread: Thread, name: string | undefined): void {
    thread.typing = name ? { name, until: Date.now() + TYPING_SHOWN_MS } : undefined;
    clearTimeout(this.typingTimer);
    if (name)
      this.typingTimer = setTimeout(() => {
        thread.typing = undefined;
        this.changed();
      }, TYPING_SHOWN_MS);
  }

  private onAck(item: OutboxItem, ack: Ack): void {
    const thread = this.thread(ack.conversation);
    if (item.content) {
      const message = { id: item.id, client_id: item.id, content: item.content };
      thread.presume({ seq: ack.seq, at: Math.round(item.at), conversation: ack.conversation, contact: "", inbox: "", actor: { type: "customer", id: this.contact ?? "" }, event: { kind: "message_received", message } });
      if (this.view.at === "thread" && this.view.id === undefined) {
        this.view = { at: "thread", id: ack.conversation };
        thread.loaded = true;
      }
      // The assistant answers within a moment: show that it is at it.
      if (thread.meta.status === "bot" && !ack.duplicate && (thread.newestOther ?? 0) < ack.seq) this.setTyping(thread, this.words.bot);
    }
    this.changed();
  }

  // ---- reading

  isWatched(thread: Thread): boolean {
    return this.open && document.visibilityState === "visible" && this.view.at === "thread" && this.view.id === thread.meta.id;
  }

  /** Marks what is on the screen as read, a moment later. */
  seen(): void {
    clearTimeout(this.readTimer);
    this.readTimer = setTimeout(() => {
      const thread = this.view.at === "thread" && this.view.id ? this.threads.get(this.view.id) : undefined;
      const upTo = thread?.newestOther;
      if (!thread || !upTo || !thread.meta.unread || !this.isWatched(thread)) return;
      thread.meta.unread = 0;
      this.live.act(thread.meta.id, { action: "mark_read", up_to: upTo }).catch(() => undefined);
      this.tellUnread();
      this.changed();
    }, 400);
  }

  unread(): number {
    return [...this.threads.values()].reduce((sum, it) => sum + it.meta.unread, 0);
  }

  private tellUnread(): void {
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

  async send(content: SentContent, id = newId()): Promise<void> {
    const thread = this.current;
    if (thread) {
      thread.dividerAfter = undefined;
      this.live.typing(thread.meta.id, false);
    }
    this.live.send(thread?.meta.id, content, id);
    if (this.live.current.phase === "closed") await this.start();
  }

  private async start(): Promise<void> {
    await this.ensureSession().catch(() => undefined);
    this.live.connect();
  }

  async requestPerson(): Promise<void> {
    await this.act({ action: "request_person" });
  }

  async choose(choice: ChoiceId, message?: string): Promise<void> {
    const thread = this.current;
    if (thread && message && (choice === "helped" || choice === "not_helped")) thread.judged.set(message, choice === "helped");
    this.changed();
    await this.act({ action: "choose", choice });
  }

  async act(action: Parameters<LiveClient["act"]>[1]): Promise<boolean> {
    if (this.live.current.phase === "closed") await this.start();
    const id = this.current?.meta.id;
    try {
      const ack = await this.live.act(id, action);
      if (!id && ack.conversation && this.view.at === "thread" && this.view.id === undefined) this.show(ack.conversation);
      return true;
    } catch (error) {
      this.say(error instanceof Error ? error.message : this.words.noService);
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

  typing(on: boolean): void {
    const thread = this.current;
    if (thread && (thread.meta.status === "assigned" || !on)) this.live.typing(thread.meta.id, on);
  }

  async sendFile(file: File): Promise<void> {
    const preview = file.type.startsWith("image/") ? { preview: URL.createObjectURL(file) } : {};
    const upload: RunningUpload = { id: newId(), thread: this.current?.meta.id, file, name: file.name || "image.png", bytes: file.size, percent: 0, abort: () => undefined, ...preview };
    this.uploads = [...this.uploads, upload];
    await this.runUpload(upload.id);
  }

  async runUpload(id: string): Promise<void> {
    const running = this.uploads.find((it) => it.id === id);
    if (!running) return;
    running.percent = 0;
    delete running.problem;
    this.changed();
    try {
      await this.ensureSession();
      const { done, abort } = this.http.upload(running.file, (percent) => {
        running.percent = percent;
        this.changed();
      });
      running.abort = abort;
      const file = await done;
      if (!this.uploads.includes(running)) return;
      if (running.preview) this.pictures.set(file.blob, Promise.resolve(running.preview));
      this.uploads = this.uploads.filter((it) => it !== running);
      await this.send({ type: file.media_type.startsWith("image/") ? "image" : "file", file }, running.id);
    } catch (error) {
      running.problem = (error instanceof HttpError && error.fault.message) || this.words.uploadFailed;
      this.changed();
    }
  }

  dropUpload(id: string): void {
    this.uploads.find((it) => it.id === id)?.abort();
    this.uploads = this.uploads.filter((it) => it.id !== id);
    this.changed();
  }

  /** An address of this page for a stored picture or file; asked for once. */
  picture(blob: string): Promise<string> {
    const known = this.pictures.get(blob);
    if (known) return known;
    const asked = this.http.file(blob).then((it) => URL.createObjectURL(it));
    this.pictures.set(blob, asked);
    asked.catch(() => this.pictures.delete(blob));
    return asked;
  }

  /** Pre-chat fields; the first thing that makes a session. */
  async introduce(fields: Record<string, string>): Promise<void> {
    await this.openSession(fields);
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
    return fields.length > 0 && !this.memory.get("prechat") && this.view.at === "thread" && !this.view.id && this.threads.size === 0 && !this.identity;
  }

  get prechatRequired(): boolean {
    return this.prechatDue && (this.config?.prechat.some((it) => it.required) ?? false);
  }

  // ---- what is shown

  show(id: string | undefined): void {
    const before = this.current;
    if (before && before.meta.id !== id) before.dividerAfter = undefined;
    this.view = { at: "thread", id };
    const thread = id ? this.thread(id) : undefined;
    if (thread) {
      if (thread.meta.unread && thread.dividerAfter === undefined) this.placeDivider(thread);
      if (!thread.loaded) void this.load(thread.meta.id).then(() => this.placeDivider(thread));
    }
    this.seen();
    this.changed();
  }

  private placeDivider(thread: Thread): void {
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
    if (!byHost && this.localeForced) this.localeForced = false;
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
      if (thread && thread.meta.unread) this.placeDivider(thread);
      this.seen();
    }
    this.changed();
  }

  setPage(page: string): void {
    this.page = page;
  }

  async identify(token: string): Promise<void> {
    if (token === this.identity) return;
    this.identity = token;
    if (!this.config) return;
    this.live.close();
    this.contact = undefined;
    await this.connect();
  }

  /** The customer signed out of the host's site. */
  shutdown(): void {
    this.live.close();
    for (const item of [...this.live.pending()]) this.live.discard(item.id);
    this.identity = undefined;
    this.contact = undefined;
    this.http.token = undefined;
    for (const name of ["token", "prechat"]) this.memory.set(name, undefined);
    this.forgetThreads();
    this.tellHost({ type: "known", known: false });
    this.tellUnread();
    this.changed();
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
