// The customer in the demo shop: what they see of the widget, and what they do with it.

export class Customer {
  constructor(page, url) {
    this.page = page;
    this.url = url;
    this.frame = page.frameLocator("#rapport-widget iframe");
  }

  async visit() {
    await this.page.goto(`${this.url}/demo`);
    await this.page.getByTestId("launcher").click();
    await this.hook("composer-input").or(this.hook("prechat-start")).first().waitFor();
  }

  /** A call of the page's own script to the widget. */
  async call(...command) {
    await this.page.waitForFunction(() => window.Rapport?.ready);
    await this.page.evaluate((it) => window.Rapport(...it), command);
  }

  hook(name) {
    return this.frame.getByTestId(name);
  }

  async introduce(name) {
    await this.hook("prechat-name").fill(name);
    await this.hook("prechat-start").click();
  }

  async write(text) {
    await this.hook("composer-input").fill(text);
    await this.hook("composer-input").press("Enter");
  }

  messages(from) {
    return this.frame.locator(from ? `[data-testid="message"][data-from="${from}"]` : '[data-testid="message"]');
  }

  sending() {
    return this.frame.locator('[data-testid="message"][data-state="sending"]');
  }

  said(text) {
    return this.messages().filter({ hasText: text });
  }

  /** The words of all messages from people, in the order shown. */
  async timeline() {
    return this.messages().evaluateAll((all) => all.filter((it) => ["customer", "agent"].includes(it.dataset.from)).map((it) => it.querySelector(".bubble")?.textContent ?? ""));
  }

  async attach(files, { send = true } = {}) {
    await this.hook("file-input").setInputFiles(files);
    await this.hook("staged").nth(files.length - 1).waitFor();
    if (send) await this.hook("send").click();
  }
}
