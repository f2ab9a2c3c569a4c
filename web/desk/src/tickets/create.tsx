// Making a ticket out of a conversation: what the summary knows is filled in already.

import { useRef, useState } from "react";
import { FormDialog, TextArea, TextField, copyText, texts, toast } from "@rapport/ui";
import type { ConversationRow } from "@rapport/ui";
import { newId } from "@rapport/live";
import { showPanel } from "../shell/panel-state.ts";
import { useDesk, useRow } from "../state/context.ts";
import { previewText } from "../words.ts";

const t = texts({
  title: { zh: "创建工单", en: "Create a ticket" },
  name: { zh: "标题", en: "Title" },
  nameHint: { zh: "客户在进度页会看到标题", en: "The customer sees it on the progress page" },
  description: { zh: "内部说明", en: "Internal description" },
  descriptionHint: { zh: "同事处理时需要知道的事，客户看不到", en: "What colleagues need to know; not shown to the customer" },
  create: { zh: "创建并告知客户", en: "Create and tell the customer" },
  done: { zh: "工单 #{number} 已创建，进度链接已发给客户", en: "Ticket #{number} made; the customer got the link" },
  copy: { zh: "复制链接", en: "Copy link" },
});

const TITLE_MAX = 120;

function firstTitle(row: ConversationRow | undefined): string {
  if (!row) return "";
  return (row.summary?.wish || (row.last_message ? previewText(row) : "")).slice(0, TITLE_MAX);
}

function firstDescription(row: ConversationRow | undefined): string {
  return (row?.summary?.points ?? []).map((it) => `- ${it.text}`).join("\n");
}

export default function TicketDialog({ conversation, onClose }: { conversation: string; onClose: () => void }) {
  const desk = useDesk();
  const row = useRow(conversation);
  // One id for every attempt: a second try after a cut makes no second ticket.
  const id = useRef(newId()).current;
  const [title, setTitle] = useState(() => firstTitle(row));
  const [description, setDescription] = useState(() => firstDescription(row));
  const submit = async () => {
    const ticket = await desk.createTicket(conversation, id, title.trim(), description.trim());
    onClose();
    showPanel("tickets");
    const copy = { label: t("copy"), onPress: () => void copyText(new URL(ticket.path, location.origin).href) };
    toast.good(t("done", { number: ticket.number }), ticket.path === "" ? undefined : copy);
  };
  return (
    <FormDialog title={t("title")} isOpen onClose={onClose} submitLabel={t("create")} submitTestId="ticket-save" canSubmit={title.trim() !== ""} onSubmit={submit} testId="ticket-dialog">
      <TextField label={t("name")} hint={t("nameHint")} value={title} onChange={setTitle} maxLength={TITLE_MAX} isRequired autoFocus testId="ticket-title" />
      <TextArea label={t("description")} hint={t("descriptionHint")} value={description} onChange={setDescription} rows={5} maxLength={4000} testId="ticket-description" />
    </FormDialog>
  );
}
