// What is said in the story, in both languages.

export const WORDS = {
  zh: {
    locale: "zh-CN",
    browser: "zh-CN",
    name: "陈静",
    question: "我买的鞋码数不合适，可以换吗？",
    topic: /换/,
    unanswerable: "你们收比特币付款吗？",
    greeting: "您好，我是阿达，鞋子可以换，我来帮您办。",
    reply: "好的，谢谢！鞋子还没穿过。",
    draft: "写到一半的话",
    picture: "鞋标.png",
    file: "换货说明.pdf",
    ticket: "42 码换 43 码：云朵跑鞋",
    note: "仓库已留好 43 码，今天上门取件。",
    stage: "处理中",
    comment: "很快，很耐心",
    article: { title: "鞋上绣名字", body: "## 刺绣服务

可以在鞋舌上绣名字，最多八个字，每双收 39 元，需要三个工作日。绣好的鞋不能退换。", question: "可以在鞋上绣我的名字吗？", answer: /39 元/ },
  },
  en: {
    locale: "en",
    browser: "en-GB",
    name: "Jane Doe",
    question: "The shoes I bought are the wrong size. Can I exchange them?",
    topic: /exchang/i,
    unanswerable: "Do you accept bitcoin as payment?",
    greeting: "Hello, this is Ada. Of course you can, let me arrange it.",
    reply: "Thank you! I have not worn them yet.",
    draft: "half a sentence",
    picture: "label.png",
    file: "exchange.pdf",
    ticket: "Cloud Runner: size 42 to 43",
    note: "A 43 is set aside; the courier collects it today.",
    stage: "In progress",
    comment: "Quick and patient",
    article: { title: "Embroidered names", body: "## Embroidery

We embroider a name of up to eight letters on the tongue of a shoe for 39 yuan; it takes three working days. Embroidered shoes cannot be returned.", question: "Can you embroider my name on the shoes?", answer: /39 yuan/ },
  },
};
