// The customer's own page: what they allowed, what was decided for them by a machine and why, and how to object, to get a person,
// to take everything along, or to have everything erased. Opened from the chat's menu.

import type { Bilingual } from "@rapport/live";
import mark from "./art/mark.svg";
import { ApiError, ICONS, h, icon, locale, moment, page, switches, t } from "./page.ts";
import type { Text } from "./page.ts";
import { Visitor } from "./visitor.ts";
import type { Consent, Decision } from "./visitor.ts";

const REFRESH_MS = 15_000;

const visitor = new Visitor();
let company = "";
let consents: Consent[] | undefined;
let decisions: Decision[] | undefined;
let trouble: ApiError | undefined;
let erased = false;
/** What is under way: its button waits. */
let busy = "";
/** What came of the last step, told to screen readers too. */
let said: { at: string; text: string; bad: boolean } | undefined;
/** The decision that is being objected to, and the words so far. */
let objecting: { seq: number; text: string } | undefined;

const draw = page(() => {
  document.title = t(["我的数据", "My data"]);
  return [
    h(
      "div",
      { class: "sheet" },
      h("header", {}, h("span", { class: "company" }, h("img", { src: mark, alt: "" }), company || t(["我的数据", "My data"])), switches()),
      h("main", {}, ...content()),
    ),
  ];
});

/** Draws anew and leaves the focus where it was. */
function redraw(): void {
  const { id } = document.activeElement ?? {};
  draw();
  if (id) document.getElementById(id)?.focus();
}

function content(): HTMLElement[] {
  if (erased) return [message("done", ["您的数据已删除", "Your data is erased"], t(["会话、资料、情绪记录和文件都已删除，并已再次扫描确认。您可以关闭本页。", "Conversations, details, what was noticed and files are gone; a second scan found nothing. You can close this page."]))];
  if (!visitor.token || trouble?.status === 401) return [message("trouble", ["请从聊天窗口打开本页", "Open this page from the chat"], t(["在聊天窗口右上角的“更多”菜单里，点“我的数据与自动决定”。这样我们才知道是您本人。", "In the chat, choose “My data and decisions” under “More” at the top right. That is how we know it is you."]))];
  if (trouble && !consents) return [message("trouble", ["暂时无法加载", "It cannot be loaded right now"], trouble.message)];
  if (!consents || !decisions) return [h("div", { class: "card", "aria-busy": "true" }, h("div", { class: "bone short" }), h("div", { class: "bone" }), h("div", { class: "bone" }))];
  return [
    h("section", { class: "head" }, h("h1", {}, t(["我的数据", "My data"])), h("p", {}, t(["您同意了什么、系统为您自动做了什么决定、依据是什么。每一项都可以撤回或提出异议。", "What you allowed, what was decided for you automatically, and why. You can take back or object to each of it."]))),
    section("consents", ["我的同意", "What I allow"], consents.length ? h("ul", { class: "consents" }, consents.map(consentRow)) : h("p", { class: "none" }, t(["没有需要您同意的用途：我们不做情绪感知，也不做画像。", "Nothing needs your consent here: no feelings are noticed, no profile is made."]))),
    section(
      "decisions",
      ["自动做出的决定", "Automated decisions"],
      decisions.length ? h("ol", { class: "decisions" }, decisions.map(decisionRow)) : h("p", { class: "none" }, t(["目前没有。", "None so far."])),
      h("div", { class: "row" }, action("person", ["请人工处理", "Ask for a person"], () => run("person", ["已为您请人工，请回到聊天窗口", "A person is asked for. Please go back to the chat."], () => visitor.act({ action: "request_person" }))), note("person")),
    ),
    section(
      "take",
      ["带走或删除", "Take it along, or erase it"],
      h("p", {}, t(["导出文件包含我们保存的与您有关的全部内容。", "The file holds everything we keep about you."])),
      h("div", { class: "row" }, action("export", ["导出（便于阅读）", "Export, to read"], () => take("html")), action("export-json", ["导出（JSON）", "Export as JSON"], () => take("json")), action("erase", ["删除我的全部数据", "Erase all my data"], askToErase, "danger"), note("export")),
      eraseDialog(),
    ),
  ];
}

function section(id: string, title: Text, ...children: HTMLElement[]): HTMLElement {
  return h("section", { class: "card part", "aria-labelledby": `${id}-title`, "data-testid": id }, h("h2", { id: `${id}-title` }, t(title)), ...children);
}

function message(kind: "trouble" | "done", title: Text, text: string): HTMLElement {
  return h("div", { class: `card trouble ${kind}`, role: kind === "trouble" ? "alert" : "status", "data-testid": kind === "trouble" ? "page-error" : "erased" }, h("span", { class: "face" }, icon(kind === "trouble" ? ICONS.cross : ICONS.check, 28)), h("h1", {}, t(title)), h("p", {}, text));
}

function consentRow(it: Consent): HTMLElement {
  const id = `consent-${it.purpose}`;
  return h(
    "li",
    { "data-testid": "consent-row", "data-purpose": it.purpose },
    h(
      "div",
      {},
      h("b", { id: `${id}-name` }, say(it.question.title)),
      h("p", { id: `${id}-text` }, say(it.question.text)),
      h("small", {}, it.given ? `${t(["已同意", "Allowed"])}${it.at ? ` · ${moment(it.at)}` : ""}` : t(["未同意：不会这样做", "Not allowed: it is not done"])),
      note(id),
    ),
    h("button", { id, type: "button", class: "toggle", role: "switch", "aria-checked": String(it.given), "aria-labelledby": `${id}-name`, "aria-describedby": `${id}-text`, "data-testid": "consent-switch", onclick: () => void change(it, id) }, h("i", {})),
  );
}

async function change(it: Consent, id: string): Promise<void> {
  const given = !it.given;
  await run(id, given ? ["已同意，可随时撤回", "Allowed; take it back any time"] : ["已撤回，相关数据已删除", "Taken back; what it held is deleted"], async () => {
    await visitor.act({ action: "consent", purpose: it.purpose, given, text_version: it.question.version });
    await load();
  });
}

function decisionRow(it: Decision): HTMLElement {
  const id = `object-${it.seq}`;
  const open = objecting?.seq === it.seq;
  return h(
    "li",
    { "data-testid": "decision", "data-seq": String(it.seq) },
    h("div", { class: "what" }, h("b", {}, it.what.map(say).join(t(["；", "; "]))), h("time", { datetime: new Date(it.at).toISOString() }, moment(it.at))),
    h(
      "dl",
      {},
      h("dt", {}, t(["为什么", "Why"])),
      h("dd", {}, it.why.length ? h("ul", {}, it.why.map((why) => h("li", {}, say(why)))) : "—"),
      h("dt", {}, t(["用了哪些数据", "From which data"])),
      h("dd", {}, it.data.map(say).join(t(["；", "; "]))),
      ...(it.rules.length ? [h("dt", {}, t(["遵守的规则", "By which rules"])), h("dd", {}, h("ul", {}, it.rules.map((rule) => h("li", {}, say(rule)))))] : []),
      h("dt", {}, t(["如何提出异议", "How to object"])),
      h("dd", {}, say(it.how_to_object)),
    ),
    it.objected
      ? h("p", { class: "objected", role: "status", "data-testid": "objected" }, icon(ICONS.check, 16), t(["您已提出异议，会有人工复核。", "You objected; a person will look at it."]))
      : open
        ? objection(it, id)
        : h("button", { id, type: "button", class: "button", "data-testid": "object", onclick: () => ((objecting = { seq: it.seq, text: "" }), draw(), document.getElementById(`${id}-text`)?.focus()) }, t(["提出异议", "Object"])),
    note(id),
  );
}

function objection(it: Decision, id: string): HTMLElement {
  const area = h("textarea", { id: `${id}-text`, rows: "3", maxlength: "2000", "data-testid": "object-text", "aria-label": t(["您的理由（选填）", "Your reason (optional)"]), placeholder: t(["您的理由（选填）", "Your reason (optional)"]), oninput: (event) => objecting && (objecting.text = (event.target as HTMLTextAreaElement).value) });
  area.value = objecting?.text ?? "";
  const send = async (): Promise<void> => {
    await run(id, ["已提交，人工会复核并回复您", "Sent: a person will look at it and answer you"], async () => {
      await visitor.object(it.seq, objecting?.text.trim() ?? "");
      it.objected = true;
      objecting = undefined;
    });
  };
  return h(
    "form",
    { class: "objection", onsubmit: (event) => (event.preventDefault(), void send()) },
    area,
    h("div", { class: "row" }, h("button", { type: "submit", class: "button main", id: `${id}-send`, "data-testid": "object-send", disabled: busy === id }, t(["提交，并请人工复核", "Send, and have a person look"])), h("button", { type: "button", class: "button", id: `${id}-cancel`, onclick: () => ((objecting = undefined), redraw()) }, t(["取消", "Cancel"]))),
  );
}

function take(format: "html" | "json"): void {
  void run("export", ["已开始下载", "The download has begun"], async () => {
    const { blob, name } = await visitor.export(format);
    const link = h("a", { href: URL.createObjectURL(blob), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  });
}

function eraseDialog(): HTMLElement {
  return h(
    "dialog",
    { class: "confirm", "aria-labelledby": "erase-title", "data-testid": "erase-dialog" },
    h(
      "form",
      { method: "dialog" },
      h("h2", { id: "erase-title" }, t(["删除全部数据？", "Erase everything?"])),
      h("p", {}, t(["会话、资料、文件、同意记录和情绪记录都会被删除，无法恢复。未处理完的问题也会一并删除。", "Conversations, details, files, consents and what was noticed are deleted for good, together with whatever is still open."])),
      h("div", { class: "row" }, h("button", { class: "button", value: "no" }, t(["保留", "Keep it"])), h("button", { type: "button", class: "button danger", "data-testid": "erase-confirm", onclick: () => void run("erase", ["", ""], eraseAll) }, t(["确认删除", "Erase it"]))),
    ),
  );
}

async function eraseAll(): Promise<void> {
  await visitor.erase();
  erased = true;
}

function askToErase(): void {
  document.querySelector<HTMLDialogElement>(".confirm")?.showModal();
}

function action(id: string, name: Text, press: () => void, look = ""): HTMLElement {
  return h("button", { id, type: "button", class: `button ${look}`, "data-testid": id, disabled: busy === id, onclick: press }, t(name));
}

/** What came of a step, beside where it was taken. */
function note(at: string): HTMLElement | undefined {
  return said?.at === at && said.text ? h("span", { class: said.bad ? "note bad" : "note", role: said.bad ? "alert" : "status", "data-testid": "said" }, said.text) : undefined;
}

async function run(at: string, done: Text, step: () => Promise<unknown>): Promise<void> {
  if (busy) return;
  busy = at;
  said = undefined;
  redraw();
  try {
    await step();
    said = { at, text: t(done), bad: false };
  } catch (error) {
    said = { at: at === "erase" ? "export" : at, text: error instanceof Error ? error.message : String(error), bad: true };
  }
  busy = "";
  redraw();
}

function say(text: Bilingual): string {
  return locale === "en" ? text.en || text.zh : text.zh || text.en;
}

async function load(): Promise<void> {
  if (!visitor.token || erased) return;
  const before = JSON.stringify([consents, decisions, trouble?.message]);
  try {
    [consents, decisions] = await Promise.all([visitor.consents(), visitor.decisions()]);
    company ||= await visitor.company().catch(() => "");
    trouble = undefined;
  } catch (error) {
    trouble = error instanceof ApiError ? error : new ApiError(0, String(error));
  }
  // What is being written, or asked, is not drawn over.
  if (before !== JSON.stringify([consents, decisions, trouble?.message]) && !objecting && !document.querySelector("dialog[open]")) redraw();
}

void load();
setInterval(() => document.visibilityState === "visible" && !busy && void load(), REFRESH_MS);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && void load());
window.addEventListener("online", () => void load());
