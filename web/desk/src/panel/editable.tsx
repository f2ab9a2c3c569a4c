// A value that is corrected where it stands: press, write, Enter keeps it and Escape does not.

import { useEffect, useRef, useState } from "react";
import { Icon, Spinner, texts } from "@rapport/ui";

const t = texts({
  edit: { zh: "修改{label}：{value}", en: "Edit {label}: {value}" },
  add: { zh: "添加{label}", en: "Add {label}" },
});

export interface EditableProps {
  label: string;
  value: string;
  placeholder?: string;
  type?: "text" | "email" | "tel";
  strong?: boolean;
  /** `false`: it was refused, and stays open. */
  onSave: (value: string) => Promise<boolean>;
  testId?: string;
}

export function Editable({ label, value, placeholder, type = "text", strong = false, onSave, testId }: EditableProps) {
  const [text, setText] = useState<string>();
  const [busy, setBusy] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const editing = text !== undefined;
  useEffect(() => {
    if (editing) input.current?.select();
  }, [editing]);
  const close = () => {
    setText(undefined);
    requestAnimationFrame(() => button.current?.focus());
  };
  const save = async () => {
    if (text === undefined || busy) return;
    if (text.trim() === value) return setText(undefined);
    setBusy(true);
    const kept = await onSave(text.trim());
    setBusy(false);
    if (kept) setText(undefined);
  };
  if (!editing) {
    return (
      <button ref={button} type="button" className="dk-editable" data-strong={strong} data-empty={value === ""} onClick={() => setText(value)} aria-label={value ? t("edit", { label, value }) : t("add", { label })} data-testid={testId}>
        <span className="ui-truncate">{value || placeholder || t("add", { label })}</span>
        <Icon name="edit" size={14} />
      </button>
    );
  }
  return (
    <span className="dk-editing">
      <input
        ref={input}
        className="ui-input"
        type={type}
        value={text}
        aria-label={label}
        maxLength={200}
        disabled={busy}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => void save()}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === "Enter") void save();
          if (event.key === "Escape") {
            event.stopPropagation();
            close();
          }
        }}
        data-testid={testId ? `${testId}-input` : undefined}
      />
      {busy ? <Spinner size="s" /> : null}
    </span>
  );
}
