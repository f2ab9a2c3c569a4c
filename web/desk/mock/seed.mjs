// The people and conversations that the mock begins with, in one of both languages. Times are counted back from now.

import { randomUUID } from "node:crypto";
import { picture } from "./picture.mjs";
import { BOT, customer, member, SYSTEM, World } from "./world.mjs";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export function seed(lang) {
  const world = new World(lang);
  const t = (zh, en) => world.say(zh, en);
  const now = Date.now();
  people(world, t, now);
  const [web, mini] = world.inboxes;
  const [me, wang, chen] = [...world.members.keys()];
  const text = (words) => ({ type: "text", text: words });
  const ago = (minutes) => now - minutes * MINUTE;

  /** Plays lines `[minutes ago, who, content or event]` into a new conversation. */
  const play = (number, contact, inbox, lines, extra = {}) => {
    const id = world.open({ contact: contact.id, inbox: inbox.id, number, locale: lang === "en" ? "en" : "zh-CN", at: ago(lines[0][0]) - 5_000, page: "https://shop.cloudstep.example/shoes/cloud-runner", ...extra });
    for (const [minutes, who, what, more = {}] of lines) {
      const actor = who === "customer" ? customer(contact.id) : who === "bot" ? BOT : who === "system" ? SYSTEM : member(who);
      const event = what.kind ? what : { kind: who === "customer" ? "message_received" : "message_sent", message: { id: randomUUID(), client_id: randomUUID(), content: typeof what === "string" ? text(what) : what } };
      if (what.kind === "queued") world.queue(id, { at: ago(minutes), ...more });
      else world.commit(id, actor, event, { at: ago(minutes), ...more });
    }
    return id;
  };
  const why = (code, zh, en) => ({ code, facts: {}, text: t(zh, en) });
  const answer = {
    type: "answer",
    text: t("可以换。收到商品后 **15 天内**，未穿着下地、吊牌完好即可免费换码：\n1. 在“我的订单”里选择“换货”\n2. 填写需要的尺码\n3. 快递员上门取件，运费由我们承担", "Yes, you can. Within **15 days** of delivery, unworn and with its tags, we change the size for free:\n1. Open “My orders” and choose “Exchange”\n2. Pick the size you need\n3. The courier collects the parcel; shipping is on us"),
    sources: [{ article: randomUUID(), version: 3, title: t("鞋服换码与退换货规则", "Sizes, returns and exchanges"), heading: [t("退换货", "Returns"), t("换码", "Exchanging a size")], quote: t("自签收之日起 15 天内，商品未经穿着、吊牌与鞋盒完好的，可以免费更换一次尺码。", "Within 15 days of delivery an unworn item with tags and box may be exchanged once for another size."), url: null }],
    confidence: 0.91,
  };
  const photo = file(world, t("鞋底磨损.png", "worn-sole.png"), "image/png", picture(640, 420, 18), { width: 640, height: 420 });
  const invoice = file(world, t("电子发票_202611.pdf", "invoice-2026-11.pdf"), "application/pdf", Buffer.alloc(184_320, 32));
  const [zhou, amy, li, guest, tan, noah, sun, he] = contacts(world, t, now);
  const summary = (wish, points) => ({ kind: "handover_requested", summary: { wish, points } });

  const sizes = play(1287, zhou, web, [
    [26, "customer", t("我买的鞋码数不合适，可以换吗？", "The shoes I bought are the wrong size, can I exchange them?")],
    [26, "bot", answer, { reasons: [why("bot.answered", "知识库中找到答案：鞋服换码与退换货规则（置信度 0.91）", "Found in the knowledge: Sizes, returns and exchanges (confidence 0.91)"), why("knowledge.confidence", "置信度 0.91，回答门槛 0.62；覆盖 0.94，得分 18.2，领先 6.1", "Confidence 0.91, threshold 0.62; covered 0.94, score 18.2, lead 6.1")] }],
    [24, "customer", t("但是我已经下楼穿过一次了，鞋底有点脏", "But I wore them outside once, and the sole is a little dirty")],
    [24, "bot", { type: "choices", text: t("抱歉，这种情况我没有找到可靠的答案，不想给您错误的信息。需要为您转接人工客服吗？", "Sorry, I could not find a reliable answer to that, and I would rather not guess. Shall I connect you to a person?"), options: [{ id: "request_person", label: t("转人工客服", "Talk to a person") }] }, { reasons: [why("bot.missed", "知识库中没有答案，如实告知并提供人工（连续第 1 次）", "Not in the knowledge: said so and offered a person (number 1 in a row)")] }],
    [23, "system", summary(t("换码：云朵跑鞋 42 → 43，但已下地穿过一次", "Exchange Cloud Runner 42 → 43, worn outside once"), [{ kind: "asked", text: t("鞋码不合适，可以换吗？", "Can the shoes be exchanged for another size?") }, { kind: "answered", text: t("15 天内、未穿着下地可免费换码", "Free within 15 days, unworn") }, { kind: "asked", text: t("已下楼穿过一次，鞋底有点脏", "Worn outside once, the sole is a little dirty") }, { kind: "not_answered", text: t("穿过一次能否换货", "Whether worn shoes can be exchanged") }]), { reasons: [why("handover.customer_pressed", "客户点击了“转人工”", "The customer pressed the button for a person")] }],
    [23, "system", { kind: "queued" }, { reasons: [why("queue.joined", "进入队列：团队 售后，技能 lang:zh，优先级 normal", "Queued: team after-sales, skills lang:en, priority normal"), why("hours.open", "处于营业时间", "Within business hours")] }],
    [23, "system", { kind: "offered", to: me, expires_at: ago(22) }, { reasons: [why("routing.least_loaded", "林小云 负载最低（1/6）；候选：王磊 3/6，陈思 4/6", "Lin Xiaoyun has the lowest load (1/6); compared: Wang Lei 3/6, Chen Si 4/6")] }],
    [22.6, me, { kind: "assigned", to: me }, { reasons: [why("offer.accepted", "坐席接受邀请", "The agent accepted the offer")] }],
    [22, me, t("周先生您好，我是小云。您和机器人的对话我看过了，穿过一次的情况我来帮您看。", "Hello Mr Zhou, Xiaoyun here. I have read your talk with the assistant; let me look at the worn pair for you.")],
    [21, me, t("方便拍一张鞋底的照片给我吗？", "Could you send me a picture of the sole?")],
    [18, "customer", photo],
    [18, "customer", t("就是这样，只走了几步路", "Like this, I only took a few steps")],
    [15, me, { kind: "note_added", message: { id: randomUUID(), content: text(t("@王磊 鞋底轻微灰尘，可清洁，按 VIP 政策可以换一次，你确认下？", "@Wang Lei light dust on the sole, cleanable. Our VIP policy allows one exchange, can you confirm?")) }, mentions: [wang] }],
    [13, wang, { kind: "note_added", message: { id: randomUUID(), content: text(t("确认，可以换。备注里写“VIP 免检”。", "Confirmed. Write “VIP, no inspection” on the order.")) }, mentions: [] }],
    [11, me, t("和同事确认过了，可以为您免费换一次 43 码，快递员明天上门取件。\n物流可在这里查看：https://shop.cloudstep.example/orders/8842", "I checked with a colleague: we can exchange them for a 43 once, free of charge. The courier comes tomorrow.\nYou can follow it here: https://shop.cloudstep.example/orders/8842")],
    [2.4, "customer", t("太好了，谢谢！那我原来的鞋盒丢了，没有鞋盒可以吗？", "Great, thank you! I lost the shoe box though, is that all right?")],
  ]);
  const seen = world.journal.findLast((it) => it.conversation === sizes && it.event.kind === "message_sent").seq;
  world.commit(sizes, member(me), { kind: "read_marked", up_to: seen }, { at: ago(10) });
  world.rows.get(sizes).unread_by_members = 1;
  world.commit(sizes, customer(zhou.id), { kind: "read_marked", up_to: world.journal.length - 1 }, { at: ago(2.5) });
  world.act(sizes, me, { action: "set_labels", labels: [t("换货", "exchange"), "VIP"] });
  world.rows.get(sizes).updated_at = ago(2.4);

  const order = play(1285, amy, mini, [
    [70, "customer", t("Hi, do you ship to Singapore? And how long does it take?", "Hi, do you ship to Singapore? And how long does it take?")],
    [69, chen, { kind: "assigned", to: me }],
    [66, me, t("Hello Amy! Yes, we do. It takes 5 to 8 working days by SF International.", "Hello Amy! Yes, we do. It takes 5 to 8 working days by SF International.")],
    [31, "customer", t("Perfect 👍 Could I get an invoice with my company name?", "Perfect 👍 Could I get an invoice with my company name?")],
    [29, me, invoice],
    [29, me, t("Here you are. Is there anything else I can do?", "Here you are. Is there anything else I can do?")],
  ]);
  const mine = world.journal.filter((it) => it.conversation === order && it.event.kind === "message_sent").map((it) => it.event.message.id);
  const told = (message, state, more = {}) => world.commit(order, SYSTEM, { kind: "delivery_changed", message, state, ...more }, { at: ago(28.5) });
  told(mine[0], "sent");
  told(mine[0], "delivered");
  told(mine[1], "failed", { code: "refused:40009" });
  told(mine[2], "sent");
  world.commit(order, customer(amy.id), { kind: "read_marked", up_to: world.journal.length }, { at: ago(28) });
  world.commit(order, member(me), { kind: "read_marked", up_to: world.journal.length }, { at: ago(28) });
  world.rows.get(order).updated_at = ago(28);

  const slow = play(1279, li, web, [
    [3 * 60, "customer", t("物流三天没动了，单号 SF1029384756，能帮我催一下吗", "My parcel SF1029384756 has not moved for three days, could you chase it?")],
    [178, me, { kind: "assigned", to: me }],
    [176, me, t("好的，我已联系顺丰核实，明天上午给您答复。", "I have asked SF to check and will get back to you tomorrow morning.")],
  ]);
  world.createTicket(slow, { title: t("催件 SF1029384756：三天未更新", "Chase SF1029384756: no update for three days"), description: t("客户反映物流停滞三天，已联系顺丰。", "Parcel has not moved for three days, SF was asked.") }, me, ago(170));
  world.commit(slow, member(me), { kind: "read_marked", up_to: world.journal.length }, { at: ago(170) });
  world.act(slow, me, { action: "snooze", until: now + 16 * HOUR });
  world.act(slow, me, { action: "set_priority", priority: "high" });
  world.rows.get(slow).updated_at = ago(170);

  const offered = play(1291, guest, web, [
    [3, "customer", t("你们的人工在吗", "Is there a real person?")],
    [3, "bot", { type: "choices", text: t("在的。请简单说说遇到的问题，我一并转给同事。", "There is. Tell me briefly what it is about and I will pass it on."), options: [{ id: "request_person", label: t("转人工客服", "Talk to a person") }] }],
    [2.5, "customer", t("付款成功了但订单还显示待支付，扣了我 399", "I was charged 399 but the order still says unpaid")],
    [2.4, "system", summary(t("已付款 399 元，订单仍显示待支付", "Charged 399, but the order still says unpaid"), [{ kind: "asked", text: t("要求人工客服", "Asked for a person") }, { kind: "told", text: t("付款成功、扣款 399 元", "Payment of 399 went through") }, { kind: "not_answered", text: t("订单为什么仍显示待支付", "Why the order still says unpaid") }]), { reasons: [why("handover.customer_asked", "客户要求人工：人工在吗", "The customer asked for a person")] }],
    [2.4, "system", { kind: "queued" }, { reasons: [why("queue.joined", "进入队列：团队 售后", "Queued: team after-sales")] }],
  ]);
  const waiting = play(1290, tan, web, [
    [7.5, "customer", t("请问双十二有活动吗？想给全家买，可以开团购价吗", "Is there a sale in December? I would like to buy for the whole family, is there a group price?")],
    [7.2, "system", summary(t("双十二团购价", "A group price in December"), [{ kind: "asked", text: t("双十二活动与团购价", "December sale and group price") }])],
    [7.2, "system", { kind: "queued" }],
  ]);
  world.act(waiting, chen, { action: "set_priority", priority: "urgent" });
  play(1288, noah, mini, [
    [4, "customer", t("Can I change the delivery address of my order?", "Can I change the delivery address of my order?")],
    [3.8, "system", summary("Change the delivery address", [{ kind: "asked", text: "Change the delivery address of an order" }])],
    [3.8, "system", { kind: "queued" }],
  ]);
  play(1284, sun, web, [
    [50, "customer", t("会员积分怎么兑换优惠券？", "How do I turn points into a coupon?")],
    [48, wang, { kind: "assigned", to: wang }],
    [45, wang, t("在“我的-积分商城”里可以直接兑换，100 积分抵 1 元。", "Open “Me · Points shop”; 100 points are worth 1 yuan.")],
    [12, "customer", t("兑换后多久到账？", "How long until I see it?")],
  ]);
  play(1289, he, web, [
    [9, "customer", t("云朵跑鞋适合扁平足吗？", "Is the Cloud Runner good for flat feet?")],
    [9, "bot", { ...answer, text: t("云朵跑鞋采用中等支撑鞋楦，适合轻度扁平足；中度以上建议选择“稳行”系列。", "The Cloud Runner has medium support and suits mildly flat feet; beyond that we recommend the Steady series."), confidence: 0.74 }],
  ]);
  earlier(world, play, t, zhou, web, me, wang);
  bulk(world, play, t, web, mini, wang, chen);
  for (const contact of [zhou, guest, noah, tan]) world.online.add(contact.id);
  return Object.assign(world, { named: { sizes, order, slow, offered, waiting }, wang, chen });
}

function people(world, t, now) {
  world.teams = [{ id: randomUUID(), name: t("售前咨询", "Before the sale"), description: "", version: 1 }, { id: randomUUID(), name: t("售后服务", "After the sale"), description: "", version: 1 }];
  const person = (name, role, presence, load) => ({ id: randomUUID(), email: "", name, role, teams: [world.teams[1].id], skills: ["lang:zh"], capacity: 6, locale: world.lang === "en" ? "en" : "zh-CN", active: true, sees_personal_data: true, created_at: now - 90 * DAY, version: 1, presence, load });
  const members = [person(t("林小云", "Lin Xiaoyun"), "administrator", "online", 2), person(t("王磊", "Wang Lei"), "agent", "online", 3), person(t("陈思", "Chen Si"), "supervisor", "away", 4), person(t("赵敏", "Zhao Min"), "agent", "offline", 0)];
  members.forEach((it, index) => {
    it.email = `${["lin", "wang", "chen", "zhao"][index]}@cloudstep.example`;
    world.members.set(it.id, it);
  });
  world.me = members[0];
  const inbox = (name, color, channel = "web") => ({ id: randomUUID(), name, key: "demo", channel, locale: "zh-CN", welcome: { zh: "", en: "" }, color, prechat: [], allowed_origins: [], require_identity: false, bot: true, team: null, skills: [], calendar: null, routing: { mode: "offer", offer_timeout_s: 30, sticky: true }, csat: true, active: true, version: 1 });
  world.inboxes = [inbox(t("官网商城", "Web shop"), "#2563eb"), inbox(t("会员小程序", "Members"), "#0f9d6b", "wechat_mini")];
  const canned = t(
    [["您好", "{name}您好，我是人工客服，很高兴为您服务。"], ["稍等", "好的，我正在为您查询，请稍等一两分钟。"], ["换货", "{name}，换货已为您登记：快递员将在 24 小时内联系您上门取件，运费由我们承担。请保留吊牌与包装。"], ["地址", "请提供新的收货人、电话和详细地址，我来为您修改。"], ["结束", "请问还有其他可以帮到您的吗？祝您生活愉快！"]],
    [["hi", "Hello {name}, you are talking to a person now. How can I help?"], ["wait", "Let me look that up for you. One moment, please."], ["exchange", "{name}, your exchange is booked: the courier will call within 24 hours. Shipping is on us, please keep the tags."], ["address", "Please send me the new name, phone number and address, and I will change it."], ["bye", "Is there anything else I can do for you? Have a lovely day!"]],
  );
  world.canned = canned.map(([shortcut, text]) => ({ id: randomUUID(), shortcut, text, version: 1 }));
  world.tenant = { id: randomUUID(), slug: "demo", name: "云履 Cloudstep", locale: "zh-CN", created_at: now - 90 * DAY };
}

function contacts(world, t, now) {
  const make = (name, more = {}) => {
    const contact = { id: randomUUID(), name, email: null, phone: null, locale: world.lang === "en" ? "en" : "zh-CN", fields: {}, verified_at: null, notes: "", created_at: now - 40 * DAY, last_seen_at: now - 2 * MINUTE, ...more };
    world.contacts.set(contact.id, contact);
    return contact;
  };
  return [
    make(t("周子航", "Zhou Zihang"), { email: "zihang.zhou@example.com", phone: "138 0013 8000", verified_at: now - 30 * DAY, notes: t("老客户，偏好微信沟通。", "Regular customer, prefers short answers."), fields: { [t("会员等级", "tier")]: t("金卡", "Gold"), [t("最近订单", "last order")]: "8842", timezone: "Asia/Shanghai" } }),
    make("Amy Tan", { email: "amy@example.sg", fields: { timezone: "Asia/Singapore" }, locale: "en" }),
    make(t("李晓雯", "Li Xiaowen"), { phone: "139 1111 2222" }),
    make(""),
    make(t("谭嘉欣", "Tan Jiaxin"), { phone: "136 6666 8888" }),
    make("Noah Williams", { email: "noah@example.com", locale: "en" }),
    make(t("孙丽", "Sun Li")),
    make(t("何俊", "He Jun")),
  ];
}

function earlier(world, play, t, contact, inbox, me, wang) {
  const id = play(1102, contact, inbox, [
    [60 * 24 * 21, "customer", t("预售的冬靴什么时候发货？", "When do the pre-ordered boots ship?")],
    [60 * 24 * 21 - 6, wang, { kind: "assigned", to: wang }],
    [60 * 24 * 21 - 8, wang, t("12 月 5 日开始按付款顺序发货。", "From 5 December, in order of payment.")],
    [60 * 24 * 21 - 30, wang, { kind: "resolved" }],
    [60 * 24 * 20, "customer", { kind: "rated", score: 5, comment: t("回复很快", "Quick answer") }],
  ]);
  world.createTicket(id, { title: t("冬靴预售改地址", "Boots: change of address"), description: "" }, me, Date.now() - 20 * DAY);
  const ticket = [...world.tickets.values()].at(-1);
  ticket.stage = "done";
  world.rows.get(id).updated_at = Date.now() - 20 * DAY;
}

/** Enough rows for paging. */
function bulk(world, play, t, web, mini, wang, chen) {
  const names = t(["吴桐", "郑爽", "冯玉", "蒋欣然", "沈一鸣", "韩露", "杨帆", "朱悦", "秦朗", "许诺"], ["Olivia Brown", "Liam Jones", "Mia Garcia", "Lucas Miller", "Emma Davis", "Henry Moore", "Grace Clark", "Jack Lewis", "Zoe Young", "Leo Hall"]);
  const asks = t(["优惠券用不了", "什么时候有货", "可以开发票吗", "想退货怎么操作", "鞋带断了能补发吗", "尺码偏大还是偏小"], ["My coupon does not work", "When is it back in stock?", "Can I get an invoice?", "How do I return it?", "A lace broke, can I get another?", "Does it run large or small?"]);
  for (let index = 0; index < 64; index += 1) {
    const contact = { ...[...world.contacts.values()][0], id: randomUUID(), name: names[index % names.length], email: null, phone: null, notes: "", fields: {}, verified_at: null };
    world.contacts.set(contact.id, contact);
    const who = index % 2 ? wang : chen;
    const at = 60 * (5 + index * 3);
    const lines = [[at, "customer", asks[index % asks.length]], [at - 4, who, { kind: "assigned", to: who }], [at - 6, who, t("好的，我来帮您处理。", "Sure, let me take care of it.")]];
    if (index % 3) lines.push([at - 30, who, { kind: "resolved" }]);
    play(1200 - index, contact, index % 4 ? web : mini, lines);
  }
}

function file(world, name, mediaType, bytes, size = {}) {
  const blob = randomUUID();
  world.blobs.set(blob, { type: mediaType, bytes });
  return { type: mediaType.startsWith("image/") ? "image" : "file", file: { blob, name, media_type: mediaType, bytes: bytes.length, ...size } };
}
