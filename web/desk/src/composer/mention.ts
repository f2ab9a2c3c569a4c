// The word being written after "/" or "@", and who a note mentions.

export interface MarkedWord {
  mark: "/" | "@";
  text: string;
  start: number;
  end: number;
}

/** "/" counts at the beginning of a line or after a space, "@" anywhere (Chinese needs no space before it). */
export function wordAt(text: string, caret: number): MarkedWord | undefined {
  const before = text.slice(0, caret);
  const slash = /(?:^|\s)\/([^\s/]{0,30})$/.exec(before);
  if (slash) return { mark: "/", text: slash[1] ?? "", start: caret - (slash[1]?.length ?? 0) - 1, end: caret };
  const at = /@([^\s@]{0,30})$/.exec(before);
  // An e-mail address is nobody's name.
  if (at && !/[a-z0-9.]$/i.test(before.slice(0, at.index))) return { mark: "@", text: at[1] ?? "", start: at.index, end: caret };
  return undefined;
}

/** Ids of the members whose `@name` is in the text; of two names of which one begins the other, the longer one. */
export function mentionsIn(text: string, members: Iterable<{ id: string; name: string; active: boolean }>): string[] {
  const byLength = [...members].filter((it) => it.active && it.name.trim() !== "").sort((a, b) => b.name.length - a.name.length);
  let left = text;
  const found: string[] = [];
  for (const { id, name } of byLength) {
    if (!left.includes(`@${name}`)) continue;
    found.push(id);
    left = left.replaceAll(`@${name}`, " ");
  }
  return found;
}
