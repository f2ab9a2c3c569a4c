// Canned replies: found by shortcut or text, filled with what is known of the customer.

import type { CannedReply } from "@rapport/ui";

export interface ReplyFacts {
  /** Of the customer; empty when unknown. */
  name: string;
  agent: string;
  number: string;
  company: string;
}

const SHOWN_MAX = 8;

/** Those whose shortcut begins with it first, then those that hold it anywhere. */
export function findCanned(replies: readonly CannedReply[], wanted: string): CannedReply[] {
  const text = wanted.toLowerCase();
  const rank = ({ shortcut, text: body }: CannedReply) => {
    const key = shortcut.toLowerCase();
    if (key.startsWith(text)) return 0;
    if (key.includes(text)) return 1;
    return body.toLowerCase().includes(text) ? 2 : 3;
  };
  return replies
    .map((reply) => ({ reply, rank: rank(reply) }))
    .filter((it) => it.rank < 3)
    .sort((a, b) => a.rank - b.rank || a.reply.shortcut.localeCompare(b.reply.shortcut))
    .slice(0, SHOWN_MAX)
    .map((it) => it.reply);
}

/** An unknown name goes, together with the comma or space that only belonged to it: "{name}，您好" becomes "您好". */
export function fillReply(text: string, facts: ReplyFacts): string {
  const named = facts.name === "" ? text.replace(/^\{name\}[，,、:：]?\s*/gm, "").replace(/[ \u00a0]?\{name\}/g, "") : text;
  return named.replace(/\{(name|agent|number|company)\}/g, (_whole, key: keyof ReplyFacts) => facts[key]);
}
