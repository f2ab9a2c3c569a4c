// Intents, lexicon and models of the server in memory. Shared characters stand in for the real model; trainings take a moment and can be confused.

import { randomUUID } from "node:crypto";

const DAY = 24 * 3_600_000;
const id = (n) => `0192f000-0000-7000-8000-${String(n).padStart(12, "0")}`;

const INTENTS = [
  ["查询物流", "包裹在哪、何时送到", ["我的包裹到哪里了", "快递怎么还没到", "物流停了三天没动", "显示已签收可我没收到", "where is my parcel", "my order has not arrived yet", "帮我看看物流走到哪一步", "单号查不到信息", "今天能送到吗", "发货以后几天到", "寄出来了吗", "快递员电话多少", "包裹是不是丢了"]],
  ["退货退款", "不想要了，要退钱", ["我想退货", "退款什么时候到账", "不喜欢可以退吗", "东西有问题我要退钱", "I want to return this", "when do I get my money back", "怎么申请退款", "退回去的货你们收到没有"]],
  ["换货", "", ["尺码小了想换大一号", "能换个颜色吗", "收到的款式不对，给我换一下", "I need one size up", "不合适能处理吗", "换货要多久"]],
  ["开发票", "", ["怎么开发票", "可以开专票吗", "发票抬头填错了", "I need an invoice", "公司报销要发票", "电子发票发到哪里"], { zh: "可以。在“我的订单”里点“申请发票”，填写抬头和税号，电子发票会在 10 分钟内发到您的邮箱。", en: "Of course. Open “My orders”, choose “Request an invoice” and fill in the company name; it reaches your mailbox within ten minutes." }],
  ["修改订单", "地址、收货人、数量", ["地址填错了帮我改一下", "能换个收货人吗", "I typed the wrong address", "可以改成明天送吗"]],
  ["会员积分", "", ["积分怎么用", "积分会过期吗"]],
  ["门店位置", "", ["附近有门店吗", "你们店几点开门", "哪里可以试穿"], null, false],
  ["oos", "", ["今天天气怎么样", "讲个笑话吧", "你喜欢什么颜色"]],
];
const TERMS = [
  ["退款", ["退钱", "返款", "把钱弄回来"], "own", ""],
  ["云步 2 代", ["小白鞋", "云步二"], "own", "产品昵称"],
  ["什么时候", ["几时", "啥子时候"], "cantonese", ""],
];
const STARTER = {
  cantonese: [["没有", ["冇"], ""], ["什么时候", ["几时"], ""], ["谢谢", ["唔该", "多谢晒"], ""], ["给", ["俾", "畀"], ""]],
  sichuan: [["怎么", ["啷个", "咋个"], ""], ["可以", ["要得"], ""], ["什么", ["啥子"], ""]],
  northeast: [["怎么办", ["咋整"], ""], ["非常", ["老", "贼"], "放在形容词前"]],
  wu: [["怎么样", ["哪能"], ""], ["我们", ["阿拉"], "上海、宁波"]],
  min: [["快递", ["宅配"], ""], ["品质", ["质感"], ""]],
  internet: [["非常好", ["yyds", "绝绝子"], ""], ["真的", ["真滴", "震惊"], ""]],
};
const GROUPS = Object.keys(STARTER);

export class Understanding {
  training = null;
  stale = false;
  /** A training takes this long; tests shorten it. */
  train_ms = 1_500;

  constructor(empty) {
    const now = Date.now();
    this.groups = new Set(GROUPS);
    this.intents = new Map();
    this.terms = new Map();
    this.models = [];
    this.report = null;
    if (empty) return;
    INTENTS.forEach(([name, description, examples, reply = null, enabled = true], n) => {
      const made = examples.map((text, at) => ({ id: at + 1, text, source: at === 4 ? "corrected" : at > 8 ? "imported" : "taught", at: now - (n + 1) * DAY - at * 60_000 }));
      this.intents.set(id(701 + n), { id: id(701 + n), version: 1, name, description, examples: made, ...(reply ? { reply } : {}), enabled, examples_made: made.length });
    });
    TERMS.forEach(([canonical, variants, group, note], n) => this.terms.set(id(751 + n), { id: id(751 + n), version: 1, canonical, variants, group, note }));
    const card = (days, accuracy, more = {}) => ({ model: `${Math.round(accuracy * 1e7).toString(16)}b91f0c2ad`, data_hash: `9e${Math.ceil(days * 10)}4c1f8a02b7d3c`, examples: 41 - Math.ceil(days), labels: 6, accuracy, low: accuracy - 0.05, high: Math.min(1, accuracy + 0.04), ece: 0.024, made_at: now - days * DAY, read_at: now - days * DAY, train_s: 0.42, bytes: 1_840_000, vectors: false, ...more });
    this.models = [
      { id: id(804), kind: "intent", state: "candidate", card: card(0.1, 0.934, { vectors: true, train_s: 12.4, bytes: 4_200_000 }) },
      { id: id(803), kind: "intent", state: "shadow", card: card(0.5, 0.921), agreement: { seen: 214, same: 203 } },
      { id: id(802), kind: "intent", state: "live", card: card(2, 0.917) },
      { id: id(801), kind: "intent", state: "retired", card: card(9, 0.842) },
    ];
    this.measure();
  }

  // ---- HTTP
  async http(call, url, path, may) {
    const [, first, second, third, fourth] = path.split("/");
    const method = call.request.method;
    if (first === "models") return this.registry(call, second, may);
    if (first === "lexicon") return this.lexicon(call, url, second, may);
    if (first !== "intents") return false;
    if (second === "report") return call.json(this.report);
    if (second === "export.csv") return this.csv(call);
    if (second === "try") return call.json(this.understand((await call.body()).text));
    if (method === "GET") {
      if (!second) return call.json({ intents: [...this.intents.values()].map((it) => this.row(it)).sort((a, b) => a.name.localeCompare(b.name)), model: this.live() ?? null, stale: this.stale, training: this.training });
      const one = this.intents.get(second);
      return one ? call.json(this.row(one)) : call.fail(404, "not_found", "未找到", "Not found");
    }
    if (!may("supervisor")) return true;
    if (second === "train") {
      this.train();
      return call.none();
    }
    if (second === "import") return this.import(call, (await call.bytes()).toString("utf8"));
    if (!second) {
      const body = await call.body();
      if ([...this.intents.values()].some((it) => it.name === body.name)) return call.fail(409, "store.duplicate", "已存在相同的条目", "One like it exists already", "name");
      return call.json(this.row(this.make(body.name, body)));
    }
    const intent = this.intents.get(second);
    if (!intent) return call.fail(404, "not_found", "未找到", "Not found");
    if (third === "examples" && method === "POST") {
      const { texts } = await call.body();
      this.teach(intent, texts, "taught");
      return call.json(this.row(intent));
    }
    if (third === "examples") {
      intent.examples = intent.examples.filter((it) => it.id !== Number(fourth));
      this.touched(intent);
      return call.none();
    }
    if (method === "PUT") {
      if (Number(call.request.headers["if-match"]) !== intent.version) return call.fail(409, "store.conflict", "数据已被他人修改", "Somebody else changed it meanwhile");
      const { name, description, reply, enabled } = await call.body();
      Object.assign(intent, { name, description, enabled });
      if (reply) intent.reply = reply;
      else delete intent.reply;
      this.touched(intent);
      return call.json(this.row(intent));
    }
    this.intents.delete(second);
    this.stale = true;
    return call.none();
  }

  row(intent) {
    const of = (source) => intent.examples.filter((it) => it.source === source).length;
    return { ...intent, counts: { examples: intent.examples.length, taught: of("taught"), imported: of("imported"), corrected: of("corrected") } };
  }

  make(name, more = {}) {
    const intent = { version: 1, description: "", examples: [], enabled: true, examples_made: 0, ...more, name, id: randomUUID() };
    this.intents.set(intent.id, intent);
    return intent;
  }

  teach(intent, texts, source) {
    const fresh = texts.map((it) => it.trim()).filter((it) => it && !intent.examples.some((example) => example.text === it));
    for (const text of fresh) intent.examples.push({ id: (intent.examples_made += 1), text, source, at: Date.now() });
    this.touched(intent);
    return fresh.length;
  }

  touched(intent) {
    intent.version += 1;
    this.stale = true;
  }

  csv(call) {
    const rows = [...this.intents.values()].flatMap((it) => it.examples.map((example) => `${example.text},${it.name}`));
    call.response.writeHead(200, { "content-type": "text/csv; charset=utf-8", "content-disposition": 'attachment; filename="intents.csv"' }).end(`\uFEFF${["text,label", ...rows].join("\r\n")}\r\n`);
    return true;
  }

  import(call, text) {
    const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
    const rows = [];
    for (const [at, line] of lines.entries()) {
      if (at === 0 || line.trim() === "") continue;
      const cells = [...line.matchAll(/"((?:[^"]|"")*)"|([^,]+)/g)].map((it) => (it[1] ?? it[2]).replaceAll('""', '"'));
      if (cells.length !== 2) return call.fail(422, "import.bad_line", "文件中有一行无法读取", "A line of the file cannot be read", `line ${at + 1}: ${cells.length} fields where the first line has 2`);
      rows.push(cells);
    }
    const answer = { intents_new: 0, examples_new: 0, examples_known: 0, out_of_scope: 0 };
    for (const [example, name] of rows) {
      const known = [...this.intents.values()].find((it) => it.name === name);
      if (!known) answer.intents_new += 1;
      const added = this.teach(known ?? this.make(name), [example], "imported");
      answer.examples_new += added;
      answer.examples_known += 1 - added;
      if (name === "oos") answer.out_of_scope += added;
    }
    return call.json(answer);
  }

  train() {
    const since = Date.now();
    this.training = { running: true, done_share: 0.1, since };
    const step = setInterval(() => {
      if (!this.training) return clearInterval(step);
      this.training = { ...this.training, done_share: Math.min(0.97, (Date.now() - since) / this.train_ms) };
    }, 100);
    setTimeout(() => {
      clearInterval(step);
      this.training = null;
      this.stale = false;
      const before = this.live();
      if (before) before.state = "retired";
      this.measure();
      this.models.unshift({ id: randomUUID(), kind: "intent", state: "live", card: { ...this.report, model: randomUUID().replaceAll("-", "").slice(0, 16), data_hash: randomUUID().slice(0, 8), labels: this.report.labels.length, made_at: Date.now(), read_at: since } });
    }, this.train_ms);
  }

  live() {
    return this.models.find((it) => it.state === "live");
  }

  /** Each example against all the others, as cross-validation would. */
  measure() {
    const taught = [...this.intents.values()].filter((it) => it.enabled && it.name !== "oos" && it.examples.length > 0);
    const cells = new Map();
    const per_intent = [];
    let right = 0;
    let all = 0;
    const said = new Map(taught.map((it) => [it.name, 0]));
    for (const intent of taught) {
      let mine = 0;
      for (const example of intent.examples) {
        const weak = [...example.text].reduce((sum, it) => sum + it.codePointAt(0), 0) % 4 === 0;
        const best = weak ? this.rank(example.text, example.text).find((it) => it.name !== "oos") : undefined;
        const name = best?.name ?? intent.name;
        all += 1;
        said.set(name, (said.get(name) ?? 0) + 1);
        if (name === intent.name) {
          mine += 1;
          continue;
        }
        const key = `${intent.name}/${name}`;
        const cell = cells.get(key) ?? { truth: intent.name, said: name, count: 0, examples: [] };
        cell.count += 1;
        cell.examples.push({ text: example.text, p: Math.min(0.94, 0.4 + best.score / 2) });
        cells.set(key, cell);
      }
      right += mine;
      per_intent.push({ name: intent.name, examples: intent.examples.length, right: mine, recall: mine / intent.examples.length, precision: 0 });
    }
    for (const it of per_intent) it.precision = said.get(it.name) ? it.right / said.get(it.name) : 0;
    const accuracy = all ? right / all : 0;
    this.report = { accuracy, low: Math.max(0, accuracy - 0.11), high: Math.min(1, accuracy + 0.08), ece: 0.028, examples: all, labels: taught.map((it) => it.name), confusion: [...cells.values()].sort((a, b) => b.count - a.count), per_intent, vectors: false, date: Date.now() - 3_600_000, train_s: 0.41, bytes: 1_900_000 };
  }

  /** Intents by the pairs of characters that their examples share with the text. */
  rank(text, without) {
    const asked = pairs(text);
    return [...this.intents.values()]
      .filter((it) => it.enabled)
      .flatMap((intent) => {
        const scored = intent.examples.filter((it) => it.text !== without).map((it) => ({ it, score: alike(asked, pairs(it.text)) }));
        const best = scored.sort((a, b) => b.score - a.score)[0];
        return best ? [{ id: intent.id, name: intent.name, score: best.score, nearest: best.it.text }] : [];
      })
      .sort((a, b) => b.score - a.score);
  }

  understand(text) {
    const replaced = [];
    let read = text;
    const terms = [...[...this.terms.values()].map((it) => [it.canonical, it.variants]), ...GROUPS.filter((it) => this.groups.has(it)).flatMap((it) => STARTER[it])];
    for (const [canonical, variants] of terms)
      for (const variant of variants)
        if (read.includes(variant)) {
          replaced.push({ surface: variant, canonical, by: variant.length > 2 ? "sound" : "exact" });
          read = read.replace(variant, canonical);
        }
    const parts = read.split(/[，,。？?！!]\s*(?=另外|还有|顺便|再|and )/).filter((it) => it.trim());
    const wishes = (parts.length ? parts : [read]).map((part) => this.wish(part.trim()));
    return { language: /\p{Script=Han}/u.test(text) ? "zh-CN" : /[a-z]/i.test(text) ? "en" : null, replaced, wishes, model: this.live()?.card.model ?? null };
  }

  wish(text) {
    const ranked = this.rank(text).slice(0, 3);
    const sum = ranked.reduce((all, it) => all + Math.exp(it.score * 6), 0) || 1;
    const scope = ranked[0]?.score ?? 0;
    const known = [...pairs(text)].slice(0, 6);
    const choices = ranked.map((it) => ({ intent: it.id, label: it.name, p: (Math.exp(it.score * 6) / sum) * Math.min(1, scope * 1.6 + 0.2), model: "mock", threshold: 0.42, abstained: scope < 0.22, features: known.map((what, n) => ({ what, weight: (n % 4 === 3 ? -0.3 : 1) * (1.2 - n * 0.15) })) }));
    const sure = choices[0] && !choices[0].abstained && choices[0].p >= 0.5;
    return { text, choices, scope, scope_min: 0.22, neighbours: ranked.map((it) => ({ text: it.nearest, label: it.name, similarity: it.score })), asked_back: !sure && scope >= 0.12 && choices.length > 1 };
  }

  // ---- models
  async registry(call, model, may) {
    if (call.request.method === "GET") return call.json(this.models);
    if (!may("supervisor")) return true;
    const found = this.models.find((it) => it.id === model);
    const { state, share } = await call.body();
    if (!found) return call.fail(404, "not_found", "未找到", "Not found");
    if (found.state === "live") return call.fail(409, "model.live", "该模型正在使用", "This model is the live one");
    const before = this.live();
    if (state === "live" && before) before.state = "retired";
    found.state = state;
    if (state === "canary") Object.assign(found, { canary_share: share, agreement: { seen: 0, same: 0 } });
    return call.json(found);
  }

  // ---- lexicon
  async lexicon(call, url, what, may) {
    const method = call.request.method;
    const groups = () => GROUPS.map((group) => ({ group, on: this.groups.has(group), terms: STARTER[group].length }));
    if (what === "starter") return call.json(STARTER[url.searchParams.get("group")].map(([canonical, variants, note]) => ({ canonical, variants, group: url.searchParams.get("group"), note })));
    if (method === "GET") return call.json({ terms: [...this.terms.values()].sort((a, b) => a.canonical.localeCompare(b.canonical)), groups: groups() });
    if (!may("supervisor")) return true;
    if (what === "groups") {
      this.groups = new Set((await call.body()).on);
      return call.json(groups());
    }
    if (what === "import") {
      const [, ...rows] = (await call.bytes()).toString("utf8").replace(/^\uFEFF/, "").trim().split(/\r?\n/);
      for (const [at, row] of rows.entries()) {
        const [canonical, variants, group = "own", note = ""] = row.split(",").map((it) => it.replace(/^"|"$/g, ""));
        if (!variants) return call.fail(422, "import.bad_line", "文件中有一行无法读取", "A line of the file cannot be read", `line ${at + 2}: no variants`);
        const made = { id: randomUUID(), version: 1, canonical, variants: variants.split("|"), group, note };
        this.terms.set(made.id, made);
      }
      return call.json({ terms_new: rows.length, terms_changed: 0, terms_known: 0 });
    }
    if (method === "POST") {
      const made = { ...(await call.body()), id: randomUUID(), version: 1 };
      this.terms.set(made.id, made);
      return call.json(made);
    }
    const term = this.terms.get(what);
    if (!term) return call.fail(404, "not_found", "未找到", "Not found");
    if (method === "DELETE") return this.terms.delete(what), call.none();
    if (Number(call.request.headers["if-match"]) !== term.version) return call.fail(409, "store.conflict", "数据已被他人修改", "Somebody else changed it meanwhile");
    Object.assign(term, await call.body(), { version: term.version + 1 });
    return call.json(term);
  }
}

const pairs = (text) => new Set([...text.toLowerCase()].map((it, at, all) => it + (all[at + 1] ?? "")).filter((it) => /[\p{L}\p{N}]{2}/u.test(it)));

function alike(a, b) {
  const both = [...a].filter((it) => b.has(it)).length;
  return both / Math.max(1, Math.sqrt(a.size * b.size));
}
