// Connecting a channel: the address that the provider calls, what is copied from its console, and a live test.

import { useState } from "react";
import { api, Badge, ErrorState, Notice, pick, SkeletonRows, texts, TextField, useLoad } from "@rapport/ui";
import type { Inbox } from "@rapport/ui";
import { CopyLine } from "../components/code.tsx";
import { SaveBar } from "../components/save-bar.tsx";
import { Section } from "../components/section.tsx";
import type { Stored } from "../shell/draft.ts";
import { useDraft } from "../shell/draft.ts";
import { useMay } from "../shell/session.ts";
import { Check } from "./check.tsx";
import { changedFields, fieldsForm, isPublicAddress, missingFields } from "./form.ts";
import type { FieldsForm } from "./form.ts";
import type { ChannelField, ChannelRow } from "./nouns.ts";

const t = texts({
  adminOnly: { zh: "接入信息仅管理员可见", en: "Administrators see how it is connected" },
  callback: { zh: "回调地址", en: "Callback address" },
  callbackText: { zh: "平台把客户的消息推送到这个地址。请复制到平台后台的“消息推送”“事件订阅”或 Webhook 设置中。", en: "The provider sends what customers write to this address. Copy it into the webhook or event settings of the provider's console." },
  notPublic: { zh: "平台只能访问公网的 https 地址，目前这个地址它访问不到。请先设置服务器的公开网址。", en: "Providers reach public https addresses only, and this is none. Set the public address of the server first." },
  fields: { zh: "接入信息", en: "Connection" },
  fieldsText: { zh: "密钥加密保存，任何人都无法再次查看；留空即保持不变。", en: "Secrets are stored encrypted and never shown again; leave one empty to keep it." },
  set: { zh: "已设置", en: "Set" },
  keep: { zh: "已设置，输入新值即替换", en: "Set; type to replace it" },
  byDefault: { zh: "默认：{value}", en: "By default: {value}" },
  missing: { zh: "还需要填写：{names}", en: "Still needed: {names}" },
  and: { zh: "、", en: ", " },
  complete: { zh: "信息齐全", en: "Nothing is missing" },
});

export function ConnectTab({ inbox }: { inbox: Inbox }) {
  const may = useMay("administrator");
  const loaded = useLoad(`channel/${inbox.id}/${may}`, async () => (may ? await api.get<ChannelRow>(`/inboxes/${inbox.id}/channel`) : undefined));
  if (!may) return <Notice>{t("adminOnly")}</Notice>;
  if (loaded.data) return <Connect id={inbox.id} row={loaded.data} onRow={loaded.replace} />;
  if (loaded.fault) return <ErrorState fault={loaded.fault} retry={loaded.reload} />;
  return (
    <div className="ui-card">
      <SkeletonRows rows={4} height={52} />
    </div>
  );
}

function Connect({ id, row, onRow }: { id: string; row: ChannelRow; onRow: (row: ChannelRow) => void }) {
  /** A test tells of what was saved: after the next save it has to be made again. */
  const [saves, setSaves] = useState(0);
  const path = `/inboxes/${id}/channel`;
  const take = (next: ChannelRow): Stored<FieldsForm> => {
    onRow(next);
    return { value: fieldsForm(next), version: undefined };
  };
  const draft = useDraft<FieldsForm>({
    stored: { value: fieldsForm(row), version: undefined },
    put: async (value) => take(await api.put<ChannelRow>(path, { fields: changedFields(row, value) })),
    latest: async () => take(await api.get<ChannelRow>(path)),
    onSaved: () => setSaves((it) => it + 1),
  });
  const missing = missingFields(row, draft.value);
  return (
    <>
      <Section title={t("callback")} text={t("callbackText")} icon="link">
        <CopyLine text={row.callback_url} label={t("callback")} testId="callback-url" />
        {isPublicAddress(row.callback_url) ? null : <Notice tone="warn">{t("notPublic")}</Notice>}
      </Section>
      <Section title={t("fields")} text={t("fieldsText")} icon="key">
        {missing.length > 0 ? (
          <Notice tone="warn">
            <span data-testid="channel-missing">{t("missing", { names: missing.map((it) => pick(it.label)).join(t("and")) })}</span>
          </Notice>
        ) : (
          <Notice tone="good">
            <span data-testid="channel-complete">{t("complete")}</span>
          </Notice>
        )}
        <div className="ch-fields">
          {row.fields.map((field) => (
            <Field key={field.name} field={field} value={draft.value[field.name] ?? ""} onChange={(text) => draft.patch({ [field.name]: text })} />
          ))}
        </div>
      </Section>
      <Check key={saves} id={id} blocked={draft.dirty ? "unsaved" : row.missing.length > 0 ? "missing" : undefined} />
      <SaveBar draft={draft} testId="channel-save" />
    </>
  );
}

function Field({ field, value, onChange }: { field: ChannelField; value: string; onChange: (value: string) => void }) {
  const isKept = field.secret && field.is_set;
  const placeholder = isKept ? t("keep") : field.default ? t("byDefault", { value: field.default }) : "";
  return (
    <TextField
      label={pick(field.label)}
      hint={
        <>
          {isKept ? (
            <Badge tone="good" icon="check">
              <span data-testid={`set-${field.name}`}>{t("set")}</span>
            </Badge>
          ) : null}{" "}
          {pick(field.hint)}
        </>
      }
      value={value}
      onChange={onChange}
      type={field.secret ? "password" : "text"}
      autoComplete={field.secret ? "new-password" : "off"}
      placeholder={placeholder}
      isRequired={field.required}
      testId={`field-${field.name}`}
    />
  );
}
