// What the pages of intents read and do: the list that follows a running training, the report, adding and moving examples.

import { useEffect, useRef } from "react";
import { api, useLoad } from "@rapport/ui";
import type { Loaded } from "@rapport/ui";
import type { Intent, Intents, Report } from "./nouns.ts";

/** Fewer teach little; more than `enough` of one kind seldom help. */
export const FEWEST = 3;
export const ENOUGH = 20;
/** Asked again at this pace while a training runs. */
const TRAINING_POLL_MS = 1_200;

export const fetchIntents = () => api.get<Intents>("/intents");

export function useIntents(): Loaded<Intents> {
  const loaded = useLoad("intents", fetchIntents);
  const { reload } = loaded;
  const running = loaded.data?.training?.running ?? false;
  useEffect(() => {
    if (!running) return undefined;
    const timer = setInterval(reload, TRAINING_POLL_MS);
    return () => clearInterval(timer);
  }, [running, reload]);
  return loaded;
}

/** `null` where nothing has been trained yet. Read again with each new live model (`of`); until then the last one stays. */
export function useReport(of: string | undefined): Loaded<Report | null> {
  const loaded = useLoad("intent-report", () => api.get<Report | null>("/intents/report"));
  const { reload } = loaded;
  const read = useRef(of);
  useEffect(() => {
    if (of === undefined || read.current === of) return;
    const first = read.current === undefined;
    read.current = of;
    if (!first) reload();
  }, [of, reload]);
  return loaded;
}

export const addExamples = (intent: string, texts: readonly string[]) => api.post<unknown>(`/intents/${intent}/examples`, { texts });
export const removeExample = (intent: string, example: number) => api.del(`/intents/${intent}/examples/${example}`);

/** Puts an example under another intent; the new place first, so that a failure in between loses nothing. */
export async function moveExample(text: string, from: Intent, into: Intent): Promise<void> {
  await addExamples(into.id, [text]);
  for (const example of from.examples.filter((it) => sameText(it.text, text))) await removeExample(from.id, example.id);
}

/** Whether two examples teach the same: spaces, case and closing marks aside. */
export function sameText(a: string, b: string): boolean {
  return plain(a) === plain(b);
}

function plain(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/\s+/g, " ")
    .replace(/[。.!！?？~～\s]+$/u, "")
    .trim();
}

export interface TypedExamples {
  /** To be added, each once, in the order typed. */
  fresh: string[];
  /** Already there, or typed twice. */
  known: number;
  /** Taught to another intent: the model cannot tell them apart. */
  elsewhere: { text: string; intent: string }[];
}

/** Lines as somebody typed or pasted them: bullets and numbers before a line are no part of it. */
export function readLines(typed: string, mine: Intent | undefined, all: readonly Intent[]): TypedExamples {
  const seen = new Set((mine?.examples ?? []).map((it) => plain(it.text)));
  const others = new Map(all.filter((it) => it.id !== mine?.id).flatMap((intent) => intent.examples.map((it) => [plain(it.text), intent.name] as const)));
  const read: TypedExamples = { fresh: [], known: 0, elsewhere: [] };
  for (const line of typed.split(/\r?\n/)) {
    const text = line.replace(/^\s*(?:[-*•·]\s+|\d{1,3}(?:[.)]\s+|[、）]\s*))/u, "").trim();
    const key = plain(text);
    if (key === "") continue;
    if (seen.has(key)) {
      read.known += 1;
      continue;
    }
    seen.add(key);
    read.fresh.push(text);
    const elsewhere = others.get(key);
    if (elsewhere !== undefined) read.elsewhere.push({ text, intent: elsewhere });
  }
  return read;
}

/** How far an intent is taught, by the number of its examples. */
export function taught(examples: number): "none" | "few" | "good" | "rich" {
  if (examples === 0) return "none";
  if (examples < FEWEST) return "few";
  return examples < ENOUGH ? "good" : "rich";
}

/** Below this share of right answers an intent deserves a look. */
export function recallTone(recall: number): "bad" | "warn" | undefined {
  if (recall < 0.6) return "bad";
  return recall < 0.8 ? "warn" : undefined;
}
