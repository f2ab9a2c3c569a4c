// The bar that appears at the foot of a form as soon as something differs from what is stored. Ctrl+S saves too.

import { useEffect, useRef } from "react";
import type { ReactNode } from "react";
import { Button, FaultNotice, texts, toast } from "@rapport/ui";
import type { Draft } from "../shell/draft.ts";
import { ConflictDialog } from "../shell/leave.tsx";
import { words } from "../shell/words.ts";

const t = texts({
  unsaved: { zh: "有未保存的修改", en: "Unsaved changes" },
  undo: { zh: "撤销修改", en: "Undo changes" },
  wrong: { zh: "请先改正标红的内容", en: "Please correct what is marked first" },
});

export function SaveBar<T>({ draft, canSave = true, note, extra, label = words("save"), testId, always = false }: { draft: Draft<T>; canSave?: boolean; note?: ReactNode; extra?: ReactNode; label?: string; testId?: string; always?: boolean }) {
  const shown = draft.dirty || draft.fault !== undefined || always;
  const save = async () => {
    if (await draft.save()) toast.good(words("saved"));
  };
  const latest = useRef({ save, can: false });
  latest.current = { save, can: draft.dirty && canSave && !draft.busy };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "s") {
        event.preventDefault();
        if (latest.current.can) void latest.current.save();
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
  return (
    <>
      {shown ? (
        <div className="ad-save-bar" role="region" aria-label={t("unsaved")}>
          <FaultNotice fault={draft.fault} />
          <div className="ad-save-row">
            <span className="ui-grow ad-save-note" data-bad={!canSave && draft.dirty}>
              {!canSave && draft.dirty ? t("wrong") : (note ?? (draft.dirty ? t("unsaved") : null))}
            </span>
            {extra}
            {draft.dirty ? (
              <Button kind="quiet" onPress={draft.undo}>
                {t("undo")}
              </Button>
            ) : null}
            <Button kind="primary" busy={draft.busy} isDisabled={!canSave || !draft.dirty} onPress={() => void save()} testId={testId ?? "save"}>
              {label}
            </Button>
          </div>
        </div>
      ) : null}
      <ConflictDialog draft={draft} />
    </>
  );
}
