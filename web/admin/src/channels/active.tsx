// Turning a channel off, which is asked about, and on again.

import { api, ConfirmDialog, texts, toast } from "@rapport/ui";
import type { Inbox, Versioned } from "@rapport/ui";
import { inboxForm } from "../inboxes/form.ts";
import { storeItem } from "../shell/data.ts";

const t = texts({
  turnOff: { zh: "停用", en: "Turn off" },
  offTitle: { zh: "停用“{name}”？", en: "Turn off “{name}”?" },
  offText: { zh: "客户从此渠道发来的消息将不再接收，也不能再回复。历史会话会保留，可随时重新启用。", en: "What customers write here is no longer taken in, and nobody can reply. History stays, and you can turn it on again." },
  turnedOff: { zh: "已停用", en: "Turned off" },
  turnedOn: { zh: "已启用", en: "Turned on" },
});

export async function turnOn(inbox: Versioned<Inbox>): Promise<void> {
  try {
    await storeItem<Inbox>("/inboxes", inbox.id, { ...inboxForm(inbox), active: true }, inbox.version);
    toast.good(t("turnedOn"));
  } catch (error) {
    toast.fault(error);
  }
}

export function TurnOffDialog({ inbox, onClose, onDone }: { inbox: Inbox; onClose: () => void; onDone: () => void }) {
  return (
    <ConfirmDialog
      isOpen
      title={t("offTitle", { name: inbox.name })}
      text={t("offText")}
      confirmLabel={t("turnOff")}
      onClose={onClose}
      onConfirm={async () => {
        await api.del(`/inboxes/${inbox.id}`);
        toast.good(t("turnedOff"));
        onDone();
      }}
    />
  );
}
