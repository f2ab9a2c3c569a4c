// The truth that both sides are measured by: the journal as the API gives it, asked of the server itself, past every cut.

export class Journal {
  #server;
  #cookies = "";
  #number = 0;

  constructor(server) {
    this.#server = server;
  }

  /** As the agent, for the conversation that is open at their desk. */
  async follow(agent) {
    const cookies = await agent.page.context().cookies();
    this.#cookies = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
    this.#number = Number(await agent.hook("conversation").getAttribute("data-number"));
  }

  async entries() {
    const lists = await Promise.all(["all", "done"].map((view) => this.#get(`/conversations?view=${view}&limit=50`)));
    const { id } = lists.flatMap((it) => it.items).find((it) => it.number === this.#number);
    const all = [];
    for (let before = ""; ; before = `&before=${all[0].seq}`) {
      const page = await this.#get(`/conversations/${id}/entries?limit=100${before}`);
      all.unshift(...page.items);
      if (!page.more) return all;
    }
  }

  async texts() {
    return (await this.entries()).flatMap(({ event }) => (event.message?.content.type === "text" ? [event.message.content.text] : []));
  }

  async #get(path) {
    const answer = await fetch(`http://127.0.0.1:${this.#server.port}/api/rapport/v1${path}`, { headers: { cookie: this.#cookies } });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }
}
