// The scrolling part: greeting, messages, what is typed.

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { adviceOf } from "./http.ts";
import { Icon } from "./icons.tsx";
import { Prose } from "./prose.tsx";
import { Face, RowView, initial } from "./rows.tsx";
import type { Store } from "./store.ts";
import { judgeable, timeline } from "./timeline.ts";
import type { Row } from "./timeline.ts";
import { inWords, whenOpen } from "./words.ts";

const NEAR_PX = 90;

export function Conversation({ store, children }: { store: Store; children?: ComponentChildren }) {
  const { words, config } = store;
  const thread = store.current;
  const scroller = useRef<HTMLDivElement>(null);
  const stuck = useRef(true);
  const before = useRef<{ id: string | undefined; oldest: number | undefined; height: number; rows: number }>({ id: undefined, oldest: undefined, height: 0, rows: 0 });
  const [far, setFar] = useState(false);
  const rows = rowsOf(store);
  const judged = judgeable(rows);
  const ratable = rows.findLast((it) => it.row === "message" && it.content.type === "rating_request")?.key;

  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const { id, oldest, height, rows: count } = before.current;
    const last = rows.at(-1);
    const saidNow = rows.length > count && ((last?.row === "message" && last.from === "customer") || last?.row === "upload");
    if (id !== thread?.meta.id) {
      const divider = box.querySelector(".divider");
      if (divider) divider.scrollIntoView({ block: "start" });
      else box.scrollTop = box.scrollHeight;
      stuck.current = true;
    } else if (oldest !== undefined && thread?.oldest !== undefined && thread.oldest < oldest) {
      // Earlier messages came in above: what is being read stays where it is.
      box.scrollTop += box.scrollHeight - height;
    } else if (stuck.current || saidNow) {
      box.scrollTop = box.scrollHeight;
    }
    before.current = { id: thread?.meta.id, oldest: thread?.oldest, height: box.scrollHeight, rows: rows.length };
    // A page that does not fill the view cannot be scrolled: ask for what is before it.
    if (thread?.loaded && thread.more && !thread.loading && !thread.failed && box.scrollHeight <= box.clientHeight) void store.load(thread.meta.id, true);
  });
  // Pictures grow after they were drawn, the keyboard takes room: who reads the newest goes on reading the newest.
  useLayoutEffect(() => {
    const box = scroller.current;
    const inner = box?.firstElementChild;
    if (!box || !inner || typeof ResizeObserver === "undefined") return undefined;
    const watch = new ResizeObserver(() => {
      if (stuck.current) box.scrollTop = box.scrollHeight;
      before.current.height = box.scrollHeight;
    });
    watch.observe(inner);
    watch.observe(box);
    return () => watch.disconnect();
  }, []);

  const onScroll = (): void => {
    const box = scroller.current;
    if (!box) return;
    stuck.current = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_PX;
    setFar(!stuck.current);
    if (box.scrollTop < NEAR_PX && thread?.more && !thread.loading) void store.load(thread.meta.id, true);
  };
  const greeted = !thread || (thread.loaded && !thread.more);
  return (
    <main class="thread" aria-label={words.chat}>
      <div class="scroller" ref={scroller} onScroll={onScroll} tabIndex={0}>
        <div>
          {greeted && <Greeting store={store} first={rows.length === 0} />}
          {thread?.loading && (
            <div class="earlier" role="status">
              <span class="wheel small" aria-hidden="true" />
              {thread.loaded ? words.loadingEarlier : ""}
            </div>
          )}
          {thread?.failed && (
            <div class="earlier">
              <button class="pill" onClick={() => void store.load(thread.meta.id, thread.loaded)}>
                {words.loadFailed}
              </button>
            </div>
          )}
          <div role="log" aria-live="polite" aria-relevant="additions" aria-label={words.messages}>
            <ol class="rows">
              {rows.map((row) => (
                <RowView key={row.key} store={store} thread={thread} row={row} judgeable={row.key === judged} ratable={row.key === ratable} />
              ))}
            </ol>
          </div>
          {children}
          {thread?.typing && (
            <div class="message other first typing" data-testid="typing" role="status" aria-label={words.typing(thread.typing.name)}>
              <div class="lane">
                <Face row={{ from: thread.typing.name === words.bot ? "bot" : "agent", name: thread.typing.name }} company={config?.company ?? ""} />
                <span class="bubble">
                  <i />
                  <i />
                  <i />
                </span>
              </div>
            </div>
          )}
        </div>
      </div>
      {far && (
        <button
          class="latest"
          aria-label={words.toLatest}
          title={words.toLatest}
          onClick={() => {
            const box = scroller.current;
            stuck.current = true;
            box?.scrollTo({ top: box.scrollHeight, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
          }}
        >
          <Icon name="down" size={18} />
        </button>
      )}
    </main>
  );
}

function rowsOf(store: Store): Row[] {
  const thread = store.current;
  const here = thread?.meta.id;
  return timeline({
    entries: thread?.entries ?? [],
    waiting: store.waiting().flatMap((it) => (it.content ? [{ id: it.id, at: Math.round(it.at), content: it.content, ...(it.failed ? { failed: adviceOf(it.failed) } : {}) }] : [])),
    uploads: store.uploads.running.filter((it) => it.thread === here),
    readByMembers: thread?.meta.read_by_members ?? 0,
    ...(thread?.dividerAfter === undefined ? {} : { dividerAfter: thread.dividerAfter }),
    names: store.names,
    company: store.config?.company ?? "",
    words: store.words,
    locale: store.locale,
    now: Date.now(),
  });
}

function Greeting({ store, first }: { store: Store; first: boolean }) {
  const { words, config, locale } = store;
  if (!config) return null;
  const welcome = inWords(config.welcome, locale) || words.hello;
  const until = config.next_open ? whenOpen(config.next_open, Date.now(), locale) : "";
  return (
    <section class={`greeting ${first ? "first" : ""}`}>
      <span class="logo large" aria-hidden="true">
        {initial(config.company)}
      </span>
      <h2>{config.company}</h2>
      <div class="welcome">
        <Prose text={welcome} />
      </div>
      {!config.open_now && (
        <div class="away" data-testid="away">
          <Icon name="moon" size={17} />
          <span>{words.offlineNote(until)}</span>
        </div>
      )}
    </section>
  );
}
