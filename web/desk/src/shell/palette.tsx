// Everything by typing: what can be done with the open conversation, where one can go, and conversations found on the server.

import { useEffect, useMemo, useState } from "react";
import { Dialog as AriaDialog, Modal, ModalOverlay } from "react-aria-components";
import { Avatar, Icon, Kbd, texts } from "@rapport/ui";
import type { ConversationRow, IconName, Priority } from "@rapport/ui";
import { actionsOf, standing } from "../conversation/actions.ts";
import { useDesk, useDeskState, useMembers, useRow } from "../state/context.ts";
import type { Desk } from "../state/desk.ts";
import { go, goConversation, useRoute } from "../state/route.ts";
import { VIEWS } from "../state/views.ts";
import { contactName, previewText, priorityName, words } from "../words.ts";
import { togglePanel } from "./panel-state.ts";
import { FindList } from "./pick-menu.tsx";
import type { PickGroup, PickItem } from "./pick-menu.tsx";
import { openMenu, openOverlay, ui } from "./ui.ts";

const t = texts({
  label: { zh: "命令面板", en: "Command palette" },
  find: { zh: "输入命令、客户或聊天内容…", en: "Type a command, a customer, or what was said…" },
  conversation: { zh: "当前会话 #{number}", en: "This conversation #{number}" },
  goTo: { zh: "前往", en: "Go to" },
  found: { zh: "会话", en: "Conversations" },
  desk: { zh: "工作台", en: "Desk" },
  presence: { zh: "状态：{presence}", en: "Be {presence}" },
  assignTo: { zh: "分配给 {name}", en: "Assign to {name}" },
  setPriority: { zh: "优先级：{priority}", en: "Priority: {priority}" },
  panel: { zh: "打开 / 收起侧栏", en: "Toggle the side panel" },
  settings: { zh: "设置", en: "Settings" },
  shortcuts: { zh: "快捷键", en: "Keyboard shortcuts" },
});

const item = (id: string, label: string, icon: IconName, onAction: () => void, keys?: string): PickItem => ({ id, label, icon: <Icon name={icon} size={18} />, onAction, ...(keys ? { keys: <Kbd>{keys}</Kbd> } : {}) });

export default function Palette({ onClose }: { onClose: () => void }) {
  const desk = useDesk();
  const route = useRoute();
  const row = useRow(route.page === "inbox" ? route.conversation : undefined);
  const [text, setText] = useState("");
  const { found, busy } = useFound(desk, text);
  const groups: PickGroup[] = [...useConversationCommands(desk, row), { title: t("found"), items: found.map((it) => foundItem(it, text)) }, ...useDeskCommands(desk)];
  return (
    <ModalOverlay className="ui-overlay" data-place="top" isOpen onOpenChange={(open) => !open && onClose()} isDismissable>
      <Modal className="ui-modal dk-palette">
        <AriaDialog className="ui-dialog" aria-label={t("label")} data-testid="palette">
          <FindList label={t("label")} find={t("find")} groups={groups} busy={busy} onDone={onClose} inputValue={text} onInput={setText} />
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

/** What the server finds; the searched words are part of what the list filters by, so that it keeps what was found. */
function foundItem(row: ConversationRow, text: string): PickItem {
  const name = contactName(row.contact);
  return { id: `found-${row.id}`, label: name, detail: `#${row.number} · ${previewText(row)}`, also: text, icon: <Avatar name={name} seed={row.contact.id} size={26} />, testId: "found", onAction: () => goConversation(row.id, row.status.type === "resolved" ? "done" : "all") };
}

function useFound(desk: Desk, text: string): { found: readonly ConversationRow[]; busy: boolean } {
  const [found, setFound] = useState<readonly ConversationRow[]>([]);
  const [asked, setAsked] = useState("");
  const wanted = text.trim();
  useEffect(() => {
    if (wanted === "") {
      setFound([]);
      setAsked("");
      return undefined;
    }
    const cancel = new AbortController();
    const timer = setTimeout(() => {
      desk
        .search(wanted, cancel.signal)
        .then((page) => setFound(page.items.slice(0, 6)))
        // Nothing can be found then; the commands are still there.
        .catch(() => setFound([]))
        .finally(() => {
          if (!cancel.signal.aborted) setAsked(wanted);
        });
    }, 200);
    return () => {
      clearTimeout(timer);
      cancel.abort();
    };
  }, [desk, wanted]);
  return { found, busy: asked !== wanted };
}

const PRIORITIES: readonly Priority[] = ["urgent", "high", "normal", "low"];

function useConversationCommands(desk: Desk, row: ConversationRow | undefined): PickGroup[] {
  const me = useDeskState((state) => state.me.member.id);
  const members = useMembers();
  return useMemo(() => {
    if (!row) return [];
    const how = standing(row, me);
    const actions = actionsOf(desk, row);
    const items: PickItem[] = [];
    if (how.offered) items.push(item("accept", words("accept"), "check", () => void actions.accept(), "Alt Y"), item("decline", words("decline"), "close", () => void actions.decline(), "Alt N"));
    if (!how.mine && !how.offered && !how.resolved) items.push(item("take", how.holder ? words("takeOver") : words("take"), "userPlus", () => void actions.take(), "M"));
    if (how.resolved) items.push(item("reopen", words("reopen"), "undo", () => void actions.reopen(), "E"));
    else {
      items.push(item("resolve", words("resolve"), "check", () => void actions.resolve(), "E"), item("snooze", words("snooze"), "moon", () => openMenu("snooze"), "S"));
      if (row.status.type !== "bot") items.push(item("bot", words("returnToBot"), "bot", () => void actions.returnToBot()));
    }
    items.push(item("assign", words("assign"), "userPlus", () => openMenu("assign"), "A"), item("labels", words("labels"), "tag", () => openMenu("labels"), "L"), item("ticket", words("createTicket"), "ticket", () => ui.patch({ ticketFor: row.id }), "T"), item("panel", t("panel"), "sidebar", togglePanel, "I"));
    for (const it of PRIORITIES) if (it !== row.priority) items.push(item(`priority-${it}`, t("setPriority", { priority: priorityName(it) }), "flag", () => void actions.setPriority(it)));
    for (const it of members.values()) {
      if (it.active && it.id !== me) items.push({ id: `to-${it.id}`, label: t("assignTo", { name: it.name }), icon: <Avatar name={it.name} seed={it.id} size={26} presence={it.presence} />, onAction: () => void actions.assign(it.id, it.name) });
    }
    return [{ title: t("conversation", { number: row.number }), items }];
  }, [desk, row, me, members]);
}

function useDeskCommands(desk: Desk): PickGroup[] {
  const presence = useDeskState((state) => state.presence);
  return useMemo(
    () => [
      {
        title: t("goTo"),
        items: [
          ...VIEWS.map((view, index) => item(`go-${view}`, words(view), ({ mine: "inbox", unassigned: "hourglass", all: "layers", done: "checkCircle" } as const)[view], () => go({ page: "inbox", view, conversation: undefined }), String(index + 1))),
          item("go-tickets", words("tickets"), "ticket", () => go({ page: "tickets", ticket: undefined }), "5"),
        ],
      },
      {
        title: t("desk"),
        items: [
          ...(["online", "away", "offline"] as const).filter((it) => it !== presence).map((it) => ({ id: `be-${it}`, label: t("presence", { presence: words(it) }), icon: <span className="dk-dot" data-presence={it} />, onAction: () => desk.setPresence(it) })),
          item("settings", t("settings"), "settings", () => openOverlay("settings")),
          item("shortcuts", t("shortcuts"), "keyboard", () => openOverlay("shortcuts"), "?"),
        ],
      },
    ],
    [desk, presence],
  );
}
