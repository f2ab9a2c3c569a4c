// Asked before the first message, when the inbox wants it.

import { useState } from "preact/hooks";
import { HttpError } from "./http.ts";
import type { Store } from "./store.ts";
import { inWords } from "./words.ts";

const PATTERNS: Record<string, RegExp> = { email: /^[^\s@]+@[^\s@]+\.[^\s@]+$/, phone: /^\+?[\d\s()-]{5,20}$/ };

export function Prechat({ store }: { store: Store }) {
  const { words, locale } = store;
  const fields = store.config?.prechat ?? [];
  const [values, setValues] = useState<Record<string, string>>({});
  const [problems, setProblems] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const check = (): Record<string, string> => {
    const found: Record<string, string> = {};
    for (const { key, required } of fields) {
      const value = values[key]?.trim() ?? "";
      if (!value && required) found[key] = words.required;
      else if (value && PATTERNS[key]?.test(value) === false) found[key] = key === "email" ? words.badEmail : words.badPhone;
    }
    return found;
  };
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const found = check();
    setProblems(found);
    const first = Object.keys(found)[0];
    if (first) return document.getElementById(`prechat-${first}`)?.focus();
    setBusy(true);
    try {
      const filled = Object.entries(values).flatMap(([key, value]) => (value.trim() ? [[key, value.trim()]] : []));
      await store.introduce(Object.fromEntries(filled) as Record<string, string>);
    } catch (error) {
      store.say((error instanceof HttpError && error.advice) || words.noService);
    }
    setBusy(false);
  };
  return (
    <form class="prechat" noValidate onSubmit={(event) => void submit(event)}>
      <b>{words.prechatTitle}</b>
      <small>{words.prechatHint}</small>
      {fields.map(({ key, label, required }) => (
        <label key={key}>
          <span>
            {inWords(label, locale) || key}
            {required && <i aria-hidden="true"> *</i>}
          </span>
          <input
            id={`prechat-${key}`}
            data-testid={`prechat-${key}`}
            type="text"
            inputMode={key === "email" ? "email" : key === "phone" ? "tel" : "text"}
            autocomplete={key === "phone" ? "tel" : key === "email" || key === "name" ? key : "off"}
            maxLength={200}
            required={required}
            aria-invalid={Boolean(problems[key])}
            {...(problems[key] ? { "aria-describedby": `problem-${key}` } : {})}
            value={values[key] ?? ""}
            onInput={(event) => setValues({ ...values, [key]: event.currentTarget.value })}
          />
          {problems[key] && (
            <em id={`problem-${key}`} role="alert">
              {problems[key]}
            </em>
          )}
        </label>
      ))}
      <div class="buttons">
        {!store.prechatRequired && (
          <button type="button" class="quiet" onClick={() => store.skipPrechat()} data-testid="prechat-skip">
            {words.prechatSkip}
          </button>
        )}
        <button type="submit" class="primary" disabled={busy} data-testid="prechat-start">
          {words.prechatStart}
        </button>
      </div>
    </form>
  );
}
