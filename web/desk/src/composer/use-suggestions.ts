// What is suggested at the caret while one writes, and how the keys walk through it.

import { useState } from "react";
import type { KeyboardEvent, RefObject } from "react";
import { flushSync } from "react-dom";
import type { ConversationRow } from "@rapport/ui";
import { useDeskState, useMembers } from "../state/context.ts";
import { writeDraft } from "../state/drafts.ts";
import type { Draft, Mode } from "../state/drafts.ts";
import { findCanned, fillReply } from "./canned.ts";
import { wordAt } from "./mention.ts";
import type { Suggestion } from "./suggestions.tsx";

/** Puts a text in place with the caret in it, before the next key can come. */
export function place(input: RefObject<HTMLTextAreaElement | null>, conversation: string, draft: Draft, caret: number): void {
  flushSync(() => writeDraft(conversation, draft));
  input.current?.focus();
  input.current?.setSelectionRange(caret, caret);
}

/** Canned replies after "/", colleagues after "@" in a note. */
export function useSuggestions(row: ConversationRow, mode: Mode, text: string, input: RefObject<HTMLTextAreaElement | null>) {
  const canned = useDeskState((state) => state.canned);
  const myName = useDeskState((state) => state.me.member.name);
  const company = useDeskState((state) => state.me.tenant.name);
  const me = useDeskState((state) => state.me.member.id);
  const members = useMembers();
  const [caret, setCaret] = useState(-1);
  const [chosen, setChosen] = useState(0);
  const [dismissed, setDismissed] = useState("");
  const word = caret < 0 ? undefined : wordAt(text, caret);
  const facts = { name: row.contact.name.trim(), agent: myName, number: String(row.number), company };
  let items: Suggestion[] = [];
  if (word && mode === "reply" && word.mark === "/") {
    items = findCanned(canned, word.text).map((it) => ({ id: it.id, kind: "canned", label: it.shortcut, text: fillReply(it.text, facts) }));
  } else if (word && mode === "note" && word.mark === "@") {
    const wanted = word.text.toLowerCase();
    items = [...members.values()].filter((it) => it.active && it.id !== me && it.name.toLowerCase().includes(wanted)).map((it) => ({ id: it.id, kind: "member", label: it.name, text: `@${it.name} `, presence: it.presence }));
  }
  const shown = word !== undefined && items.length > 0 && dismissed !== word.mark + word.text;
  const index = Math.min(chosen, items.length - 1);
  const look = () => setCaret(input.current?.selectionEnd ?? -1);
  const put = (item: Suggestion) => {
    if (!word) return;
    const next = text.slice(0, word.start) + item.text + text.slice(word.end);
    place(input, row.id, { mode, text: next }, word.start + item.text.length);
    setCaret(-1);
    setChosen(0);
  };
  const press = (event: KeyboardEvent): boolean => {
    if (!shown) return false;
    const item = items[index];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") setChosen((index + (event.key === "ArrowDown" ? 1 : items.length - 1)) % items.length);
    else if ((event.key === "Enter" || event.key === "Tab") && item && !event.shiftKey) put(item);
    else if (event.key === "Escape" && word) setDismissed(word.mark + word.text);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  const openCanned = () => {
    const lead = text === "" || /\s$/.test(text) ? "" : " ";
    place(input, row.id, { mode, text: `${text}${lead}/` }, text.length + lead.length + 1);
    setDismissed("");
    look();
  };
  const aria = shown ? ({ "aria-controls": "dk-suggestions", "aria-autocomplete": "list", "aria-activedescendant": `dk-suggestion-${index}` } as const) : {};
  return { items: shown ? items : [], index, put, press, look, hide: () => setCaret(-1), openCanned, aria, hover: setChosen };
}

export type SuggestionList = ReturnType<typeof useSuggestions>;
