// Feelings that a firm teaches itself, of the server in memory: sentences with their states, and the figures of a model of its own.

import { randomUUID } from "node:crypto";

const DAY = 24 * 3_600_000;
const STATES = ["calm", "concerned", "upset", "angry"];
const TAUGHT = [
  ["这也太离谱了吧", "upset", "corrected"],
  ["又翻车了", "upset", "taught"],
  ["等米下锅呢，快点", "concerned", "taught", { urgent: true }],
  ["this is so bogus", "angry", "imported"],
  ["蹲一个链接", "calm", "imported"],
];

export class Feelings {
  uses_own = true;

  constructor(empty) {
    const now = Date.now();
    const one = ([text, state, source, more = {}], n) => ({ id: randomUUID(), text, state, anxious: false, urgent: false, source, at: now - n * DAY, ...more });
    this.examples = empty ? [] : TAUGHT.map(one);
    this.own = empty ? null : { model: { id: randomUUID(), kind: "feeling", state: "live", card: this.card(now) }, without: this.figures(0.58, 0.51), with: this.figures(0.83, 0.79), strength: 0.75, nearness: 1 };
  }

  card(now) {
    return { model: "5d1c09aa77b2e410", data_hash: "77aa02c19be04d11", examples: 64, labels: 4, accuracy: 0.83, low: 0.72, high: 0.9, ece: 0.05, made_at: now - 2 * DAY, read_at: now - 2 * DAY, train_s: 0.3, bytes: 33_200, vectors: false };
  }

  figures(accuracy, macro_f1) {
    return { accuracy, low: accuracy - 0.11, high: accuracy + 0.09, macro_f1, log_loss: 0.7, ece: 0.05 };
  }

  counts() {
    const of = (fits) => this.examples.filter(fits).length;
    const states = Object.fromEntries(STATES.map((state) => [state, of((it) => it.state === state)]));
    const sources = Object.fromEntries(["taught", "imported", "corrected"].map((source) => [source, of((it) => it.source === source)]));
    return { ...states, ...sources, examples: this.examples.length, anxious: of((it) => it.anxious), urgent: of((it) => it.urgent) };
  }

  async http(call, url, path, may) {
    const [, first, second, third] = path.split("/");
    const method = call.request.method;
    if (first !== "feelings") return false;
    if (!may("supervisor")) return true;
    if (!second) {
      const measured = ["zh-CN", "en"].map((language, n) => ({ language, sentences: 399 - n * 70, accuracy: 0.789 - n * 0.054, low: 0.749 - n * 0.06, high: 0.83 - n * 0.049, log_loss: 0.54 }));
      return call.json({ counts: this.counts(), shipped: { model: "9ab5bf109eed6147", date: "2026-11-29", bytes: 1_136_887, measured }, own: this.own, uses_own: this.uses_own, stale: false, is_enough: this.own !== null, training: null });
    }
    if (second === "use") {
      this.uses_own = (await call.body()).own;
      return call.json({});
    }
    if (second !== "examples") return false;
    if (method === "DELETE") {
      this.examples = this.examples.filter((it) => it.id !== third);
      return call.json({});
    }
    if (method === "POST") {
      const { texts, ...said } = await call.body();
      const fresh = texts.filter((text) => !this.examples.some((it) => it.text === text));
      this.examples.unshift(...fresh.map((text) => ({ id: randomUUID(), text, source: "taught", at: Date.now(), ...said })));
      return call.json({ taught: fresh.length, known: texts.length - fresh.length });
    }
    const [state, q] = [url.searchParams.get("state"), url.searchParams.get("q") ?? ""];
    return call.json({ items: this.examples.filter((it) => (!state || it.state === state) && it.text.includes(q)), next: null });
  }
}
