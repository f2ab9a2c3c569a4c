// The small tree of `text.ts` as DOM nodes.

import type { ComponentChildren } from "preact";
import { markdown, plain } from "./text.ts";
import type { Inline } from "./text.ts";

export function Prose({ text, marked = false }: { text: string; marked?: boolean }) {
  return (
    <>
      {(marked ? markdown(text) : plain(text)).map((block, at) => {
        if (block.kind === "paragraph") {
          return (
            <p key={at}>
              {block.lines.map((line, index) => (
                <>
                  {index > 0 && <br />}
                  {line.map(part)}
                </>
              ))}
            </p>
          );
        }
        const items = block.items.map((item, index) => <li key={index}>{item.map(part)}</li>);
        return block.ordered ? (
          <ol key={at} start={block.start}>
            {items}
          </ol>
        ) : (
          <ul key={at}>{items}</ul>
        );
      })}
    </>
  );
}

function part(it: Inline, key: number): ComponentChildren {
  switch (it.kind) {
    case "text":
      return it.text;
    case "bold":
      return <strong key={key}>{it.text}</strong>;
    case "code":
      return <code key={key}>{it.text}</code>;
    case "link":
      return (
        <a key={key} href={it.href} target="_blank" rel="noopener noreferrer nofollow">
          {it.text}
        </a>
      );
  }
}
