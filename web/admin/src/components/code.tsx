// Text for programs or for pasting elsewhere, with a button that copies it; and a secret that is covered until asked for.

import { useState } from "react";
import { Button, CopyButton, texts } from "@rapport/ui";

const t = texts({
  show: { zh: "显示", en: "Show" },
  hide: { zh: "隐藏", en: "Hide" },
});

export function CodeBlock({ code, label, copyLabel, testId, wrap = false }: { code: string; label: string; copyLabel?: string; testId?: string; wrap?: boolean }) {
  return (
    <div className="ad-code">
      <pre tabIndex={0} role="group" aria-label={label} data-testid={testId} data-wrap={wrap || undefined}>
        <code>{code}</code>
      </pre>
      <div className="ad-code-copy">
        <CopyButton text={code} {...(copyLabel ? { label: copyLabel } : {})} />
      </div>
    </div>
  );
}

/** One line to copy: a link, a key. `covered` hides it until asked for. */
export function CopyLine({ text, label, covered = false, testId }: { text: string; label: string; covered?: boolean; testId?: string }) {
  const [shown, setShown] = useState(!covered);
  return (
    <div className="ad-copy-line">
      <input className="ui-input" readOnly aria-label={label} value={shown ? text : "•".repeat(Math.min(32, text.length))} onFocus={(event) => event.target.select()} data-testid={testId} data-value={shown ? text : undefined} />
      {covered ? <Button onPress={() => setShown(!shown)}>{shown ? t("hide") : t("show")}</Button> : null}
      <CopyButton text={text} size="m" />
    </div>
  );
}
