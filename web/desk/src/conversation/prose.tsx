// Words of people and of the bot as nodes: links safely, of Markdown only lists, bold and code. Nothing is parsed as HTML.

import { Fragment } from "react";
import type { ReactNode } from "react";
import { markdown, plain } from "@rapport/widget/text";
import type { Inline } from "@rapport/widget/text";

interface ProseProps {
  text: string;
  /** Written with Markdown (by the bot). */
  marked?: boolean;
  /** Colleagues who are mentioned by `@name`. */
  names?: readonly string[];
}

export function Prose({ text, marked = false, names = [] }: ProseProps) {
  const blocks = marked ? markdown(text) : plain(text);
  return (
    <div className="dk-prose">
      {blocks.map((block, at) => {
        if (block.kind === "paragraph") {
          return (
            <p key={at}>
              {block.lines.map((line, index) => (
                <Fragment key={index}>
                  {index > 0 ? <br /> : null}
                  {line.map((it, key) => part(it, key, names))}
                </Fragment>
              ))}
            </p>
          );
        }
        const items = block.items.map((item, index) => <li key={index}>{item.map((it, key) => part(it, key, names))}</li>);
        return block.ordered ? (
          <ol key={at} start={block.start}>
            {items}
          </ol>
        ) : (
          <ul key={at}>{items}</ul>
        );
      })}
    </div>
  );
}

function part(it: Inline, key: number, names: readonly string[]): ReactNode {
  switch (it.kind) {
    case "text":
      return <Fragment key={key}>{mentioned(it.text, names)}</Fragment>;
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

function mentioned(text: string, names: readonly string[]): ReactNode {
  const name = names.find((it) => text.includes(`@${it}`));
  if (!name) return text;
  const at = text.indexOf(`@${name}`);
  const end = at + name.length + 1;
  return (
    <>
      {mentioned(text.slice(0, at), names)}
      <span className="dk-mention">{text.slice(at, end)}</span>
      {mentioned(text.slice(end), names)}
    </>
  );
}
