// The audit log: who changed what, newest first, with its place in the chain of hashes.

import { useState } from "react";
import { Avatar, Button, clock, CopyButton, dayHeading, EmptyState, ErrorState, Fault, fullTime, Icon, PageLayout, Select, SkeletonRows, texts, useLoad, api, toast } from "@rapport/ui";
import type { Page } from "@rapport/ui";
import type { PageProps } from "../app.tsx";
import { ReadOnlyNotice } from "../components/read-only.tsx";
import { useMay } from "../shell/session.ts";
import { pageTitle, words } from "../shell/words.ts";
import { useNames } from "./names.ts";
import { Sentence } from "./line.tsx";
import { detailText, doerName, kindOf, nounName, targetName } from "./sentence.ts";
import type { AuditKind, AuditLine, Names } from "./sentence.ts";
import "./audit.css";

const t = texts({
  text: { zh: "谁在什么时候做了什么。记录只增不改：每一条都带有上一条的指纹，改动任何一条都会被发现。", en: "Who did what and when. Lines are only ever added: each carries the fingerprint of the one before, so that changing any of them shows." },
  empty: { zh: "还没有操作记录", en: "Nothing was recorded yet" },
  emptyText: { zh: "成员登录、修改设置、发布知识时，会在此留下记录", en: "Signing in, changing settings and publishing knowledge leave a line here" },
  kind: { zh: "类别", en: "Kind" },
  kindAll: { zh: "全部类别", en: "All kinds" },
  kindSignIn: { zh: "登录", en: "Signing in" },
  kindOther: { zh: "其他", en: "Other" },
  details: { zh: "详情", en: "Details" },
  detailsOf: { zh: "第 {n} 条的详情", en: "Details of line {n}" },
  number: { zh: "序号", en: "Number" },
  time: { zh: "时间", en: "Time" },
  action: { zh: "操作代码", en: "Action code" },
  object: { zh: "对象", en: "Object" },
  note: { zh: "说明", en: "Detail" },
  hash: { zh: "指纹", en: "Fingerprint" },
  previous: { zh: "上一条的指纹", en: "The one before" },
  noneOfKind: { zh: "已加载的记录中没有这一类", en: "No line of this kind among those loaded" },
  end: { zh: "没有更早的记录", en: "No earlier lines" },
});

const KINDS: AuditKind[] = ["sign_in", "member", "team", "inbox", "calendar", "canned_reply", "article", "knowledge", "token", "settings", "conversation", "ticket", "contact", "intent", "lexicon", "model", "care_rule", "compensation", "ethics", "password", "other"];
type Filter = AuditKind | "all";

function kindName(kind: AuditKind): string {
  if (kind === "sign_in") return t("kindSignIn");
  return kind === "other" ? t("kindOther") : nounName(kind);
}

export default function AuditPage(_: PageProps) {
  const may = useMay("administrator");
  return (
    <PageLayout title={pageTitle("audit")} text={t("text")}>
      <ReadOnlyNotice closed />
      {may ? <Log /> : null}
    </PageLayout>
  );
}

function Log() {
  const names = useNames();
  const first = useLoad("audit", () => api.get<Page<AuditLine>>("/audit"));
  const [older, setOlder] = useState<{ lines: AuditLine[]; next: string | null | undefined }>();
  const [busy, setBusy] = useState(false);
  const [kind, setKind] = useState<Filter>("all");
  if (!first.data) return first.fault ? <ErrorState fault={first.fault} retry={first.reload} /> : <SkeletonRows rows={8} height={40} />;
  const lines = [...first.data.items, ...(older?.lines ?? [])];
  const next = older ? older.next : first.data.next;
  if (lines.length === 0) return <EmptyState icon="shield" title={t("empty")} text={t("emptyText")} />;
  const more = async () => {
    setBusy(true);
    try {
      const page = await api.get<Page<AuditLine>>("/audit", { query: { before: next } });
      setOlder({ lines: [...(older?.lines ?? []), ...page.items], next: page.items.length > 0 ? page.next : null });
    } catch (error) {
      toast.fault(Fault.of(error));
    } finally {
      setBusy(false);
    }
  };
  const shown = lines.filter((it) => kind === "all" || kindOf(it.record.action) === kind);
  return (
    <>
      <div className="ad-filters">
        <div className="au-kind">
          <Select label={t("kind")} hideLabel options={[{ id: "all" as Filter, label: t("kindAll") }, ...KINDS.map((id) => ({ id: id as Filter, label: kindName(id) }))]} value={kind} onChange={setKind} testId="audit-kind" />
        </div>
      </div>
      {shown.length === 0 ? <EmptyState icon="filter" title={t("noneOfKind")} text={next ? undefined : t("end")} /> : null}
      {byDay(shown).map(([day, of]) => (
        <section key={day} aria-label={day} className="au-day">
          <h2>{day}</h2>
          <ol className="ui-card au-lines">
            {of.map((line) => (
              <Line key={line.n} line={line} names={names} />
            ))}
          </ol>
        </section>
      ))}
      {next ? (
        <div className="ad-more">
          <Button busy={busy} onPress={() => void more()} testId="audit-more">
            {words("loadMore")}
          </Button>
        </div>
      ) : null}
    </>
  );
}

function byDay(lines: AuditLine[]): [string, AuditLine[]][] {
  const days = new Map<string, AuditLine[]>();
  for (const line of lines) {
    const day = dayHeading(line.record.at);
    days.set(day, [...(days.get(day) ?? []), line]);
  }
  return [...days];
}

function Line({ line, names }: { line: AuditLine; names: Names }) {
  const [open, setOpen] = useState(false);
  const { record, n, hash, previous } = line;
  const said = detailText(record, names);
  // The name of the thing stands in the sentence already.
  const detail = said === targetName(record.target, names) ? "" : said;
  const name = doerName(record, names);
  return (
    <li className="au-line" data-testid="audit-line">
      <time dateTime={new Date(record.at).toISOString()} title={fullTime(record.at)} className="ui-num">
        {clock(record.at)}
      </time>
      <Avatar name={name} seed={record.actor.type === "member" ? record.actor.id : name} size={26} kind={record.actor.type === "member" ? "person" : record.actor.type === "bot" ? "bot" : record.actor.type === "customer" ? "visitor" : "system"} />
      <div className="ui-grow">
        <Sentence record={record} names={names} />
        {detail && !open && record.action !== "conversation.assigned" ? <span className="au-detail ad-clamp-1">{detail}</span> : null}
        {open ? (
          <dl className="ad-facts au-facts">
            <dt>{t("number")}</dt>
            <dd className="ui-num">{n}</dd>
            <dt>{t("time")}</dt>
            <dd>{fullTime(record.at)}</dd>
            <dt>{t("action")}</dt>
            <dd>
              <code>{record.action}</code>
            </dd>
            <dt>{t("object")}</dt>
            <dd>
              <code>{record.target || "—"}</code>
            </dd>
            {record.detail ? (
              <>
                <dt>{t("note")}</dt>
                <dd>{said}</dd>
              </>
            ) : null}
            <dt>{t("hash")}</dt>
            <dd className="au-hash">
              <code>{hash}</code>
              <CopyButton text={hash} />
            </dd>
            <dt>{t("previous")}</dt>
            <dd>
              <code>{previous || "—"}</code>
            </dd>
          </dl>
        ) : null}
      </div>
      <button type="button" className="au-toggle" aria-expanded={open} aria-label={t("detailsOf", { n })} title={t("details")} onClick={() => setOpen(!open)}>
        <Icon name={open ? "minus" : "plus"} size={16} />
      </button>
    </li>
  );
}
