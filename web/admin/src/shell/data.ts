// Lists of configuration by HTTP, and saving them with the version that was read.

import { api, Fault, texts, useLoad } from "@rapport/ui";
import type { Loaded, Page, Versioned } from "@rapport/ui";

const t = texts({
  conflict: { zh: "在您编辑期间，其他同事修改了它", en: "A colleague changed this while you were editing" },
  conflictHint: { zh: "已取得最新版本：再次保存将以您填写的内容为准，取消则保留同事的修改", en: "The latest version was fetched: saving again keeps what you filled in, cancelling keeps theirs" },
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

/**
 * Saves an item from a dialog. When somebody was faster, fetches the list anew and says so:
 * the dialog stays open, and the next press saves over the version then known.
 */
export async function saveItem<T extends { id: string }>(list: List<T>, path: string, id: string | undefined, body: unknown): Promise<void> {
  if (id === undefined) {
    await api.post(path, body);
  } else {
    const version = list.data?.find((it) => it.id === id)?.version;
    try {
      await api.put(`${path}/${id}`, body, version === undefined ? {} : { version });
    } catch (error) {
      if (!isConflict(error)) throw error;
      list.reload();
      throw new Fault({ code: "store.conflict", message: t("conflict"), hint: t("conflictHint") }, 409);
    }
  }
  list.reload();
}
