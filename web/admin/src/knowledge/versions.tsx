// Earlier versions of an article: what changed, and going back to one.

import { useMemo, useState } from "react";
import { api, Avatar, Badge, Button, ConfirmDialog, EmptyState, ErrorState, fullTime, dateTime, Icon, SkeletonRows, texts, toast, useLoad } from "@rapport/ui";
import type { Article, MemberRow } from "@rapport/ui";
import { Segmented } from "../components/choice.tsx";
import { fetchAll } from "../shell/data.ts";
import { isDirty, leave } from "../shell/guard.ts";
import { localeName, words } from "../shell/words.ts";
import { diffLines, folded } from "./diff.ts";
import type { DiffLine } from "./diff.ts";
import { articleBody, articleForm } from "./form.ts";

const t = texts({
  list: { zh: "全部版本", en: "All versions" },
  version: { zh: "第 {n} 版", en: "Version {n}" },
  current: { zh: "当前", en: "Current" },
  only: { zh: "还没有历史版本", en: "No earlier versions yet" },
  onlyText: { zh: "每次保存都会留下一个版本，可以随时比较和恢复", en: "Each time it is saved a version is kept; compare them and go back whenever you like" },
  compare: { zh: "比较", en: "Compare" },
  withPrevious: { zh: "与上一版比较", en: "With the one before" },
  withCurrent: { zh: "与当前比较", en: "With the current one" },
  restore: { zh: "恢复此版本", en: "Go back to this version" },
  restoreTitle: { zh: "恢复到第 {n} 版？", en: "Go back to version {n}?" },
  restoreText: { zh: "第 {n} 版的内容会保存为新的一版并立即生效；现在的内容仍保留在历史版本中。", en: "Version {n} is saved as a new version and holds at once; what is there now stays among the versions." },
  restored: { zh: "已恢复到第 {n} 版", en: "Back at version {n}" },
  same: { zh: "这两版内容相同", en: "These two are the same" },
  firstVersion: { zh: "第一版，没有更早的内容可比较", en: "The first version: there is nothing before it" },
  title: { zh: "标题", en: "Title" },
  questions: { zh: "其他问法", en: "Other ways to ask" },
  body: { zh: "正文", en: "Text" },
  language: { zh: "语言", en: "Language" },
  state: { zh: "状态", en: "State" },
  published: { zh: "已发布", en: "Published" },
  draft: { zh: "草稿", en: "Draft" },
  url: { zh: "原文链接", en: "Link" },
  fold: { zh: "展开 {n} 行未变的内容", en: "Show {n} lines that stayed" },
  gone: { zh: "删除：", en: "Removed: " },
  came: { zh: "新增：", en: "Added: " },
  byImport: { zh: "导入", en: "Import" },
});

export function Versions({ article, readOnly, onRestored }: { article: Article; readOnly: boolean; onRestored: (article: Article) => void }) {
  const versions = useLoad(`versions/${article.id}/${article.version}`, () => fetchAll<Article>(`/articles/${article.id}/versions`));
  const members = useLoad("members", () => fetchAll<MemberRow>("/members"));
  const [chosen, setChosen] = useState<number>();
  const [against, setAgainst] = useState<"previous" | "current">("previous");
  const [restoring, setRestoring] = useState<Article>();
  if (!versions.data) return versions.fault ? <ErrorState fault={versions.fault} retry={versions.reload} /> : <SkeletonRows rows={4} height={48} />;
  const all = [...versions.data].sort((a, b) => b.version - a.version);
  if (all.length < 2) {
    return (
      <div className="ui-card">
        <EmptyState icon="history" title={t("only")} text={t("onlyText")} />
      </div>
    );
  }
  const shown = all.find((it) => it.version === chosen) ?? (all[0] as Article);
  const isCurrent = shown.version === article.version;
  const before = against === "previous" || isCurrent ? all.find((it) => it.version < shown.version) : article;
  const [from, to] = against === "current" && !isCurrent ? [shown, article] : [before, shown];
  const nameOf = (by: string | null) => (by === null ? t("byImport") : (members.data?.find((it) => it.id === by)?.name ?? words("formerMember")));
  return (
    <div className="kn-versions">
      <ol className="ui-card kn-version-list" aria-label={t("list")}>
        {all.map((version) => (
          <li key={version.version}>
            <button type="button" aria-pressed={version.version === shown.version} onClick={() => setChosen(version.version)} data-testid="version">
              <span>
                <b>{t("version", { n: version.version })}</b>
                {version.version === article.version ? <Badge tone="accent">{t("current")}</Badge> : null}
              </span>
              <small title={fullTime(version.updated_at)}>
                <Avatar name={nameOf(version.updated_by)} seed={version.updated_by ?? "import"} size={18} kind={version.updated_by === null ? "system" : "person"} /> {nameOf(version.updated_by)} · {dateTime(version.updated_at)}
              </small>
            </button>
          </li>
        ))}
      </ol>
      <section className="ui-card kn-compare" aria-label={t("compare")}>
        <header>
          <h2 className="ui-grow">{from ? `${t("version", { n: from.version })} → ${t("version", { n: to.version })}` : t("version", { n: to.version })}</h2>
          {isCurrent ? null : (
            <>
              <Segmented
                label={t("compare")}
                options={[
                  { id: "previous", label: t("withPrevious") },
                  { id: "current", label: t("withCurrent") },
                ]}
                value={against}
                onChange={setAgainst}
              />
              {readOnly ? null : (
                <Button size="s" icon="undo" onPress={() => (isDirty() ? leave(() => setRestoring(shown)) : setRestoring(shown))} testId="version-restore">
                  {t("restore")}
                </Button>
              )}
            </>
          )}
        </header>
        {from ? <Comparison from={from} to={to} /> : <p className="ui-muted kn-note">{t("firstVersion")}</p>}
      </section>
      {restoring ? (
        <ConfirmDialog
          isOpen
          title={t("restoreTitle", { n: restoring.version })}
          text={t("restoreText", { n: restoring.version })}
          confirmLabel={t("restore")}
          onClose={() => setRestoring(undefined)}
          onConfirm={async () => {
            const answer = await api.put<Article | undefined>(`/articles/${article.id}`, articleBody(articleForm(restoring)), { version: article.version });
            onRestored(answer?.version === undefined ? await api.get<Article>(`/articles/${article.id}`) : answer);
            setChosen(undefined);
            toast.good(t("restored", { n: restoring.version }));
          }}
        />
      ) : null}
    </div>
  );
}

function Comparison({ from, to }: { from: Article; to: Article }) {
  const body = useMemo(() => diffLines(from.body, to.body), [from.body, to.body]);
  const fields: { id: string; name: string; before: string; after: string }[] = [
    { id: "title", name: t("title"), before: from.title, after: to.title },
    { id: "questions", name: t("questions"), before: from.questions.join("\n"), after: to.questions.join("\n") },
    { id: "language", name: t("language"), before: localeName(from.locale), after: localeName(to.locale) },
    { id: "state", name: t("state"), before: from.published ? t("published") : t("draft"), after: to.published ? t("published") : t("draft") },
    { id: "url", name: t("url"), before: from.url ?? "", after: to.url ?? "" },
  ];
  const changed = fields.filter((it) => it.before !== it.after);
  const bodyChanged = body.some((it) => it.kind !== "same");
  if (changed.length === 0 && !bodyChanged) return <p className="ui-muted kn-note">{t("same")}</p>;
  return (
    <div className="kn-changes">
      {changed.map((field) => (
        <div key={field.id}>
          <h3>{field.name}</h3>
          <Lines lines={diffLines(field.before, field.after).filter((it) => it.kind !== "same" && it.text !== "")} />
        </div>
      ))}
      {bodyChanged ? (
        <div>
          <h3>{t("body")}</h3>
          <Lines lines={body} />
        </div>
      ) : null}
    </div>
  );
}

function Lines({ lines }: { lines: DiffLine[] }) {
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  return (
    <div className="kn-diff">
      {folded(lines).map((it, index) =>
        it.kind !== "fold" ? (
          <Line key={index} line={it} />
        ) : open.has(index) ? (
          it.lines.map((line, at) => <Line key={`${index}/${at}`} line={line} />)
        ) : (
          <button key={index} type="button" className="kn-fold" onClick={() => setOpen(new Set([...open, index]))}>
            <Icon name="more" size={15} />
            {t("fold", { n: it.lines.length })}
          </button>
        ),
      )}
    </div>
  );
}

function Line({ line }: { line: DiffLine }) {
  const text = line.parts?.map((part, index) => (part.changed ? <mark key={index}>{part.text}</mark> : <span key={index}>{part.text}</span>)) ?? line.text;
  return (
    <div className="kn-line" data-kind={line.kind}>
      <span aria-hidden="true">{line.kind === "gone" ? "−" : line.kind === "new" ? "+" : ""}</span>
      {line.kind === "same" ? null : <span className="ui-hidden">{line.kind === "gone" ? t("gone") : t("came")}</span>}
      <span className="kn-line-text">{text}</span>
    </div>
  );
}
