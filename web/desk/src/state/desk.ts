// The desk's knowledge of the world: lists by HTTP, then every journal entry folded in as it arrives. One instance per page.

import { LiveClient } from "@rapport/live";
import type { EventFrame, LiveOptions, LiveState, MemberAction, SentContent, Signal } from "@rapport/live";
import { api, Fault, Store, toast } from "@rapport/ui";
import type { CannedReply, CareAlert, Contact, ConversationRow, Entry, Inbox, Me, MemberRow, Page, Presence, SpendingList, Team, Ticket } from "@rapport/ui";
import { writeDraft, readDraft } from "./drafts.ts";
import { applyEntry } from "./fold.ts";
import { readPresence, storage, writePresence } from "./keep.ts";
import { byId, emptyLists, foldAll, mapRows, mergeEntries, plainRow } from "./state.ts";
import type { Counts, DeskState, ListState, Timeline, Typing } from "./state.ts";
import type { View } from "./views.ts";

/** Something that wants a person's attention now. */
export type Alert = { kind: "offer" | "assigned" | "message" | "mention" | "care"; row: ConversationRow; entry: Entry };

export interface DeskOptions {
  me: Me;
  live?: (options: LiveOptions) => LiveClient;
  onAlert?: (alert: Alert) => void;
  now?: () => number;
}

const PAGE = 50;
const TIMELINE_PAGE = 60;
const RECENT_MAX = 1_000;
const TYPING_MS = 6_000;
/** Events that bring a conversation into somebody's hands: the row is fetched when it is not known yet. */
const OF_INTEREST = new Set(["queued", "offered", "assigned", "snoozed", "woken", "handover_requested"]);
const CALLS_SUPERVISORS = new Set(["supervisor_alerted", "compensation_offered", "compensation_settled", "consent_withdrawn", "care_erased"]);
const CHANGES_COUNTS = new Set(["conversation_opened", "queued", "left_queue", "offered", "offer_declined", "offer_expired", "assigned", "unassigned", "snoozed", "woken", "resolved", "reopened", "returned_to_bot"]);

export class Desk {
  readonly store: Store<DeskState>;
  private readonly live: LiveClient;
  private readonly now: () => number;
  /** Entries of late, to be replayed over a row or timeline that was read a moment before them. */
  private recent: Entry[] = [];
  private waiting: Entry[] = [];
  private flushTimer: ReturnType<typeof setTimeout> | undefined;
  private countsTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly askedInboxes = new Set<string>();
  private readonly fetching = new Map<string, Promise<void>>();
  private readonly typingTimers = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(private readonly options: DeskOptions) {
    this.now = options.now ?? Date.now;
    this.store = new Store<DeskState>({
      me: options.me,
      members: new Map(),
      teams: new Map(),
      inboxes: new Map(),
      canned: [],
      rows: new Map(),
      lists: emptyLists(),
      inbox: undefined,
      counts: undefined,
      timelines: new Map(),
      pending: [],
      typing: new Map(),
      queue: new Map(),
      visitors: new Map(),
      live: { phase: "closed", caughtUp: false, attempts: 0 },
      presence: readPresence(),
      skewMs: 0,
      ticketTurn: 0,
      careTurn: 0,
      careAlerts: [],
      spending: undefined,
    });
    const make = options.live ?? ((it: LiveOptions) => new LiveClient(it));
    this.live = make({
      url: "/live",
      hello: () => ({ as: "member" }),
      storage: storage(),
      scope: `rapport.desk.${options.me.member.id}`,
      onEvent: (event) => this.receive(event),
      onSignal: (signal) => this.signal(signal),
      onState: (live) => this.connection(live),
      onReset: () => this.reset(),
      onOutbox: () => this.store.patch({ pending: [...this.live.pending()] }),
      onFault: (fault) => toast.fault(fault),
    });
    this.store.patch({ pending: [...this.live.pending()] });
  }

  get state(): DeskState {
    return this.store.get();
  }

  get myId(): string {
    return this.state.me.member.id;
  }

  /** Reads what the first page needs, then opens the live connection at that number. */
  async start(): Promise<void> {
    const [members, teams, inboxes, canned, seqs] = await Promise.all([
      api.get<Page<MemberRow>>("/members"),
      api.get<Page<Team>>("/teams"),
      api.get<Page<Inbox>>("/inboxes"),
      api.get<Page<CannedReply>>("/canned-replies"),
      Promise.all([this.loadList("mine"), this.loadList("unassigned")]),
    ]);
    this.store.patch({ members: byId(members.items), teams: byId(teams.items), inboxes: byId(inboxes.items), canned: canned.items });
    void this.loadCounts();
    void this.loadCare();
    const known = seqs.filter((it) => it !== undefined);
    if (known.length > 0) this.live.setResume(Math.min(...known));
    this.live.presence(this.state.presence);
    this.live.connect();
  }

  /** Tries at once what would be tried later. */
  reconnect(): void {
    this.live.connect();
  }

  stop(): void {
    this.live.close();
    clearTimeout(this.flushTimer);
    clearTimeout(this.countsTimer);
    for (const timer of this.typingTimers.values()) clearTimeout(timer);
  }

  // ---- reading by HTTP

  /** The first page of a view. Answers the journal number it was read at. */
  async loadList(view: View): Promise<number | undefined> {
    const { inbox } = this.state;
    this.patchList(view, { loading: true, fault: undefined });
    try {
      const page = await api.get<Page<ConversationRow> & { seq: number }>("/conversations", { query: { view, inbox, limit: PAGE } });
      this.addRows(page.items);
      if (inbox === this.state.inbox) this.patchList(view, { loading: false, loaded: true, ...reach(page) });
      return page.seq;
    } catch (error) {
      this.patchList(view, { loading: false, fault: Fault.of(error) });
      return undefined;
    }
  }

  /** Shows one inbox alone, or all of them. */
  chooseInbox(inbox: string | undefined, view: View): void {
    this.store.patch({ inbox, lists: emptyLists() });
    void this.loadList(view);
  }

  async loadMore(view: View): Promise<void> {
    const list = this.state.lists[view];
    if (list.loading || !list.next) return;
    this.patchList(view, { loading: true });
    try {
      const page = await api.get<Page<ConversationRow>>("/conversations", { query: { view, inbox: this.state.inbox, limit: PAGE, before: list.next } });
      this.addRows(page.items);
      this.patchList(view, { loading: false, ...reach(page) });
    } catch (error) {
      this.patchList(view, { loading: false });
      toast.fault(error);
    }
  }

  async search(text: string, signal?: AbortSignal): Promise<Page<ConversationRow>> {
    const page = await api.get<Page<ConversationRow>>("/conversations", { query: { q: text, inbox: this.state.inbox, limit: 30 }, ...(signal ? { signal } : {}) });
    this.addRows(page.items);
    return page;
  }

  async ofContact(contact: string): Promise<ConversationRow[]> {
    const page = await api.get<Page<ConversationRow>>("/conversations", { query: { contact, limit: 30 } });
    this.addRows(page.items);
    return page.items;
  }

  /** Makes sure that the row and the newest entries of a conversation are there. */
  async open(id: string): Promise<void> {
    const known = this.state.rows.has(id);
    // Known rows are read again too: whether the customer is here is told with the row alone.
    const row = this.fetchRow(id, !known);
    if (!known) await row;
    if (!this.state.timelines.has(id)) await this.loadTimeline(id);
  }

  async loadTimeline(id: string): Promise<void> {
    this.patchTimeline(id, { entries: [], more: false, loading: true, fault: undefined });
    try {
      const page = await api.get<{ items: Entry[]; more: boolean; seq: number }>(`/conversations/${id}/entries`, { query: { limit: TIMELINE_PAGE } });
      this.patchTimeline(id, { entries: mergeEntries(page.items, this.recentOf(id)), more: page.more, loading: false });
    } catch (error) {
      this.patchTimeline(id, { loading: false, fault: Fault.of(error) });
    }
  }

  async loadOlder(id: string): Promise<void> {
    const timeline = this.state.timelines.get(id);
    const first = timeline?.entries[0];
    if (!timeline || !first || timeline.loading || !timeline.more) return;
    this.patchTimeline(id, { loading: true });
    try {
      const page = await api.get<{ items: Entry[]; more: boolean }>(`/conversations/${id}/entries`, { query: { before: first.seq, limit: TIMELINE_PAGE } });
      const now = this.state.timelines.get(id)?.entries ?? [];
      this.patchTimeline(id, { entries: mergeEntries(page.items, now), more: page.more, loading: false });
    } catch (error) {
      this.patchTimeline(id, { loading: false });
      toast.fault(error);
    }
  }

  /** One request for all who ask at the same time. */
  private fetchRow(id: string, loud = false): Promise<void> {
    const under = this.fetching.get(id);
    if (under) return under;
    const fetched = this.readRow(id, loud).finally(() => this.fetching.delete(id));
    this.fetching.set(id, fetched);
    return fetched;
  }

  private async readRow(id: string, loud: boolean): Promise<void> {
    try {
      const row = await api.get<ConversationRow & { visitor_online?: boolean }>(`/conversations/${id}`);
      this.addRows([row]);
      if (row.visitor_online !== undefined) this.store.set((state) => ({ ...state, visitors: new Map(state.visitors).set(row.contact.id, row.visitor_online === true) }));
    } catch (error) {
      if (loud) this.patchTimeline(id, { entries: [], more: false, loading: false, fault: Fault.of(error) });
    }
  }

  private async loadCounts(): Promise<void> {
    try {
      this.store.patch({ counts: await api.get<Counts>("/conversations/counts") });
    } catch {
      // Numbers beside the views: the next event asks again.
    }
  }

  /** Whether what calls for a supervisor is this member's to see. */
  get supervises(): boolean {
    return this.state.me.member.role !== "agent";
  }

  async loadCare(): Promise<void> {
    if (!this.supervises) return;
    try {
      const [alerts, spending] = await Promise.all([api.get<Page<CareAlert>>("/care/alerts"), api.get<SpendingList>("/care/spending", { query: { state: "pending" } })]);
      this.store.patch({ careAlerts: alerts.items, spending });
    } catch {
      // The next event of this kind asks again.
    }
  }

  /** Somebody has looked: gone from the list at once. */
  async careSeen(conversation: string): Promise<void> {
    this.store.set((state) => ({ ...state, careAlerts: state.careAlerts.filter((it) => it.conversation !== conversation) }));
    try {
      await api.post(`/care/alerts/${conversation}/seen`);
    } catch (error) {
      toast.fault(error);
      void this.loadCare();
    }
  }

  async judgeSpending(id: string, approve: boolean): Promise<void> {
    try {
      await api.post(`/care/spending/${id}`, { approve });
    } catch (error) {
      toast.fault(error);
    }
    await this.loadCare();
  }

  private countsSoon(): void {
    if (this.countsTimer) return;
    this.countsTimer = setTimeout(() => {
      this.countsTimer = undefined;
      void this.loadCounts();
    }, 700);
  }

  // ---- doing

  /** Says something to the customer: shown at once, confirmed by its entry. */
  say(conversation: string, content: SentContent): void {
    this.live.send(conversation, content);
  }

  /** `true` when it is durable; a refusal is shown and answered by `false`. */
  async act(conversation: string, action: MemberAction, keep = false): Promise<boolean> {
    try {
      await this.live.act(conversation, action, { keep });
      return true;
    } catch (error) {
      toast.fault(error);
      return false;
    }
  }

  note(conversation: string, text: string, mentions: string[]): void {
    this.live.act(conversation, { action: "note", text, mentions }, { keep: true }).catch((error: unknown) => {
      toast.fault(error);
      // What was refused goes back to where it was written.
      if (readDraft(conversation).text.trim() === "") writeDraft(conversation, { mode: "note", text });
    });
  }

  retry(id: string): void {
    this.live.retry(id);
  }

  discard(id: string): void {
    this.live.discard(id);
  }

  typing(conversation: string, on = true): void {
    this.live.typing(conversation, on);
  }

  /** Marks all of it read for the team; the badge goes at once. */
  markRead(id: string): void {
    const row = this.state.rows.get(id);
    if (!row || row.unread_by_members === 0) return;
    this.putRow({ ...row, unread_by_members: 0 });
    this.live.act(id, { action: "mark_read", up_to: row.last_seq }).catch(() => undefined);
  }

  setPresence(presence: Presence): void {
    this.live.presence(presence);
    writePresence(presence);
    this.store.set((state) => {
      const mine = state.members.get(state.me.member.id);
      return { ...state, presence, members: mine ? new Map(state.members).set(mine.id, { ...mine, presence }) : state.members };
    });
  }

  async saveContact(id: string, change: Partial<Pick<Contact, "name" | "email" | "phone" | "notes" | "fields">>): Promise<void> {
    const contact = await api.patch<Contact>(`/contacts/${id}`, change);
    this.store.set((state) => ({ ...state, rows: mapRows(state.rows, (row) => (row.contact.id === id ? { ...row, contact } : row)) }));
  }

  async createTicket(conversation: string, id: string, title: string, description: string): Promise<Ticket> {
    return api.post<Ticket>(`/conversations/${conversation}/tickets`, { id, title, description });
  }

  // ---- the live side

  private receive(frame: EventFrame): void {
    this.waiting.push(frame as Entry);
    if (this.state.live.caughtUp) this.flush();
    // While catching up many come at once: one drawing for all of them.
    else this.flushTimer ??= setTimeout(() => this.flush(), 50);
  }

  private flush(): void {
    clearTimeout(this.flushTimer);
    this.flushTimer = undefined;
    const entries = this.waiting;
    if (entries.length === 0) return;
    this.waiting = [];
    this.recent = [...this.recent, ...entries].slice(-RECENT_MAX);
    const live = this.state.live.caughtUp;
    this.store.set((state) => foldAll(state, entries));
    if (live) this.measureSkew(entries.at(-1));
    this.fetchUnknown(entries);
    if (entries.some((it) => CHANGES_COUNTS.has(it.event.kind))) this.countsSoon();
    if (entries.some((it) => CALLS_SUPERVISORS.has(it.event.kind))) void this.loadCare();
    for (const entry of entries) {
      if (entry.event.kind === "message_received" || entry.event.kind === "message_sent") this.stopTyping(entry.conversation, entry.actor.type === "customer" || entry.actor.type === "member" ? entry.actor.id : "");
      if (live) this.alert(entry);
    }
  }

  private fetchUnknown(entries: readonly Entry[]): void {
    const { rows, lists } = this.state;
    for (const entry of entries) {
      const wanted = lists.all.loaded || OF_INTEREST.has(entry.event.kind);
      if (wanted && !rows.has(entry.conversation)) void this.fetchRow(entry.conversation);
    }
  }

  private measureSkew(entry: Entry | undefined): void {
    if (!entry) return;
    const skewMs = this.now() - entry.at;
    // Small differences are the way it travelled, not the clock.
    if (Math.abs(skewMs) < 2_000 ? this.state.skewMs !== 0 : Math.abs(skewMs - this.state.skewMs) > 2_000) this.store.patch({ skewMs: Math.abs(skewMs) < 2_000 ? 0 : skewMs });
  }

  private alert(entry: Entry): void {
    const { event, actor } = entry;
    const me = this.myId;
    const offered = event.kind === "offered" && event.to === me;
    const assigned = event.kind === "assigned" && event.to === me && !(actor.type === "member" && actor.id === me);
    const mention = event.kind === "note_added" && event.mentions.includes(me) && !(actor.type === "member" && actor.id === me);
    const care = event.kind === "supervisor_alerted" && this.supervises;
    if (!offered && !assigned && !mention && !care && event.kind !== "message_received") return;
    const row = this.state.rows.get(entry.conversation);
    if (!row) {
      if (event.kind !== "message_received") void this.fetchRow(entry.conversation).then(() => this.tell(offered ? "offer" : assigned ? "assigned" : care ? "care" : "mention", entry));
      return;
    }
    if (offered) this.tell("offer", entry);
    else if (assigned) this.tell("assigned", entry);
    else if (mention) this.tell("mention", entry);
    else if (care) this.tell("care", entry);
    else if (row.status.type === "assigned" && row.status.to === me) this.tell("message", entry);
  }

  private tell(kind: Alert["kind"], entry: Entry): void {
    const row = this.state.rows.get(entry.conversation);
    if (row) this.options.onAlert?.({ kind, row, entry });
  }

  private signal(signal: Signal): void {
    switch (signal.t) {
      case "typing":
        if (signal.actor.type !== "customer" && signal.actor.type !== "member") return;
        if (signal.actor.id === this.myId) return;
        if (signal.on) this.startTyping(signal.conversation, signal.actor.type, signal.actor.id);
        else this.stopTyping(signal.conversation, signal.actor.id);
        return;
      case "queue":
        this.store.set((state) => ({ ...state, queue: new Map(state.queue).set(signal.conversation, { position: signal.position, ...(signal.estimate_s === undefined ? {} : { estimate_s: signal.estimate_s }) }) }));
        return;
      case "presence":
        this.store.set((state) => {
          const member = state.members.get(signal.member);
          return member ? { ...state, members: new Map(state.members).set(member.id, { ...member, presence: signal.presence }) } : state;
        });
        return;
      case "visitor":
        this.store.set((state) => ({ ...state, visitors: new Map(state.visitors).set(signal.contact, signal.online) }));
        return;
      case "rights_changed":
        if (signal.member === this.myId) void this.rightsChanged();
        return;
    }
  }

  private startTyping(conversation: string, kind: Typing["kind"], actor: string): void {
    const key = `${conversation}:${actor}`;
    clearTimeout(this.typingTimers.get(key));
    this.typingTimers.set(key, setTimeout(() => this.stopTyping(conversation, actor), TYPING_MS));
    this.store.set((state) => {
      const others = (state.typing.get(conversation) ?? []).filter((it) => it.actor !== actor);
      return { ...state, typing: new Map(state.typing).set(conversation, [...others, { actor, kind, until: this.now() + TYPING_MS }]) };
    });
  }

  private stopTyping(conversation: string, actor: string): void {
    clearTimeout(this.typingTimers.get(`${conversation}:${actor}`));
    const typing = this.state.typing.get(conversation);
    if (!typing?.some((it) => it.actor === actor)) return;
    this.store.set((state) => ({ ...state, typing: new Map(state.typing).set(conversation, typing.filter((it) => it.actor !== actor)) }));
  }

  private connection(live: LiveState): void {
    const was = this.state.live;
    this.store.patch({ live });
    if (live.caughtUp && !was.caughtUp) {
      this.flush();
      // Signals are not kept: who is online may have changed while we were away.
      if (was.phase !== "closed") void Promise.all([this.reloadMembers(), this.loadCare()]);
    }
    if (live.phase === "refused") location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.hash)}`);
  }

  private async reloadMembers(): Promise<void> {
    try {
      const members = await api.get<Page<MemberRow>>("/members");
      this.store.patch({ members: byId(members.items) });
      this.countsSoon();
    } catch {
      // The next reconnection asks again.
    }
  }

  /** Personal data is shown or hidden from here on: what is on the page is read anew. */
  private async rightsChanged(): Promise<void> {
    this.reset();
    this.store.set((state) => ({ ...state, ticketTurn: state.ticketTurn + 1, careTurn: state.careTurn + 1 }));
    try {
      this.store.patch({ me: await api.get<Me>("/me") });
    } catch (error) {
      toast.fault(error);
    }
  }

  /** Too much was missed: what is shown is read anew. */
  private reset(): void {
    this.recent = [];
    this.waiting = [];
    const { timelines, lists } = this.state;
    this.store.patch({ rows: new Map(), timelines: new Map() });
    for (const [view, list] of Object.entries(lists) as [View, ListState][]) if (list.loaded) void this.loadList(view);
    for (const id of timelines.keys()) void this.open(id);
    void this.loadCounts();
  }

  // ---- keeping

  private recentOf(conversation: string): Entry[] {
    return this.recent.filter((it) => it.conversation === conversation);
  }

  /** A row that was read replaces an older copy; entries that came since are folded over it. */
  private addRows(rows: readonly ConversationRow[]): void {
    this.store.set((state) => {
      const next = new Map(state.rows);
      for (const row of rows) {
        const known = next.get(row.id);
        if (known && known.last_seq > row.last_seq) continue;
        next.set(row.id, this.recentOf(row.id).reduce(applyEntry, plainRow(row)));
      }
      return { ...state, rows: next };
    });
    void this.learnInboxes(rows);
  }

  /** An inbox that was made since the desk was opened: asked for once. Those of the first lists come with the start. */
  private async learnInboxes(rows: readonly ConversationRow[]): Promise<void> {
    const { inboxes } = this.state;
    const fresh = rows.map((it) => it.inbox).filter((it) => !inboxes.has(it) && !this.askedInboxes.has(it));
    if (inboxes.size === 0 || fresh.length === 0) return;
    for (const it of fresh) this.askedInboxes.add(it);
    try {
      this.store.patch({ inboxes: byId((await api.get<Page<Inbox>>("/inboxes")).items) });
    } catch {
      // Its name and channel are not shown until the desk is opened anew.
    }
  }

  private putRow(row: ConversationRow): void {
    this.store.set((state) => ({ ...state, rows: new Map(state.rows).set(row.id, row) }));
  }

  private patchList(view: View, part: Partial<ListState>): void {
    this.store.set((state) => ({ ...state, lists: { ...state.lists, [view]: { ...state.lists[view], ...part } } }));
  }

  private patchTimeline(id: string, part: Partial<Timeline>): void {
    this.store.set((state) => {
      const known = state.timelines.get(id) ?? { entries: [], more: false, loading: false };
      return { ...state, timelines: new Map(state.timelines).set(id, { ...known, ...part }) };
    });
  }
}

/** How far down a list was read. */
function reach(page: Page<ConversationRow>): Pick<ListState, "next" | "floor"> {
  const next = page.next ?? null;
  return { next, floor: next === null ? 0 : (page.items.at(-1)?.updated_at ?? 0) };
}
