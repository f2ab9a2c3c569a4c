// A tenant in memory as a member sees it: journal, conversations folded from it, tickets, files; and what members may do with them.

import { randomUUID } from "node:crypto";

export const SYSTEM = { type: "system" };
export const BOT = { type: "bot" };
export const customer = (id) => ({ type: "customer", id });
export const member = (id) => ({ type: "member", id });

export class World {
  journal = [];
  rows = new Map();
  contacts = new Map();
  members = new Map();
  teams = [];
  inboxes = [];
  canned = [];
  tickets = new Map();
  blobs = new Map();
  /** Answers by frame id: who sends twice gets the same one. */
  known = new Map();
  online = new Set();
  listeners = new Set();
  me = undefined;

  constructor(lang) {
    this.lang = lang;
  }

  say(zh, en) {
    return this.lang === "en" ? en : zh;
  }

  // ---- journal

  commit(id, actor, event, { at = Date.now(), reasons } = {}) {
    const row = this.rows.get(id);
    const entry = { seq: this.journal.length + 1, conversation: id, contact: row.contact, inbox: row.inbox, at, actor, event, ...(reasons ? { reasons } : {}) };
    this.journal.push(entry);
    row.last_seq = entry.seq;
    row.updated_at = Math.max(row.updated_at, at);
    this.fold(row, entry);
    this.tell({ t: "event", ...entry });
    return entry;
  }

  /** As a WeChat mini program: five replies within two days of what the customer wrote last. */
  reach(row) {
    const { channel } = this.inboxes.find((it) => it.id === row.inbox);
    const wrote = this.journal.findLast((it) => it.conversation === row.id && it.event.kind === "message_received");
    const since = this.journal.filter((it) => it.conversation === row.id && it.seq > (wrote?.seq ?? 0) && it.event.kind === "message_sent").length;
    const closes_at = (wrote?.at ?? 0) + 48 * 3_600_000;
    const bounds = channel === "web" ? { window: "always" } : { window: closes_at > Date.now() ? "open" : "closed", closes_at, quota_left: Math.max(0, 5 - since) };
    return { channel, unit: "bytes", text_max: 600, read_receipts: false, template_outside: false, ...bounds };
  }

  open({ contact, inbox, number, locale, at = Date.now(), page = null, bot = true }) {
    const id = randomUUID();
    const row = {
      id, number, inbox, contact, locale, status: { type: "bot" }, priority: "normal", labels: [], team: null, opened_at: at, updated_at: at, waiting_since: null, queue: null, last_agent: null, summary: null,
      last_message: null, messages: 0, unread_by_members: 0, unread_by_customer: 0, read_by_customer: 0, read_by_members: 0, csat: { requested_at: null, reminded: false, score: null, comment: "" }, tickets: [], page, quarantined: false, last_seq: 0,
    };
    this.rows.set(id, row);
    this.commit(id, customer(contact), { kind: "conversation_opened", conversation: id, number, inbox, contact, locale, bot, page }, { at });
    return id;
  }

  fold(row, { event, actor, at, seq }) {
    const { message } = event;
    const preview = () => {
      row.messages += 1;
      row.last_message = { text: (message.content.text ?? message.content.title ?? message.content.file?.name ?? "").slice(0, 120), actor, at, content: message.content.type };
    };
    const steps = {
      message_received: () => (preview(), (row.unread_by_members += 1), (row.waiting_since ??= at)),
      message_sent: () => (preview(), (row.unread_by_customer += 1), actor.type === "member" || message.content.type === "answer" ? (row.waiting_since = null) : 0),
      read_marked: () => (actor.type === "customer" ? ((row.read_by_customer = event.up_to), (row.unread_by_customer = 0)) : ((row.read_by_members = event.up_to), (row.unread_by_members = 0))),
      handover_requested: () => (row.summary = event.summary),
      queued: () => ((row.status = { type: "queued" }), (row.queue = event.entry)),
      offered: () => (row.status = { type: "offered", to: event.to, expires_at: event.expires_at }),
      offer_declined: () => (row.status = { type: "queued" }),
      offer_expired: () => (row.status = { type: "queued" }),
      assigned: () => ((row.status = { type: "assigned", to: event.to, since: at }), (row.last_agent = event.to), (row.queue = null)),
      snoozed: () => (row.status = { type: "snoozed", until: event.until, to: row.status.to ?? null }),
      woken: () => (row.status = row.status.to ? { type: "assigned", to: row.status.to, since: at } : { type: "bot" }),
      resolved: () => ((row.status = { type: "resolved", at, by: actor.id ?? null }), (row.queue = null), (row.waiting_since = null)),
      priority_changed: () => (row.priority = event.priority),
      labels_changed: () => (row.labels = event.labels),
      team_changed: () => (row.team = event.team),
      ticket_created: () => row.tickets.push(event.ticket),
      rating_requested: () => (row.csat.requested_at = at),
      rated: () => Object.assign(row.csat, { score: event.score, comment: event.comment }),
    };
    for (const kind of ["left_queue", "unassigned", "reopened", "returned_to_bot"]) steps[kind] = () => ((row.status = { type: "bot" }), (row.queue = null));
    steps[event.kind]?.(seq);
  }

  tell(frame) {
    for (const listener of this.listeners) listener(frame);
  }

  // ---- what is asked for

  shown(row) {
    return { ...row, contact: this.contacts.get(row.contact) };
  }

  counts() {
    const rows = [...this.rows.values()];
    return { mine: rows.filter((it) => this.inView(it, "mine")).length, unassigned: rows.filter((it) => this.inView(it, "unassigned")).length, all: rows.filter((it) => this.inView(it, "all")).length };
  }

  inView(row, view) {
    const { type, to } = row.status;
    if (view === "done") return type === "resolved";
    if (view === "unassigned") return type === "queued" || type === "offered";
    if (view === "mine") return ["assigned", "snoozed", "offered"].includes(type) && to === this.me.id;
    return view === "all" ? type !== "resolved" : true;
  }

  list({ view, inbox, contact, q, before, limit }) {
    const wanted = (q ?? "").trim().replace(/^#/, "").toLowerCase();
    const found = [...this.rows.values()]
      .filter((row) => (!view || this.inView(row, view)) && (!inbox || row.inbox === inbox) && (!contact || row.contact === contact))
      .filter((row) => !wanted || this.holds(row, wanted))
      .sort((a, b) => b.updated_at - a.updated_at);
    const from = before ? found.findIndex((it) => it.id === before) + 1 : 0;
    const items = found.slice(from, from + limit);
    return { items: items.map((it) => this.shown(it)), next: from + limit < found.length ? items.at(-1)?.id : null, seq: this.journal.length };
  }

  holds(row, wanted) {
    const contact = this.contacts.get(row.contact);
    const texts = [String(row.number), contact.name, contact.email ?? "", contact.phone ?? "", ...row.labels];
    for (const { conversation, event } of this.journal) if (conversation === row.id) texts.push(event.message?.content?.text ?? "");
    return texts.some((it) => it.toLowerCase().includes(wanted));
  }

  entries(id, { before = Infinity, after = 0, limit }) {
    const all = this.journal.filter((it) => it.conversation === id && it.seq < before && it.seq > after);
    return { items: all.slice(-limit), more: all.length > limit, seq: this.journal.length };
  }

  decisions(id) {
    const items = this.journal.filter((it) => it.conversation === id && it.reasons?.length).map(({ seq, at, actor, event, reasons }) => ({ seq, at, actor, kind: event.kind, reasons }));
    return { items };
  }

  // ---- what members do

  /** Answers `{seq}` or throws a fault body. */
  act(id, by, action, clientId) {
    const row = this.rows.get(id);
    if (!row) throw fault("not_found", this.say("未找到", "Not found"), this.say("它可能已被删除", "It may be deleted"));
    const from = member(by);
    const now = Date.now();
    const why = (code, zh, en) => ({ reasons: [{ code, facts: {}, text: this.say(zh, en) }] });
    const assign = (to, reason) => {
      if (row.status.type === "resolved") this.commit(id, from, { kind: "reopened" });
      if (row.status.type === "snoozed") this.commit(id, from, { kind: "woken" });
      return this.commit(id, from, { kind: "assigned", to }, reason);
    };
    switch (action.action) {
      case "send":
        if (row.status.type === "resolved") throw fault("conversation.closed", this.say("会话已结束", "The conversation is closed"), this.say("先重新打开", "Reopen it first"));
        if (row.status.to && row.status.type !== "offered" && row.status.to !== by) throw fault("conversation.not_assigned", this.say("会话未分配给您", "The conversation is not assigned to you"), this.say("先接待该会话", "Take it first"));
        if (!["assigned", "snoozed"].includes(row.status.type)) assign(by, why("assignment.by_acting", "坐席处理了未分配的会话，因此归其接待", "The member acted on an unassigned conversation and so has it"));
        return this.commit(id, from, { kind: "message_sent", message: { id: randomUUID(), client_id: clientId, content: action.content } });
      case "note":
        return this.commit(id, from, { kind: "note_added", message: { id: randomUUID(), content: { type: "text", text: action.text } }, mentions: action.mentions ?? [] });
      case "accept_offer":
        if (row.status.type !== "offered" || row.status.to !== by) throw fault("conversation.offer_gone", this.say("该邀请已失效", "The offer is no longer open"), this.say("会话可能已被他人接待或客户已离开", "Somebody else took it, or the customer left"));
        return assign(by, why("offer.accepted", "坐席接受邀请", "The agent accepted the offer"));
      case "decline_offer":
        return this.commit(id, from, { kind: "offer_declined", by }, why("offer.declined", "坐席谢绝邀请", "The agent declined the offer"));
      case "take":
        return assign(by, why("assignment.taken", "坐席自行接待", "The member took it"));
      case "assign":
        if (action.to) return assign(action.to, why("assignment.given", "由同事转交", "A colleague gave it"));
        this.commit(id, from, { kind: "unassigned" });
        return this.queue(id);
      case "set_team":
        return this.commit(id, from, { kind: "team_changed", team: action.team });
      case "snooze":
        if (action.until <= now) throw fault("input.bad_field", this.say("有字段不合要求", "A field is not acceptable"), "until");
        return this.commit(id, from, { kind: "snoozed", until: action.until });
      case "resolve":
        this.commit(id, from, { kind: "resolved" });
        this.commit(id, SYSTEM, { kind: "rating_requested" });
        return this.commit(id, SYSTEM, { kind: "message_sent", message: { id: randomUUID(), content: { type: "rating_request", text: this.say("请为本次服务评个分（1-5 分）。", "How did we do? Please rate from 1 to 5.") } } });
      case "reopen":
        return assign(by, why("conversation.reopened_by_member", "坐席重新打开会话", "A member reopened the conversation"));
      case "return_to_bot":
        return this.commit(id, from, { kind: "returned_to_bot" });
      case "set_priority":
        return this.commit(id, from, { kind: "priority_changed", priority: action.priority });
      case "set_labels":
        return this.commit(id, from, { kind: "labels_changed", labels: action.labels });
      case "mark_read":
        return this.commit(id, from, { kind: "read_marked", up_to: action.up_to });
      case "wake":
        return this.commit(id, from, { kind: "woken" });
      default:
        throw fault("live.bad_frame", "?", "");
    }
  }

  queue(id, { at = Date.now(), reasons } = {}) {
    const row = this.rows.get(id);
    const entry = { conversation: id, inbox: row.inbox, contact: row.contact, team: row.team, skills: [], priority: row.priority, since: at, passed: [], reasons: [] };
    return this.commit(id, SYSTEM, { kind: "queued", entry }, { at, ...(reasons ? { reasons } : {}) });
  }

  offer(id, seconds = 30) {
    const why = this.say(`${this.me.name} 负载最低（2/6）；候选：3 名`, `${this.me.name} has the lowest load (2/6); compared: 3`);
    return this.commit(id, SYSTEM, { kind: "offered", to: this.me.id, expires_at: Date.now() + seconds * 1000 }, { reasons: [{ code: "routing.least_loaded", facts: {}, text: why }] });
  }

  received(id, text) {
    const content = typeof text === "string" ? { type: "text", text } : text;
    return this.commit(id, customer(this.rows.get(id).contact), { kind: "message_received", message: { id: randomUUID(), client_id: randomUUID(), content } });
  }

  createTicket(id, { title, description }, by = this.me.id, at = Date.now()) {
    const row = this.rows.get(id);
    const ticket = { id: randomUUID(), number: 1020 + this.tickets.size, title, description, contact: row.contact, conversation: id, stage: "received", assignee: by, log: [{ at, by, stage: "received", note: "", public: true }], link_version: 1, created_at: at, updated_at: at };
    this.tickets.set(ticket.id, ticket);
    this.commit(id, member(by), { kind: "ticket_created", ticket: ticket.id, number: ticket.number, title }, { at });
    this.commit(id, member(by), { kind: "message_sent", message: { id: randomUUID(), content: { type: "ticket", ticket: ticket.id, number: ticket.number, title, path: this.ticketPath(ticket) } } }, { at });
    return this.shownTicket(ticket);
  }

  changeTicket(ticket, { stage, note, public: open, title, assignee }) {
    if (title) ticket.title = title;
    if (assignee !== undefined) ticket.assignee = assignee;
    if (stage || note) {
      ticket.stage = stage ?? ticket.stage;
      ticket.log.push({ at: Date.now(), by: this.me.id, stage: ticket.stage, note: note ?? "", public: open === true });
    }
    ticket.updated_at = Date.now();
    if (ticket.conversation) this.commit(ticket.conversation, member(this.me.id), { kind: "ticket_changed", ticket: ticket.id, number: ticket.number, stage: ticket.stage });
    return this.shownTicket(ticket);
  }

  ticketPath(ticket) {
    return `/ticket/${ticket.id}/secret-${ticket.link_version}`;
  }

  shownTicket(ticket) {
    return { ...ticket, path: this.ticketPath(ticket) };
  }
}

export function fault(code, message, hint) {
  return { code, message, hint, trace: "mock" };
}
