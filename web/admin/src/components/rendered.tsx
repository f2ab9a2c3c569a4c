// HTML of an article as the server made it safe, rebuilt here from known elements only: a second wall.

import { createElement, useMemo } from "react";
import type { ReactNode } from "react";

const ELEMENTS = new Set(["p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "b", "i", "del", "s", "code", "pre", "blockquote", "br", "hr", "a", "table", "thead", "tbody", "tr", "th", "td", "sup", "sub"]);
const VOID = new Set(["br", "hr"]);
const DROPPED = new Set(["script", "style", "template", "iframe", "object", "noscript", "svg", "math", "textarea", "title"]);

/** An address that may be followed from an article. */
export function safeAddress(href: string): string | undefined {
  if (/^(#|\/(?!\/))/.test(href)) return href;
  try {
    const url = new URL(href);
    return ["http:", "https:", "mailto:", "tel:"].includes(url.protocol) ? url.href : undefined;
  } catch {
    return undefined;
  }
}

function rebuild(node: Node, key: number): ReactNode {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent;
  if (!(node instanceof Element)) return null;
  const tag = node.tagName.toLowerCase();
  if (DROPPED.has(tag)) return null;
  if (VOID.has(tag)) return createElement(tag, { key });
  const children = [...node.childNodes].map(rebuild);
  if (!ELEMENTS.has(tag)) return children;
  const props: Record<string, unknown> = { key };
  if (tag === "a") {
    const href = safeAddress(node.getAttribute("href") ?? "");
    if (href) Object.assign(props, { href, target: "_blank", rel: "noopener noreferrer" });
  }
  // Headings of an article stand below that of the page.
  const shown = /^h[1-5]$/.test(tag) ? `h${Number(tag[1]) + 1}` : tag;
  return createElement(shown, props, ...children);
}

export function Rendered({ html }: { html: string }) {
  const nodes = useMemo(() => [...new DOMParser().parseFromString(html, "text/html").body.childNodes].map(rebuild), [html]);
  return <div className="ad-prose">{nodes}</div>;
}
