// One article: writing it, its earlier versions, trying it.

import { useState } from "react";
import { api, Badge, Button, ConfirmDialog, ErrorState, fullTime, IconButton, lang, listTime, Notice, PageLayout, SkeletonRows, Switch, Tabs, texts, TextField, toast, useLoad } from "@rapport/ui";
import type { Article } from "@rapport/ui";
import { Segmented } from "../components/choice.tsx";
import { ReadOnlyNotice } from "../components/read-only.tsx";
import { SaveBar } from "../components/save-bar.tsx";
import { BackLink, ButtonLink, Section } from "../components/section.tsx";
import { useDraft } from "../shell/draft.ts";
import type { Draft, Stored } from "../shell/draft.ts";
import { leaveAnyway } from "../shell/guard.ts";
import { go, to } from "../shell/route.ts";
import { useMay, useSession } from "../shell/session.ts";
import { localeName, pageTitle, words } from "../shell/words.ts";
import { AskPanel } from "./ask.tsx";
import { articleBody, articleForm, articleGood, goodAddress, guessLocale } from "./form.ts";
import type { ArticleForm } from "./form.ts";
import { Versions } from "./versions.tsx";
import { Writer } from "./writer.tsx";

const t = texts({
  newTitle: { zh: "写文章", en: "New article" },
  title: { zh: "标题", en: "Title" },
  titlePlaceholder: { zh: "用客户的话写成问题，例如：买大了可以换码吗？", en: "As a customer would ask, such as: Can I change the size?" },
  write: { zh: "编写", en: "Write" },
  versions: { zh: "历史版本", en: "Versions" },
  ask: { zh: "试问", en: "Try it" },
  tabs: { zh: "文章", en: "Article" },
  published: { zh: "已发布", en: "Published" },
  publishedHint: { zh: "机器人会用它回答，客户可以打开全文。关闭则为草稿，仅团队可见", en: "The bot answers from it and customers can open it. Otherwise it is a draft that only your team sees" },
  draft: { zh: "草稿", en: "Draft" },
  publish: { zh: "发布", en: "Publish" },
  saveDraft: { zh: "保存为草稿", en: "Save as a draft" },
  settings: { zh: "发布设置", en: "Publishing" },
  language: { zh: "语言", en: "Language" },
  languageOdd: { zh: "正文看起来是{name}，请确认语言是否正确", en: "The text looks like {name}; check the language" },
  url: { zh: "原文链接", en: "Link to the original" },
  urlHint: { zh: "可选。填写后，回答的出处会指向它", en: "Optional. When given, the source of an answer leads there" },
  urlBad: { zh: "请填写完整的网址，以 https:// 开头", en: "A whole address is needed, beginning with https://" },
  questions: { zh: "其他问法", en: "Other ways to ask" },
  questionsText: { zh: "客户可能用不同的话问同一件事。写下来，机器人更容易认出来", en: "Customers ask the same thing in different words. Write them down, and the bot finds this more easily" },
  question: { zh: "问法 {n}", en: "Wording {n}" },
  questionRemove: { zh: "移除问法 {n}", en: "Remove wording {n}" },
  questionAdd: { zh: "添加问法", en: "Add a wording" },
  questionPlaceholder: { zh: "例如：尺码不合适怎么办", en: "Such as: the size does not fit" },
  open: { zh: "客户看到的页面", en: "The page customers see" },
  updated: { zh: "{name} 于 {time} 保存了第 {n} 版", en: "Version {n}, saved by {name}, {time}" },
  updatedNobody: { zh: "第 {n} 版，{time}", en: "Version {n}, {time}" },
  imported: { zh: "导入自 {file}。再次导入该文件会覆盖这里的修改。", en: "Imported from {file}. Importing that file again replaces changes made here." },
  deleteTitle: { zh: "删除这篇文章？", en: "Delete this article?" },
  deleteText: { zh: "机器人将不再用它回答，公开页面也会失效。已发出的回答不受影响。如果只想暂时撤下，可改为草稿。", en: "The bot no longer answers from it and its page is gone. Answers already given stay. To take it down for a while, make it a draft." },
  deleted: { zh: "已删除文章", en: "The article was deleted" },
  missing: { zh: "请填写标题和正文", en: "A title and a text are needed" },
  askSave: { zh: "这里按已保存的内容回答，请先保存修改。", en: "This answers from what is saved; save your changes first." },
  askDraft: { zh: "这篇文章还是草稿，机器人不会用它回答。", en: "This is a draft: the bot does not answer from it." },
});

const TABS = ["write", "versions", "ask"] as const;
const stored = (article: Article): Stored<ArticleForm> => ({ value: articleForm(article), version: article.version });

export function ArticlePage({ id, tab, first }: { id: string | undefined; tab: string | undefined; first: string }) {
  const article = useLoad(`article/${id ?? ""}`, async () => (id ? await api.get<Article>(`/articles/${id}`) : null));
  if (article.data === undefined) {
    return (
      <PageLayout title={pageTitle("knowledge")} above={<BackLink href={to("knowledge")}>{pageTitle("knowledge")}</BackLink>}>
        {article.fault ? <ErrorState fault={article.fault} retry={article.reload} /> : <SkeletonRows rows={3} height={120} />}
      </PageLayout>
    );
  }
  return <ArticleEditor article={article.data ?? undefined} tab={tab} first={first} onSaved={article.replace} />;
}

function ArticleEditor({ article, tab, first, onSaved }: { article: Article | undefined; tab: string | undefined; first: string; onSaved: (article: Article) => void }) {
  const { me } = useSession();
  const readOnly = !useMay("administrator");
  const [deleting, setDeleting] = useState(false);
  const read = async (id: string) => await api.get<Article>(`/articles/${id}`);
  const begin: Stored<ArticleForm> = article ? stored(article) : { value: { title: first, body: "", questions: [], locale: guessLocale(first) ?? lang(), published: true, url: "" }, version: undefined };
  const draft = useDraft<ArticleForm>({
    stored: begin,
    put: async (value, version) => {
      const body = articleBody(value);
      const answer = article ? await api.put<Article>(`/articles/${article.id}`, body, version === undefined ? {} : { version }) : await api.post<Article>("/articles", body);
      const saved = answer?.version === undefined ? await read(article?.id ?? answer.id) : answer;
      if (article) onSaved(saved);
      // The draft takes the saved one first; then the address may change.
      else setTimeout(() => go(to("knowledge", saved.id), true));
      return stored(saved);
    },
    latest: async () => {
      if (!article) return begin;
      const saved = await read(article.id);
      onSaved(saved);
      return stored(saved);
    },
  });
  const { value } = draft;
  const saveLabel = !value.published ? t("saveDraft") : article?.published ? words("save") : t("publish");
  const selected = TABS.find((it) => it === tab) ?? "write";
  const pages = [
    { id: "write", label: t("write"), content: <WriteTab draft={draft} article={article} readOnly={readOnly} onDelete={() => setDeleting(true)} /> },
    ...(article
      ? [
          {
            id: "versions",
            label: t("versions"),
            testId: "tab-versions",
            content: (
              <Versions
                article={article}
                readOnly={readOnly}
                onRestored={(saved) => {
                  onSaved(saved);
                  draft.adopt(stored(saved));
                }}
              />
            ),
          },
          {
            id: "ask",
            label: t("ask"),
            testId: "tab-ask",
            content: (
              <>
                {draft.dirty ? <Notice tone="warn">{t("askSave")}</Notice> : article.published ? null : <Notice tone="warn">{t("askDraft")}</Notice>}
                <AskPanel samples={[article.title, ...article.questions].slice(0, 4)} locale={article.locale} />
              </>
            ),
          },
        ]
      : []),
  ];
  return (
    <div className="kn-article">
      <PageLayout
        above={<BackLink href={to("knowledge")}>{pageTitle("knowledge")}</BackLink>}
        title={article ? draft.saved.title : t("newTitle")}
        text={article ? <Saved article={article} /> : undefined}
        actions={
          article?.published ? (
            <ButtonLink href={`/kb/${me.tenant.slug}/${article.id}`} icon="external" external>
              {t("open")}
            </ButtonLink>
          ) : null
        }
      >
        <ReadOnlyNotice />
        {/* The tabs share the draft: going between them is not leaving. */}
        {article ? (
          <Tabs label={t("tabs")} selected={selected} onChange={(next) => go(next === "write" ? to("knowledge", article.id) : to("knowledge", article.id, next), true)} pages={pages.map((it) => ({ ...it, content: <div className="ad-stack kn-tab">{it.content}</div> }))} />
        ) : (
          <div className="ad-stack">{pages[0]?.content}</div>
        )}
        {readOnly ? null : <SaveBar draft={draft} canSave={articleGood(value)} testId="article-save" label={saveLabel} always={!article} {...(article ? {} : { note: articleGood(value) ? undefined : t("missing") })} />}
      </PageLayout>
      {article && deleting ? (
        <ConfirmDialog
          isOpen
          title={t("deleteTitle")}
          text={t("deleteText")}
          confirmLabel={words("remove")}
          onClose={() => setDeleting(false)}
          onConfirm={async () => {
            await api.del(`/articles/${article.id}`);
            toast.good(t("deleted"));
            leaveAnyway();
            go(to("knowledge"), true);
          }}
        />
      ) : null}
    </div>
  );
}

function Saved({ article }: { article: Article }) {
  const by = article.updated_by;
  const members = useLoad("members-names", async () => (await api.get<{ items: { id: string; name: string }[] }>("/members")).items);
  const time = listTime(article.updated_at);
  const name = by === null ? undefined : (members.data?.find((it) => it.id === by)?.name ?? (members.data ? words("formerMember") : undefined));
  return (
    <span className="kn-saved" title={fullTime(article.updated_at)}>
      <Badge tone={article.published ? "good" : "warn"}>{article.published ? t("published") : t("draft")}</Badge>
      {name ? t("updated", { name, time, n: article.version }) : t("updatedNobody", { time, n: article.version })}
    </span>
  );
}

function WriteTab({ draft, article, readOnly, onDelete }: { draft: Draft<ArticleForm>; article: Article | undefined; readOnly: boolean; onDelete: () => void }) {
  const { value, patch } = draft;
  const guessed = guessLocale(value.body);
  const odd = guessed !== undefined && value.body.trim().length > 20 && guessed !== value.locale;
  return (
    <>
      {article?.source.type === "imported" && !readOnly ? <Notice icon="file">{t("imported", { file: article.source.file })}</Notice> : null}
      <div className="ui-card kn-sheet">
        {readOnly ? <h2 className="kn-title">{value.title}</h2> : <input className="kn-title" aria-label={t("title")} placeholder={t("titlePlaceholder")} value={value.title} onChange={(event) => patch({ title: event.target.value })} maxLength={200} autoFocus={!article} data-testid="article-title" />}
        <Writer value={value.body} onChange={(body) => patch({ body })} readOnly={readOnly} />
      </div>
      <div className="kn-below">
        <Section title={t("questions")} text={t("questionsText")} icon="help">
          <Questions questions={value.questions} onChange={(questions) => patch({ questions })} readOnly={readOnly} />
        </Section>
        <Section title={t("settings")} icon="globe">
          <Switch isSelected={value.published} onChange={(published) => patch({ published })} hint={t("publishedHint")} isDisabled={readOnly} testId="article-published">
            {value.published ? t("published") : t("draft")}
          </Switch>
          <div className="ad-field-group">
            <Segmented label={t("language")} hideLabel={false} options={(["zh-CN", "en"] as const).map((id) => ({ id, label: localeName(id) }))} value={value.locale} onChange={(locale) => patch({ locale })} isDisabled={readOnly} testId="article-locale" />
            {odd ? <span className="kn-odd">{t("languageOdd", { name: localeName(guessed) })}</span> : null}
          </div>
          <TextField label={t("url")} hint={t("urlHint")} type="url" value={value.url} onChange={(url) => patch({ url })} error={goodAddress(value.url) ? undefined : t("urlBad")} isDisabled={readOnly} placeholder="https://" maxLength={2000} testId="article-url" />
          {article && !readOnly ? (
            <div>
              <Button kind="quiet" icon="trash" className="kn-delete" onPress={onDelete} testId="article-delete">
                {words("remove")}
              </Button>
            </div>
          ) : null}
        </Section>
      </div>
    </>
  );
}

function Questions({ questions, onChange, readOnly }: { questions: string[]; onChange: (questions: string[]) => void; readOnly: boolean }) {
  if (readOnly) {
    return (
      <ul className="kn-wordings">
        {questions.map((it) => (
          <li key={it}>{it}</li>
        ))}
        {questions.length === 0 ? <li className="ui-muted">{words("none")}</li> : null}
      </ul>
    );
  }
  return (
    <div className="ad-rows">
      {questions.map((question, index) => (
        <div key={index} className="kn-question">
          <input
            className="ui-input"
            aria-label={t("question", { n: index + 1 })}
            placeholder={t("questionPlaceholder")}
            value={question}
            maxLength={200}
            autoFocus={question === ""}
            data-testid="article-question"
            onChange={(event) => onChange(questions.map((it, at) => (at === index ? event.target.value : it)))}
            onKeyDown={(event) => {
              if (event.nativeEvent.isComposing) return;
              if (event.key === "Enter" && question.trim() !== "") {
                event.preventDefault();
                onChange([...questions.slice(0, index + 1), "", ...questions.slice(index + 1)]);
              }
              if (event.key === "Backspace" && question === "") {
                event.preventDefault();
                onChange(questions.filter((_, at) => at !== index));
              }
            }}
          />
          <IconButton icon="close" size="s" label={t("questionRemove", { n: index + 1 })} onPress={() => onChange(questions.filter((_, at) => at !== index))} />
        </div>
      ))}
      <div>
        <Button size="s" icon="plus" onPress={() => onChange([...questions, ""])} isDisabled={questions.length >= 50} testId="article-question-add">
          {t("questionAdd")}
        </Button>
      </div>
    </div>
  );
}
