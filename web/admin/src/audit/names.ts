// Names of what the audit log mentions by id.

import { api, pick, useLoad } from "@rapport/ui";
import type { Article, Bilingual, Calendar, CannedReply, Inbox, MemberRow, Page, Team, Ticket, Versioned } from "@rapport/ui";
import { fetchAll } from "../shell/data.ts";
import type { Names } from "./sentence.ts";

interface Named {
  id: string;
}

/** Lists that cannot be read leave their ids unnamed. */
export function useNames(): Names {
  const loaded = useLoad("audit-names", async () => {
    const names = new Map<string, string>();
    const add = async <T extends Named>(items: Promise<T[]>, name: (item: T) => string) => {
      try {
        for (const item of await items) names.set(item.id, name(item));
      } catch {
        // Shown by id.
      }
    };
    const firstPage = async <T,>(path: string) => (await api.get<Page<T>>(path)).items;
    await Promise.all([
      add(fetchAll<MemberRow>("/members"), (it) => it.name),
      add(fetchAll<Versioned<Team>>("/teams"), (it) => it.name),
      add(fetchAll<Versioned<Inbox>>("/inboxes"), (it) => it.name),
      add(fetchAll<Versioned<Calendar>>("/calendars"), (it) => it.name),
      add(fetchAll<Versioned<CannedReply>>("/canned-replies"), (it) => `/${it.shortcut}`),
      add(firstPage<Article>("/articles"), (it) => it.title),
      add(firstPage<Ticket>("/tickets"), (it) => `#${it.number} ${it.title}`),
      add(firstPage<{ id: string; label: string }>("/tokens"), (it) => it.label),
      add(api.get<{ intents: (Named & { name: string })[] }>("/intents", { query: { brief: true } }).then((it) => it.intents), (it) => it.name),
      add(api.get<{ terms: (Named & { canonical: string })[] }>("/lexicon").then((it) => it.terms), (it) => it.canonical),
      add(firstPage<Named & { name: Bilingual }>("/care/rules"), (it) => pick(it.name)),
    ]);
    return names;
  });
  return loaded.data ?? new Map();
}
