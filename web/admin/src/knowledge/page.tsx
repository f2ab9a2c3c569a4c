// Knowledge: the list of articles with search and filters, importing, and trying a question.

import { useMemo, useState } from "react";
import { Badge, Button, EmptyState, ErrorState, listTime, PageLayout, fullTime, Icon, SkeletonRows, texts } from "@rapport/ui";
import type { Article } from "@rapport/ui";
import type { PageProps } from "../app.tsx";
import { Segmented } from "../components/choice.tsx";
import { ReadOnlyNotice } from "../components/read-only.tsx";
import { SearchBox } from "../components/search.tsx";
import { ButtonLink, Filters, List, Row } from "../components/section.tsx";
import { to } from "../shell/route.ts";
import { useRested } from "../shell/rested.ts";
import { useMay } from "../shell/session.ts";
import { localeName, pageTitle, words } from "../shell/words.ts";
import { plainStart, useArticles } from "./articles.ts";
import type { ArticleFilter } from "./articles.ts";
import { AskPanel } from "./ask.tsx";
import { ArticlePage } from "./edit.tsx";
import { DropPage, ImportDialog } from "./import.tsx";
import "./knowledge.css";

const t = texts({
  text: { zh: "机器人只依据这里已发布的文章回答，并附上出处", en: "The bot answers only from what is published here, and names its source" },
  write: { zh: "写文章", en: "Write an article" },
  import: { zh: "导入", en: "Import" },
  search: { zh: "搜索标题、正文、问法", en: "Search titles, texts, wordings" },
  language: { zh: "语言", en: "Language" },
  state: { zh: "状态", en: "State" },
  published: { zh: "已发布", en: "Published" },
  drafts: { zh: "草稿", en: "Drafts" },
  draft: { zh: "草稿", en: "Draft" },
  empty: { zh: "知识库还是空的", en: "There is no knowledge yet" },
  emptyText: { zh: "从客户问得最多的几个问题写起，或把现有的帮助文档、常见问题表格直接拖到这里。", en: "Begin with the questions customers ask most, or drop your help pages and FAQ sheets here." },
  version: { zh: "第 {n} 版", en: "Version {n}" },
  from: { zh: "来自 {file}", en: "From {file}" },
  wordings: { zh: "{n} 种其他问法", en: "{n} other wordings" },
  wording: { zh: "{n} 种其他问法", en: "{n} other wording" },
  shown: { zh: "{n} 篇", en: "{n} articles" },
  shownOne: { zh: "{n} 篇", en: "{n} article" },
  shownMore: { zh: "已显示 {n} 篇", en: "{n} shown" },
});

/** Rows drawn at once: a company may have thousands. */
const AT_ONCE = 60;

export default function KnowledgePage({ route }: PageProps) {
  if (route.id) return <ArticlePage key={route.id} id={route.id === "new" ? undefined : route.id} tab={route.tab} first={route.query.get("q") ?? ""} />;
  return <KnowledgeList />;
}

function KnowledgeList() {
  const may = useMay("administrator");
  const [filter, setFilter] = useState<ArticleFilter>({ q: "", locale: "all" });
  const [state, setState] = useState<"all" | "published" | "drafts">("all");
  const [importing, setImporting] = useState<File[]>();
  const [drawn, setDrawn] = useState(AT_ONCE);
  const q = useRested(filter.q.trim(), 250);
  const articles = useArticles({ q, locale: filter.locale });
  const filtered = q !== "" || filter.locale !== "all" || state !== "all";
  const shown = (articles.items ?? []).filter((it) => state === "all" || it.published === (state === "published"));
  const samples = useMemo(() => samplesOf(articles.items ?? []), [articles.items]);
  const nothing = articles.items?.length === 0 && q === "" && filter.locale === "all";
  const actions = (
    <>
      <Button icon="upload" onPress={() => setImporting([])} testId="import-open">
        {t("import")}
      </Button>
      <ButtonLink kind="primary" icon="plus" href={to("knowledge", "new")} testId="article-new">
        {t("write")}
      </ButtonLink>
    </>
  );
  return (
    <DropPage enabled={may && importing === undefined} onFiles={setImporting}>
      <PageLayout title={pageTitle("knowledge")} text={t("text")} actions={may ? actions : null}>
        <ReadOnlyNotice />
        <div className="ad-columns">
          <div className="ad-stack kn-list">
            {nothing ? null : (
              <Filters>
                <SearchBox value={filter.q} onChange={(text) => setFilter({ ...filter, q: text })} label={t("search")} testId="article-search" />
                <Segmented
                  label={t("language")}
                  options={[
                    { id: "all", label: words("all") },
                    { id: "zh-CN", label: localeName("zh-CN") },
                    { id: "en", label: localeName("en") },
                  ]}
                  value={filter.locale}
                  onChange={(locale) => setFilter({ ...filter, locale })}
                />
                <Segmented
                  label={t("state")}
                  options={[
                    { id: "all", label: words("all") },
                    { id: "published", label: t("published") },
                    { id: "drafts", label: t("drafts") },
                  ]}
                  value={state}
                  onChange={setState}
                />
                {articles.items ? (
                  <span className="ad-filters-end" role="status">
                    {articles.more ? t("shownMore", { n: shown.length }) : t(shown.length === 1 ? "shownOne" : "shown", { n: shown.length })}
                  </span>
                ) : null}
              </Filters>
            )}
            {!articles.items ? (
              articles.fault ? (
                <ErrorState fault={articles.fault} retry={articles.reload} />
              ) : (
                <div className="ui-card">
                  <SkeletonRows rows={6} height={54} />
                </div>
              )
            ) : nothing ? (
              <div className="ui-card">
                <EmptyState icon="book" title={t("empty")} text={t("emptyText")} action={may ? <div className="ui-row">{actions}</div> : undefined} />
              </div>
            ) : shown.length === 0 ? (
              <div className="ui-card">
                <EmptyState
                  icon="search"
                  title={words("noMatch")}
                  text={words("noMatchHint")}
                  action={
                    filtered
                      ? {
                          label: words("clearFilters"),
                          onPress: () => {
                            setFilter({ q: "", locale: "all" });
                            setState("all");
                          },
                        }
                      : undefined
                  }
                />
              </div>
            ) : (
              <List label={pageTitle("knowledge")}>
                {shown.slice(0, drawn).map((article) => (
                  <ArticleLine key={article.id} article={article} />
                ))}
              </List>
            )}
            {shown.length > drawn || articles.more ? (
              <div className="ad-more">
                <Button
                  busy={articles.loading}
                  onPress={() => {
                    if (shown.length <= drawn) articles.loadMore();
                    setDrawn(drawn + AT_ONCE);
                  }}
                >
                  {words("loadMore")}
                </Button>
              </div>
            ) : null}
          </div>
          <div className="ad-aside">
            <AskPanel samples={samples} />
          </div>
        </div>
      </PageLayout>
      {importing ? <ImportDialog first={importing} onClose={() => setImporting(undefined)} onDone={articles.reload} /> : null}
    </DropPage>
  );
}

/** Some wordings of published articles, in both languages when there are. */
function samplesOf(articles: Article[]): string[] {
  const published = articles.filter((it) => it.published);
  const first = (locale: string, count: number) => published.filter((it) => it.locale === locale).slice(0, count).map((it) => it.questions[0] ?? it.title);
  return [...first("zh-CN", 2), ...first("en", 1)];
}

function ArticleLine({ article }: { article: Article }) {
  return (
    <Row
      title={article.title}
      href={to("knowledge", article.id)}
      testId="article-row"
      badges={
        <>
          {article.published ? null : <Badge tone="warn">{t("draft")}</Badge>}
          <Badge>{localeName(article.locale)}</Badge>
        </>
      }
      detail={
        <>
          <span className="ad-clamp-2 kn-start">{plainStart(article.body)}</span>
          <span className="kn-facts">
            {article.questions.length > 0 ? (
              <span>
                <Icon name="help" size={14} />
                {t(article.questions.length === 1 ? "wording" : "wordings", { n: article.questions.length })}
              </span>
            ) : null}
            {article.source.type === "imported" ? (
              <span>
                <Icon name="file" size={14} />
                {t("from", { file: article.source.file })}
              </span>
            ) : null}
            <span>
              <Icon name="history" size={14} />
              {t("version", { n: article.version })}
            </span>
            <time dateTime={new Date(article.updated_at).toISOString()} title={fullTime(article.updated_at)}>
              {listTime(article.updated_at)}
            </time>
          </span>
        </>
      }
    />
  );
}
