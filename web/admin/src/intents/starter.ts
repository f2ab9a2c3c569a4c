// Intents to begin from: what shops and services are asked most, in both languages. Whoever loads them changes them freely.

import type { Lang } from "@rapport/ui";

export interface StarterIntent {
  name: { zh: string; en: string };
  zh: string[];
  en: string[];
}

export const STARTER: readonly StarterIntent[] = [
  {
    name: { zh: "查询物流", en: "Track a parcel" },
    zh: ["我的包裹到哪里了", "快递怎么还没到", "帮我看看物流走到哪一步", "单号查不到信息", "显示已签收可我没收到", "今天能送到吗", "发货以后几天到", "物流停了三天没动"],
    en: ["where is my parcel", "my order has not arrived yet", "the tracking number shows nothing", "it says delivered but I have nothing", "will it come today", "tracking has not moved for days"],
  },
  {
    name: { zh: "退货退款", en: "Return and refund" },
    zh: ["我想退货", "不喜欢可以退吗", "退款什么时候到账", "东西有问题我要退钱", "退货运费谁出", "怎么申请退款", "拆开了还能退吗", "退回去的货你们收到没有"],
    en: ["I want to return this", "when do I get my money back", "how do I ask for a refund", "it is faulty and I want a refund", "who pays for sending it back", "can I return it after opening"],
  },
  {
    name: { zh: "换货", en: "Exchange" },
    zh: ["尺码小了想换大一号", "能换个颜色吗", "收到的款式不对，给我换一下", "换货怎么操作", "换货要多久", "买错型号了可以换吗", "想换成别的款，差价怎么补", "换货需要寄回原包装吗"],
    en: ["I need one size up", "can I swap it for another colour", "you sent the wrong model, please exchange it", "how does an exchange work", "how long does an exchange take", "I picked the wrong size"],
  },
  {
    name: { zh: "开发票", en: "Invoice" },
    zh: ["怎么开发票", "可以开专票吗", "发票抬头填错了", "电子发票发到哪里", "上个月的订单还能补开发票吗", "发票没收到", "发票内容能写明细吗", "公司报销要发票"],
    en: ["I need an invoice", "the company name on the invoice is wrong", "where do you send the invoice", "can I get an invoice for last month", "I did not receive the invoice", "please send a VAT invoice"],
  },
  {
    name: { zh: "修改订单", en: "Change an order" },
    zh: ["地址填错了帮我改一下", "能换个收货人吗", "下单时电话写错了", "想加一件一起发", "可以改成明天送吗", "订单备注能补上吗", "我要改收货地址", "数量拍多了改成一件"],
    en: ["I typed the wrong address", "please change the delivery address", "the phone number on my order is wrong", "can I add one more item to my order", "deliver it tomorrow instead", "I ordered two by mistake, make it one"],
  },
  {
    name: { zh: "取消订单", en: "Cancel an order" },
    zh: ["不想要了，取消订单", "怎么取消", "刚下的单能撤回吗", "还没发货帮我取消", "重复下单了，取消一个", "取消以后钱退到哪", "订单为什么取消不了", "我要撤销这笔订单"],
    en: ["cancel my order please", "I changed my mind, do not send it", "I ordered twice, cancel one", "can I still cancel before it ships", "why can I not cancel this", "how do I cancel"],
  },
  {
    name: { zh: "优惠与价格", en: "Price and offers" },
    zh: ["现在有什么活动", "优惠券用不了", "这个还能便宜点吗", "买贵了能补差价吗", "满减怎么算", "会员有折扣吗", "为什么结算价和页面不一样", "新人券在哪里领"],
    en: ["is there any offer now", "my coupon does not work", "why is the price at checkout higher", "the price dropped after I bought it", "do members get a discount", "where can I find the voucher"],
  },
  {
    name: { zh: "商品故障", en: "Faulty product" },
    zh: ["收到就是坏的", "开不了机", "用了两天就坏了", "少了一个配件", "包装破了里面也碎了", "质量太差裂开了", "声音不对，好像有毛病", "能派人来修吗"],
    en: ["it arrived broken", "it does not turn on", "it stopped working after two days", "a part is missing", "the box was torn and the thing is cracked", "can somebody come and repair it"],
  },
];

/** As the import takes it: a name per line, quoted, with the names in the language of whoever loads it. */
export function starterCsv(of: Lang): string {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const rows = STARTER.flatMap((it) => [...it.zh, ...it.en].map((text) => `${quoted(text)},${quoted(of === "en" ? it.name.en : it.name.zh)}`));
  return ["text,label", ...rows, ""].join("\n");
}
