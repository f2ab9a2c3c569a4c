// Channels of the server in memory: how they are connected, a test of them, and messages that did not go out.

const MINUTE = 60_000;

function field(name, zh, en, hintZh, hintEn, more = {}) {
  return { name, label: { zh, en }, hint: { zh: hintZh, en: hintEn }, secret: false, required: true, default: "", ...more };
}

const FIELDS = {
  telegram: [
    field("token", "机器人令牌", "Bot token", "在 Telegram 中找 @BotFather，发送 /newbot 即可得到，形如 123456:ABC…", "Ask @BotFather in Telegram with /newbot; it looks like 123456:ABC…", { secret: true }),
    field("webhook_secret", "回调密钥", "Webhook secret", "自己定一串：字母、数字、_ 或 -", "Choose one: letters, digits, _ or -", { secret: true }),
    field("base_url", "接口地址", "API address", "一般不用改", "Leave it, unless you run a server of your own", { required: false, default: "https://api.telegram.org" }),
  ],
  other: [
    field("app_id", "AppID", "AppID", "平台后台，开发设置中", "In the provider's console, under development"),
    field("app_secret", "AppSecret", "AppSecret", "同一页，需要管理员扫码重置后复制", "On the same page; an administrator resets and copies it", { secret: true }),
    field("token", "令牌", "Token", "与平台后台“消息推送”中填写的一致", "The same as in the message settings of the console", { secret: true }),
    field("base_url", "接口地址", "API address", "一般不用改", "Leave it as it is", { required: false, default: "https://api.example.com" }),
  ],
};

export class Channels {
  /** Values by inbox, secrets too: a mock has nobody to hide them from. */
  values = new Map();

  constructor(inboxes, first) {
    this.inboxes = inboxes;
    const now = Date.now();
    const [telegram, wechat] = first;
    if (!telegram) {
      this.stuck = [];
      return;
    }
    this.values.set(telegram, { token: "1:a", webhook_secret: "s" });
    this.stuck = [
      { id: "0192f000-0000-7000-8000-000000000951", kind: "message", inbox: wechat, conversation: "0192f000-0000-7000-8000-000000000981", contact: "0192f000-0000-7000-8000-000000000982", text: "您好，快递员明天上午十点上门取件，请保持电话畅通。", outcome: "rejected", code: "window_closed:45015", at: now - 42 * MINUTE },
      { id: "0192f000-0000-7000-8000-000000000952", kind: "message", inbox: telegram, conversation: "0192f000-0000-7000-8000-000000000983", contact: "0192f000-0000-7000-8000-000000000984", text: "The refund went out today, it takes three to five working days.", outcome: "unknown", code: "timeout", at: now - 12 * MINUTE },
      { id: "0192f000-0000-7000-8000-000000000953", kind: "fact", inbox: telegram, text: "", outcome: "rejected", code: "store.unavailable", at: now - 5 * MINUTE },
    ];
  }

  row(inbox) {
    const values = this.values.get(inbox.id) ?? {};
    const fields = (FIELDS[inbox.channel] ?? FIELDS.other).map((it) => ({ ...it, value: it.secret ? "" : (values[it.name] ?? ""), is_set: Boolean(values[it.name]) }));
    return { channel: inbox.channel, callback_url: `https://chat.cloudstep.example/api/rapport/v1/channels/${inbox.channel}/${inbox.key}`, fields, missing: fields.filter((it) => it.required && !it.is_set).map((it) => it.name) };
  }

  steps(inbox) {
    const values = this.values.get(inbox.id) ?? {};
    const step = (name, passed, zh, en) => ({ name, passed, said: { zh, en } });
    if (values.token === "bad") {
      return [step("token", false, "平台没有接受令牌：401。请重新复制", "The token was refused: 401. Copy it again"), step("callback", null, "令牌有效后才能测试回调", "Calls are tried once the token is good"), step("delivery", null, "令牌有效后才能测试推送", "Deliveries are tried once the token is good")];
    }
    return [step("token", true, "令牌有效：@cloudstep_bot", "The token is valid: @cloudstep_bot"), step("callback", true, "平台已接受回调地址", "The provider took the address"), step("delivery", true, "推送正常，等待 0 条", "No trouble with deliveries, 0 waiting")];
  }

  async http(call, path, may) {
    const [, first, id, part, last] = path.split("/");
    const { method } = call.request;
    if (first === "deliveries") {
      if (!may("supervisor")) return true;
      if (method === "GET") return call.json({ items: this.stuck });
      this.stuck = this.stuck.filter((it) => it.id !== id);
      return call.none();
    }
    if (first !== "inboxes" || part !== "channel") return false;
    if (!may("administrator")) return true;
    const inbox = this.inboxes.get(id);
    if (!inbox || inbox.channel === "web") return call.fail(404, "not_found", "未找到", "Not found");
    if (last === "check") return call.json({ items: this.steps(inbox) });
    if (method === "PUT") this.values.set(id, { ...this.values.get(id), ...(await call.body()).fields });
    return call.json(this.row(inbox));
  }
}
