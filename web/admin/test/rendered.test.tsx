// @vitest-environment happy-dom
// Articles as HTML from the server: rebuilt from known elements only, whatever stands in them.

import { act } from "react";
import { createRoot } from "react-dom/client";
import { describe, expect, it } from "vitest";
import { Rendered } from "../src/components/rendered.tsx";

function shown(html: string): string {
  (globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;
  const place = document.createElement("div");
  const root = createRoot(place);
  act(() => root.render(<Rendered html={html} />));
  const out = place.querySelector(".ad-prose")?.innerHTML ?? "";
  act(() => root.unmount());
  return out;
}

describe("an article", () => {
  it("keeps its shape; its headings stand below that of the page", () => {
    expect(shown("<h2>怎么换</h2><p>可以，<strong>免费</strong>。</p>")).toBe("<h3>怎么换</h3><p>可以，<strong>免费</strong>。</p>");
    expect(shown("<table><thead><tr><th>a</th></tr></thead></table>")).toBe("<table><thead><tr><th>a</th></tr></thead></table>");
  });

  it.each([
    ["<p>a<script>alert(1)</script></p>", "<p>a</p>"],
    ['<p onclick="alert(1)" style="color:red">a</p>', "<p>a</p>"],
    ['<img src="x" onerror="alert(1)">', ""],
    ["<iframe>inside</iframe>b", "b"],
    ["<svg><a href='javascript:alert(1)'>x</a></svg>", ""],
    ["<font><b>a</b></font>", "<b>a</b>"],
    ['<a href="javascript:alert(1)">a</a>', "<a>a</a>"],
    ['<a href="https://a.example/">a</a>', '<a href="https://a.example/" target="_blank" rel="noopener noreferrer">a</a>'],
  ])("%s", (html, expected) => expect(shown(html)).toBe(expected));
});
