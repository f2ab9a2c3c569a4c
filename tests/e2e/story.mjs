// The newcomer's story in one language: a customer in the shop, an agent at the desk, an administrator, and what befalls them.

import { strict as assert } from "node:assert";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Account } from "./account.mjs";
import { Agent } from "./agent.mjs";
import { Care } from "./care.mjs";
import { Customer } from "./customer.mjs";
import { document, picture } from "./files.mjs";
import { Journal } from "./journal.mjs";
import { root } from "./package.mjs";
import { Server } from "./server.mjs";
import { Site, identityToken } from "./site.mjs";
import { until } from "./until.mjs";
import { Watch } from "./watch.mjs";
import { Wire } from "./wire.mjs";
import { WORDS } from "./words.mjs";

/** From the end of a disturbance until both sides have everything: the longest back-off, and a slow machine. */
const RECOVER_MS_MAX = 60_000;
/** Messages of one side in a row. */
const SAID = 3;
/** What axe and a person alike look at. */
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };
const WIDE = { viewport: { width: 1360, height: 860 } };

export class Story {
  watch = new Watch();
  done = [];
  accounts = {};
  #shots = 0;
  #contexts = [];

  constructor({ binary, browser, lang, cutMs }) {
    Object.assign(this, { browser, lang, cutMs, words: WORDS[lang], folder: join(root, "target", "e2e", lang) });
    mkdirSync(this.folder, { recursive: true });
    this.binary = binary;
  }

  async run() {
    try {
      await this.#begin();
      for (const step of ["startPage", "shop", "answerWithSource", "unanswerable", "queue", "offerAndAccept", "typingAndReading", "emojiPictureFile", "ticket", "nextPage", "secondTab", "networkCut", "killedServer", "resolveAndRate", "administration", "consentAndCare", "anotherSite", "phonesAndDark"]) {
        const began = performance.now();
        await this[step]();
        this.done.push(step);
        console.log(`ok ${this.lang} ${step} (${Math.round(performance.now() - began)} ms)`);
      }
    } catch (error) {
      this.failure = error;
      console.log(`FAILED ${this.lang} after ${this.done.at(-1) ?? "nothing"}: ${error.stack}`);
      for (const [index, page] of this.#contexts.flatMap((it) => it.pages()).entries()) await page.screenshot({ path: join(this.folder, `failed-${index}.png`) }).catch(() => undefined);
      console.log(this.server?.said.slice(-15).join("\n"));
    } finally {
      for (const context of this.#contexts) await context.close().catch(() => undefined);
      this.site?.close();
      this.wire?.close();
      this.desk?.close();
      await this.server?.end();
    }
  }

  async #begin() {
    // A network for each side, so that one can be away while the other goes on. The address of the desk is the server's own.
    [this.wire, this.desk] = await Promise.all([new Wire().open(), new Wire().open()]);
    this.server = new Server(this.binary, this.desk.url);
    await this.server.start();
    this.wire.to = this.desk.to = this.server.port;
    this.journal = new Journal(this.server);
    this.customer = new Customer(await (await this.#context("customer")).newPage(), this.wire.url);
    this.agent = new Agent(await (await this.#context("agent")).newPage(), this.desk.url);
  }

  async #context(who, options = {}) {
    const context = await this.browser.newContext({ locale: this.words.browser, ...WIDE, ...options });
    context.setDefaultTimeout(20_000);
    await this.watch.context(context, `${this.lang} ${who}`);
    this.#contexts.push(context);
    return context;
  }

  async #picture(name, page) {
    this.#shots += 1;
    const title = `${String(this.#shots).padStart(2, "0")}-${name}`;
    await page.screenshot({ path: join(this.folder, `${title}.png`), animations: "disabled" });
    return title;
  }

  /** A picture of each page, and what axe finds on it. */
  async #look(name, ...pages) {
    for (const page of pages) await this.watch.accessible(page, `${this.lang} ${await this.#picture(name, page)}`);
  }

  async startPage() {
    const { page } = this.customer;
    await page.goto(this.wire.url);
    for (const door of ["demo", "desk", "admin"]) await page.getByTestId(`door-${door}`).waitFor();
    await this.#look("start", page);
    await page.getByTestId("door-demo").click();
    await page.waitForURL("**/demo");
    await this.#look("shop", page);
  }

  async shop() {
    await this.customer.visit();
    await this.#look("chat-opened", this.customer.page);
    await this.customer.introduce(this.words.name);
    await this.customer.hook("composer-input").waitFor();
  }

  async answerWithSource() {
    const { customer, words } = this;
    await customer.write(words.question);
    const answer = customer.messages("bot").filter({ has: customer.hook("source") });
    await answer.waitFor();
    assert.match(await answer.innerText(), words.topic);
    await customer.hook("source").first().locator("summary").click();
    const quote = (await customer.hook("source").first().locator("blockquote").innerText()).trim();
    assert.ok(quote.length > 8, `a quote of the source, not ${quote}`);
    await this.#look("answer-with-source", customer.page);
    const [article] = await Promise.all([customer.page.context().waitForEvent("page"), customer.hook("source").first().locator("a").click()]);
    await article.locator("article h1").waitFor();
    const squeezed = (text) => text.replace(/[\s*#>`|-]+/g, "");
    assert.ok(squeezed(await article.locator("article").innerText()).includes(squeezed(quote).slice(0, 12)), "the passage stands in the article");
    await this.#look("article", article);
    await article.close();
  }

  async unanswerable() {
    const { customer } = this;
    const answers = await customer.hook("source").count();
    await customer.write(this.words.unanswerable);
    await customer.hook("choice-request_person").waitFor();
    assert.equal(await customer.hook("source").count(), answers, "no source is made up");
    await this.#look("not-known", customer.page);
  }

  async queue() {
    const { customer } = this;
    await customer.hook("choice-request_person").click();
    const standing = customer.hook("queue-standing");
    await standing.waitFor();
    await until("a place in the queue", 10_000, async () => (await standing.getAttribute("data-position")) === "1");
    await this.#look("waiting", customer.page);
  }

  async offerAndAccept() {
    const { customer, agent, words } = this;
    const before = await customer.hook("queue-standing").locator("small").innerText();
    await agent.signIn(await this.server.link("agent"), words.locale);
    await agent.hook("offer").waitFor();
    assert.ok((await agent.hook("offer-summary").innerText()).trim().length > 10, "a summary of what was said");
    await until("an estimate, now that somebody is there", 10_000, async () => (await customer.hook("queue-standing").locator("small").innerText()) !== before);
    await this.#look("offered", agent.page, customer.page);
    await agent.accept();
    await customer.hook("queue-standing").waitFor({ state: "detached" });
    await agent.said(words.question).waitFor();
    await this.journal.follow(agent);
    await this.#look("accepted", agent.page);
  }

  async typingAndReading() {
    const { customer, agent, words } = this;
    await agent.hook("composer-input").pressSequentially(words.greeting, { delay: 20 });
    await customer.hook("typing").waitFor();
    await this.#look("agent-types", customer.page);
    await agent.hook("composer-send").click();
    await customer.said(words.greeting).waitFor();
    await agent.said(words.greeting).getByTestId("read-mark").waitFor();
    await customer.hook("composer-input").pressSequentially(words.reply, { delay: 20 });
    await agent.page.locator('[data-testid="typing"][data-kind="customer"]').waitFor();
    await this.#look("customer-types", agent.page);
    await customer.hook("composer-input").press("Enter");
    await agent.said(words.reply).waitFor();
    await until("the customer sees that it was read", 10_000, async () => (await customer.said(words.reply).getAttribute("data-state")) === "read");
  }

  async emojiPictureFile() {
    const { customer, agent, words } = this;
    await agent.hook("composer-emoji").click();
    await agent.hook("emoji").nth(3).click();
    const emoji = await agent.hook("composer-input").inputValue();
    assert.match(emoji, /\p{Extended_Pictographic}/u);
    await agent.page.keyboard.press("Escape");
    await agent.hook("composer-send").click();
    await customer.said(emoji).waitFor();
    await customer.hook("emoji").click();
    await customer.frame.getByRole("button", { name: "👍" }).click();
    await customer.hook("composer-input").press("Enter");
    await agent.said("👍").waitFor();

    const pdf = document(words.file);
    await agent.attach([{ name: words.picture, mimeType: "image/png", buffer: picture(480, 320, 210) }, { name: words.file, mimeType: "application/pdf", buffer: pdf }]);
    await this.#pictureShows(customer.messages("agent"));
    await this.#fileIs(customer.page, customer.messages("agent").getByRole("button", { name: words.file }), pdf);
    await customer.messages("agent").locator("button.picture").last().click();
    await customer.frame.locator("dialog.lightbox[open]").waitFor();
    await this.#look("lightbox", customer.page);
    await customer.page.keyboard.press("Escape");

    const agentsPictures = await agent.hook("picture").count();
    await this.#paste(customer, picture(300, 400, 40));
    await customer.hook("staged").waitFor();
    await this.#look("pasted", customer.page);
    await customer.hook("send").click();
    await until("the agent sees the pasted picture", 20_000, async () => (await agent.hook("picture").count()) > agentsPictures);
    await customer.attach([{ name: words.file, mimeType: "application/pdf", buffer: pdf }]);
    await this.#fileIs(agent.page, agent.messages("customer").getByTestId("file"), pdf);
    await this.#look("pictures-and-files", customer.page, agent.page);
  }

  async #pictureShows(messages) {
    const image = messages.locator("button.picture img").last();
    await image.waitFor();
    await until("the picture is drawn", 10_000, () => image.evaluate((it) => it.complete && it.naturalWidth === 480));
  }

  async #fileIs(page, button, expected) {
    const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
    const parts = [];
    for await (const part of await download.createReadStream()) parts.push(part);
    assert.deepEqual(Buffer.concat(parts), expected, "the file arrives as it was sent");
  }

  /** As a browser does it: an event with the picture among its data. */
  async #paste(customer, bytes) {
    await customer.hook("composer-input").evaluate((area, encoded) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(atob(encoded), (it) => it.charCodeAt(0))], "image.png", { type: "image/png" }));
      area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    }, bytes.toString("base64"));
  }

  async ticket() {
    const { customer, agent, words } = this;
    await agent.makeTicket(words.ticket);
    await customer.hook("ticket-link").waitFor();
    const [page] = await Promise.all([customer.page.context().waitForEvent("page"), customer.hook("ticket-link").click()]);
    const stage = page.getByTestId("ticket-stage");
    await stage.waitFor();
    assert.equal(await stage.getAttribute("data-stage"), "received");
    assert.match(new URL(page.url()).pathname, /^\/ticket\/[^/]+\/[^/]{16,}$/);
    await this.#look("ticket-received", page, agent.page);
    await agent.moveTicket(words.stage, words.note);
    await until("the ticket's page follows", 20_000, async () => (await stage.getAttribute("data-stage")) === "in_progress");
    await page.getByText(words.note).waitFor();
    await this.#look("ticket-in-progress", page);
    this.watch.expected = /status of 404/;
    await page.goto(page.url().slice(0, -4));
    await page.getByTestId("page-error").waitFor();
    this.watch.expected = undefined;
    await page.close();
  }

  /** Another page of the shop: the window is open as before, with the same conversation and what was half written. */
  async nextPage() {
    const { customer, words } = this;
    await customer.hook("composer-input").fill(words.draft);
    const shown = await customer.messages().count();
    await customer.page.goto(`${this.wire.url}/demo?page=2`);
    await until("the conversation is there again", 20_000, async () => (await customer.messages().count()) >= shown);
    assert.equal(await customer.hook("composer-input").inputValue(), words.draft);
    await customer.hook("composer-input").fill("");
  }

  /** The shop in two tabs: one conversation, and what one tab says stands in the other once. */
  async secondTab() {
    const { customer, agent, words } = this;
    const second = new Customer(await customer.page.context().newPage(), this.wire.url);
    await second.visit();
    await second.said(words.greeting).waitFor();
    const [here, there] = [`${words.reply} 1`, `${words.reply} 2`];
    await customer.write(here);
    await second.write(there);
    for (const text of [here, there]) for (const side of [customer, second, agent]) await side.said(text).waitFor();
    await second.page.close();
    for (const text of [here, there]) for (const side of [customer, agent]) assert.equal(await side.said(text).count(), 1, text);
  }

  /**
   * Each side is away for a minute, the customer first: what one says while only the other is away, what both say while both are, and what
   * was stored though its sender never heard so.
   */
  async networkCut() {
    const { customer, agent, wire, desk, watch } = this;
    const account = (this.accounts.cut = new Account("cut"));
    await this.#speak(account, customer, "c", 1);
    await this.#speak(account, agent, "a", 1);
    watch.cut = true;
    await this.#unheard(account, wire, customer, "c");
    wire.cut();
    const customerBack = after(this.cutMs);
    await this.#speak(account, agent, "a", SAID);
    await this.#speak(account, customer, "c", SAID);
    await customer.attach([{ name: "cut.png", mimeType: "image/png", buffer: picture(200, 120, 90) }]);
    await customer.hook("connection").waitFor({ timeout: this.cutMs });
    assert.ok((await customer.sending().count()) >= SAID, "what waits says so");
    await this.#look("customer-offline", customer.page);
    await this.#unheard(account, desk, agent, "a");
    desk.cut();
    const agentBack = after(this.cutMs);
    await this.#speak(account, customer, "c", SAID);
    await this.#speak(account, agent, "a", SAID);
    await this.#look("desk-offline", agent.page);
    await customerBack;
    wire.mend();
    await this.#speak(account, customer, "c", SAID);
    await customer.hook("connection").waitFor({ state: "detached", timeout: RECOVER_MS_MAX });
    await agentBack;
    desk.mend();
    await this.#speak(account, agent, "a", SAID);
    await account.settle(customer, agent, this.journal, RECOVER_MS_MAX);
    watch.cut = false;
    await agent.page.locator('[data-testid="message"][data-from="customer"] [data-testid="picture"]').nth(1).waitFor();
    for (const page of [customer.page, agent.page]) await this.#picture("after-the-cut", page);
    this.#holds(account);
  }

  /** Killed twice: in the middle of talk, and when it had stored what nobody heard that it had. */
  async killedServer() {
    const { customer, agent, server, wire, desk, watch } = this;
    const account = (this.accounts.kill = new Account("kill"));
    const talk = (times) => Promise.all([this.#speak(account, customer, "c", times), this.#speak(account, agent, "a", times)]);
    watch.cut = true;
    const talking = talk(SAID * 4);
    await until("some of it has been said", 20_000, () => account.said.length >= SAID * 2);
    await server.kill();
    await talking;
    await talk(SAID);
    for (const page of [customer.page, agent.page]) await this.#picture("server-gone", page);
    this.readyMs = await server.start();
    await talk(SAID);
    await until("both sides are back", RECOVER_MS_MAX, async () => (await customer.sending().count()) + (await agent.sending().count()) === 0);
    await this.#unheard(account, wire, customer, "c");
    await this.#unheard(account, desk, agent, "a");
    await talk(SAID);
    await server.kill();
    for (const line of [wire, desk]) line.mend();
    await talk(SAID);
    await server.start();
    await account.settle(customer, agent, this.journal, RECOVER_MS_MAX);
    watch.cut = false;
    for (const page of [customer.page, agent.page]) await this.#picture("after-the-kill", page);
    this.#holds(account);
  }

  async #speak(account, side, who, times) {
    for (let index = 0; index < times; index += 1) await side.write(account.word(who));
  }

  /** Stored, and the acknowledgement is lost on the way: whoever says it again must not be heard twice. */
  async #unheard(account, line, side, who) {
    for (let tries = 1; ; tries += 1) {
      await until("nothing is on its way", 20_000, async () => (await side.sending().count()) === 0);
      line.deafen();
      const text = account.word(who);
      await side.write(text);
      const stored = until(`stored: ${text}`, 10_000, async () => (await this.journal.texts()).includes(text));
      try {
        return await stored;
      } catch (error) {
        // The connection was just being made anew and heard no welcome, so nothing was said over it: once more, over one that stands.
        if (tries === 3) throw error;
        line.mend();
      }
    }
  }

  #holds(account) {
    assert.deepEqual({ lost: account.lost, duplicated: account.duplicated }, { lost: [], duplicated: [] });
  }

  async resolveAndRate() {
    const { customer, agent, words } = this;
    await agent.hook("action-resolve").click();
    await customer.hook("ended").waitFor();
    await customer.hook("rating-5").click();
    await customer.frame.getByTestId("rating-comment").fill(words.comment);
    await this.#look("rating", customer.page);
    await customer.hook("rating-send").click();
    await customer.frame.locator(".rating.done").waitFor();
    await until("the rating is kept", 10_000, async () => (await this.journal.entries()).some(({ event }) => event.kind === "rated" && event.score === 5 && event.comment === words.comment));
    await this.#look("rated", customer.page, agent.page);
  }

  async administration() {
    const { customer, words } = this;
    const admin = (this.admin = new Agent(await (await this.#context("administrator")).newPage(), this.desk.url));
    const { page } = admin;
    await admin.signIn(await this.server.link("owner"), words.locale);
    for (const at of ["", "members", "teams", "inboxes", "hours", "replies", "tokens", "audit", "settings"]) {
      await page.goto(`${this.desk.url}/admin#/${at}`);
      await page.locator("h1").first().waitFor();
      await page.waitForLoadState("networkidle");
      await this.#look(`admin-${at || "overview"}`, page);
    }
    await page.goto(`${this.desk.url}/admin#/knowledge`);
    await admin.hook("article-new").click();
    await admin.hook("article-title").fill(words.article.title);
    await admin.hook("article-body").fill(words.article.body);
    await this.#look("admin-article", page);
    await admin.hook("article-save").click();
    await until("the article is saved", 10_000, () => page.evaluate(async (title) => (await (await fetch("/api/rapport/v1/articles")).json()).items.some((it) => it.title === title), words.article.title));
    await this.#look("admin-knowledge", page);

    await customer.hook("start-anew").click();
    await customer.write(words.article.question);
    const answer = customer.messages("bot").filter({ hasText: words.article.answer });
    await answer.waitFor();
    assert.equal(await answer.getByTestId("source").first().locator("summary").innerText().then((it) => it.trim()), words.article.title);
    await this.#look("answered-right-after-saving", customer.page);
  }

  /** Somebody else in the shop, who agrees to be cared for; the administrator looks on from the desk. */
  async consentAndCare() {
    const customer = new Customer(await (await this.#context("upset customer")).newPage(), this.wire.url);
    await new Care({ admin: this.admin, customer, deskUrl: this.desk.url, words: this.words.care, look: (...what) => this.#look(...what) }).run();
  }

  /** The widget on a site of its own with a strict policy, and customers for whom that site vouches. */
  async anotherSite() {
    const { words } = this;
    this.site = await new Site().open(this.wire.url, "demo-shop");
    const secret = await this.admin.page.evaluate(async () => {
      const get = async (path) => (await fetch(`/api/rapport/v1${path}`)).json();
      const { items } = await get("/inboxes");
      return (await get(`/inboxes/${items[0].id}/snippet`)).identity_secret;
    });
    const [ann, bob] = ["ann", "bob"].map((sub) => identityToken(secret, { sub, name: `${words.name} (${sub})` }));
    const visit = async (who, token) => {
      const customer = new Customer(await (await this.#context(who)).newPage(), this.site.url);
      await customer.page.goto(this.site.url);
      await customer.call("identify", token);
      await customer.call("open");
      await customer.hook("composer-input").waitFor();
      return customer;
    };
    const first = await visit("site", ann);
    assert.equal(await first.frame.locator("html").getAttribute("data-theme"), "dark", "as the tag says");
    await first.call("write", words.question);
    await until("the words of the site are in the composer", 10_000, async () => (await first.hook("composer-input").inputValue()) === words.question);
    // The session of the customer just named may begin meanwhile, with a new composer that keeps the draft: as a person would, press again.
    await until("the message is on its way", 10_000, async () => {
      const composer = first.hook("composer-input");
      if ((await composer.inputValue()) === words.question) await composer.press("Enter");
      return (await composer.inputValue()) === "";
    });
    await first.hook("source").first().waitFor();
    await this.#look("another-site", first.page);
    const elsewhere = await visit("site on another device", ann);
    await elsewhere.said(words.question).waitFor();
    await first.hook("composer-input").fill(words.draft);
    await first.call("identify", bob);
    await until("nothing of one customer is left for the next", 10_000, async () => (await first.messages().count()) === 0 && (await first.hook("composer-input").inputValue()) === "");
    const known = await this.admin.page.evaluate(async (name) => (await (await fetch(`/api/rapport/v1/contacts?q=${encodeURIComponent(name)}`)).json()).items.map((it) => it.name), words.name);
    assert.ok(known.some((it) => it.endsWith("(ann)")), `known by the site's word: ${known}`);
  }

  async phonesAndDark() {
    const { words } = this;
    const state = await this.customer.page.context().storageState();
    const context = await this.#context("phone", { ...PHONE, colorScheme: "dark", storageState: state });
    const customer = new Customer(await context.newPage(), this.wire.url);
    await customer.page.goto(this.wire.url);
    await this.#look("phone-start", customer.page);
    await customer.page.goto(`${this.wire.url}/demo`);
    await customer.page.getByTestId("launcher").waitFor();
    await this.#look("phone-shop", customer.page);
    await customer.page.getByTestId("launcher").click();
    await customer.said(words.article.question).waitFor();
    await this.#look("phone-chat", customer.page);
    await customer.hook("history").click();
    await customer.hook("conversation").nth(1).waitFor();
    await this.#look("phone-conversations", customer.page);

    const desk = await this.#context("phone desk", { ...PHONE, colorScheme: "dark", storageState: await this.agent.page.context().storageState() });
    const agent = new Agent(await desk.newPage(), this.desk.url);
    await agent.page.goto(`${this.desk.url}/desk`);
    await agent.hook("view-mine").first().waitFor();
    await this.#look("phone-desk", agent.page);
    await agent.hook("view-all").first().click();
    await agent.hook("row").first().click();
    await agent.hook("timeline").waitFor();
    await this.#look("phone-desk-conversation", agent.page);
  }
}

/** Part of the scenario, not a way to wait for something. */
function after(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
