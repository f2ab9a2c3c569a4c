// Search over all conversations: the server finds, the rows stay alive.

import { useEffect, useMemo, useState } from "react";
import { EmptyState, ErrorState, Fault, SkeletonRows, texts } from "@rapport/ui";
import type { ConversationRow } from "@rapport/ui";
import { useDesk, useDeskState } from "../state/context.ts";
import type { View } from "../state/views.ts";
import { Rows } from "./pane.tsx";

const t = texts({
  found: { zh: "找到 {count} 个会话", en: "{count} found" },
  foundMany: { zh: "最相关的 {count} 个会话", en: "The first {count}" },
  nothing: { zh: "没有找到“{text}”", en: "Nothing found for “{text}”" },
  nothingText: { zh: "可以搜索聊天内容、客户的姓名、邮箱、电话，或会话编号（如 1024）", en: "Search what was said, a customer's name, e-mail or phone, or a number such as 1024" },
});

const PAUSE_MS = 220;

export interface Search {
  text: string;
  setText: (text: string) => void;
  ids: readonly string[] | undefined;
  more: boolean;
  fault: Fault | undefined;
  again: () => void;
}

export function useSearch(): Search {
  const desk = useDesk();
  const [text, setText] = useState("");
  const [found, setFound] = useState<{ ids?: readonly string[]; more?: boolean; fault?: Fault }>({});
  const [turn, setTurn] = useState(0);
  const wanted = text.trim();
  useEffect(() => {
    if (wanted === "") {
      setFound({});
      return undefined;
    }
    const cancel = new AbortController();
    const timer = setTimeout(() => {
      desk
        .search(wanted, cancel.signal)
        .then((page) => setFound({ ids: page.items.map((it) => it.id), more: Boolean(page.next) }))
        .catch((error: unknown) => {
          if (!cancel.signal.aborted) setFound({ fault: Fault.of(error) });
        });
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      cancel.abort();
    };
  }, [desk, wanted, turn]);
  return { text, setText, ids: found.ids, more: found.more ?? false, fault: found.fault, again: () => setTurn((it) => it + 1) };
}

export function SearchResults({ search, view, selected }: { search: Search; view: View; selected: string | undefined }) {
  const all = useDeskState((state) => state.rows);
  const rows = useMemo(() => (search.ids ?? []).map((id) => all.get(id)).filter((it): it is ConversationRow => it !== undefined), [search.ids, all]);
  if (search.fault) return <ErrorState fault={search.fault} retry={search.again} />;
  if (!search.ids) return <SkeletonRows rows={5} height={62} />;
  if (rows.length === 0) return <EmptyState icon="search" title={t("nothing", { text: search.text.trim() })} text={t("nothingText")} />;
  return (
    <div className="dk-rows">
      <div className="dk-rows-head" role="status" data-testid="search-count">
        {search.more ? t("foundMany", { count: rows.length }) : t("found", { count: rows.length })}
      </div>
      <Rows rows={rows} view={view} selected={selected} marked={search.text.trim().replace(/^#/, "")} />
    </div>
  );
}
