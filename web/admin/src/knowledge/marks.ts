// Markdown by buttons and keys: what the text and its selection become. Pure.

export interface Selected {
  text: string;
  start: number;
  end: number;
}

/** Puts marks around the selection, or takes them off when they are there. */
export function wrap({ text, start, end }: Selected, mark: string, placeholder: string): Selected {
  const inside = text.slice(start, end);
  const outer = text.slice(start - mark.length, start) === mark && text.slice(end, end + mark.length) === mark;
  if (outer) return { text: text.slice(0, start - mark.length) + inside + text.slice(end + mark.length), start: start - mark.length, end: end - mark.length };
  if (inside.length > 2 * mark.length && inside.startsWith(mark) && inside.endsWith(mark)) {
    const bare = inside.slice(mark.length, -mark.length);
    return { text: text.slice(0, start) + bare + text.slice(end), start, end: start + bare.length };
  }
  const filled = inside || placeholder;
  return { text: text.slice(0, start) + mark + filled + mark + text.slice(end), start: start + mark.length, end: start + mark.length + filled.length };
}

const LIST = /^(\s*)(?:[-*+]|\d+[.)])\s+/;
const HEADING = /^#{1,6}\s+/;

export type LineMark = "heading" | "bullets" | "numbers";

/** Marks each selected line, or takes the marks off when all of them have it. */
export function markLines({ text, start, end }: Selected, mark: LineMark): Selected {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const until = text.indexOf("\n", Math.max(end - (end > start && text[end - 1] === "\n" ? 1 : 0), start));
  const to = until === -1 ? text.length : until;
  const lines = text.slice(from, to).split("\n");
  const has = (line: string) => (mark === "heading" ? line.startsWith("## ") : mark === "bullets" ? /^\s*[-*+]\s/.test(line) : /^\s*\d+[.)]\s/.test(line));
  const off = lines.every((line) => line.trim() === "" || has(line)) && lines.some((line) => line.trim() !== "");
  let n = 0;
  const marked = lines.map((line) => {
    const bare = line.replace(mark === "heading" ? HEADING : LIST, mark === "heading" ? "" : "$1");
    if (off) return bare;
    if (line.trim() === "" && lines.length > 1) return line;
    n += 1;
    return mark === "heading" ? `## ${bare}` : mark === "bullets" ? `- ${bare}` : `${n}. ${bare}`;
  });
  const replaced = marked.join("\n");
  return { text: text.slice(0, from) + replaced + text.slice(to), start: lines.length === 1 ? from + replaced.length : from, end: from + replaced.length };
}

/** `[words](address)`, with the address selected. */
export function link({ text, start, end }: Selected, placeholder: string): Selected {
  const label = text.slice(start, end) || placeholder;
  const address = "https://";
  const at = start + label.length + 3;
  return { text: `${text.slice(0, start)}[${label}](${address})${text.slice(end)}`, start: at, end: at + address.length };
}

/** Enter in a list goes on with the list; Enter on an empty point ends it. Nothing where no list is. */
export function continueList({ text, start, end }: Selected): Selected | undefined {
  if (start !== end) return undefined;
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const line = text.slice(from, start);
  const match = /^(\s*)([-*+]|(\d+)([.)]))(\s+)(.*)$/.exec(line);
  if (!match) return undefined;
  const [, indent = "", mark = "", number, dot = "", gap = " ", rest = ""] = match;
  if (rest.trim() === "") return { text: text.slice(0, from) + text.slice(start), start: from, end: from };
  const next = `\n${indent}${number === undefined ? mark : `${Number(number) + 1}${dot}`}${gap}`;
  return { text: text.slice(0, start) + next + text.slice(end), start: start + next.length, end: start + next.length };
}
