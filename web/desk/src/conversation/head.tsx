// The head of a conversation: whose it is and how it stands, and what can be done with it.

import { useRef } from "react";
import type { RefObject } from "react";
import { Avatar, Badge, Button, Icon, IconButton, Menu, channelIcon, channelName, dateTime, texts } from "@rapport/ui";
import type { ConversationRow, MenuGroup, Priority } from "@rapport/ui";
import { useChannel, useDesk, useDeskState, useMemberName } from "../state/context.ts";
import { goConversation } from "../state/route.ts";
import { useKeys } from "../shell/keys.ts";
import { usePhone } from "../shell/media.ts";
import { togglePanel, usePanelShown } from "../shell/panel-state.ts";
import { openMenu, ui } from "../shell/ui.ts";
import { contactName, priorityName, statusName, words } from "../words.ts";
import { actionsOf, standing } from "./actions.ts";
import type { Actions, Standing } from "./actions.ts";
import { AssignMenu } from "./assign.tsx";
import { LabelsPopover } from "./labels.tsx";
import { SnoozeMenu } from "./snooze.tsx";

const t = texts({
  until: { zh: "暂缓至 {time}", en: "Until {time}" },
  withAgent: { zh: "{name} 接待", en: "{name}" },
  mine: { zh: "我在接待", en: "Mine" },
  offered: { zh: "邀请您接待", en: "Offered to you" },
  online: { zh: "客户在线", en: "Customer online" },
  offline: { zh: "客户离线", en: "Customer offline" },
  panel: { zh: "客户与工单", en: "Customer and tickets" },
  back: { zh: "返回列表", en: "Back to the list" },
  hidden: { zh: "个人信息已隐藏", en: "Personal data hidden" },
  hiddenWhy: { zh: "电话、证件号、银行卡、地址等对您隐藏，管理员可在成员设置中开放", en: "Phone numbers, ids, bank cards and addresses are hidden from you; an administrator can change that in the member's settings" },
  copyNumber: { zh: "复制会话链接", en: "Copy link" },
});

export interface HeadMenuProps {
  row: ConversationRow;
  how: Standing;
  actions: Actions;
  /** Where there is no room for a button of its own: what it opens beside. */
  anchor?: RefObject<HTMLElement | null> | undefined;
}

export function ConversationHead({ row }: { row: ConversationRow }) {
  const desk = useDesk();
  const me = useDeskState((state) => state.me.member.id);
  const phone = usePhone();
  const how = standing(row, me);
  const actions = actionsOf(desk, row);
  useHeadKeys(row, how, actions);
  const name = contactName(row.contact);
  return (
    <header className="dk-head">
      {phone ? <IconButton icon="arrowLeft" label={t("back")} onPress={() => goConversation(undefined)} testId="back" /> : null}
      <HeadFace row={row} name={name} />
      <div className="dk-head-main">
        <div className="dk-head-title">
          <h2 className="ui-truncate">{name}</h2>
          {row.contact.verified_at ? <Verified /> : null}
          <span className="dk-head-number ui-num">#{row.number}</span>
        </div>
        <HeadMeta row={row} how={how} />
      </div>
      <HeadActions row={row} how={how} actions={actions} />
    </header>
  );
}

export function Verified() {
  const label = words("verified");
  return (
    <span className="dk-verified" title={label} role="img" aria-label={label}>
      <Icon name="shield" size={15} />
    </span>
  );
}

function HeadFace({ row, name }: { row: ConversationRow; name: string }) {
  const remote = useChannel(row.inbox) !== undefined;
  // Only a chat widget tells whether somebody has it open.
  const online = useDeskState((state) => (remote ? undefined : state.visitors.get(row.contact.id)));
  return (
    <span className="dk-row-face dk-head-face">
      <Avatar name={name} seed={row.contact.id} size={38} kind={row.contact.name.trim() === "" ? "visitor" : "person"} />
      {online === undefined ? null : <span className="ui-avatar-dot" data-presence={online ? "online" : "offline"} role="img" aria-label={online ? t("online") : t("offline")} title={online ? t("online") : t("offline")} data-testid="visitor-online" data-online={online} />}
    </span>
  );
}

function HeadMeta({ row, how }: { row: ConversationRow; how: Standing }) {
  const memberName = useMemberName();
  const inbox = useDeskState((state) => state.inboxes.get(row.inbox)?.name);
  const channel = useChannel(row.inbox);
  const hides = useDeskState((state) => !state.me.permissions.includes("personal_data"));
  const team = useDeskState((state) => (row.team ? state.teams.get(row.team)?.name : undefined));
  const status = how.offered ? t("offered") : how.snoozed && row.status.type === "snoozed" ? t("until", { time: dateTime(row.status.until) }) : how.mine ? t("mine") : how.holder ? t("withAgent", { name: memberName(how.holder) }) : statusName(row.status);
  const tone = how.resolved ? "good" : how.offered || row.status.type === "queued" ? "warn" : how.mine ? "accent" : row.status.type === "bot" ? "violet" : "neutral";
  return (
    <div className="dk-head-meta">
      <Badge tone={tone}>
        <span data-testid="status">{status}</span>
      </Badge>
      {row.priority === "normal" ? null : (
        <Badge tone={row.priority === "urgent" ? "bad" : row.priority === "high" ? "warn" : "neutral"} icon="flag">
          {priorityName(row.priority)}
        </Badge>
      )}
      {hides ? (
        <Badge icon="lock" title={t("hiddenWhy")}>
          <span data-testid="personal-data-hidden">{t("hidden")}</span>
        </Badge>
      ) : null}
      {channel ? (
        <span className="dk-channel" data-testid="channel" data-channel={channel}>
          <Icon name={channelIcon(channel)} size={14} />
          <span className="ui-truncate">{channelName(channel)}</span>
        </span>
      ) : null}
      <span className="ui-truncate dk-head-inbox">{[inbox, team].filter(Boolean).join(" · ")}</span>
      {row.labels.map((label) => (
        <span key={label} className="dk-label">
          {label}
        </span>
      ))}
    </div>
  );
}

function HeadActions({ row, how, actions }: HeadMenuProps) {
  const phone = usePhone();
  const more = useRef<HTMLButtonElement>(null);
  const menu: HeadMenuProps = { row, how, actions, anchor: phone ? more : undefined };
  const panel = usePanelShown();
  const main = how.resolved ? (
    <Button icon="undo" onPress={() => void actions.reopen()} testId="action-reopen">
      {words("reopen")}
    </Button>
  ) : how.mine && phone ? (
    <IconButton kind="secondary" icon="check" className="dk-resolve" label={words("resolve")} onPress={() => void actions.resolve()} testId="action-resolve" />
  ) : how.mine ? (
    <Button icon="check" className="dk-resolve" onPress={() => void actions.resolve()} testId="action-resolve">
      {words("resolve")}
    </Button>
  ) : how.offered ? null : (
    <Button kind="primary" icon="userPlus" onPress={() => void actions.take()} testId="action-take">
      {how.holder ? words("takeOver") : words("take")}
    </Button>
  );
  return (
    <div className="dk-head-actions">
      <AssignMenu {...menu} />
      {how.resolved ? null : <SnoozeMenu {...menu} />}
      <LabelsPopover {...menu} />
      {phone ? null : <IconButton icon="ticket" label={words("createTicket")} keys="T" onPress={() => ui.patch({ ticketFor: row.id })} testId="ticket-create" placement="bottom" />}
      <MoreMenu {...menu} anchor={more} />
      {main}
      <IconButton icon="sidebar" label={t("panel")} keys="I" active={panel} onPress={togglePanel} testId="panel-toggle" placement="bottom" aria-expanded={panel} />
    </div>
  );
}

const PRIORITIES: readonly Priority[] = ["urgent", "high", "normal", "low"];

function MoreMenu({ row, how, actions, anchor }: HeadMenuProps) {
  const phone = usePhone();
  const hasBot = useDeskState((state) => state.inboxes.get(row.inbox)?.bot ?? false);
  const groups: MenuGroup[] = [
    {
      items: phone
        ? [
            { id: "assign", label: words("assign"), icon: "userPlus", testId: "action-assign", onAction: () => openMenu("assign") },
            ...(how.resolved ? [] : [{ id: "snooze", label: words("snooze"), icon: "moon" as const, testId: "action-snooze", onAction: () => openMenu("snooze") }]),
            { id: "labels", label: words("labels"), icon: "tag", testId: "action-labels", onAction: () => openMenu("labels") },
            { id: "ticket", label: words("createTicket"), icon: "ticket", testId: "ticket-create", onAction: () => ui.patch({ ticketFor: row.id }) },
          ]
        : [],
    },
    {
      items: [
        ...(how.mine || how.resolved ? [] : [{ id: "resolve", label: words("resolve"), icon: "check" as const, testId: "menu-resolve", onAction: () => void actions.resolve() }]),
        ...(how.snoozed ? [{ id: "wake", label: words("wake"), icon: "sun" as const, testId: "action-wake", onAction: () => void actions.wake() }] : []),
        ...(hasBot && !how.resolved && row.status.type !== "bot" ? [{ id: "bot", label: words("returnToBot"), icon: "bot" as const, testId: "action-bot", onAction: () => void actions.returnToBot() }] : []),
      ],
    },
    { title: words("priority"), items: PRIORITIES.map((it) => ({ id: it, label: priorityName(it), icon: <Icon name="flag" size={16} className="dk-flag" data-priority={it} />, isSelected: row.priority === it, testId: `priority-${it}`, onAction: () => void actions.setPriority(it) })) },
  ];
  return <Menu label={words("more")} groups={groups} trigger={<IconButton ref={anchor as RefObject<HTMLButtonElement>} icon="more" label={words("more")} testId="action-more" placement="bottom" />} />;
}

function useHeadKeys(row: ConversationRow, how: Standing, actions: Actions): void {
  useKeys([
    { key: "e", run: () => void (how.resolved ? actions.reopen() : actions.resolve()) },
    { key: "m", run: () => void (how.mine ? undefined : how.offered ? actions.accept() : actions.take()) },
    { key: "a", run: () => openMenu("assign") },
    { key: "s", run: () => (how.resolved ? undefined : openMenu("snooze")) },
    { key: "l", run: () => openMenu("labels") },
    { key: "t", run: () => ui.patch({ ticketFor: row.id }) },
  ]);
}
