// Ethics and privacy: what is switched on, what always holds, and one customer's data.

import { api, PageLayout, texts, useLoad } from "@rapport/ui";
import type { Versioned } from "@rapport/ui";
import type { PageProps } from "../app.tsx";
import type { EthicsSettings } from "../care/nouns.ts";
import { Loading } from "../components/loading.tsx";
import { ReadOnlyNotice } from "../components/read-only.tsx";
import { useMay } from "../shell/session.ts";
import { pageTitle } from "../shell/words.ts";
import { PersonSection } from "./person.tsx";
import { PolicyList } from "./policies.tsx";
import { Switches } from "./switches.tsx";
import "./privacy.css";

const t = texts({
  text: { zh: "哪些能力开启、数据留多久、什么永远不做；客户的数据如何导出和删除", en: "What is switched on, how long data is kept, what is never done; exporting and erasing a customer's data" },
});

export default function PrivacyPage(_: PageProps) {
  const may = useMay("administrator");
  return (
    <PageLayout title={pageTitle("privacy")} text={t("text")}>
      <ReadOnlyNotice closed />
      {may ? <Settings /> : null}
    </PageLayout>
  );
}

function Settings() {
  const ethics = useLoad("ethics", () => api.get<Versioned<EthicsSettings>>("/ethics"));
  return (
    <>
      <Loading of={ethics} rows={3} height={120}>
        {(data) => <Switches first={data} onSaved={ethics.replace} />}
      </Loading>
      <PolicyList />
      <PersonSection />
    </>
  );
}
