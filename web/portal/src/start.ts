// The start page: three doors.

import mark from "./art/mark.svg";
import { ICONS, api, h, icon, page, switches, t } from "./page.ts";
import type { Text } from "./page.ts";

interface Door {
  href: string;
  art: string;
  name: Text;
  line: Text;
  go: Text;
}

const DOORS: Door[] = [
  {
    href: "/demo",
    art: "M5 8.5h14l-1.2 10.2a1.5 1.5 0 0 1-1.5 1.3H7.7a1.5 1.5 0 0 1-1.5-1.3L5 8.5ZM8.5 11V7.5a3.5 3.5 0 0 1 7 0V11",
    name: ["示例商店", "Demo shop"],
    line: ["以顾客身份打开右下角的聊天窗口，用自己的话提问，看答案出自哪里。", "Be the customer: open the chat, ask in your own words and see where each answer comes from."],
    go: ["去逛逛", "Visit the shop"],
  },
  {
    href: "/desk",
    art: "M4.5 13v-1a7.5 7.5 0 0 1 15 0v1M4.5 13.5A1.5 1.5 0 0 1 6 12h1.5v6H6a1.5 1.5 0 0 1-1.5-1.5v-3ZM19.5 13.5A1.5 1.5 0 0 0 18 12h-1.5v6H18a1.5 1.5 0 0 0 1.5-1.5v-3ZM18 18c0 1.7-1.7 2.5-4 2.5h-1.5",
    name: ["坐席工作台", "Agent desk"],
    line: ["接待排队的顾客：转接前聊过什么一目了然，回复、备注、建工单都在一处。", "Serve who is waiting: see what was said before, answer, note, and make tickets in one place."],
    go: ["开始接待", "Open the desk"],
  },
  {
    href: "/admin",
    art: "M5 7h8M17.5 7H19M5 12h2M11.5 12H19M5 17h7M16.5 17H19M15.2 9.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4ZM9.2 14.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4ZM14.2 19.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4Z",
    name: ["管理后台", "Administration"],
    line: ["设置成员、收件箱与服务时间，编写知识，取得嵌入网站的一行代码。", "Set up members, inboxes and hours, write the knowledge, and copy the one line for your site."],
    go: ["进入管理", "Set things up"],
  },
];

interface Start {
  demo_widget_key?: string | null;
  signed_in: boolean;
}

let start: Start | undefined;
document.title = "Rapport";
const redraw = page(() => [
  h(
    "div",
    { class: "start" },
    h("header", {}, h("span", { class: "brand" }, h("img", { src: mark, alt: "", width: "34", height: "34" }), "Rapport"), switches()),
    h(
      "main",
      {},
      h("h1", {}, t(["把每一次对话，都好好接住", "Every conversation, well kept"])),
      h("p", { class: "lead" }, t(["智能助手先答、人工随时接手、工单全程可查的客服平台，现在就在这台机器上运行。", "Customer service where the assistant answers first, people take over at any time, and every ticket can be followed. It is running on this machine."])),
      h(
        "nav",
        { class: "doors", "aria-label": t(["入口", "Doors"]) },
        // Without a demo tenant there is no shop to visit.
        DOORS.filter(({ href }) => href !== "/demo" || !start || start.demo_widget_key).map(({ href, art, name, line, go }) =>
          h("a", { class: "door", href, "data-testid": `door-${href.slice(1)}` }, h("span", { class: "emblem" }, icon(art, 30)), h("h2", {}, t(name)), h("p", {}, t(line)), h("span", { class: "go" }, t(go), icon(ICONS.arrow, 18))),
        ),
      ),
      hint(),
    ),
  ),
]);

function hint(): HTMLElement {
  const attributes = { class: "hint", "data-testid": "sign-in-hint" };
  if (start?.signed_in) return h("p", attributes, t(["您已登录，可以直接进入工作台。", "You are signed in: the desk is open to you."]));
  return h(
    "p",
    attributes,
    t(["首次使用：启动服务的终端里印有一次性登录链接（没有默认密码）。已有账号请", "First time here? The terminal that started the server shows a one-time sign-in link; there is no default password. Otherwise "]),
    h("a", { href: "/sign-in" }, t(["登录", "sign in"])),
    t(["。", "."]),
  );
}

api<Start>("/start", "same-origin").then(
  (it) => {
    start = it;
    if (it.signed_in || !it.demo_widget_key) redraw();
  },
  // The page leads on all the same.
  () => undefined,
);
