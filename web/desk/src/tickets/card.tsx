// A ticket in full: stage, steps so far, the customer's link, and the form that moves it on.

import { useState } from "react";
import { Badge, Button, ConfirmDialog, CopyButton, Fault, FaultNotice, Icon, IconButton, Menu, Select, Switch, TextArea, api, dateTime, fullTime, texts, toast } from "@rapport/ui";
import type { Ticket, TicketStage, TicketStep } from "@rapport/ui";
import { Editable } from "../panel/editable.tsx";
import { useDeskState, useMemberName } from "../state/context.ts";
import { stageName, stageTone, words } from "../words.ts";

const t = texts({
  ticket: { zh: "工单 #{number}", en: "Ticket #{number}" },
  title: { zh: "标题", en: "Title" },
  assignee: { zh: "负责人", en: "Responsible" },
  progress: { zh: "进展", en: "Progress" },
  update: { zh: "更新进展", en: "Update" },
  stage: { zh: "阶段", en: "Stage" },
  note: { zh: "说明", en: "Note" },
  notePublic: { zh: "客户会看到这段说明", en: "The customer will read this" },
  noteInternal: { zh: "仅成员可见", en: "Members only" },
  tell: { zh: "告知客户", en: "Tell the customer" },
  save: { zh: "保存进展", en: "Save" },
  link: { zh: "客户进度页", en: "Customer's page" },
  copyLink: { zh: "复制链接", en: "Copy link" },
  newLink: { zh: "更换链接", en: "New link" },
  newLinkTitle: { zh: "更换进度链接？", en: "Make a new link?" },
  newLinkText: { zh: "旧链接立即失效，请把新链接发给客户。", en: "The old link stops working at once; send the new one to the customer." },
  newLinkDone: { zh: "新链接已生成，旧链接已失效", en: "There is a new link; the old one no longer works" },
  more: { zh: "工单操作", en: "More for this ticket" },
  open: { zh: "展开工单 #{number}", en: "Open ticket #{number}" },
  internal: { zh: "内部", en: "internal" },
});

const STAGES: readonly TicketStage[] = ["received", "in_progress", "waiting_for_customer", "done", "cancelled"];

interface CardProps {
  ticket: Ticket;
  startsOpen?: boolean;
  onChanged: (ticket: Ticket) => void;
}

export function TicketCard({ ticket, startsOpen = true, onChanged }: CardProps) {
  const [open, setOpen] = useState(startsOpen);
  return (
    <section className="dk-card dk-ticket" data-testid="ticket" data-number={ticket.number} data-stage={ticket.stage} aria-label={t("ticket", { number: ticket.number })}>
      <button type="button" className="dk-ticket-head" aria-expanded={open} aria-label={t("open", { number: ticket.number })} onClick={() => setOpen(!open)}>
        <Icon name="ticket" size={17} />
        <b className="ui-num">#{ticket.number}</b>
        <span className="ui-grow ui-truncate">{open ? "" : ticket.title}</span>
        <Badge tone={stageTone(ticket.stage)}>{stageName(ticket.stage)}</Badge>
        <Icon name={open ? "chevronDown" : "chevronRight"} size={16} />
      </button>
      {open ? <TicketBody ticket={ticket} onChanged={onChanged} /> : null}
    </section>
  );
}

function TicketBody({ ticket, onChanged }: { ticket: Ticket; onChanged: (ticket: Ticket) => void }) {
  const members = useDeskState((state) => state.members);
  const patch = async (change: Record<string, unknown>) => {
    try {
      onChanged({ ...ticket, ...(await api.patch<Ticket>(`/tickets/${ticket.id}`, change)) });
      return true;
    } catch (error) {
      toast.fault(error);
      return false;
    }
  };
  const people = [...members.values()].filter((it) => it.active || it.id === ticket.assignee);
  return (
    <div className="dk-ticket-body">
      <Editable label={t("title")} value={ticket.title} strong onSave={(title) => (title === "" ? Promise.resolve(false) : patch({ title }))} />
      {ticket.description ? <p className="dk-ticket-description">{ticket.description}</p> : null}
      <Select label={t("assignee")} options={people.map((it) => ({ id: it.id, label: it.name }))} value={ticket.assignee} placeholder={words("nobody")} onChange={(assignee) => void patch({ assignee })} />
      {/* Hidden with the personal data that stands on the customer's page. */}
      {ticket.path === "" ? null : <LinkRow ticket={ticket} onChanged={onChanged} />}
      <Steps steps={ticket.log} />
      <Progress key={`${ticket.id}-${ticket.log.length}`} ticket={ticket} onChanged={onChanged} />
    </div>
  );
}

function LinkRow({ ticket, onChanged }: { ticket: Ticket; onChanged: (ticket: Ticket) => void }) {
  const [asking, setAsking] = useState(false);
  const url = new URL(ticket.path, location.origin).href;
  return (
    <div className="dk-ticket-link">
      <a href={ticket.path} target="_blank" rel="noopener" data-testid="ticket-link">
        {t("link")}
        <Icon name="external" size={14} />
      </a>
      <span className="ui-grow" />
      <CopyButton text={url} label={t("copyLink")} testId="ticket-copy" />
      <Menu label={t("more")} trigger={<IconButton icon="more" size="s" label={t("more")} testId="ticket-more" />} groups={[{ items: [{ id: "new", label: t("newLink"), icon: "refresh", testId: "ticket-new-link", onAction: () => setAsking(true) }] }]} />
      <ConfirmDialog
        title={t("newLinkTitle")}
        text={t("newLinkText")}
        confirmLabel={t("newLink")}
        isOpen={asking}
        onClose={() => setAsking(false)}
        onConfirm={async () => {
          const { path } = await api.post<{ path: string }>(`/tickets/${ticket.id}/new-link`, {});
          onChanged({ ...ticket, path, link_version: ticket.link_version + 1 });
          toast.good(t("newLinkDone"));
        }}
      />
    </div>
  );
}

function Steps({ steps }: { steps: readonly TicketStep[] }) {
  const memberName = useMemberName();
  return (
    <ol className="dk-ticket-steps" aria-label={t("progress")}>
      {steps.map((step, index) => (
        <li key={index} data-stage={step.stage} data-last={index === steps.length - 1}>
          <div className="dk-ticket-step">
            <b>{stageName(step.stage)}</b>
            {step.public ? null : <Badge tone="warn">{t("internal")}</Badge>}
            <time className="ui-num" title={fullTime(step.at)}>
              {dateTime(step.at)}
            </time>
          </div>
          {step.note ? <p>{step.note}</p> : null}
          {step.by ? <small className="ui-muted">{memberName(step.by)}</small> : null}
        </li>
      ))}
    </ol>
  );
}

function Progress({ ticket, onChanged }: { ticket: Ticket; onChanged: (ticket: Ticket) => void }) {
  const [stage, setStage] = useState<TicketStage>(ticket.stage);
  const [note, setNote] = useState("");
  const [open, setOpen] = useState(true);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault>();
  const changed = stage !== ticket.stage || note.trim() !== "";
  const save = async () => {
    setBusy(true);
    setFault(undefined);
    try {
      onChanged({ ...ticket, ...(await api.patch<Ticket>(`/tickets/${ticket.id}`, { stage, note: note.trim(), public: open })) });
    } catch (error) {
      setFault(Fault.of(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className="dk-ticket-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (changed) void save();
      }}
    >
      <Select label={t("stage")} options={STAGES.map((it) => ({ id: it, label: stageName(it) }))} value={stage} onChange={setStage} testId="ticket-stage" />
      <TextArea label={t("note")} value={note} onChange={setNote} rows={2} hint={open ? t("notePublic") : t("noteInternal")} testId="ticket-note" maxLength={2000} />
      <div className="dk-ticket-save">
        <Switch isSelected={open} onChange={setOpen} testId="ticket-public">
          {t("tell")}
        </Switch>
        <span className="ui-grow" />
        <Button kind="primary" size="s" type="submit" busy={busy} isDisabled={!changed} testId="ticket-update">
          {t("save")}
        </Button>
      </div>
      <FaultNotice fault={fault} />
    </form>
  );
}
