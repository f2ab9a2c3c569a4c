// Feelings: sentences that a firm teaches with the state that they show, how well it reads by them, and the way back to what ships.

import { useEffect, useState } from "react";
import { api, Button, EmptyState, PageLayout, texts, useLoad } from "@rapport/ui";
import type { PageProps } from "../app.tsx";
import { Loading } from "../components/loading.tsx";
import { ReadOnlyNotice } from "../components/read-only.tsx";
import { useMay } from "../shell/session.ts";
import { pageTitle } from "../shell/words.ts";
import { FeelingCards } from "./cards.tsx";
import { AddFeelings, FeelingExamples } from "./examples.tsx";
import { ImportFeelings } from "./import.tsx";
import type { FeelingsView } from "./nouns.ts";
import "./feelings.css";

const t = texts({
  text: { zh: "教它听懂自家客户的情绪说法；只用于同意了的客户，新例句立即生效", en: "Teach how your customers say what they feel; used only for those who agreed, and new examples count at once" },
  import: { zh: "导入", en: "Import" },
  first: { zh: "还没有教过自家的说法", en: "Nothing of your own is taught yet" },
  firstText: {
    zh: "现在按内置模型识别。同一句话，各家客户的意思可能不同：写下客户真说过的话和它表示的状态，相同或相近的话下一条就按您教的识别；满 20 句、不止一种状态后，还会训练出自家的模型。工作台的“情绪走势”里也能一键纠正。",
    en: "Feelings are read as the product ships. The same words can mean other things to your customers: write what they really say and the state it shows. The same and similar words are read so from the next message on; with 20 sentences of more than one state a model of your own is trained. On the desk one click in “How they feel” corrects a message.",
  },
});

/** How often to look while a training runs. */
const LOOK_MS = 1000;

export default function FeelingsPage(_: PageProps) {
  const may = useMay("supervisor");
  if (!may)
    return (
      <PageLayout title={pageTitle("feelings")} text={t("text")}>
        <ReadOnlyNotice needed="supervisor" closed />
      </PageLayout>
    );
  return <Feelings />;
}

function Feelings() {
  const feelings = useLoad("feelings", () => api.get<FeelingsView>("/feelings"));
  const [changes, setChanges] = useState(0);
  const [importing, setImporting] = useState(false);
  const { reload } = feelings;
  const running = feelings.data?.training?.running ?? false;
  useEffect(() => {
    if (!running) return;
    const looking = setInterval(reload, LOOK_MS);
    return () => clearInterval(looking);
  }, [running, reload]);
  const changed = () => {
    setChanges((it) => it + 1);
    reload();
  };
  return (
    <PageLayout
      title={pageTitle("feelings")}
      text={t("text")}
      actions={
        <Button icon="upload" onPress={() => setImporting(true)} testId="import-open">
          {t("import")}
        </Button>
      }
    >
      <Loading of={feelings} rows={3} height={120}>
        {(view) => (
          <div className="fl-page">
            {view.counts.examples === 0 ? (
              <div className="ui-card" data-testid="feelings-first">
                <EmptyState icon="smile" title={t("first")} text={t("firstText")} />
              </div>
            ) : null}
            <AddFeelings onChanged={changed} />
            {view.counts.examples > 0 ? <FeelingExamples counts={view.counts} changes={changes} onChanged={changed} /> : null}
            <FeelingCards view={view} onChanged={changed} />
          </div>
        )}
      </Loading>
      {importing ? <ImportFeelings onClose={() => setImporting(false)} onDone={changed} /> : null}
    </PageLayout>
  );
}
