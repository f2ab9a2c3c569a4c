// To whom a conversation is given: a member, back into the queue, or another team.

import { Avatar, Icon, IconButton, texts } from "@rapport/ui";
import type { MemberRow } from "@rapport/ui";
import { useDeskState, useMembers } from "../state/context.ts";
import { Anchored, FindList } from "../shell/pick-menu.tsx";
import type { PickGroup } from "../shell/pick-menu.tsx";
import { openMenu, useUi } from "../shell/ui.ts";
import { words } from "../words.ts";
import type { HeadMenuProps } from "./head.tsx";

const t = texts({
  find: { zh: "查找同事或团队", en: "Find a colleague or team" },
  me: { zh: "{name}（我）", en: "{name} (me)" },
  load: { zh: "{load}/{capacity} 个会话 · {presence}", en: "{load}/{capacity} conversations · {presence}" },
  queue: { zh: "放回队列", en: "Back to the queue" },
  queueHint: { zh: "由系统重新派给空闲的同事", en: "Offered to whoever is free" },
  people: { zh: "成员", en: "People" },
  teams: { zh: "团队", en: "Teams" },
});

const RANK = { online: 0, away: 1, offline: 2 } as const;

/** Me first, then who is here, then who has most room. */
export function byReach(me: string): (a: MemberRow, b: MemberRow) => number {
  return (a, b) => Number(b.id === me) - Number(a.id === me) || RANK[a.presence] - RANK[b.presence] || a.load - b.load || a.name.localeCompare(b.name);
}

export function AssignMenu({ row, how, actions, anchor }: HeadMenuProps) {
  const open = useUi((it) => it.menu === "assign");
  const members = useMembers();
  const teams = useDeskState((state) => state.teams);
  const me = useDeskState((state) => state.me.member.id);
  const holder = how.mine ? me : how.holder;
  const people = [...members.values()].filter((it) => it.active).sort(byReach(me));
  const groups: PickGroup[] = [
    {
      items: how.resolved || row.status.type === "queued" || row.status.type === "offered" ? [] : [{ id: "queue", label: t("queue"), detail: t("queueHint"), icon: <Icon name="hourglass" size={18} />, testId: "assign-queue", onAction: () => void actions.assign(null) }],
    },
    {
      title: t("people"),
      items: people.map((it) => ({
        id: it.id,
        label: it.id === me ? t("me", { name: it.name }) : it.name,
        detail: t("load", { load: it.load, capacity: it.capacity, presence: words(it.presence) }),
        icon: <Avatar name={it.name} seed={it.id} size={26} presence={it.presence} />,
        isSelected: it.id === holder,
        testId: "assign-member",
        onAction: () => void (it.id === holder ? undefined : actions.assign(it.id, it.name)),
      })),
    },
    {
      title: t("teams"),
      items: [
        { id: "no-team", label: words("noTeam"), icon: <Icon name="users" size={18} />, isSelected: row.team === null, onAction: () => void actions.setTeam(null) },
        ...[...teams.values()].map((it) => ({ id: it.id, label: it.name, icon: <Icon name="users" size={18} />, isSelected: row.team === it.id, testId: "assign-team", onAction: () => void actions.setTeam(it.id) })),
      ],
    },
  ];
  const show = (it: boolean) => openMenu(it ? "assign" : undefined);
  return (
    <Anchored label={words("assign")} isOpen={open} onOpenChange={show} anchor={anchor} trigger={anchor ? undefined : <IconButton icon="userPlus" label={words("assign")} keys="A" testId="action-assign" placement="bottom" />}>
      <FindList label={words("assign")} find={t("find")} groups={groups} onDone={() => show(false)} />
    </Anchored>
  );
}
