// The demo shop: a page like any customer of ours might have, with the widget embedded by its one script tag.

import canvas from "./art/canvas.svg";
import cap from "./art/cap.svg";
import cloud from "./art/cloud.svg";
import hoodie from "./art/hoodie.svg";
import jacket from "./art/jacket.svg";
import runner from "./art/runner.svg";
import sandal from "./art/sandal.svg";
import socks from "./art/socks.svg";
import tee from "./art/tee.svg";
import { api, h, icon, locale, page, switches, t } from "./page.ts";
import type { Text } from "./page.ts";

interface Item {
  art: string;
  name: Text;
  about: Text;
  price: number;
  hue: string;
}

const SHOES: Item[] = [
  { art: runner, name: ["云朵跑鞋", "Cloud Runner"], about: ["39–46 码 · 轻弹缓震", "39–46 · light and springy"], price: 459, hue: "peach" },
  { art: canvas, name: ["山青帆布鞋", "Hillside Canvas"], about: ["35–44 码 · 棉质鞋面", "35–44 · cotton upper"], price: 269, hue: "mint" },
  { art: sandal, name: ["午后凉拖", "Afternoon Slide"], about: ["36–45 码 · 软木鞋床", "36–45 · cork footbed"], price: 159, hue: "lilac" },
  { art: socks, name: ["四季袜两双装", "Four-Season Socks, 2 pairs"], about: ["35–43 码 · 毛圈底", "35–43 · terry sole"], price: 59, hue: "rose" },
];
const CLOTHES: Item[] = [
  { art: hoodie, name: ["雾蓝连帽衫", "Mist Hoodie"], about: ["S–XXL · 内里起绒", "S–XXL · brushed inside"], price: 329, hue: "sky" },
  { art: tee, name: ["一朵云 T 恤", "One-Cloud Tee"], about: ["XS–XXL · 长绒棉", "XS–XXL · long-staple cotton"], price: 119, hue: "sand" },
  { art: jacket, name: ["晴雨夹克", "Rain-or-Shine Jacket"], about: ["S–XL · 防风防泼水", "S–XL · wind and showers"], price: 599, hue: "sun" },
  { art: cap, name: ["远行棒球帽", "Far-Away Cap"], about: ["可调节 · 56–60 厘米", "Adjustable · 56–60 cm"], price: 99, hue: "stone" },
];

const TRIES: { text: Text; note: Text }[] = [
  { text: ["我买的鞋码数不合适，可以换吗？", "The shoes I bought don't fit. Can I exchange them?"], note: ["从知识库作答，并给出出处", "Answered from the knowledge, with its source"] },
  { text: ["退货的运费谁出？", "Who pays the shipping for a return?"], note: ["换个说法也能懂", "Ask it any way you like"] },
  { text: ["你们收加密货币吗？", "Do you take cryptocurrency?"], note: ["知识里没有的，如实说不知道", "Not in the knowledge: it says so"] },
  { text: ["转人工", "Talk to a person"], note: ["排队，看得见位置和预计时间", "Wait in line, with place and estimate"] },
];

const PERKS: { art: string; name: Text; line: Text }[] = [
  { art: "M4 12a8 8 0 0 1 13.7-5.7L20 8.5M20 4v4.5h-4.5M20 12a8 8 0 0 1-13.7 5.7L4 15.5M4 20v-4.5h4.5", name: ["15 天免费换码", "15 days to change the size"], line: ["往返运费我们出", "Shipping both ways is on us"] },
  { art: "M3 7h11v9H3zM14 10h4l3 3v3h-7zM7 18.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM17 18.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z", name: ["满 199 元包邮", "Free delivery over ¥199"], line: ["48 小时内发货", "Shipped within 48 hours"] },
  { art: "M12 20s-7.5-4.4-7.5-10A4.3 4.3 0 0 1 12 7.2 4.3 4.3 0 0 1 19.5 10c0 5.6-7.5 10-7.5 10Z", name: ["真人客服", "Real people"], line: ["智能助手答不了，一键转人工", "One tap from the assistant to a person"] },
];

let inBag = 0;
let tell = "";

const redraw = page(() => {
  document.title = t(["云履 Cloudstep · 鞋与日常衣物", "Cloudstep · shoes and everyday clothes"]);
  return [
    h("a", { class: "skip", href: "#goods" }, t(["跳到商品", "Skip to the goods"])),
    header(),
    h("main", {}, hero(), perks(), shelf("shoes", ["脚下有云", "Clouds underfoot"], SHOES), tryOut(), shelf("clothes", ["日常衣物", "Everyday clothes"], CLOTHES)),
    footer(),
    h("p", { class: "toast", role: "status", ...(tell ? {} : { hidden: true }) }, tell),
  ];
});

function header(): HTMLElement {
  return h(
    "header",
    { class: "top" },
    h("a", { class: "brand", href: "/demo" }, h("img", { src: cloud, alt: "", width: "36", height: "36" }), h("span", {}, "云履", h("small", {}, "Cloudstep"))),
    h("nav", { "aria-label": t(["商品", "Goods"]) }, h("a", { href: "#shoes" }, t(["鞋", "Shoes"])), h("a", { href: "#clothes" }, t(["衣物", "Clothes"])), h("a", { href: "#try" }, t(["试试客服", "Try the chat"]))),
    switches(),
    h("button", { class: "bag", type: "button", "aria-label": t([`购物袋，${inBag} 件`, `Bag, ${inBag} items`]), onclick: () => say(t(["这是示例商店，不能下单", "This is a demo shop: nothing is for sale"])) }, icon("M5 8.5h14l-1.2 10.2a1.5 1.5 0 0 1-1.5 1.3H7.7a1.5 1.5 0 0 1-1.5-1.3L5 8.5ZM8.5 11V7.5a3.5 3.5 0 0 1 7 0V11", 22), inBag > 0 && h("span", { class: "count" }, String(inBag))),
  );
}

function hero(): HTMLElement {
  return h(
    "section",
    { class: "hero" },
    h(
      "div",
      { class: "words" },
      h("p", { class: "kicker" }, t(["新品 · 云朵跑鞋", "New · Cloud Runner"])),
      h("h1", {}, t(["走得再远，也像踩着云", "Walk far. Feel clouds."])),
      h("p", {}, t(["一体织面、回弹中底，一双只有 218 克。码数不合适？15 天内免费换。", "A knitted upper, a springy sole, 218 grams a shoe. Wrong size? We change it for free within 15 days."])),
      h("div", { class: "buttons" }, h("a", { class: "solid", href: "#shoes" }, t(["看看鞋款", "See the shoes"])), h("button", { class: "ghost", type: "button", "data-testid": "open-chat", onclick: () => window.Rapport?.("open") }, t(["问问码数", "Ask about sizes"]))),
    ),
    h("div", { class: "stage" }, h("img", { src: runner, alt: t(["橙色云朵跑鞋", "The Cloud Runner in orange"]), width: "560", height: "404" })),
  );
}

function perks(): HTMLElement {
  return h("ul", { class: "perks" }, PERKS.map(({ art, name, line }) => h("li", {}, icon(art, 26), h("div", {}, h("b", {}, t(name)), h("span", {}, t(line))))));
}

function shelf(id: string, title: Text, items: Item[]): HTMLElement {
  return h(
    "section",
    { class: "shelf", id, "aria-labelledby": `${id}-title` },
    h("h2", { id: `${id}-title` }, t(title)),
    h(
      "div",
      { class: "goods", id: id === "shoes" ? "goods" : `goods-${id}` },
      items.map((item) =>
        h(
          "article",
          { class: "item" },
          h("div", { class: `frame ${item.hue}` }, h("img", { src: item.art, alt: "", width: "288", height: "208", loading: "lazy" })),
          h("h3", {}, t(item.name)),
          h("p", {}, t(item.about)),
          h("div", { class: "buy" }, h("b", {}, `¥${item.price}`), h("button", { type: "button", "aria-label": t([`加入购物袋：${item.name[0]}`, `Add to bag: ${item.name[1]}`]), onclick: () => add(item) }, t(["加入购物袋", "Add to bag"]))),
        ),
      ),
    ),
  );
}

function tryOut(): HTMLElement {
  return h(
    "section",
    { class: "try", id: "try", "aria-labelledby": "try-title" },
    h("div", { class: "intro" }, h("h2", { id: "try-title" }, t(["试试右下角的客服", "Try the chat in the corner"])), h("p", {}, t(["点一句放进聊天窗口，按回车发送；也可以用您自己的话问。", "Tap a line to put it into the chat and press Enter, or use your own words."]))),
    h(
      "ul",
      {},
      TRIES.map(({ text, note }) => h("li", {}, h("button", { type: "button", onclick: () => tryLine(t(text)) }, h("b", {}, t(text)), h("span", {}, t(note))))),
    ),
  );
}

function footer(): HTMLElement {
  return h("footer", {}, h("span", {}, t(["云履 Cloudstep 是虚构的示例商店，展示客服窗口如何嵌入网站。", "Cloudstep is an invented shop that shows how the chat is embedded in a site."])), h("a", { href: "/" }, t(["返回首页", "Back to the start page"])));
}

function tryLine(line: string): void {
  window.Rapport?.("write", line);
}

function add(item: Item): void {
  inBag += 1;
  say(t([`已加入购物袋：${item.name[0]}`, `In your bag: ${item.name[1]}`]));
}

let toastTimer: ReturnType<typeof setTimeout> | undefined;
function say(text: string): void {
  const focus = document.activeElement?.getAttribute("aria-label");
  tell = text;
  redraw();
  if (focus) document.querySelector<HTMLElement>(`[aria-label="${CSS.escape(focus)}"]`)?.focus({ preventScroll: true });
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => {
    tell = "";
    document.querySelector(".toast")?.setAttribute("hidden", "");
  }, 2_600);
}

/** Exactly what the administration gives to paste, with the demo's key. */
function embed(key: string): void {
  const script = document.createElement("script");
  script.async = true;
  script.src = "/widget/loader.js";
  script.dataset["key"] = key;
  script.dataset["locale"] = locale;
  script.dataset["theme"] = document.documentElement.dataset["theme"] ?? "auto";
  document.head.append(script);
}

api<{ demo_widget_key?: string | null }>("/start").then(
  ({ demo_widget_key: key }) => key && embed(key),
  () => undefined,
);
