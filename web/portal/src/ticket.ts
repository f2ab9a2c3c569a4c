// The public progress page of a ticket, opened by its secret link. Follows the ticket while it is looked at.

import mark from "./art/mark.svg";
import { ApiError, ICONS, api, h, icon, locale, moment, page, switches, t } from "./page.ts";
import type { Text } from "./page.ts";

type Stage = "received" | "in_progress" | "waiting_for_customer" | "done" | "cancelled";

interface Ticket {
  number: number;
  title: string;
  stage: Stage;
  company: string;
  log: { at: number; stage: Stage; note: string }[];
  created_at: number;
  updated_at: number;
}

const REFRESH_MS = 15_000;
const NAMES: Record<Stage, Text> = {
  received: ["已受理", "Received"],
  in_progress: ["处理中", "In progress"],
  waiting_for_customer: ["等待您的回复", "Waiting for you"],
  done: ["已完成", "Done"],
  cancelled: ["已取消", "Cancelled"],
};

let ticket: Ticket | undefined;
let trouble: ApiError | undefined;
let stale = false;
const [, , id = "", secret = ""] = location.pathname.split("/");

const redraw = page(() => {
  document.title = ticket ? `${t(["工单", "Ticket"])} #${ticket.number} · ${ticket.title}` : t(["工单进度", "Ticket progress"]);
  return [
    h(
      "div",
      { class: "sheet" },
      h("header", {}, h("span", { class: "company" }, h("img", { src: mark, alt: "" }), ticket?.company ?? t(["工单进度", "Ticket progress"])), switches()),
      h("main", {}, ticket ? shown(ticket) : trouble ? wrong(trouble) : waiting()),
    ),
  ];
});

function waiting(): HTMLElement {
  return h("div", { class: "card", "aria-busy": "true" }, h("div", { class: "bone short" }), h("div", { class: "bone" }), h("div", { class: "bone" }));
}

function wrong(error: ApiError): HTMLElement {
  const gone = error.status === 404 || error.status === 401 || error.status === 403;
  return h(
    "div",
    { class: "card trouble", role: "alert", "data-testid": "page-error" },
    h("span", { class: "face" }, icon(ICONS.cross, 28)),
    h("h1", {}, gone ? t(["这个链接无法打开工单", "This link does not open a ticket"]) : t(["暂时无法加载", "It cannot be loaded right now"])),
    h("p", {}, gone ? t(["链接可能不完整，或已被客服更换。请从聊天窗口重新打开，或联系客服索取新的链接。", "It may be incomplete, or was replaced by a new one. Open it again from the chat, or ask us for a new link."]) : error.message),
  );
}

function shown(it: Ticket): HTMLElement {
  const latest = it.log.at(-1);
  return h(
    "article",
    { class: "card ticket" },
    h("p", { class: "number" }, `${t(["工单", "Ticket"])} #${it.number}`),
    h("h1", {}, it.title),
    h("p", { class: `now ${it.stage}`, "data-testid": "ticket-stage", "data-stage": it.stage, role: "status" }, h("i", {}), t(NAMES[it.stage] ?? [it.stage, it.stage])),
    track(it),
    it.stage === "waiting_for_customer" && h("p", { class: "ask" }, t(["需要您补充信息：请在聊天窗口中回复我们。", "We need something from you: please answer us in the chat."])),
    h("h2", {}, t(["处理记录", "What happened so far"])),
    h(
      "ol",
      { class: "log" },
      [...it.log].reverse().map((step) =>
        h(
          "li",
          { class: step === latest ? "latest" : "", "data-testid": "ticket-step" },
          h("b", {}, t(NAMES[step.stage] ?? [step.stage, step.stage])),
          h("time", { datetime: new Date(step.at).toISOString() }, moment(step.at)),
          step.note ? h("p", {}, step.note) : undefined,
        ),
      ),
    ),
    h("p", { class: "foot" }, stale ? t(["网络不畅，显示的是上次的内容。", "No connection: this is what we last knew."]) : `${t(["更新于", "Updated"])} ${moment(it.updated_at)} · ${t(["本页会自动刷新", "this page keeps itself up to date"])}`),
  );
}

/** Received → in progress → done; waiting for the customer stands in for the middle, cancelled for the end. */
function track(it: Ticket): HTMLElement {
  const middle: Stage = it.stage === "waiting_for_customer" ? "waiting_for_customer" : "in_progress";
  const end: Stage = it.stage === "cancelled" ? "cancelled" : "done";
  const steps: Stage[] = ["received", middle, end];
  const at = steps.indexOf(it.stage);
  const over = it.stage === "done" || it.stage === "cancelled";
  return h(
    "ol",
    { class: `track ${it.stage}` },
    steps.map((stage, index) => {
      const state = index < at || (over && index === at) ? "past" : index === at ? "present" : "future";
      return h("li", { class: state, ...(index === at ? { "aria-current": "step" } : {}) }, h("span", { class: "dot" }, state === "past" ? icon(stage === "cancelled" ? ICONS.cross : ICONS.check, 16) : String(index + 1)), h("span", {}, t(NAMES[stage])));
    }),
  );
}

async function load(): Promise<void> {
  try {
    const next = await api<Ticket>(`/public/tickets/${encodeURIComponent(id)}/${encodeURIComponent(secret)}`);
    const changed = stale || !ticket || next.updated_at !== ticket.updated_at || next.stage !== ticket.stage || next.log.length !== ticket.log.length;
    ticket = next;
    trouble = undefined;
    stale = false;
    if (changed) redraw();
  } catch (error) {
    const failure = error instanceof ApiError ? error : new ApiError(0, String(error));
    const refused = failure.status >= 400 && failure.status < 500 && failure.status !== 429;
    if (refused) ticket = undefined;
    if (ticket) stale = true;
    else trouble = failure;
    redraw();
  }
}

void load();
setInterval(() => document.visibilityState === "visible" && void load(), REFRESH_MS);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && void load());
window.addEventListener("online", () => void load());
// A redraw for another language asks again, since the server words its errors in it.
let drawn = locale;
new MutationObserver(() => {
  if (drawn !== locale && !ticket) void load();
  drawn = locale;
}).observe(document.documentElement, { attributeFilter: ["lang"] });
