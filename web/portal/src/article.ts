// The public page of a knowledge article: what an answer's source leads to.

import mark from "./art/mark.svg";
import { ApiError, ICONS, api, h, icon, moment, page, switches, t } from "./page.ts";
import { safeNodes } from "./safe.ts";

interface Article {
  title: string;
  html: string;
  updated_at: number;
  locale: string;
}

let article: Article | undefined;
let trouble: ApiError | undefined;
const id = location.pathname.split("/").filter(Boolean).at(-1) ?? "";

const redraw = page(() => {
  document.title = article?.title ?? t(["知识库", "Help"]);
  return [
    h(
      "div",
      { class: "sheet" },
      h("header", {}, h("span", { class: "company" }, h("img", { src: mark, alt: "" }), t(["帮助中心", "Help centre"])), switches()),
      h("main", {}, article ? shown(article) : trouble ? wrong(trouble) : h("div", { class: "card", "aria-busy": "true" }, h("div", { class: "bone short" }), h("div", { class: "bone" }), h("div", { class: "bone" }))),
    ),
  ];
});

function shown(it: Article): HTMLElement {
  return h(
    "article",
    { class: "card article", lang: it.locale },
    h("h1", {}, it.title),
    h("p", { class: "when" }, `${t(["更新于", "Updated"])} ${moment(it.updated_at)}`),
    h("div", { class: "body" }, ...safeNodes(it.html)),
  );
}

function wrong(error: ApiError): HTMLElement {
  const gone = error.status === 404;
  return h(
    "div",
    { class: "card trouble", role: "alert", "data-testid": "page-error" },
    h("span", { class: "face" }, icon(ICONS.cross, 28)),
    h("h1", {}, gone ? t(["没有找到这篇文章", "This article was not found"]) : t(["暂时无法加载", "It cannot be loaded right now"])),
    h("p", {}, gone ? t(["它可能已下线或更换了地址，您可以在聊天窗口里直接提问。", "It may have been withdrawn or moved. You can simply ask in the chat."]) : error.message),
  );
}

api<Article>(`/public/articles/${encodeURIComponent(id)}`).then(
  (it) => {
    article = it;
    redraw();
  },
  (error: unknown) => {
    trouble = error instanceof ApiError ? error : new ApiError(0, String(error));
    redraw();
  },
);
