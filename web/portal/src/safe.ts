// The server renders articles to safe HTML; here only known elements and attributes of it are rebuilt, as a second wall.

const ELEMENTS = new Set(["p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "b", "i", "del", "code", "pre", "blockquote", "br", "hr", "a", "table", "thead", "tbody", "tr", "th", "td", "sup", "sub", "span", "div"]);
/** Their text is nobody's to read either. */
const DROPPED = new Set(["script", "style", "template", "iframe", "object", "noscript", "svg", "math", "textarea", "title"]);

export function safeNodes(html: string): Node[] {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  return [...parsed.body.childNodes].flatMap(rebuild);
}

function rebuild(node: Node): Node[] {
  if (node.nodeType === Node.TEXT_NODE) return [document.createTextNode(node.textContent ?? "")];
  if (!(node instanceof Element)) return [];
  const tag = node.tagName.toLowerCase();
  if (DROPPED.has(tag)) return [];
  const children = [...node.childNodes].flatMap(rebuild);
  if (!ELEMENTS.has(tag)) return children;
  const made = document.createElement(tag);
  if (made instanceof HTMLAnchorElement) {
    const href = address(node.getAttribute("href") ?? "");
    if (href) {
      made.href = href;
      made.rel = "noopener noreferrer";
      if (!href.startsWith("#")) made.target = "_blank";
    }
  }
  if (tag === "ol" && /^\d{1,4}$/.test(node.getAttribute("start") ?? "")) made.setAttribute("start", node.getAttribute("start") ?? "1");
  made.append(...children);
  return [made];
}

function address(href: string): string | undefined {
  if (/^(#|\/(?!\/))/.test(href)) return href;
  try {
    const url = new URL(href);
    return ["http:", "https:", "mailto:", "tel:"].includes(url.protocol) ? url.href : undefined;
  } catch {
    return undefined;
  }
}
