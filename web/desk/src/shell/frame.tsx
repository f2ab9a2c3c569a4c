// Navigation around the work; at its foot who one is, and whether one takes conversations.

import type { ReactNode } from "react";
import { Avatar, Button, Menu, Shell, signOut, texts } from "@rapport/ui";
import type { NavLink, Presence } from "@rapport/ui";
import { useDesk, useDeskState } from "../state/context.ts";
import { useRoute } from "../state/route.ts";
import { words } from "../words.ts";
import { openOverlay } from "./ui.ts";

const t = texts({
  desk: { zh: "客服工作台", en: "Agent desk" },
  me: { zh: "{name}，{presence}。切换状态与设置", en: "{name}, {presence}. Presence and settings" },
  presence: { zh: "我的状态", en: "My presence" },
  onlineHint: { zh: "接收新的会话邀请", en: "New conversations are offered to you" },
  awayHint: { zh: "不派新会话，手上的会话保留", en: "Nothing new; you keep what you have" },
  offlineHint: { zh: "下班：不再收到会话", en: "Off work: nothing is offered" },
  settings: { zh: "设置", en: "Settings" },
  shortcuts: { zh: "快捷键", en: "Keyboard shortcuts" },
  signOut: { zh: "退出登录", en: "Sign out" },
});

export function Frame({ deep, children }: { deep: boolean; children: ReactNode }) {
  const route = useRoute();
  const waiting = useDeskState((state) => state.counts?.unassigned ?? 0);
  const links: NavLink[] = [
    { id: "inbox", label: words("inbox"), href: "#/mine", icon: "inbox", isCurrent: route.page === "inbox", testId: "nav-inbox", ...(waiting > 0 ? { count: waiting } : {}) },
    { id: "tickets", label: words("tickets"), href: "#/tickets", icon: "ticket", isCurrent: route.page === "tickets", testId: "nav-tickets" },
    { id: "admin", label: words("admin"), href: "/admin", icon: "settings", testId: "nav-admin" },
  ];
  return (
    <div className="dk" data-deep={deep}>
      <Shell links={links} foot={<MyMenu />}>
        <h1 className="ui-hidden">{t("desk")}</h1>
        {children}
      </Shell>
    </div>
  );
}

function MyMenu() {
  const desk = useDesk();
  const presence = useDeskState((state) => state.presence);
  const member = useDeskState((state) => state.me.member);
  const choices: [Presence, string][] = [
    ["online", t("onlineHint")],
    ["away", t("awayHint")],
    ["offline", t("offlineHint")],
  ];
  return (
    <Menu
      label={t("presence")}
      placement="right bottom"
      trigger={
        <Button kind="quiet" className="dk-me" aria-label={t("me", { name: member.name, presence: words(presence) })} testId="presence" data-presence={presence}>
          <Avatar name={member.name} seed={member.id} size={34} presence={presence} />
        </Button>
      }
      groups={[
        { title: member.name, items: choices.map(([id, detail]) => ({ id, label: words(id), detail, icon: <span className="dk-dot" data-presence={id} />, isSelected: presence === id, testId: `presence-${id}`, onAction: () => desk.setPresence(id) })) },
        {
          items: [
            { id: "settings", label: t("settings"), icon: "settings", testId: "open-settings", onAction: () => openOverlay("settings") },
            { id: "shortcuts", label: t("shortcuts"), icon: "keyboard", keys: "?", onAction: () => openOverlay("shortcuts") },
          ],
        },
        { items: [{ id: "out", label: t("signOut"), icon: "signOut", testId: "sign-out", onAction: () => void signOut() }] },
      ]}
    />
  );
}
