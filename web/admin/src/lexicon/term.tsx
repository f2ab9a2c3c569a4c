// Writing one term and how else it is said.

import { api, Fault, MultiSelect, Select, texts, TextField } from "@rapport/ui";
import type { Versioned } from "@rapport/ui";
import { EditDialog } from "../components/edit-dialog.tsx";
import { useDraft } from "../shell/draft.ts";
import { useMay } from "../shell/session.ts";
import { words } from "../shell/words.ts";
import { groupName, STARTERS } from "./groups.ts";
import type { LexiconTerm, TermGroup } from "./groups.ts";

const t = texts({
  add: { zh: "新建词条", en: "New term" },
  canonical: { zh: "标准说法", en: "Standard term" },
  canonicalHint: { zh: "机器人和模型认得的词", en: "The word that the bot and the model know" },
  canonicalExample: { zh: "例如：退款", en: "Such as: refund" },
  variants: { zh: "其他说法", en: "Also said" },
  variantsHint: { zh: "逐个输入后按回车。方言、简称、行话、常见错别字都可以；读音相近的写法会自动认出", en: "Press Enter after each. Dialect, short forms, jargon, frequent slips; what sounds alike is found by itself" },
  variantsExample: { zh: "例如：退钱、返款", en: "Such as: money back, cash back" },
  same: { zh: "其他说法不能和标准说法相同", en: "One of these is the standard term itself" },
  taken: { zh: "已有这个词条", en: "There is one already" },
  gone: { zh: "它已被同事删除", en: "A colleague has deleted this" },
  goneHint: { zh: "请关闭后重新创建", en: "Close this and create it anew" },
  group: { zh: "分组", en: "Group" },
  note: { zh: "备注", en: "Note" },
});

export type TermForm = Omit<LexiconTerm, "id">;
const form = ({ canonical, variants, group, note }: LexiconTerm): TermForm => ({ canonical, variants, group, note });
const GROUPS: readonly TermGroup[] = ["own", ...STARTERS];

export function TermDialog({ term, taken, onClose, onSaved }: { term: Versioned<LexiconTerm> | undefined; taken: string[]; onClose: () => void; onSaved: () => void }) {
  const readOnly = !useMay("supervisor");
  const draft = useDraft<TermForm>({
    stored: term ? { value: form(term), version: term.version } : { value: { canonical: "", variants: [], group: "own", note: "" }, version: undefined },
    put: async (value, version) => {
      const body = { ...value, canonical: value.canonical.trim(), note: value.note.trim() };
      const saved = term ? await api.put<Versioned<LexiconTerm>>(`/lexicon/${term.id}`, body, version === undefined ? {} : { version }) : await api.post<Versioned<LexiconTerm>>("/lexicon", body);
      onSaved();
      return { value: form(saved), version: saved.version };
    },
    latest: async () => {
      const now = (await api.get<{ terms: Versioned<LexiconTerm>[] }>("/lexicon")).terms.find((it) => it.id === term?.id);
      if (!now) throw new Fault({ code: "not_found", message: t("gone"), hint: t("goneHint") }, 404);
      return { value: form(now), version: now.version };
    },
  });
  const { value, patch } = draft;
  const canonical = value.canonical.trim();
  const problem = taken.some((it) => it.toLowerCase() === canonical.toLowerCase()) ? t("taken") : undefined;
  const same = value.variants.includes(canonical) && canonical !== "";
  return (
    <EditDialog title={term ? (readOnly ? term.canonical : words("editOf", { name: term.canonical })) : t("add")} draft={draft} onClose={onClose} canSave={canonical !== "" && !problem && !same && value.variants.length > 0} saveTestId="term-save" readOnly={readOnly}>
      <TextField label={t("canonical")} hint={t("canonicalHint")} value={value.canonical} onChange={(next) => patch({ canonical: next })} placeholder={t("canonicalExample")} isRequired isDisabled={readOnly} maxLength={60} error={problem} autoFocus={!term} testId="term-canonical" />
      <MultiSelect label={t("variants")} hint={t("variantsHint")} options={[]} values={value.variants} onChange={(variants) => patch({ variants: variants.map((it) => it.replaceAll("|", "")).filter((it) => it !== "") })} creatable isRequired isDisabled={readOnly} placeholder={t("variantsExample")} error={same ? t("same") : undefined} testId="term-variants" />
      <Select label={t("group")} options={GROUPS.map((id) => ({ id, label: groupName(id) }))} value={value.group} onChange={(group) => patch({ group })} isDisabled={readOnly} testId="term-group" />
      <TextField label={t("note")} value={value.note} onChange={(note) => patch({ note })} maxLength={300} isDisabled={readOnly} testId="term-note" />
    </EditDialog>
  );
}
