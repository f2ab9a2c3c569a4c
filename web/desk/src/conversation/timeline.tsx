// What was said and done, newest at the bottom. Stays at the bottom while one is there; keeps its place when older entries come.

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { Avatar, Button, ErrorState, SkeletonRows, Spinner, dayHeading, texts } from "@rapport/ui";
import type { ConversationRow } from "@rapport/ui";
import { useDesk, useDeskState, useTimeline, useUploader } from "../state/context.ts";
import { assignee } from "../state/fold.ts";
import { buildTimeline } from "../state/timeline.ts";
import type { TimelineItem } from "../state/timeline.ts";
import { useUploads } from "../state/uploads.ts";
import { contactName } from "../words.ts";
import { MessageView } from "./message.tsx";
import { Steps } from "./steps.tsx";
import { UploadingView } from "./uploading.tsx";

const t = texts({
  said: { zh: "消息记录", en: "Messages" },
  older: { zh: "加载更早的消息", en: "Load older messages" },
  begin: { zh: "会话开始", en: "The beginning" },
  unread: { zh: "以下为新消息", en: "New" },
  newest: { zh: "回到最新", en: "Jump to newest" },
  newer: { zh: "{count} 条新消息", en: "{count} new" },
  typing: { zh: "{name}正在输入", en: "{name} is typing" },
});

const NEAR_PX = 60;

export function Conversation({ row }: { row: ConversationRow }) {
  const desk = useDesk();
  const timeline = useTimeline(row.id);
  if (timeline?.fault) return <ErrorState fault={timeline.fault} retry={() => void desk.loadTimeline(row.id)} />;
  if (!timeline || (timeline.loading && timeline.entries.length === 0)) {
    return (
      <div className="dk-scroll">
        <SkeletonRows rows={6} height={54} />
      </div>
    );
  }
  return <Scroller row={row} />;
}

function Scroller({ row }: { row: ConversationRow }) {
  const desk = useDesk();
  const timeline = useTimeline(row.id);
  const entries = timeline?.entries ?? [];
  const me = useDeskState((state) => state.me.member.id);
  const pending = useDeskState((state) => state.pending.filter((it) => it.conversation === row.id));
  const uploading = useUploads(useUploader(), row.id).filter((it) => it.sent);
  // Where nobody has read yet all is new: the end, with its summary, says more than the beginning.
  const unreadAfter = useRef(row.unread_by_members > 0 && row.read_by_members > 0 && assignee(row.status) === me ? row.read_by_members : undefined).current;
  const items = useMemo(() => buildTimeline({ entries, pending, me, readByCustomer: row.read_by_customer, unreadAfter }), [entries, pending, me, row.read_by_customer, unreadAfter]);
  const { box, inner, atEnd, missed, toEnd } = useStickToEnd(items, uploading.length);
  useMarkRead(row, atEnd);
  return (
    <div className="dk-scroll-frame">
      <div className="dk-scroll" ref={box} tabIndex={0} role="log" aria-label={t("said")} aria-live="polite" aria-relevant="additions" data-testid="timeline">
        <div className="dk-timeline" ref={inner}>
          {timeline?.more ? <Older loading={timeline.loading} onReached={() => void desk.loadOlder(row.id)} /> : <div className="dk-begin">{t("begin")}</div>}
          {items.map((item) => (
            <ItemView key={item.key} item={item} row={row} />
          ))}
          {uploading.map((item) => (
            <UploadingView key={item.id} item={item} />
          ))}
          <TypingLine row={row} />
        </div>
      </div>
      {atEnd ? null : (
        <Button size="s" className="dk-to-end" icon="arrowDown" onPress={toEnd} testId="to-newest">
          {missed > 0 ? t("newer", { count: missed }) : t("newest")}
        </Button>
      )}
    </div>
  );
}

function ItemView({ item, row }: { item: TimelineItem; row: ConversationRow }) {
  switch (item.type) {
    case "day":
      return (
        <div className="dk-day">
          <span>{dayHeading(item.at)}</span>
        </div>
      );
    case "unread":
      return (
        <div className="dk-new" role="separator" aria-label={t("unread")}>
          <span>{t("unread")}</span>
        </div>
      );
    case "steps":
      return <Steps item={item} />;
    case "message":
      return <MessageView item={item} row={row} />;
  }
}

/** Comes into sight: loads what is before it. */
function Older({ loading, onReached }: { loading: boolean; onReached: () => void }) {
  const ref = useRef<HTMLDivElement>(null);
  const reached = useRef(onReached);
  reached.current = onReached;
  useEffect(() => {
    const watcher = new IntersectionObserver((seen) => seen.some((it) => it.isIntersecting) && reached.current(), { rootMargin: "120px" });
    if (ref.current) watcher.observe(ref.current);
    return () => watcher.disconnect();
  }, [loading]);
  return (
    <div className="dk-older" ref={ref}>
      {loading ? (
        <Spinner size="s" />
      ) : (
        <Button size="s" kind="quiet" onPress={onReached}>
          {t("older")}
        </Button>
      )}
    </div>
  );
}

function TypingLine({ row }: { row: ConversationRow }) {
  const types = useDeskState((state) => state.typing.get(row.id)?.some((it) => it.kind === "customer") ?? false);
  if (!types) return null;
  const name = contactName(row.contact);
  return (
    <div className="dk-message" data-side="start" data-testid="typing" data-kind="customer">
      <Avatar name={name} seed={row.contact.id} size={30} kind={row.contact.name.trim() === "" ? "visitor" : "person"} />
      <div className="dk-typing" role="status" aria-label={t("typing", { name })}>
        <i />
        <i />
        <i />
      </div>
    </div>
  );
}

/** Scrolling: at the end new things keep it there; away from it they are counted; older ones leave what is seen where it is. */
function useStickToEnd(items: readonly TimelineItem[], extra: number) {
  const box = useRef<HTMLDivElement>(null);
  const inner = useRef<HTMLDivElement>(null);
  const sticks = useRef(true);
  const before = useRef({ height: 0, first: "", last: "", count: 0 });
  const [atEnd, setAtEnd] = useState(true);
  const [missed, setMissed] = useState(0);
  const toEnd = () => box.current?.scrollTo({ top: box.current.scrollHeight, behavior: "smooth" });

  useLayoutEffect(() => {
    const it = box.current;
    if (!it) return;
    const was = before.current;
    const first = items[0]?.key ?? "";
    const last = items.at(-1)?.key ?? "";
    if (was.count === 0) {
      const fresh = it.querySelector<HTMLElement>(".dk-new");
      it.scrollTop = fresh ? fresh.offsetTop - 80 : it.scrollHeight;
    } else if (sticks.current || isOwnNews(items, was.last)) it.scrollTop = it.scrollHeight;
    else if (first !== was.first) it.scrollTop += it.scrollHeight - was.height;
    else if (last !== was.last) setMissed((count) => count + Math.max(1, items.length - was.count));
    before.current = { height: it.scrollHeight, first, last, count: items.length };
  }, [items, extra]);

  useEffect(() => {
    const it = box.current;
    if (!it || !inner.current) return undefined;
    const look = () => {
      const end = it.scrollHeight - it.scrollTop - it.clientHeight < NEAR_PX;
      sticks.current = end;
      setAtEnd(end);
      if (end) setMissed(0);
    };
    look();
    it.addEventListener("scroll", look, { passive: true });
    // Pictures grow as they load, the composer as one writes.
    const size = new ResizeObserver(() => {
      if (sticks.current) it.scrollTop = it.scrollHeight;
      before.current.height = it.scrollHeight;
    });
    size.observe(inner.current);
    size.observe(it);
    return () => {
      it.removeEventListener("scroll", look);
      size.disconnect();
    };
  }, []);
  return { box, inner, atEnd, missed, toEnd };
}

/** What one says oneself is always shown. */
function isOwnNews(items: readonly TimelineItem[], lastKey: string): boolean {
  const last = items.at(-1);
  return last !== undefined && last.key !== lastKey && last.type === "message" && last.state === "sending";
}

/** Read by the one who has it, once it is on a screen that is looked at. */
function useMarkRead(row: ConversationRow, atEnd: boolean): void {
  const desk = useDesk();
  const me = useDeskState((state) => state.me.member.id);
  const mine = assignee(row.status) === me;
  const unread = row.unread_by_members > 0;
  useEffect(() => {
    if (!mine || !unread || !atEnd) return undefined;
    const mark = () => {
      if (document.visibilityState === "visible" && document.hasFocus()) desk.markRead(row.id);
    };
    mark();
    window.addEventListener("focus", mark);
    document.addEventListener("visibilitychange", mark);
    return () => {
      window.removeEventListener("focus", mark);
      document.removeEventListener("visibilitychange", mark);
    };
  }, [desk, row.id, mine, unread, atEnd, row.last_seq]);
}
