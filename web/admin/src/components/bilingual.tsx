// A text that customers see in their language: both versions side by side.

import { TextArea, TextField } from "@rapport/ui";
import type { Bilingual } from "@rapport/ui";
import { words } from "../shell/words.ts";

export function BilingualField({ label, value, onChange, rows, error, isDisabled, testId, maxLength = 500 }: { label: string; value: Bilingual; onChange: (value: Bilingual) => void; rows?: number; error?: string | undefined; isDisabled?: boolean; testId?: string; maxLength?: number }) {
  const part = (key: "zh" | "en") => {
    const shared = {
      label: `${label} · ${words(key === "zh" ? "zhText" : "enText")}`,
      value: value[key],
      onChange: (text: string) => onChange({ ...value, [key]: text }),
      maxLength,
      isDisabled: isDisabled ?? false,
      ...(key === "zh" && error ? { error } : {}),
      ...(testId ? { testId: `${testId}-${key}` } : {}),
    };
    return rows ? <TextArea {...shared} rows={rows} /> : <TextField {...shared} />;
  };
  return (
    <div className="ui-grid-2">
      {part("zh")}
      {part("en")}
    </div>
  );
}
