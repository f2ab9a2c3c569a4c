// Emoji by group, with those used of late first, found by a word in either language.

import { useState } from "react";
import { Icon, texts } from "@rapport/ui";
import { EMOJI } from "./emoji-data.ts";
import type { EmojiGroup } from "./emoji-data.ts";

const t = texts({
  find: { zh: "查找表情", en: "Find an emoji" },
  recent: { zh: "最近使用", en: "Recent" },
  faces: { zh: "表情", en: "Faces" },
  hands: { zh: "手势", en: "Hands" },
  hearts: { zh: "心意", en: "Feelings" },
  things: { zh: "物品", en: "Things" },
  marks: { zh: "标记", en: "Marks" },
  nothing: { zh: "没有匹配的表情", en: "None matches" },
});

const STORED = "rapport.desk.emoji";
const RECENT_MAX = 16;
const GROUPS: readonly EmojiGroup[] = ["faces", "hands", "hearts", "things", "marks"];

function readRecent(): string[] {
  try {
    const found = JSON.parse(localStorage.getItem(STORED) ?? "[]") as unknown;
    return Array.isArray(found) ? found.filter((it): it is string => typeof it === "string").slice(0, RECENT_MAX) : [];
  } catch {
    return [];
  }
}

function remember(emoji: string): void {
  try {
    localStorage.setItem(STORED, JSON.stringify([emoji, ...readRecent().filter((it) => it !== emoji)].slice(0, RECENT_MAX)));
  } catch {
    // Nothing is remembered then.
  }
}

export default function EmojiPicker({ onPick }: { onPick: (emoji: string) => void }) {
  const [text, setText] = useState("");
  const [recent] = useState(readRecent);
  const wanted = text.trim().toLowerCase();
  const pick = (emoji: string) => {
    remember(emoji);
    onPick(emoji);
  };
  const found = wanted === "" ? [] : EMOJI.filter((it) => it.words.includes(wanted));
  return (
    <div className="dk-emoji" data-testid="emoji-picker">
      <div className="dk-search">
        <Icon name="search" size={16} />
        <input value={text} onChange={(event) => setText(event.target.value)} placeholder={t("find")} aria-label={t("find")} autoFocus onKeyDown={(event) => event.key === "Enter" && found[0] && pick(found[0].emoji)} />
      </div>
      <div className="dk-emoji-groups">
        {wanted !== "" ? (
          found.length > 0 ? <Group items={found} onPick={pick} /> : <p className="ui-muted">{t("nothing")}</p>
        ) : (
          <>
            {recent.length > 0 ? <Group title={t("recent")} items={recent.map((emoji) => ({ emoji, words: "" }))} onPick={pick} /> : null}
            {GROUPS.map((group) => (
              <Group key={group} title={t(group)} items={EMOJI.filter((it) => it.group === group)} onPick={pick} />
            ))}
          </>
        )}
      </div>
    </div>
  );
}

function Group({ title, items, onPick }: { title?: string; items: readonly { emoji: string; words: string }[]; onPick: (emoji: string) => void }) {
  return (
    <section>
      {title ? <h3>{title}</h3> : null}
      <div className="dk-emoji-grid">
        {items.map(({ emoji, words }) => (
          <button key={emoji} type="button" onClick={() => onPick(emoji)} title={words.split(" ").slice(0, 2).join(" · ")} aria-label={words ? `${emoji} ${words.split(" ").slice(0, 2).join(" ")}` : emoji} data-testid="emoji">
            {emoji}
          </button>
        ))}
      </div>
    </section>
  );
}
