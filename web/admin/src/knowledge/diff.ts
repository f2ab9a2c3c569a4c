// What changed between two texts: lines that went, came and stayed, and within changed lines the words. Pure.

export interface Edit<T> {
  kind: "same" | "gone" | "new";
  item: T;
}

/** More changes than this are not searched for: what is left is shown as replaced. */
const EDITS_MAX = 1_200;

/** Shortest edit script (Myers), greedy; common ends are taken off first. */
export function diff<T>(before: readonly T[], after: readonly T[]): Edit<T>[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < before.length - head && tail < after.length - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  const same = (items: readonly T[]): Edit<T>[] => items.map((item) => ({ kind: "same", item }));
  return [...same(before.slice(0, head)), ...middle(before.slice(head, before.length - tail), after.slice(head, after.length - tail)), ...same(before.slice(before.length - tail))];
}

function middle<T>(before: T[], after: T[]): Edit<T>[] {
  const replaced = (): Edit<T>[] => [...before.map((item): Edit<T> => ({ kind: "gone", item })), ...after.map((item): Edit<T> => ({ kind: "new", item }))];
  if (before.length === 0 || after.length === 0) return replaced();
  const max = Math.min(before.length + after.length, EDITS_MAX);
  const offset = max + 1;
  const furthest = new Int32Array(2 * max + 3);
  const trace: Int32Array[] = [];
  for (let d = 0; d <= max; d += 1) {
    trace.push(furthest.slice(offset - d - 1, offset + d + 2));
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && at(furthest, offset + k - 1) < at(furthest, offset + k + 1));
      let x = down ? at(furthest, offset + k + 1) : at(furthest, offset + k - 1) + 1;
      let y = x - k;
      while (x < before.length && y < after.length && before[x] === after[y]) {
        x += 1;
        y += 1;
      }
      furthest[offset + k] = x;
      if (x >= before.length && y >= after.length) return walkBack(before, after, trace, d);
    }
  }
  return replaced();
}

const at = (list: Int32Array, index: number): number => list[index] ?? 0;

/** `trace[d]` holds the furthest x of diagonals `-d-1 … d+1` as they were before step d. */
function walkBack<T>(before: T[], after: T[], trace: Int32Array[], last: number): Edit<T>[] {
  const edits: Edit<T>[] = [];
  let x = before.length;
  let y = after.length;
  for (let d = last; d >= 0; d -= 1) {
    const row = trace[d] as Int32Array;
    const reached = (k: number) => at(row, k + d + 1);
    const k = x - y;
    const down = k === -d || (k !== d && reached(k - 1) < reached(k + 1));
    const previousK = down ? k + 1 : k - 1;
    const previousX = d === 0 ? 0 : reached(previousK);
    const previousY = d === 0 ? 0 : previousX - previousK;
    while (x > previousX && y > previousY) {
      x -= 1;
      y -= 1;
      edits.push({ kind: "same", item: before[x] as T });
    }
    if (d === 0) break;
    if (down) edits.push({ kind: "new", item: after[previousY] as T });
    else edits.push({ kind: "gone", item: before[previousX] as T });
    x = previousX;
    y = previousY;
  }
  return edits.reverse();
}

export interface Part {
  text: string;
  changed: boolean;
}

export interface DiffLine {
  kind: "same" | "gone" | "new";
  text: string;
  /** Within a changed line: what of it changed. */
  parts?: Part[];
}

/** Han characters one by one, other words whole. */
function wordsOf(text: string): string[] {
  return text.match(/\p{Script=Han}|[\p{L}\p{N}_]+|\s+|./gu) ?? [];
}

/** The two sides of a changed line; nothing when they have too little in common. */
function within(before: string, after: string): [Part[], Part[]] | undefined {
  if (before.length > 4_000 || after.length > 4_000) return undefined;
  const edits = diff(wordsOf(before), wordsOf(after));
  const kept = edits.reduce((sum, it) => sum + (it.kind === "same" ? it.item.trim().length : 0), 0);
  if (kept * 3 < Math.max(before.trim().length, after.trim().length)) return undefined;
  const side = (kind: "gone" | "new"): Part[] => {
    const parts: Part[] = [];
    for (const edit of edits) {
      if (edit.kind !== "same" && edit.kind !== kind) continue;
      const changed = edit.kind === kind;
      const last = parts.at(-1);
      if (last && last.changed === changed) last.text += edit.item;
      else parts.push({ text: edit.item, changed });
    }
    return parts;
  };
  return [side("gone"), side("new")];
}

export function diffLines(before: string, after: string): DiffLine[] {
  const lines: DiffLine[] = diff(before.split("\n"), after.split("\n")).map(({ kind, item }) => ({ kind, text: item }));
  for (let start = 0; start < lines.length; ) {
    if (lines[start]?.kind === "same") {
      start += 1;
      continue;
    }
    let end = start;
    while (end < lines.length && lines[end]?.kind !== "same") end += 1;
    const run = lines.slice(start, end);
    const gone = run.filter((it) => it.kind === "gone");
    const came = run.filter((it) => it.kind === "new");
    gone.forEach((line, index) => {
      const other = came[index];
      const parts = other ? within(line.text, other.text) : undefined;
      if (other && parts) [line.parts, other.parts] = parts;
    });
    lines.splice(start, run.length, ...gone, ...came);
    start = end;
  }
  return lines;
}

export interface Fold {
  kind: "fold";
  lines: DiffLine[];
}

/** Long stretches that stayed are folded, but for some lines beside each change. */
export function folded(lines: readonly DiffLine[], context = 3): (DiffLine | Fold)[] {
  const out: (DiffLine | Fold)[] = [];
  for (let start = 0; start < lines.length; ) {
    let end = start;
    while (end < lines.length && lines[end]?.kind === "same") end += 1;
    const before = start === 0 ? 0 : context;
    const after = end === lines.length ? 0 : context;
    if (end - start > before + after + 2) {
      out.push(...lines.slice(start, start + before), { kind: "fold", lines: lines.slice(start + before, end - after) }, ...lines.slice(end - after, end));
    } else out.push(...lines.slice(start, end));
    const line = lines[end];
    if (line) out.push(line);
    start = end + 1;
  }
  return out;
}
