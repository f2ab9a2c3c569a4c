// The groups of words: those that ship, and the firm's own.

import { texts } from "@rapport/ui";

export const STARTERS = ["cantonese", "sichuan", "northeast", "wu", "min", "internet"] as const;
export type StarterId = (typeof STARTERS)[number];
export type TermGroup = StarterId | "own";

const t = texts({
  cantonese: { zh: "粤语", en: "Cantonese" },
  sichuan: { zh: "川渝话", en: "Sichuan and Chongqing" },
  northeast: { zh: "东北话", en: "North-eastern" },
  wu: { zh: "吴语", en: "Wu (Shanghai, Jiangsu, Zhejiang)" },
  min: { zh: "闽南与台湾用语", en: "Min and Taiwan" },
  internet: { zh: "网络用语", en: "Internet speech" },
  own: { zh: "企业用语", en: "Our own" },
});

export const groupName = (group: TermGroup): string => t(group);

export interface LexiconTerm {
  id: string;
  canonical: string;
  variants: string[];
  group: TermGroup;
  note: string;
}

export interface StarterGroup {
  group: StarterId;
  on: boolean;
  terms: number;
}

export type StarterTerm = Omit<LexiconTerm, "id">;

export interface ImportedTerms {
  terms_new: number;
  terms_changed: number;
  terms_known: number;
}
