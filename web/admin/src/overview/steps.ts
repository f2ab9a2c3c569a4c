// The first steps of a company on Rapport, each ticked by what is really there. Pure.

import type { Article, Calendar, Inbox, MemberRow } from "@rapport/ui";

export type StepId = "password" | "knowledge" | "try" | "snippet" | "invite" | "hours";

export interface Facts {
  hasPassword: boolean;
  members: Pick<MemberRow, "active">[];
  articles: Pick<Article, "published">[];
  inboxes: Pick<Inbox, "id" | "active" | "calendar">[];
  calendars: Pick<Calendar, "id">[];
  /** Pages on which conversations began; null for those that tell none. */
  pages: (string | null)[];
  /** This server's own address: its demo and preview are not the company's site. */
  origin: string;
}

export interface Step {
  id: StepId;
  done: boolean;
}

function isElsewhere(page: string | null, origin: string): boolean {
  if (!page) return false;
  try {
    return new URL(page).origin !== origin;
  } catch {
    return false;
  }
}

export function firstSteps(facts: Facts): Step[] {
  return [
    { id: "password", done: facts.hasPassword },
    { id: "knowledge", done: facts.articles.some((it) => it.published) },
    { id: "try", done: facts.pages.length > 0 },
    { id: "snippet", done: facts.pages.some((it) => isElsewhere(it, facts.origin)) },
    { id: "invite", done: facts.members.filter((it) => it.active).length > 1 },
    { id: "hours", done: facts.inboxes.some((it) => it.active && facts.calendars.some((calendar) => calendar.id === it.calendar)) },
  ];
}

/** The step to look at: the first that is not done. */
export function nextStep(steps: readonly Step[]): StepId | undefined {
  return steps.find((it) => !it.done)?.id;
}
