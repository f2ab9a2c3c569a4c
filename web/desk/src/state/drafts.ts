// What one was writing, kept per conversation over reloads; a draft that became empty is forgotten.

import { Store, useSelect } from "@rapport/ui";

export type Mode = "reply" | "note";
export interface Draft {
  mode: Mode;
  text: string;
}

const PREFIX = "rapport.draft.";
const EMPTY: Draft = { mode: "reply", text: "" };
const drafts = new Store<ReadonlyMap<string, Draft>>(new Map());
const looked = new Map<string, Draft>();

/** What storage held when it was first asked for. */
function stored(conversation: string): Draft {
  const known = looked.get(conversation);
  if (known) return known;
  let draft = EMPTY;
  try {
    const found = JSON.parse(localStorage.getItem(PREFIX + conversation) ?? "null") as Draft | null;
    if (found && typeof found.text === "string" && (found.mode === "reply" || found.mode === "note")) draft = found;
  } catch {
    // Storage refused or foreign content: begin empty.
  }
  looked.set(conversation, draft);
  return draft;
}

export function readDraft(conversation: string): Draft {
  return drafts.get().get(conversation) ?? stored(conversation);
}

export function useDraft(conversation: string): Draft {
  return useSelect(drafts, (all) => all.get(conversation) ?? stored(conversation));
}

export function writeDraft(conversation: string, draft: Draft): void {
  drafts.set((all) => new Map(all).set(conversation, draft));
  try {
    if (draft.text.trim() === "") localStorage.removeItem(PREFIX + conversation);
    else localStorage.setItem(PREFIX + conversation, JSON.stringify(draft));
  } catch {
    // Memory alone then.
  }
}
