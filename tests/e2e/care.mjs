// A customer who agrees that it is noticed how they feel, gets upset and is well again: what they see, what the desk sees, what is spent;
// then their own page, and nothing of them left.

import { strict as assert } from "node:assert";
import { until } from "./until.mjs";

const ANSWER_MS_MAX = 20_000;
const RECOVER_MS_MAX = 180_000;

/** `look(name, ...pages)` keeps a picture of each page and lets axe look at it. */
export class Care {
  constructor({ admin, customer, deskUrl, words, look }) {
    Object.assign(this, { admin, customer, deskUrl, words, look });
  }

  async run() {
    await this.switchOn();
    await this.question();
    await this.noConsent();
    await this.upset();
    await this.madeGood();
    await this.recovery();
    const page = await this.ownPage();
    await this.lookedInto();
    await this.erasure(page);
  }

  /** Off until somebody switches it on knowingly. */
  async switchOn() {
    assert.equal((await this.api("GET", "/ethics")).switches.feelings, false);
    await this.api("PUT", "/ethics", { switches: { feelings: true, proactive_contact: false }, retention_days: 90 });
    const budget = await this.api("GET", "/care/budget");
    this.budget = budget;
    this.before = await this.api("GET", "/care/spending");
  }

  /** After the first message, beside the talk; both answers alike. */
  async question() {
    const { customer, words } = this;
    await customer.visit();
    await customer.introduce(words.name);
    assert.equal(await customer.hook("consent").count(), 0, "not before anything was said");
    await this.say(words.calm);
    await customer.hook("consent").waitFor();
    const [yes, no] = await Promise.all(["consent-agree", "consent-decline"].map((it) => customer.hook(it).boundingBox()));
    assert.deepEqual([yes.width, yes.height], [no.width, no.height], "one answer weighs no more than the other");
    await this.look("consent-question", customer.page);
  }

  async noConsent() {
    const { admin, words } = this;
    await admin.page.goto(`${this.deskUrl}/desk#/all`);
    // Looks on, and takes nobody.
    await admin.hook("presence").click();
    await admin.hook("presence-away").click();
    await admin.page.locator('[data-testid="row"]').filter({ hasText: words.name }).first().click();
    await admin.hook("mood-none").waitFor();
    this.conversation = (await admin.page.evaluate(() => location.hash)).split("/").at(-1);
    await this.look("no-consent", admin.page);
  }

  async upset() {
    const { admin, customer, words } = this;
    await customer.hook("consent-agree").click();
    await customer.hook("consent").waitFor({ state: "detached" });
    for (const text of words.angry) await this.say(text);
    await admin.page.locator('[data-testid="mood-now"]:is([data-state="upset"], [data-state="angry"])').waitFor();
    await admin.hook("trend").waitFor();
    for (const act of ["soothe", "prioritise", "alert_supervisor"]) await admin.page.locator(`[data-testid="care-done"][data-act="${act}"]`).first().waitFor();
    await admin.hook("care-alert").first().waitFor();
    assert.equal((await this.row()).priority, "urgent");
    await until("the words of understanding stand before an answer", ANSWER_MS_MAX, async () => words.opening.test((await customer.messages("bot").allInnerTexts()).join("\n")));
    await this.look("upset", admin.page, customer.page);
    await admin.hook("moving-turn").last().click();
    await admin.page.waitForFunction(() => document.activeElement?.matches('[data-testid="message"][data-from="customer"]'));
    await admin.hook("care-seen").first().click();
    await until("what was seen is off the list", 10_000, async () => (await this.api("GET", "/care/alerts")).items.every((it) => it.conversation !== this.conversation));
  }

  /** Within the budget of the day, and taken by one step. */
  async madeGood() {
    const { admin, customer } = this;
    await customer.hook("compensation-accept").waitFor();
    await customer.hook("compensation").scrollIntoViewIfNeeded();
    await this.look("compensation", customer.page);
    await customer.hook("compensation-accept").click();
    await admin.page.locator('[data-testid="mood"] [data-testid="compensation"][data-state="accepted"]').waitFor();
    const spending = await this.api("GET", "/care/spending");
    const [one] = spending.items.filter((it) => it.conversation === this.conversation);
    assert.equal(one.state, "accepted");
    assert.ok(one.amount_minor <= this.budget.per_customer_minor && one.amount_minor <= this.budget.approval_above_minor, "within what may be spent on one customer unasked");
    assert.equal(spending.today_minor - this.before.today_minor, one.amount_minor);
    assert.equal(spending.left_minor, this.budget.per_day_minor - spending.today_minor);
  }

  /** A level that was raised stays so for a minute, and falls after some calm turns: kind words until then. */
  async recovery() {
    const { admin, words } = this;
    const ended = admin.page.locator('[data-testid="step"][data-kind="care_ended"]');
    const deadline = performance.now() + RECOVER_MS_MAX;
    for (let turn = 0; (await ended.count()) === 0; turn += 1) {
      assert.ok(performance.now() < deadline, `well again within ${RECOVER_MS_MAX} ms`);
      await this.say(words.kind[turn % words.kind.length]);
      await ended.first().waitFor({ timeout: 10_000 }).catch(() => undefined);
    }
    await admin.page.locator('[data-testid="care-done"][data-act="prioritise"][data-undone="true"]').first().waitFor();
    assert.equal((await this.row()).priority, "normal", "back to where it was");
    await this.look("recovered", admin.page);
  }

  /** From the chat's menu: what was decided and why; an objection brings a person. */
  async ownPage() {
    const { customer, words } = this;
    await customer.hook("menu").click();
    const [page] = await Promise.all([customer.page.context().waitForEvent("page"), customer.hook("my-data").click()]);
    await page.getByTestId("decision").first().waitFor();
    assert.equal(new URL(page.url()).hash, "", "what opens the page does not stay in its address");
    assert.equal(await page.locator('[data-testid="consent-switch"][aria-checked="true"]').count(), 1);
    await this.look("my-data", page);
    await page.getByTestId("object").first().click();
    await page.getByTestId("object-text").fill(words.objection);
    await page.getByTestId("object-send").click();
    await page.getByTestId("objected").first().waitFor();
    await this.admin.page.locator('[data-testid="step"][data-kind="decision_objected"]').waitFor();
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByTestId("export-json").click()]);
    const chunks = [];
    for await (const chunk of await file.createReadStream()) chunks.push(chunk);
    const exported = Buffer.concat(chunks).toString("utf8");
    for (const text of [words.name, words.calm, ...words.angry]) assert.ok(exported.includes(text), `exported: ${text}`);
    return page;
  }

  /** The person that the objection asked for; nobody else is offered it any more. */
  async lookedInto() {
    const { admin } = this;
    await admin.hook("action-take").click();
    await admin.page.locator('[data-testid="conversation"][data-status="assigned"]').waitFor();
    await admin.hook("action-resolve").click();
    await admin.page.locator('[data-testid="conversation"][data-status="resolved"]').waitFor();
  }

  async erasure(page) {
    const { words } = this;
    await page.getByTestId("erase").click();
    await page.getByTestId("erase-confirm").waitFor();
    await this.look("erase", page);
    await page.getByTestId("erase-confirm").click();
    await page.getByTestId("erased").waitFor();
    await this.look("erased", page);
    const found = (await this.api("GET", `/contacts?q=${encodeURIComponent(words.name)}`)).items;
    assert.deepEqual(found, [], "nobody of this name");
    const left = JSON.stringify(await this.api("GET", `/conversations/${this.conversation}/entries?limit=100`).catch((error) => error.message));
    for (const text of [words.name, words.calm, ...words.angry, ...words.kind]) assert.ok(!left.includes(text), `left: ${text}`);
  }

  /** Said, and answered: the next thing is said after that. */
  async say(text) {
    const { customer } = this;
    const answers = await customer.messages("bot").count();
    await customer.write(text);
    await until(`an answer to “${text}”`, ANSWER_MS_MAX, async () => (await customer.messages("bot").count()) > answers);
  }

  row() {
    return this.api("GET", `/conversations/${this.conversation}`);
  }

  /** As the administrator whose page it is. */
  async api(method, path, body) {
    const { status, text } = await this.admin.page.evaluate(
      async ([how, where, what]) => {
        const base = "/api/rapport/v1";
        const { csrf } = await (await fetch(`${base}/me`)).json();
        const answer = await fetch(base + where, { method: how, headers: { "x-rapport-csrf": csrf, "content-type": "application/json" }, ...(what ? { body: JSON.stringify(what) } : {}) });
        return { status: answer.status, text: await answer.text() };
      },
      [method, path, body],
    );
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }
}
