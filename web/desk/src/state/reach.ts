// What a customer's channel allows now, and in how many messages a text goes out there. Pure: the time is told.

import type { Reach, TextUnit } from "@rapport/ui";

/** What a reply meets: an open way, with what bounds it, or why the provider would refuse it. */
export type Allowance = { open: true; left?: number; closesInMs?: number } | { open: false; why: "left" | "closed" | "spent" };

export function allowance(reach: Reach, now: number): Allowance {
  if (reach.left_at !== undefined) return { open: false, why: "left" };
  const closesInMs = reach.window === "open" && reach.closes_at !== undefined ? reach.closes_at - now : undefined;
  if (reach.window === "closed" || (closesInMs !== undefined && closesInMs <= 0)) return { open: false, why: "closed" };
  if (reach.quota_left === 0) return { open: false, why: "spent" };
  return { open: true, ...(reach.quota_left === undefined ? {} : { left: reach.quota_left }), ...(closesInMs === undefined ? {} : { closesInMs }) };
}

const BASIC = new Set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà");
const EXTENDED = new Set("^{}\\[~]|€\f");

/** Septets of GSM 03.38; nothing where a character is not in it. */
function septets(text: string): number | undefined {
  let sum = 0;
  for (const it of text) {
    if (BASIC.has(it)) sum += 1;
    else if (EXTENDED.has(it)) sum += 2;
    else return undefined;
  }
  return sum;
}

const utf8 = new TextEncoder();
const bytes = (text: string): number => utf8.encode(text).length;

/** Lengths that add up, piece by piece. */
class Measure {
  private sum = 0;
  private units = 0;
  private plain = true;

  constructor(private readonly unit: TextUnit) {}

  add(piece: string): number {
    this.units += piece.length;
    if (this.unit === "bytes") this.sum += bytes(piece);
    else if (this.unit === "characters") this.sum += [...piece].length;
    else if (this.unit === "utf16") this.sum = this.units;
    else {
      const more = this.plain ? septets(piece) : undefined;
      this.plain &&= more !== undefined;
      this.sum = this.plain ? this.sum + (more ?? 0) : this.units * 2;
    }
    return this.sum;
  }
}

export function textLength(text: string, unit: TextUnit): number {
  return new Measure(unit).add(text);
}

/** Characters as people see them; code points where the browser does not know those. */
function* graphemes(text: string): Generator<string> {
  if (typeof Intl.Segmenter === "undefined") return yield* text;
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text)) yield segment;
}

/** How much of the beginning fits: whole characters, or parts of one that alone is too long. */
function fitting(text: string, unit: TextUnit, max: number): number {
  const reached = (pieces: Iterable<string>): number => {
    const measure = new Measure(unit);
    let end = 0;
    for (const piece of pieces) {
      if (measure.add(piece) > max) break;
      end += piece.length;
    }
    return end;
  };
  const [first = ""] = text;
  return reached(graphemes(text)) || Math.max(first.length, reached(text));
}

const SENTENCE = new Set("。！？!?；;…");
const CLAUSE = new Set("，、,：:");

/** Where a text is best cut: after the last paragraph, line, sentence, clause or word that leaves at least a third. */
function bestCut(head: string): number | undefined {
  const least = Math.floor(bytes(head) / 3);
  const good = (at: number): number | undefined => (at > 0 && at < head.length && bytes(head.slice(0, at)) > least ? at : undefined);
  const afterText = (mark: string) => {
    const at = head.lastIndexOf(mark);
    return at < 0 ? undefined : good(at + mark.length);
  };
  const afterLast = (ends: (it: string) => boolean) => {
    for (let at = head.length - 1; at >= 0; at -= 1) if (ends(head[at] ?? "")) return good(at + 1);
    return undefined;
  };
  return afterText("\n\n") ?? afterText("\n") ?? afterLast((it) => SENTENCE.has(it)) ?? afterText(". ") ?? afterLast((it) => CLAUSE.has(it)) ?? afterLast((it) => /\s/.test(it));
}

/** The pieces that a text goes out in: the same cuts as the server makes (`rapport-wire/src/channel/split.rs`). */
export function pieces(text: string, unit: TextUnit, max: number): string[] {
  const limit = Math.max(8, max);
  const all: string[] = [];
  let rest = text.trimEnd();
  while (rest !== "") {
    if (textLength(rest, unit) <= limit) {
      all.push(rest);
      break;
    }
    const fits = fitting(rest, unit, limit);
    const cut = bestCut(rest.slice(0, fits)) ?? fits;
    const piece = rest.slice(0, cut).trimEnd();
    if (piece !== "") all.push(piece);
    rest = rest.slice(cut).trimStart();
  }
  return all;
}
