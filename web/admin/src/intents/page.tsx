// Intents: the list with how well each is understood, what is confused with what, and trying a text.

import { useMemo, useState } from "react";
import { API_BASE, Button, ErrorState, Fault, IconButton, Menu, PageLayout, SkeletonRows, Tabs, texts } from "@rapport/ui";
import type { PageProps } from "../app.tsx";
import { Loading } from "../components/loading.tsx";
import { ReadOnlyNotice } from "../components/read-only.tsx";
import { BackLink } from "../components/section.tsx";
import { go, to } from "../shell/route.ts";
import { useMay } from "../shell/session.ts";
import { pageTitle, words } from "../shell/words.ts";
import { useIntents, useReport } from "./data.ts";
import { IntentPage, NewIntentDialog } from "./edit.tsx";
import { TeachFirst } from "./empty.tsx";
import { ImportIntents } from "./import.tsx";
import { IntentList } from "./list.tsx";
import { OUT_OF_SCOPE } from "./nouns.ts";
import type { Intent, IntentFigures, Intents } from "./nouns.ts";
import { ReportTab } from "./report.tsx";
import { TrainingStatus } from "./status.tsx";
import { TryPanel } from "./try.tsx";
import "./intents.css";

const t = texts({
  text: { zh: "教机器人听懂客户想做什么；新例句立即生效", en: "Teach the bot what customers want; new examples count at once" },
  add: { zh: "新建意图", en: "New intent" },
  import: { zh: "导入", en: "Import" },
  export: { zh: "导出 CSV", en: "Export as CSV" },
  tabs: { zh: "意图", en: "Intents" },
  all: { zh: "全部意图", en: "All intents" },
  report: { zh: "混淆与准确率", en: "Confusion and accuracy" },
  missing: { zh: "找不到这个意图", en: "This intent was not found" },
  missingHint: { zh: "它可能已被同事删除", en: "A colleague may have deleted it" },
});

export default function IntentsPage({ route }: PageProps) {
  const intents = useIntents();
  const may = useMay("supervisor");
  const report = useReport(intents.data ? (intents.data.model?.id ?? "none") : undefined);
  const [importing, setImporting] = useState(false);
  const [adding, setAdding] = useState(false);
  const reload = () => {
    intents.reload();
    report.reload();
  };
  const id = route.id === "report" ? undefined : route.id;
  if (id) {
    const found = intents.data?.intents.find((it) => it.id === id);
    if (found && intents.data) return <IntentPage key={id} intent={found} intents={intents.data.intents} report={report.data ?? null} may={may} onChanged={intents.reload} />;
    const fault = intents.fault ?? (intents.data && !intents.loading ? new Fault({ code: "not_found", message: t("missing"), hint: t("missingHint") }, 404) : undefined);
    return (
      <PageLayout title={pageTitle("intents")} above={<BackLink href={to("intents")}>{pageTitle("intents")}</BackLink>}>
        {fault ? <ErrorState fault={fault} retry={intents.reload} /> : <SkeletonRows rows={5} height={60} />}
      </PageLayout>
    );
  }
  const importButton = (
    <Button icon="upload" onPress={() => setImporting(true)} testId="import-open">
      {t("import")}
    </Button>
  );
  const addButton = (kind: "primary" | "secondary") => (
    <Button kind={kind} icon="plus" onPress={() => setAdding(true)} testId="intent-new">
      {t("add")}
    </Button>
  );
  const filled = (intents.data?.intents.length ?? 0) > 0;
  const actions = (
    <>
      <Menu label={words("more")} trigger={<IconButton kind="secondary" icon="more" label={words("more")} testId="intents-more" />} groups={[{ items: [{ id: "export", label: t("export"), icon: "download", testId: "export", onAction: () => download(`${API_BASE}/intents/export.csv`) }] }]} />
      {importButton}
      {addButton("primary")}
    </>
  );
  return (
    <PageLayout title={pageTitle("intents")} text={t("text")} actions={may && filled ? actions : null}>
      <ReadOnlyNotice needed="supervisor" />
      <Loading of={intents} rows={6} height={54}>
        {(data) =>
          data.intents.length === 0 ? (
            <TeachFirst
              may={may}
              onDone={reload}
              actions={
                <>
                  {addButton("secondary")}
                  {importButton}
                </>
              }
            />
          ) : (
            <>
              <TrainingStatus of={data} may={may} onStarted={intents.reload} />
              <Tabs
                label={t("tabs")}
                selected={route.id === "report" ? "report" : "all"}
                onChange={(next) => go(next === "report" ? to("intents", "report") : to("intents"), true)}
                pages={[
                  { id: "all", label: t("all"), testId: "tab-all", content: <AllTab data={data} figures={report.data?.per_intent ?? []} may={may} onTaught={intents.reload} /> },
                  { id: "report", label: t("report"), testId: "tab-report", content: <div className="it-tab">{report.data !== undefined ? <ReportTab report={report.data} intents={data.intents} may={may} onChanged={intents.reload} /> : <Loading of={report}>{() => null}</Loading>}</div> },
                ]}
              />
            </>
          )
        }
      </Loading>
      {importing ? <ImportIntents onClose={() => setImporting(false)} onDone={reload} /> : null}
      {adding ? <NewIntentDialog intents={intents.data?.intents ?? []} onClose={() => setAdding(false)} onMade={() => (setAdding(false), intents.reload())} /> : null}
    </PageLayout>
  );
}

function AllTab({ data, figures, may, onTaught }: { data: Intents; figures: IntentFigures[]; may: boolean; onTaught: () => void }) {
  const byName = useMemo(() => new Map(figures.map((it) => [it.name, it])), [figures]);
  const samples = useMemo(() => samplesOf(data.intents), [data.intents]);
  return (
    <div className="ad-columns it-tab">
      <div className="ad-stack it-list">
        <IntentList intents={data.intents} figures={byName} />
      </div>
      <div className="ad-aside">
        <TryPanel intents={data.intents} samples={samples} may={may} onTaught={onTaught} />
      </div>
    </div>
  );
}

/** An example of each of a few intents, and two wishes in one. */
function samplesOf(intents: Intent[]): string[] {
  const firsts = intents.filter((it) => it.enabled && it.name !== OUT_OF_SCOPE).flatMap((it) => it.examples.slice(0, 1).map((example) => example.text));
  const [one, two, three] = firsts;
  return [...(one ? [one] : []), ...(two && three ? [/\p{Script=Han}/u.test(two) ? `${two}，另外${three}` : `${two}, and ${three}`] : [])];
}

/** By a link, so that the browser saves it under the name that the server gives. */
function download(href: string): void {
  const anchor = document.createElement("a");
  anchor.href = href;
  anchor.download = "";
  anchor.click();
}
