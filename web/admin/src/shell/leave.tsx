// The question before unsaved work is lost, and before a colleague's work is overwritten.

import { Button, Dialog, texts, useStore } from "@rapport/ui";
import type { Draft } from "./draft.ts";
import { guard, leaveAnyway, stay } from "./guard.ts";

const t = texts({
  title: { zh: "有未保存的修改", en: "Unsaved changes" },
  text: { zh: "离开此页面，刚才的修改将会丢失。", en: "If you leave this page, what you just changed is lost." },
  stay: { zh: "继续编辑", en: "Keep editing" },
  leave: { zh: "不保存，离开", en: "Leave without saving" },
  conflict: { zh: "同事刚刚也修改了这里", en: "A colleague has just changed this too" },
  conflictText: { zh: "在您编辑期间，有人保存了新的内容。为避免互相覆盖，您的修改尚未保存。请选择：", en: "Somebody saved while you were editing. So that nothing is overwritten by accident, your changes are not saved yet. Choose:" },
  theirs: { zh: "载入最新内容", en: "Load the latest" },
  theirsText: { zh: "放弃我的修改，查看同事保存的内容", en: "Drop my changes and see what was saved" },
  mine: { zh: "以我的为准", en: "Keep mine" },
  mineText: { zh: "用我的内容覆盖同事的修改", en: "Overwrite theirs with what I have" },
});

export function LeaveDialog() {
  const { pending } = useStore(guard);
  return (
    <Dialog
      title={t("title")}
      isOpen={pending !== undefined}
      onClose={stay}
      size="s"
      testId="leave-dialog"
      footer={
        <>
          <Button kind="danger" onPress={leaveAnyway} testId="leave-anyway">
            {t("leave")}
          </Button>
          <Button kind="primary" onPress={stay} testId="leave-stay">
            {t("stay")}
          </Button>
        </>
      }
    >
      <p>{t("text")}</p>
    </Dialog>
  );
}

export function ConflictDialog<T>({ draft }: { draft: Draft<T> }) {
  return (
    <Dialog title={t("conflict")} isOpen={draft.conflict} onClose={draft.closeConflict} testId="conflict-dialog">
      <p>{t("conflictText")}</p>
      <div className="ad-choices">
        <button type="button" className="ad-choice" onClick={() => void draft.takeTheirs()} data-testid="conflict-theirs">
          <b>{t("theirs")}</b>
          <span>{t("theirsText")}</span>
        </button>
        <button type="button" className="ad-choice" onClick={() => void draft.keepMine()} data-testid="conflict-mine">
          <b>{t("mine")}</b>
          <span>{t("mineText")}</span>
        </button>
      </div>
    </Dialog>
  );
}
