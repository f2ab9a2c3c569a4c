// Articles page after page, as the list and its filters want them.

import { useCallback, useEffect, useRef, useState } from "react";
import { api, Fault } from "@rapport/ui";
import type { Article, Locale, Page } from "@rapport/ui";

export interface ArticleFilter {
  q: string;
  locale: Locale | "all";
}

export interface Articles {
  items: Article[] | undefined;
  more: boolean;
  loading: boolean;
  fault: Fault | undefined;
  loadMore: () => void;
  reload: () => void;
}

interface State {
  items: Article[] | undefined;
  next: string | undefined;
  loading: boolean;
  fault: Fault | undefined;
}

/** Loads anew when the filter changes; what was there stays until the new answer comes. */
export function useArticles({ q, locale }: ArticleFilter): Articles {
  const [state, setState] = useState<State>({ items: undefined, next: undefined, loading: true, fault: undefined });
  const turn = useRef(0);
  const load = useCallback(
    async (before: string | undefined) => {
      turn.current += 1;
      const mine = turn.current;
      setState((previous) => ({ ...previous, loading: true, fault: undefined }));
      try {
        const page = await api.get<Page<Article>>("/articles", { query: { q, locale: locale === "all" ? undefined : locale, before } });
        if (mine !== turn.current) return;
        setState((previous) => ({ items: before ? [...(previous.items ?? []), ...page.items] : page.items, next: page.items.length > 0 ? (page.next ?? undefined) : undefined, loading: false, fault: undefined }));
      } catch (error) {
        if (mine === turn.current) setState((previous) => ({ ...previous, loading: false, fault: Fault.of(error) }));
      }
    },
    [q, locale],
  );
  useEffect(() => {
    void load(undefined);
    return () => {
      turn.current += 1;
    };
  }, [load]);
  return { items: state.items, more: state.next !== undefined, loading: state.loading, fault: state.fault, loadMore: () => void load(state.next), reload: () => void load(undefined) };
}

/** Markdown without its marks, for one line of a list. */
export function plainStart(markdown: string, length = 300): string {
  return markdown
    .slice(0, length * 4)
    .replace(/^\s*(#{1,6}|[-*+>]|\d+[.)]|\|[-:| ]*\|)\s*/gm, "")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[*_`|]+/g, "")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, length);
}
