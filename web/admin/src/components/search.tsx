// The search box above a list.

import { Icon, texts } from "@rapport/ui";
import { words } from "../shell/words.ts";

const t = texts({ clear: { zh: "清空搜索", en: "Clear the search" } });

export function SearchBox({ value, onChange, label = words("search"), testId }: { value: string; onChange: (value: string) => void; label?: string; testId?: string }) {
  return (
    <div className="ad-search" role="search">
      <Icon name="search" size={17} />
      <input className="ui-input" type="search" value={value} onChange={(event) => onChange(event.target.value)} placeholder={label} aria-label={label} data-testid={testId} />
      {value === "" ? null : (
        <button type="button" aria-label={t("clear")} onClick={() => onChange("")}>
          <Icon name="close" size={14} />
        </button>
      )}
    </div>
  );
}

/** Whether all words of `search` are somewhere in these texts. */
export function matches(search: string, ...texts: (string | null | undefined)[]): boolean {
  const hay = texts.join("\n").toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => hay.includes(word));
}
