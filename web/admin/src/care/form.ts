// A rule as it is edited, and what is wrong with it.

import type { Priority } from "@rapport/ui";
import { isNever } from "./words.ts";
import { ACTS } from "./nouns.ts";
import type { CareAct, CareAction, CareRule } from "./nouns.ts";

export type RuleForm = Omit<CareRule, "id">;

export const ruleForm = ({ name, enabled, order, when, actions }: CareRule): RuleForm => ({ name, enabled, order, when: { ...when, anxious_min: when.anxious_min ?? null, urgent_min: when.urgent_min ?? null, turns_min: when.turns_min ?? null }, actions });

export const blankRule = (order: number): RuleForm => ({ name: { zh: "", en: "" }, enabled: true, order, when: { states: [], anxious_min: null, urgent_min: null, alarm: false, level_raised: false, turns_min: null }, actions: [] });

/** What an act starts with. */
export function blankAction(act: CareAct): CareAction {
  if (act === "soothe") return { act, opening: { zh: "", en: "" } };
  if (act === "prioritise") return { act, priority: "high" as Priority };
  if (act === "route_skill") return { act, skill: "" };
  if (act === "compensate") return { act, amount_minor: 1_000 };
  return { act };
}

/** Switches an act on or off; acts stand in the order in which they are done. */
export function withAct(actions: readonly CareAction[], act: CareAct, on: boolean): CareAction[] {
  const rest = actions.filter((it) => it.act !== act);
  return on ? [...rest, blankAction(act)].sort((a, b) => ACTS.indexOf(a.act) - ACTS.indexOf(b.act)) : rest;
}

export function withAction(actions: readonly CareAction[], changed: CareAction): CareAction[] {
  return actions.map((it) => (it.act === changed.act ? changed : it));
}

export type RuleProblem = "name" | "when" | "actions" | "opening" | "skill" | "amount";

export function ruleProblem({ name, when, actions }: RuleForm): RuleProblem | undefined {
  if (name.zh.trim() === "" && name.en.trim() === "") return "name";
  if (isNever(when)) return "when";
  if (actions.length === 0) return "actions";
  for (const it of actions) {
    if (it.act === "soothe" && !it.opening?.zh.trim() && !it.opening?.en.trim()) return "opening";
    if (it.act === "route_skill" && !it.skill?.trim()) return "skill";
    if (it.act === "compensate" && !((it.amount_minor ?? Number.NaN) > 0)) return "amount";
  }
  return undefined;
}

/** New places for the rules once one has moved by `by`: those whose number changes. */
export function moved<T extends { id: string; order: number }>(rules: readonly T[], id: string, by: -1 | 1): { rule: T; order: number }[] {
  const ordered = [...rules].sort((a, b) => a.order - b.order);
  const from = ordered.findIndex((it) => it.id === id);
  const into = from + by;
  const [rule] = from < 0 || into < 0 || into >= ordered.length ? [] : ordered.splice(from, 1);
  if (!rule) return [];
  ordered.splice(into, 0, rule);
  return ordered.map((it, at) => ({ rule: it, order: (at + 1) * 10 })).filter((it) => it.rule.order !== it.order);
}
