// What can be edited of an intent beside its examples.

import type { Bilingual } from "@rapport/ui";
import type { Intent } from "./nouns.ts";

export interface IntentForm {
  name: string;
  description: string;
  enabled: boolean;
  /** Both empty: no fixed answer. */
  reply: Bilingual;
}

export const intentForm = ({ name, description, enabled, reply }: Intent): IntentForm => ({ name, description, enabled, reply: reply ? { zh: reply.zh, en: reply.en } : { zh: "", en: "" } });

/** As it is sent: an answer in one language only is given in both. */
export function intentBody({ name, description, enabled, reply }: IntentForm) {
  const zh = reply.zh.trim();
  const en = reply.en.trim();
  return { name: name.trim(), description: description.trim(), enabled, reply: zh === "" && en === "" ? null : { zh: zh || en, en: en || zh } };
}

export function nameTaken(name: string, others: readonly Intent[]): boolean {
  const wanted = name.trim().toLowerCase();
  return others.some((it) => it.name.toLowerCase() === wanted);
}
