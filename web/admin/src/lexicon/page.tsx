// The lexicon: how customers say things, and what is meant. The firm's own terms, and those that ship.

import { useState } from "react";
import { api, Badge, Button, ConfirmDialog, EmptyState, IconButton, PageLayout, Tabs, texts, toast, useLoad } from "@rapport/ui";
import type { Versioned } from "@rapport/ui";
import type { PageProps } from "../app.tsx";
import { TemplateLink } from "../components/drop-file.tsx";
import { count } from "../components/figures.tsx";
import { ImportFileDialog } from "../components/import-file.tsx";
import { Loading } from "../components/loading.tsx";
import { ReadOnlyNotice } from "../components/read-only.tsx";
import { matches, SearchBox } from "../components/search.tsx";
import { Filters, List, Row } from "../components/section.tsx";
import { go, to } from "../shell/route.ts";
import { useMay } from "../shell/session.ts";
import { pageTitle, words } from "../shell/words.ts";
import { groupName } from "./groups.ts";
import type { ImportedTerms, LexiconTerm, StarterGroup } from "./groups.ts";
import { Starters, Variants } from "./starters.tsx";
import { TermDialog } from "./term.tsx";
import "./lexicon.css";

const t = texts({
  text: { zh: "方言、行话、简称都换成标准说法再理解；读音相近的错字也认得", en: "Dialect, jargon and short forms are read as the standard term; so are slips that sound alike" },
  add: { zh: "新建词条", en: "New term" },
  import: { zh: "导入", en: "Import" },
  tabs: { zh: "词表", en: "Lexicon" },
  own: { zh: "自有词条", en: "Own terms" },
  starters: { zh: "内置词表", en: "What ships" },
  search: { zh: "搜索词条", en: "Search terms" },
  empty: { zh: "还没有自有词条", en: "No terms of your own yet" },
  emptyText: { zh: "把客户对你们产品和业务的叫法写进来，比如“小白鞋”就是“云步 2 代”。", en: "Write down what customers call your products and services, such as “the white ones” for “Cloudwalk 2”." },
  removeTitle: { zh: "删除“{name}”？", en: "Delete “{name}”?" },
  removeText: { zh: "它的其他说法不再被换成这个词，立即生效。", en: "Its other wordings are no longer read as it, with effect at once." },
  removed: { zh: "已删除", en: "Deleted" },
  importTitle: { zh: "导入词条", en: "Import terms" },
  importTypes: { zh: "CSV，每行一个词条", en: "CSV, one term on each line" },
  importHelp: { zh: "首行写列名 canonical,variants,group,note；多个说法用 | 隔开。已有的词条会补上新的说法。", en: "The first line names the columns canonical,variants,group,note; wordings are separated by |. Terms that are there already get the new wordings too." },
  template: { zh: "下载模板", en: "Download a template" },
  new: { zh: "新增 {n}", en: "{n} new" },
  changed: { zh: "补充 {n}", en: "{n} extended" },
  known: { zh: "未变 {n}", en: "{n} known" },
});

interface Lexicon {
  terms: Versioned<LexiconTerm>[];
  groups: StarterGroup[];
}

const TEMPLATE = [
  ["canonical", "variants", "group", "note"],
  ["退款", "退钱|返款", "own", ""],
  ["云步 2 代", "小白鞋|云步二", "own", "nickname"],
];

export default function LexiconPage({ route }: PageProps) {
  const lexicon = useLoad("lexicon", () => api.get<Lexicon>("/lexicon"));
  const may = useMay("supervisor");
  const [importing, setImporting] = useState(false);
  const open = (id: string | undefined) => go(id ? to("lexicon", id) : to("lexicon"));
  const tab = route.id === "starters" ? "starters" : "own";
  const terms = lexicon.data?.terms ?? [];
  const editing = tab === "own" && route.id && route.id !== "new" ? terms.find((it) => it.id === route.id) : undefined;
  const actions = (
    <>
      <Button icon="upload" onPress={() => setImporting(true)} testId="import-open">
        {t("import")}
      </Button>
      <Button kind="primary" icon="plus" onPress={() => open("new")} testId="term-new">
        {t("add")}
      </Button>
    </>
  );
  return (
    <PageLayout title={pageTitle("lexicon")} text={t("text")} actions={may ? actions : null}>
      <ReadOnlyNotice needed="supervisor" />
      <Loading of={lexicon}>
        {(data) => (
          <Tabs
            label={t("tabs")}
            selected={tab}
            onChange={(next) => go(next === "starters" ? to("lexicon", "starters") : to("lexicon"), true)}
            pages={[
              { id: "own", label: t("own"), count: data.terms.length, testId: "tab-own", content: <Own terms={data.terms} may={may} onOpen={open} onChanged={lexicon.reload} /> },
              { id: "starters", label: t("starters"), testId: "tab-starters", content: <div className="lx-tab">{<Starters groups={data.groups} may={may} onChanged={(groups) => lexicon.replace({ ...data, groups })} />}</div> },
            ]}
          />
        )}
      </Loading>
      {lexicon.data && (editing || (route.id === "new" && may)) ? <TermDialog key={route.id} term={editing} taken={terms.filter((it) => it.id !== editing?.id).map((it) => it.canonical)} onClose={() => open(undefined)} onSaved={lexicon.reload} /> : null}
      {importing ? (
        <ImportFileDialog<ImportedTerms>
          title={t("importTitle")}
          path="/lexicon/import"
          accept=".csv,text/csv"
          types={t("importTypes")}
          help={
            <>
              {t("importHelp")}{" "}
              <TemplateLink name="lexicon.csv" rows={TEMPLATE}>
                {t("template")}
              </TemplateLink>
            </>
          }
          onClose={() => setImporting(false)}
          onDone={lexicon.reload}
          report={(answer) => (
            <div className="ad-tags">
              <Badge tone={answer.terms_new > 0 ? "good" : "neutral"}>{t("new", { n: count(answer.terms_new) })}</Badge>
              <Badge tone={answer.terms_changed > 0 ? "accent" : "neutral"}>{t("changed", { n: count(answer.terms_changed) })}</Badge>
              <Badge>{t("known", { n: count(answer.terms_known) })}</Badge>
            </div>
          )}
        />
      ) : null}
    </PageLayout>
  );
}

const AT_ONCE = 100;

function Own({ terms, may, onOpen, onChanged }: { terms: Versioned<LexiconTerm>[]; may: boolean; onOpen: (id: string) => void; onChanged: () => void }) {
  const [search, setSearch] = useState("");
  const [drawn, setDrawn] = useState(AT_ONCE);
  const [removing, setRemoving] = useState<LexiconTerm>();
  if (terms.length === 0)
    return (
      <div className="ui-card lx-tab">
        <EmptyState
          icon="letters"
          title={t("empty")}
          text={t("emptyText")}
          action={
            may ? (
              <Button kind="primary" icon="plus" onPress={() => onOpen("new")}>
                {t("add")}
              </Button>
            ) : undefined
          }
        />
      </div>
    );
  const shown = terms.filter((it) => matches(search, it.canonical, it.note, ...it.variants));
  return (
    <div className="ad-stack lx-tab lx-own">
      <Filters>
        <SearchBox value={search} onChange={setSearch} label={t("search")} testId="term-search" />
      </Filters>
      {shown.length === 0 ? (
        <div className="ui-card">
          <EmptyState icon="search" title={words("noMatch")} text={words("noMatchHint")} />
        </div>
      ) : (
        <List label={t("own")}>
          {shown.slice(0, drawn).map((term) => (
            <Row
              key={term.id}
              title={term.canonical}
              onOpen={() => onOpen(term.id)}
              testId="term-row"
              badges={term.group === "own" ? null : <Badge>{groupName(term.group)}</Badge>}
              detail={
                <>
                  <Variants of={term.variants} />
                  {term.note ? <span>{term.note}</span> : null}
                </>
              }
              actions={may ? <IconButton icon="trash" label={words("removeOf", { name: term.canonical })} onPress={() => setRemoving(term)} /> : null}
            />
          ))}
        </List>
      )}
      {shown.length > drawn ? (
        <div className="ad-more">
          <Button onPress={() => setDrawn(drawn + AT_ONCE)}>{words("loadMore")}</Button>
        </div>
      ) : null}
      {removing ? (
        <ConfirmDialog
          isOpen
          title={t("removeTitle", { name: removing.canonical })}
          text={t("removeText")}
          confirmLabel={words("remove")}
          onClose={() => setRemoving(undefined)}
          onConfirm={async () => {
            await api.del(`/lexicon/${removing.id}`);
            toast.good(t("removed"));
            onChanged();
          }}
        />
      ) : null}
    </div>
  );
}
