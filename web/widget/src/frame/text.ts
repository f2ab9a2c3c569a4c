// Text from people and from the bot as a small tree: addresses become links, and of Markdown only lists, bold, code and links.
// Nothing of it is ever parsed as HTML.

export type Inline =
  | { kind: "text"; text: string }
  | { kind: "bold"; text: string }
  | { kind: "code"; text: string }
  | { kind: "link"; text: string; href: string };

export type Block = { kind: "paragraph"; lines: Inline[][] } | { kind: "list"; ordered: boolean; start: number; items: Inline[][] };

// An address ends before white space, quotes, brackets and the punctuation of both scripts that only closes a sentence.
const ADDRESS = /https?:\/\/[^\s<>"'`{}|\\^（）【】「」《》，。；：！？、…]+/gi;
const TRAILING = /[.,;:!?)\]]+$/;

/** Only http and https, with a host; anything else stays text. */
export function safeHref(text: string): string | undefined {
  try {
    const url = new URL(text);
    return (url.protocol === "http:" || url.protocol === "https:") && url.hostname ? url.href : undefined;
  } catch {
    return undefined;
  }
}

/** Plain text with its addresses as links. */
export function linkify(text: string): Inline[] {
  const out: Inline[] = [];
  let done = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const shown = trimAddress(match[0]);
    const href = safeHref(shown);
    if (!href) continue;
    if (match.index > done) out.push({ kind: "text", text: text.slice(done, match.index) });
    out.push({ kind: "link", text: shown, href });
    done = match.index + shown.length;
  }
  if (done < text.length) out.push({ kind: "text", text: text.slice(done) });
  return out;
}

/** A closing bracket belongs to the address only when it was opened in it. */
function trimAddress(address: string): string {
  let text = address;
  for (;;) {
    const tail = TRAILING.exec(text)?.[0];
    if (!tail) return text;
    const last = tail.at(-1);
    const opened = text.split("(").length > text.split(")").length - 1 && text.includes("(");
    if (last === ")" && opened) return text;
    text = text.slice(0, -1);
  }
}

const MARKED = /\*\*([^*\n]+)\*\*|`([^`\n]+)`|\[([^\]\n]+)\]\(([^()\s]+)\)/g;

/** Bold, code and `[text](address)` of one line, the rest by `linkify`. */
export function inline(text: string): Inline[] {
  const out: Inline[] = [];
  let done = 0;
  for (const match of text.matchAll(MARKED)) {
    const [whole, bold, code, label, target] = match;
    const href = target === undefined ? undefined : safeHref(target);
    if (target !== undefined && !href) continue;
    out.push(...linkify(text.slice(done, match.index)));
    if (bold !== undefined) out.push({ kind: "bold", text: bold });
    else if (code !== undefined) out.push({ kind: "code", text: code });
    else if (label !== undefined && href) out.push({ kind: "link", text: label, href });
    done = match.index + whole.length;
  }
  out.push(...linkify(text.slice(done)));
  return out;
}

/** What a person wrote: paragraphs with their line breaks, links, no markup. */
export function plain(text: string): Block[] {
  return [{ kind: "paragraph", lines: text.split(/\r\n?|\n/).map(linkify) }];
}

/** The bot's answer. */
export function markdown(text: string): Block[] {
  const blocks: Block[] = [];
  let open: Block | undefined;
  for (const line of text.split(/\r\n?|\n/)) {
    const item = /^\s{0,6}(?:([-*+•])|(\d{1,3})[.)、．])\s*(.*)$/.exec(line);
    const bullet = item && (item[1] ? /^\s{0,6}[-*+•]\s/.test(line) : true) && item[3];
    if (bullet) {
      const ordered = item[1] === undefined;
      if (open?.kind !== "list" || open.ordered !== ordered) blocks.push((open = { kind: "list", ordered, start: Number(item[2] ?? 1), items: [] }));
      open.items.push(inline(bullet));
    } else if (!line.trim()) {
      open = undefined;
    } else {
      const heading = /^#{1,6}\s+(.*)$/.exec(line)?.[1];
      const parts: Inline[] = heading === undefined ? inline(line.replace(/^>\s?/, "")) : [{ kind: "bold", text: heading }];
      if (open?.kind !== "paragraph") blocks.push((open = { kind: "paragraph", lines: [] }));
      open.lines.push(parts);
    }
  }
  return blocks;
}
