// Lists of configuration by HTTP, and saving them with the version that was read.

import { api, Fault, texts, useLoad } from "@rapport/ui";
import type { Loaded, Page, Versioned } from "@rapport/ui";
import type { Stored } from "./draft.ts";

const t = texts({
  gone: { zh: "它已被同事删除", en: "A colleague has deleted this" },
  goneHint: { zh: "请返回列表；需要时可以重新创建", en: "Go back to the list; create it anew if it is still needed" },
});

export type List<T> = Loaded<Versioned<T>[]>;

/** All items of a configuration list, page after page. */
export async function fetchAll<T>(path: string, query: Record<string, string | undefined> = {}): Promise<T[]> {
  const all: T[] = [];
  let before: string | undefined;
  do {
    const page: Page<T> = await api.get(path, { query: { ...query, before } });
    all.push(...page.items);
    before = page.items.length > 0 ? (page.next ?? undefined) : undefined;
  } while (before);
  return all;
}

export function useList<T>(path: string): List<T> {
  return useLoad(path, () => fetchAll<Versioned<T>>(path));
}

export function isConflict(error: unknown): boolean {
  return error instanceof Fault && error.code === "store.conflict";
}

/** One item of a configuration list as it is stored now. */
export async function fetchItem<T extends { id: string }>(path: string, id: string): Promise<Versioned<T>> {
  const found = (await fetchAll<Versioned<T>>(path)).find((it) => it.id === id);
  if (!found) throw new Fault({ code: "not_found", message: t("gone"), hint: t("goneHint") }, 404);
  return found;
}

/** Makes an item (no `id`) or saves over the version that was read; answers what is stored then. */
export async function storeItem<T extends { id: string }>(path: string, id: string | undefined, body: unknown, version: number | undefined): Promise<Versioned<T>> {
  const answer = id === undefined ? await api.post<Versioned<T>>(path, body) : await api.put<Versioned<T>>(`${path}/${id}`, body, version === undefined ? {} : { version });
  return typeof answer?.version === "number" ? answer : await fetchItem<T>(path, id ?? answer.id);
}

/** What `useDraft` needs to edit an item of a list, or to make a new one from `blank`. `form` takes the fields that can be edited. */
export function itemDraft<T extends { id: string }, F extends object>(path: string, item: Versioned<T> | undefined, form: (item: T) => F, blank: F, onSaved?: (item: Versioned<T>, isNew: boolean) => void) {
  const of = (it: Versioned<T>): Stored<F> => ({ value: form(it), version: it.version });
  return {
    stored: item ? of(item) : { value: blank, version: undefined },
    put: async (value: F, version: number | undefined): Promise<Stored<F>> => {
      const stored = await storeItem<T>(path, item?.id, value, version);
      onSaved?.(stored, item === undefined);
      return of(stored);
    },
    latest: async (): Promise<Stored<F>> => (item ? of(await fetchItem<T>(path, item.id)) : { value: blank, version: undefined }),
  };
}
