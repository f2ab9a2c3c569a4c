// Whatever else is known of a customer, as pairs; more can be added.

import { useState } from "react";
import { Button, Icon, TextField, texts } from "@rapport/ui";
import type { Contact } from "@rapport/ui";
import { words } from "../words.ts";
import { Editable } from "./editable.tsx";

const t = texts({
  add: { zh: "添加字段", en: "Add a field" },
  key: { zh: "名称", en: "Name" },
  value: { zh: "内容", en: "Value" },
  keyHint: { zh: "如：订单号", en: "such as: order" },
  remove: { zh: "移除{key}", en: "Remove {key}" },
});

interface FieldsProps {
  contact: Contact;
  /** All fields anew; `false`: refused. */
  onSave: (fields: Record<string, string>) => Promise<boolean>;
}

/** Shown among the facts: local time, page. */
const ELSEWHERE = new Set(["timezone", "page"]);

/** Rows of a description list. */
export function FieldRows({ contact, onSave }: FieldsProps) {
  const entries = Object.entries(contact.fields);
  return entries
    .filter(([key]) => !ELSEWHERE.has(key))
    .map(([key, value]) => <FieldRow key={key} name={key} value={value} onSave={(next) => onSave({ ...contact.fields, [key]: next })} onRemove={() => void onSave(Object.fromEntries(entries.filter(([it]) => it !== key)))} />);
}

export function AddField({ contact, onSave }: FieldsProps) {
  const [adding, setAdding] = useState(false);
  if (!adding) {
    return (
      <button type="button" className="dk-link dk-field-add" onClick={() => setAdding(true)} data-testid="field-add">
        <Icon name="plus" size={14} />
        {t("add")}
      </button>
    );
  }
  return (
    <NewField
      taken={contact.fields}
      onClose={() => setAdding(false)}
      onAdd={async (key, value) => {
        if (await onSave({ ...contact.fields, [key]: value })) setAdding(false);
      }}
    />
  );
}

function FieldRow({ name, value, onSave, onRemove }: { name: string; value: string; onSave: (value: string) => Promise<boolean>; onRemove: () => void }) {
  return (
    <>
      <dt className="ui-truncate" title={name}>
        {name}
      </dt>
      <dd>
        <Editable label={name} value={value} onSave={onSave} />
        <button type="button" className="dk-field-remove" aria-label={t("remove", { key: name })} title={t("remove", { key: name })} onClick={onRemove}>
          <Icon name="close" size={13} />
        </button>
      </dd>
    </>
  );
}

function NewField({ taken, onAdd, onClose }: { taken: Record<string, string>; onAdd: (key: string, value: string) => Promise<void>; onClose: () => void }) {
  const [key, setKey] = useState("");
  const [value, setValue] = useState("");
  const good = key.trim() !== "" && value.trim() !== "" && !(key.trim() in taken);
  return (
    <form
      className="dk-new-field"
      onSubmit={(event) => {
        event.preventDefault();
        if (good) void onAdd(key.trim(), value.trim());
      }}
    >
      <TextField label={t("key")} hideLabel value={key} onChange={setKey} placeholder={t("keyHint")} maxLength={40} autoFocus />
      <TextField label={t("value")} hideLabel value={value} onChange={setValue} placeholder={t("value")} maxLength={400} />
      <div className="dk-card-foot">
        <Button size="s" onPress={onClose}>
          {words("cancel")}
        </Button>
        <Button size="s" kind="primary" type="submit" isDisabled={!good}>
          {words("save")}
        </Button>
      </div>
    </form>
  );
}
