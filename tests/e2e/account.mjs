// Counting what both sides wrote against the journal and against what each side sees.

import { until } from "./until.mjs";

/** Everything said during one disturbance carries its mark, so that it can be told from the rest. */
export class Account {
  said = [];
  lost = [];
  duplicated = [];
  #number = 0;

  constructor(mark) {
    this.mark = mark;
  }

  /** The next thing to say; short, unlike all others, never a part of another. */
  word(who) {
    this.#number += 1;
    const text = `${this.mark}-${who}-${String(this.#number).padStart(3, "0")}.`;
    this.said.push(text);
    return text;
  }

  /** Waits until both sides show all of it and nothing is on its way any more, then compares. */
  async settle(customer, agent, journal, ms) {
    const ours = (all) => all.filter((it) => it.startsWith(`${this.mark}-`)).map((it) => it.trim());
    const look = async () => ({ customer: ours(await customer.timeline()), agent: ours(await agent.timeline()) });
    const waiting = async () => (await customer.sending().count()) + (await agent.sending().count());
    await until(`${this.mark}: all that was said, on both sides`, ms, async () => {
      const seen = await look();
      return this.said.every((it) => seen.customer.includes(it) && seen.agent.includes(it)) && (await waiting()) === 0;
    }).catch(() => undefined);
    const views = await look();
    const kept = ours(await journal.texts());
    for (const [where, texts] of [["journal", kept], ["customer", views.customer], ["agent", views.agent]]) {
      for (const text of this.said) {
        const count = texts.filter((it) => it === text).length;
        if (count === 0) this.lost.push(`${where}: ${text}`);
        if (count > 1) this.duplicated.push(`${where}: ${text} ×${count}`);
      }
      // Another order than the journal's is a fault of the same kind: somebody reads another conversation.
      if (where !== "journal" && texts.join() !== kept.join() && this.lost.length === 0 && this.duplicated.length === 0) this.duplicated.push(`${where}: another order: ${texts.join(" ")} against ${kept.join(" ")}`);
    }
    // What one person said in a row stays in that row.
    for (const who of new Set(this.said.map((it) => it.split("-")[1]))) {
      const mine = (all) => all.filter((it) => it.split("-")[1] === who);
      if (this.lost.length === 0 && mine(kept).join() !== mine(this.said).join()) this.duplicated.push(`journal: ${who} said ${mine(this.said).join(" ")}, kept ${mine(kept).join(" ")}`);
    }
  }
}
