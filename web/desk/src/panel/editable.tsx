// A value that is corrected where it stands: press, write, Enter keeps it and Escape does not.

import { useEffect, useId, useRef, useState } from "react";
import { flushSync } from "react-dom";
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
  /** What is wrong with it, before it is sent. */
  check?: (value: string) => string | undefined;
  /** `false`: it was refused, and stays open. */
  onSave: (value: string) => Promise<boolean>;
  testId?: string;
}

export function Editable({ label, value, placeholder, type = "text", strong = false, check, onSave, testId }: EditableProps) {
  const [text, setText] = useState<string>();
  const [busy, setBusy] = useState(false);
  /** What was refused: tried again only after it changed. */
  const [refused, setRefused] = useState<string>();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const editing = text !== undefined;
  useEffect(() => {
    if (editing) input.current?.select();
  }, [editing]);
  const leave = () => {
    setText(undefined);
    setRefused(undefined);
  };
  const close = () => {
    flushSync(leave);
    button.current?.focus();
  };
  const save = async (done: () => void) => {
    if (text === undefined || busy) return;
    const wanted = text.trim();
    if (wanted === value) return done();
    if (wanted === refused) return;
    if (check?.(wanted)) return setRefused(wanted);
    setBusy(true);
    const kept = await onSave(wanted);
    setBusy(false);
    if (kept) done();
    else setRefused(wanted);
  };
  if (!editing) {
    return (
      <button ref={button} type="button" className="dk-editable" data-strong={strong} data-empty={value === ""} onClick={() => setText(value)} aria-label={value ? t("edit", { label, value }) : t("add", { label })} data-testid={testId}>
        <span className="ui-truncate">{value || placeholder || t("add", { label })}</span>
        <Icon name="edit" size={14} />
      </button>
    );
  }
  const wrong = refused !== undefined && text.trim() === refused;
  const problem = wrong ? check?.(text.trim()) : undefined;
  return (
    <span className="dk-editing">
      <input
        ref={input}
        className="ui-input"
        type={type}
        value={text}
        aria-label={label}
        maxLength={200}
        readOnly={busy}
        aria-invalid={wrong}
        aria-describedby={problem ? `${id}-problem` : undefined}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => (text.trim() === refused ? leave() : void save(leave))}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === "Enter") void save(close);
          if (event.key === "Escape") {
            event.stopPropagation();
            close();
          }
        }}
        data-testid={testId ? `${testId}-input` : undefined}
      />
      {busy ? <Spinner size="s" /> : null}
      {problem ? (
        <span className="ui-field-error" id={`${id}-problem`} role="alert">
          {problem}
        </span>
      ) : null}
    </span>
  );
}
