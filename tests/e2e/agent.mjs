// The person at the desk: signs in by the one-time link, takes what is offered, answers.

export class Agent {
  constructor(page, url) {
    this.page = page;
    this.url = url;
  }

  hook(name) {
    return this.page.getByTestId(name);
  }

  async signIn(link, locale) {
    await this.page.goto(link);
    await this.hook("skip-password").waitFor();
    if ((await this.page.locator("html").getAttribute("lang")) !== locale) await this.hook("language").click();
    await this.hook("skip-password").click();
    await this.page.waitForURL(/\/desk/);
    await this.hook("view-mine").first().waitFor();
  }

  async accept() {
    await this.hook("offer-accept").click();
    await this.page.locator('[data-testid="conversation"][data-status="assigned"]').waitFor();
  }

  async write(text) {
    await this.hook("composer-input").fill(text);
    await this.hook("composer-send").click();
  }

  messages(from) {
    return this.page.locator(from ? `[data-testid="message"][data-from="${from}"]` : '[data-testid="message"]');
  }

  sending() {
    return this.page.locator('[data-testid="message"][data-state="sending"]');
  }

  said(text) {
    return this.messages().filter({ hasText: text });
  }

  async timeline() {
    return this.messages().evaluateAll((all) => all.filter((it) => ["customer", "agent"].includes(it.dataset.from) && !it.dataset.note).map((it) => it.querySelector(".dk-bubble")?.textContent ?? ""));
  }

  async attach(files) {
    await this.hook("composer-files").setInputFiles(files);
    await this.page.locator('[data-testid="attachment"][data-state="ready"]').nth(files.length - 1).waitFor();
    await this.hook("composer-send").click();
  }

  async makeTicket(title) {
    await this.hook("ticket-create").first().click();
    await this.hook("ticket-title").fill(title);
    await this.hook("ticket-save").click();
    await this.hook("ticket").waitFor();
  }

  async moveTicket(stage, note) {
    await this.hook("ticket-stage").click();
    await this.page.getByRole("option", { name: stage }).click();
    await this.hook("ticket-note").fill(note);
    await this.hook("ticket-update").click();
  }
}
