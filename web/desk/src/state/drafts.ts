// What one was writing, kept per conversation over reloads; a draft that became empty is forgotten.

export type Mode = "reply" | "note";
export interface Draft {
  mode: Mode;
  text: string;
}

const PREFIX = "rapport.draft.";
const memory = new Map<string, Draft>();

export function readDraft(conversation: string): Draft {
  const known = memory.get(conversation);
  if (known) return known;
  try {
    const draft = JSON.parse(localStorage.getItem(PREFIX + conversation) ?? "null") as Draft | null;
    if (draft && typeof draft.text === "string" && (draft.mode === "reply" || draft.mode === "note")) return draft;
  } catch {
    // Storage refused or foreign content: begin empty.
  }
  return { mode: "reply", text: "" };
}

export function hasDraft(conversation: string): boolean {
  return readDraft(conversation).text.trim() !== "";
}

export function writeDraft(conversation: string, draft: Draft): void {
  memory.set(conversation, draft);
  try {
    if (draft.text.trim() === "") localStorage.removeItem(PREFIX + conversation);
    else localStorage.setItem(PREFIX + conversation, JSON.stringify(draft));
  } catch {
    // Memory alone then.
  }
}
