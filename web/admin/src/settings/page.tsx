// The company: its name and its first language.

import { api, PageLayout, texts, TextField, useLoad } from "@rapport/ui";
import type { Locale } from "@rapport/ui";
import type { PageProps } from "../app.tsx";
import { Segmented } from "../components/choice.tsx";
import { Loading } from "../components/loading.tsx";
import { ReadOnlyNotice } from "../components/read-only.tsx";
import { SaveBar } from "../components/save-bar.tsx";
import { Section } from "../components/section.tsx";
import { useDraft } from "../shell/draft.ts";
import type { Stored } from "../shell/draft.ts";
import { useMay, useSession } from "../shell/session.ts";
import { localeName, pageTitle } from "../shell/words.ts";

const t = texts({
  text: { zh: "客户在聊天窗口、工单和知识页面上看到的企业信息", en: "What customers see of your company in the chat, on tickets and on articles" },
  name: { zh: "企业名称", en: "Company name" },
  nameHint: { zh: "显示在聊天窗口顶部、工单进度页和知识页面", en: "Shown at the top of the chat, on ticket pages and on articles" },
  language: { zh: "默认语言", en: "First language" },
  languageHint: { zh: "无法判断客户语言时使用；新成员的界面也默认用它", en: "Used when a customer's language is not known, and for new members" },
  company: { zh: "企业信息", en: "Company" },
  address: { zh: "固定信息", en: "Fixed" },
  slug: { zh: "短名称", en: "Short name" },
  slugHint: { zh: "用于公开知识页面的网址，创建后不能修改", en: "Part of the addresses of public articles; it cannot be changed" },
});

interface Settings {
  name: string;
  locale: Locale;
  version?: number;
}
type SettingsForm = Omit<Settings, "version">;
const stored = ({ name, locale, version }: Settings): Stored<SettingsForm> => ({ value: { name, locale }, version });

export default function SettingsPage(_: PageProps) {
  const settings = useLoad("settings", () => api.get<Settings>("/settings"));
  return (
    <PageLayout title={pageTitle("settings")} text={t("text")}>
      <ReadOnlyNotice />
      <Loading of={settings} rows={2} height={90}>
        {(data) => <Form first={data} />}
      </Loading>
    </PageLayout>
  );
}

function Form({ first }: { first: Settings }) {
  const { me, update } = useSession();
  const readOnly = !useMay("administrator");
  const draft = useDraft<SettingsForm>({
    stored: stored(first),
    put: async (value, version) => {
      const answer = await api.put<Settings | undefined>("/settings", { ...value, name: value.name.trim() }, version === undefined ? {} : { version });
      const next = answer?.name ? answer : await api.get<Settings>("/settings");
      update({ tenant: { ...me.tenant, name: next.name, locale: next.locale } });
      return stored(next);
    },
    latest: async () => stored(await api.get<Settings>("/settings")),
  });
  const { value, patch } = draft;
  return (
    <>
      <Section title={t("company")} icon="home">
        <TextField label={t("name")} hint={t("nameHint")} value={value.name} onChange={(name) => patch({ name })} isRequired isDisabled={readOnly} maxLength={60} testId="settings-name" />
        <div className="ad-field-group">
          <Segmented label={t("language")} hideLabel={false} options={(["zh-CN", "en"] as const).map((id) => ({ id, label: localeName(id) }))} value={value.locale} onChange={(locale) => patch({ locale })} isDisabled={readOnly} testId="settings-locale" />
          <div className="ui-hint">{t("languageHint")}</div>
        </div>
      </Section>
      <Section title={t("address")} icon="link">
        <dl className="ad-facts">
          <dt>{t("slug")}</dt>
          <dd>
            <code>{me.tenant.slug}</code>
            <div className="ui-hint">{t("slugHint")}</div>
          </dd>
        </dl>
      </Section>
      <SaveBar draft={draft} canSave={value.name.trim() !== ""} testId="settings-save" />
    </>
  );
}
