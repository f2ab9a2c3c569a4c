// What could be put in at the caret, above the field: canned replies with their words filled in, colleagues.

import { useEffect, useRef } from "react";
import { Avatar, Kbd, texts } from "@rapport/ui";
import type { Presence } from "@rapport/ui";
import type { SuggestionList } from "./use-suggestions.ts";

export interface Suggestion {
  id: string;
  kind: "canned" | "member";
  label: string;
  /** What is put in. */
  text: string;
  presence?: Presence;
}

const t = texts({
  canned: { zh: "快捷回复", en: "Canned replies" },
  members: { zh: "提醒同事", en: "Mention a colleague" },
  choose: { zh: "选择", en: "choose" },
  put: { zh: "填入", en: "insert" },
});

export function Suggestions({ list }: { list: SuggestionList }) {
  const box = useRef<HTMLUListElement>(null);
  useEffect(() => {
    box.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [list.index, list.items.length]);
  const [first] = list.items;
  if (!first) return null;
  const title = first.kind === "canned" ? t("canned") : t("members");
  return (
    <div className="dk-suggestions" data-testid="suggestions">
      <div className="dk-suggestions-head">
        <span>{title}</span>
        <span>
          <Kbd>↑</Kbd> <Kbd>↓</Kbd> {t("choose")} <Kbd>Enter</Kbd> {t("put")}
        </span>
      </div>
      <ul ref={box} id="dk-suggestions" role="listbox" aria-label={title}>
        {list.items.map((item, index) => (
          <li
            key={item.id}
            id={`dk-suggestion-${index}`}
            role="option"
            aria-selected={index === list.index}
            onPointerMove={() => list.hover(index)}
            onPointerDown={(event) => {
              // The field keeps the focus.
              event.preventDefault();
              list.put(item);
            }}
            data-testid="suggestion"
          >
            {item.kind === "member" ? <Avatar name={item.label} seed={item.id} size={24} presence={item.presence} /> : <code>/{item.label}</code>}
            <span className={item.kind === "canned" ? "dk-suggestion-text" : ""}>{item.kind === "canned" ? item.text : item.label}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
