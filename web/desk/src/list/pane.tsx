// The list of conversations: views with their counts, search, filter by inbox, pages that load by themselves.

import { useEffect, useRef } from "react";
import { Badge, ErrorState, Icon, SkeletonRows, Spinner, texts } from "@rapport/ui";
import type { ConversationRow } from "@rapport/ui";
import { Calls } from "../care/calls.tsx";
import { useDesk, useDeskState, useRows } from "../state/context.ts";
import { routeHash } from "../state/route.ts";
import { VIEWS } from "../state/views.ts";
import type { View } from "../state/views.ts";
import { words } from "../words.ts";
import { EmptyView } from "./empty.tsx";
import { ListHead } from "./head.tsx";
import { RowLink } from "./row.tsx";
import { SearchResults, useSearch } from "./search.tsx";
import { setShownRows } from "./shown.ts";

const t = texts({
  views: { zh: "会话视图", en: "Views" },
  list: { zh: "会话列表", en: "Conversations" },
  older: { zh: "正在加载更早的会话", en: "Loading older conversations" },
  away: { zh: "您当前为“{presence}”，不会收到新会话", en: "You are {presence}: nothing new is offered to you" },
  goOnline: { zh: "上线", en: "Go online" },
});

export function ListPane({ view, selected }: { view: View; selected: string | undefined }) {
  const search = useSearch();
  return (
    <section className="dk-list" aria-label={t("list")}>
      <ListHead view={view} text={search.text} onText={search.setText} />
      {search.text.trim() === "" ? (
        <>
          <Views view={view} />
          <AwayHint />
          <Calls />
          <ViewList view={view} selected={selected} />
        </>
      ) : (
        <SearchResults search={search} view={view} selected={selected} />
      )}
    </section>
  );
}

function Views({ view }: { view: View }) {
  const counts = useDeskState((state) => state.counts);
  return (
    <nav className="dk-views" aria-label={t("views")}>
      {VIEWS.map((it) => {
        const count = it === "done" ? 0 : (counts?.[it] ?? 0);
        return (
          <a key={it} href={routeHash({ page: "inbox", view: it, conversation: undefined })} aria-current={it === view ? "page" : undefined} data-testid={`view-${it}`} data-count={count}>
            {words(it)}
            {count > 0 ? <Badge tone={it === "unassigned" ? "warn" : it === view ? "accent" : "neutral"}>{count > 999 ? "999+" : count}</Badge> : null}
          </a>
        );
      })}
    </nav>
  );
}

function AwayHint() {
  const desk = useDesk();
  const presence = useDeskState((state) => state.presence);
  if (presence === "online") return null;
  return (
    <div className="dk-away">
      <span className="dk-dot" data-presence={presence} />
      <span className="ui-grow">{t("away", { presence: words(presence) })}</span>
      <button type="button" onClick={() => desk.setPresence("online")}>
        {t("goOnline")}
      </button>
    </div>
  );
}

function ViewList({ view, selected }: { view: View; selected: string | undefined }) {
  const desk = useDesk();
  const rows = useRows(view);
  const list = useDeskState((state) => state.lists[view]);
  useEffect(() => {
    if (!list.loaded && !list.loading && !list.fault) void desk.loadList(view);
  }, [desk, view, list]);
  if (list.fault && !list.loaded) return <ErrorState fault={list.fault} retry={() => void desk.loadList(view)} />;
  if (!list.loaded) return <SkeletonRows rows={7} height={62} />;
  if (rows.length === 0) return <EmptyView view={view} />;
  return (
    <div className="dk-rows" key={view}>
      <Rows rows={rows} view={view} selected={selected} />
      {list.next ? <More loading={list.loading} onReached={() => void desk.loadMore(view)} /> : null}
    </div>
  );
}

export function Rows({ rows, view, selected, marked }: { rows: readonly ConversationRow[]; view: View; selected: string | undefined; marked?: string }) {
  useEffect(() => {
    setShownRows(rows.map((it) => it.id));
    return () => setShownRows([]);
  }, [rows]);
  return (
    <ul>
      {rows.map((row) => (
        <li key={row.id}>
          <RowLink row={row} view={view} isSelected={row.id === selected} {...(marked ? { marked } : {})} />
        </li>
      ))}
    </ul>
  );
}

/** The end of what is loaded: coming near it loads more. */
function More({ loading, onReached }: { loading: boolean; onReached: () => void }) {
  const ref = useRef<HTMLButtonElement>(null);
  const reached = useRef(onReached);
  reached.current = onReached;
  useEffect(() => {
    const watcher = new IntersectionObserver((seen) => seen.some((it) => it.isIntersecting) && reached.current(), { rootMargin: "400px" });
    if (ref.current) watcher.observe(ref.current);
    return () => watcher.disconnect();
  }, [loading]);
  return (
    <button type="button" ref={ref} className="dk-more" onClick={onReached}>
      {loading ? <Spinner size="s" label={t("older")} /> : <Icon name="arrowDown" size={16} />}
      {t("older")}
    </button>
  );
}
