// One intent: its examples, its fixed answer, its name; beside them what it is confused with, and trying a text.

import { useEffect, useState } from "react";
import { api, Badge, Button, ConfirmDialog, FormDialog, Notice, PageLayout, Switch, TextArea, texts, TextField, toast } from "@rapport/ui";
import { BilingualField } from "../components/bilingual.tsx";
import { count, percent, ProbabilityBar } from "../components/figures.tsx";
import { SaveBar } from "../components/save-bar.tsx";
import { BackLink, Section } from "../components/section.tsx";
import { same, useDraft } from "../shell/draft.ts";
import { go, to } from "../shell/route.ts";
import { pageTitle, words } from "../shell/words.ts";
import { recallTone } from "./data.ts";
import { ExamplesSection } from "./examples.tsx";
import { intentBody, intentForm, nameTaken } from "./form.ts";
import type { IntentForm } from "./form.ts";
import { intentName } from "./name.ts";
import { OUT_OF_SCOPE } from "./nouns.ts";
import type { Intent, Report } from "./nouns.ts";
import { TryPanel } from "./try.tsx";

const t = texts({
  basics: { zh: "名称与说明", en: "Name and description" },
  name: { zh: "名称", en: "Name" },
  nameHint: { zh: "客户也会看到：机器人反问时用它作选项", en: "Customers see it too: the bot offers it when it asks back" },
  nameExample: { zh: "例如：查询物流", en: "Such as: Track a parcel" },
  taken: { zh: "已有同名意图", en: "There is one of this name already" },
  description: { zh: "说明", en: "Description" },
  descriptionHint: { zh: "帮助同事判断一句话该不该归到这里", en: "Helps colleagues decide what belongs here" },
  enabled: { zh: "启用", en: "On" },
  enabledHint: { zh: "停用后不再被认出，例句仍保留", en: "When off it is not recognised; its examples are kept" },
  reply: { zh: "固定回答", en: "Fixed answer" },
  replyText: { zh: "认出这个意图且把握足够时，机器人直接这样回答；不填则照常查知识库。", en: "When this intent is recognised and sure, the bot answers with it. Without it, the bot looks in knowledge as always." },
  replyField: { zh: "回答", en: "Answer" },
  off: { zh: "已停用：不会被认出。", en: "Off: it is not recognised." },
  confused: { zh: "容易混淆", en: "Confused with" },
  confusedText: { zh: "最近一次训练中，这些例句被认成了别的意图", en: "In the last training these examples were taken for other intents" },
  recall: { zh: "例句被认出的比例", en: "Examples recognised" },
  seeAll: { zh: "查看例句并移动", en: "See and move them" },
  remove: { zh: "删除意图", en: "Delete intent" },
  removeTitle: { zh: "删除“{name}”？", en: "Delete “{name}”?" },
  removeText: { zh: "它的 {n} 条例句会一起删除，机器人不再认出它。可以先导出备份。", en: "Its {n} examples go with it, and the bot no longer recognises it. Export first if you want to keep them." },
  removed: { zh: "已删除意图", en: "The intent was deleted" },
  add: { zh: "新建意图", en: "New intent" },
});

export function IntentPage({ intent, intents, report, may, onChanged }: { intent: Intent; intents: Intent[]; report: Report | null; may: boolean; onChanged: () => void }) {
  const [removing, setRemoving] = useState(false);
  const draft = useDraft<IntentForm>({
    stored: { value: intentForm(intent), version: intent.version },
    put: async (value, version) => {
      const saved = await api.put<Intent>(`/intents/${intent.id}`, intentBody(value), version === undefined ? {} : { version });
      onChanged();
      return { value: intentForm(saved), version: saved.version };
    },
    latest: async () => {
      const now = await api.get<Intent>(`/intents/${intent.id}`);
      return { value: intentForm(now), version: now.version };
    },
  });
  useOwnVersion(draft, intent);
  const { value, patch } = draft;
  const outside = intent.name === OUT_OF_SCOPE;
  const taken = nameTaken(value.name, intents.filter((it) => it.id !== intent.id));
  const confused = (report?.confusion ?? []).filter((it) => it.truth === intent.name);
  const figure = report?.per_intent.find((it) => it.name === intent.name);
  return (
    <PageLayout
      above={<BackLink href={to("intents")}>{pageTitle("intents")}</BackLink>}
      title={intentName(draft.saved.name)}
      text={draft.saved.description || undefined}
      actions={
        may ? (
          <Button icon="trash" onPress={() => setRemoving(true)} testId="intent-delete">
            {t("remove")}
          </Button>
        ) : null
      }
    >
      {draft.saved.enabled ? null : <Notice tone="warn">{t("off")}</Notice>}
      <div className="ad-columns">
        <div className="ad-stack">
          <ExamplesSection intent={intent} intents={intents} may={may} onChanged={onChanged} />
          {outside ? null : (
            <Section title={t("reply")} text={t("replyText")} icon="bot">
            <BilingualField label={t("replyField")} value={value.reply} onChange={(reply) => patch({ reply })} rows={3} maxLength={2000} isDisabled={!may} testId="intent-reply" />
            </Section>
          )}
          <Section title={t("basics")} icon="edit">
            <TextField label={t("name")} hint={t("nameHint")} value={value.name} onChange={(name) => patch({ name })} isRequired isDisabled={!may || outside} maxLength={60} error={taken ? t("taken") : undefined} testId="intent-name" />
            <TextArea label={t("description")} hint={t("descriptionHint")} value={value.description} onChange={(description) => patch({ description })} rows={2} maxLength={500} isDisabled={!may} testId="intent-description" />
            <Switch isSelected={value.enabled} onChange={(enabled) => patch({ enabled })} hint={t("enabledHint")} isDisabled={!may} testId="intent-enabled">
              {t("enabled")}
            </Switch>
          </Section>
        </div>
        <div className="ad-aside ad-stack">
          <TryPanel intents={intents} samples={[]} may={may} onTaught={onChanged} />
          {figure ? (
            <section className="ui-card ui-card-body it-confused" aria-label={t("confused")}>
              <ProbabilityBar name={t("recall")} p={figure.recall} tone={recallTone(figure.recall) ?? "good"} />
              {confused.length > 0 ? (
                <>
                  <div>
                    <h2>{t("confused")}</h2>
                    <p className="ui-hint">{t("confusedText")}</p>
                  </div>
                  <ul>
                    {confused.slice(0, 5).map((it) => (
                      <li key={it.said}>
                        <span className="ui-grow">{intentName(it.said)}</span>
                        <Badge tone="warn">{count(it.count)}</Badge>
                        <small className="ui-num">{percent(it.count / Math.max(1, figure.examples))}</small>
                      </li>
                    ))}
                  </ul>
                  <a href={to("intents", "report")}>{t("seeAll")}</a>
                </>
              ) : null}
            </section>
          ) : null}
        </div>
      </div>
      {may ? <SaveBar draft={draft} canSave={value.name.trim() !== "" && !taken} testId="intent-save" /> : null}
      {removing ? (
        <ConfirmDialog
          isOpen
          title={t("removeTitle", { name: intent.name })}
          text={t("removeText", { n: intent.examples.length })}
          confirmLabel={words("remove")}
          onClose={() => setRemoving(false)}
          onConfirm={async () => {
            await api.del(`/intents/${intent.id}`);
            toast.good(t("removed"));
            go(to("intents"));
            onChanged();
          }}
        />
      ) : null}
    </PageLayout>
  );
}

/** Examples raise the version too: as long as the form itself was changed by nobody else, that is no conflict, and typed work stays. */
function useOwnVersion(draft: ReturnType<typeof useDraft<IntentForm>>, intent: Intent): void {
  const [known, setKnown] = useState(intent.version);
  useEffect(() => {
    if (known === intent.version) return;
    setKnown(intent.version);
    const form = intentForm(intent);
    const typed = draft.value;
    const dirty = draft.dirty;
    if (!dirty) draft.adopt({ value: form, version: intent.version });
    else if (same(form, draft.saved)) {
      draft.adopt({ value: form, version: intent.version });
      draft.patch(typed);
    }
  }, [known, intent, draft]);
}

export function NewIntentDialog({ intents, onClose, onMade }: { intents: Intent[]; onClose: () => void; onMade: () => void }) {
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const taken = nameTaken(name, intents);
  return (
    <FormDialog
      title={t("add")}
      isOpen
      onClose={onClose}
      submitLabel={words("create")}
      submitTestId="intent-create"
      canSubmit={name.trim() !== "" && !taken}
      onSubmit={async () => {
        const made = await api.post<Intent>("/intents", { name: name.trim(), description: description.trim() });
        onMade();
        go(to("intents", made.id));
      }}
    >
      <TextField label={t("name")} hint={t("nameHint")} value={name} onChange={setName} placeholder={t("nameExample")} isRequired maxLength={60} error={taken ? t("taken") : undefined} autoFocus testId="intent-name" />
      <TextArea label={t("description")} hint={t("descriptionHint")} value={description} onChange={setDescription} rows={2} maxLength={500} testId="intent-description" />
    </FormDialog>
  );
}
