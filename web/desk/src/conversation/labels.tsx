// Labels of a conversation: those in use are offered, new ones are made by typing.

import { IconButton, MultiSelect, texts } from "@rapport/ui";
import type { ConversationRow } from "@rapport/ui";
import { useDeskState } from "../state/context.ts";
import { openMenu, useUi } from "../shell/ui.ts";
import { words } from "../words.ts";
import { Anchored } from "../shell/pick-menu.tsx";
import type { Actions } from "./actions.ts";
import type { HeadMenuProps } from "./head.tsx";

const t = texts({
  placeholder: { zh: "输入标签，回车添加", en: "Type a label, Enter adds" },
});

export function LabelsPopover({ row, actions, anchor }: HeadMenuProps) {
  const open = useUi((it) => it.menu === "labels");
  return (
    <Anchored label={words("labels")} isOpen={open} onOpenChange={(it) => openMenu(it ? "labels" : undefined)} anchor={anchor} trigger={anchor ? undefined : <IconButton icon="tag" label={words("labels")} keys="L" testId="action-labels" placement="bottom" />}>
      <div className="ui-popover-body dk-labels">
        <LabelsField row={row} actions={actions} />
      </div>
    </Anchored>
  );
}

function LabelsField({ row, actions }: { row: ConversationRow; actions: Actions }) {
  const known = useDeskState((state) => [...new Set([...state.rows.values()].flatMap((it) => it.labels))].sort());
  return <MultiSelect label={words("labels")} creatable options={known.map((it) => ({ id: it, label: it }))} values={row.labels} onChange={(labels) => void actions.setLabels(labels)} placeholder={t("placeholder")} testId="labels-input" />;
}
