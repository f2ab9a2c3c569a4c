// Navigation beside the page; on phones a bar at the top with everything behind one button.

import { useEffect, useState } from "react";
import type { ReactNode } from "react";
import { Avatar, Button, Dialog, Icon, lang, Logo, Menu, setLang, setTheme, signOut, texts, useTheme } from "@rapport/ui";
import type { IconName, Lang, Role, Theme } from "@rapport/ui";
import { leave } from "./guard.ts";
import { go, to } from "./route.ts";
import type { PageId } from "./route.ts";
import { useSession, atLeast } from "./session.ts";
import { pageTitle, roleName, words } from "./words.ts";

const t = texts({
  navigation: { zh: "管理导航", en: "Administration" },
  menu: { zh: "打开菜单", en: "Open menu" },
  account: { zh: "我的账号", en: "My account" },
  light: { zh: "浅色", en: "Light" },
  dark: { zh: "深色", en: "Dark" },
  system: { zh: "跟随系统", en: "As the system" },
  appearance: { zh: "外观", en: "Appearance" },
  signOut: { zh: "退出登录", en: "Sign out" },
  skip: { zh: "跳到主要内容", en: "Skip to content" },
});

interface Link {
  id: PageId;
  icon: IconName;
  /** Whom it is of use to at all. */
  role?: Role;
}

const GROUPS: { title?: "group_talk" | "group_understanding" | "group_people" | "group_system"; links: Link[] }[] = [
  { links: [{ id: "overview", icon: "home" }] },
  { title: "group_talk", links: [{ id: "knowledge", icon: "book" }, { id: "inboxes", icon: "globe" }, { id: "channels", icon: "chats", role: "supervisor" }, { id: "hours", icon: "clock" }, { id: "replies", icon: "bolt" }] },
  {
    title: "group_understanding",
    links: [
      { id: "intents", icon: "target", role: "supervisor" },
      { id: "lexicon", icon: "letters", role: "supervisor" },
      { id: "feelings", icon: "smile", role: "supervisor" },
      { id: "models", icon: "cube", role: "supervisor" },
      { id: "care", icon: "heart", role: "supervisor" },
      { id: "privacy", icon: "lock", role: "administrator" },
    ],
  },
  { title: "group_people", links: [{ id: "members", icon: "user" }, { id: "teams", icon: "users" }] },
  { title: "group_system", links: [{ id: "settings", icon: "settings" }, { id: "tokens", icon: "key", role: "administrator" }, { id: "audit", icon: "shield", role: "administrator" }] },
];

export function useNarrow(width = 860): boolean {
  const query = `(max-width: ${width}px)`;
  const [narrow, setNarrow] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const follow = () => setNarrow(media.matches);
    follow();
    media.addEventListener("change", follow);
    return () => media.removeEventListener("change", follow);
  }, [query]);
  return narrow;
}

export function Frame({ current, children }: { current: PageId; children: ReactNode }) {
  const narrow = useNarrow();
  const { me } = useSession();
  const [open, setOpen] = useState(false);
  useEffect(() => setOpen(false), [current]);
  const skip = (
    <a
      className="ad-skip"
      href="#main"
      onClick={(event) => {
        event.preventDefault();
        document.getElementById("main")?.focus();
      }}
    >
      {t("skip")}
    </a>
  );
  if (narrow) {
    return (
      <div className="ad-frame" data-narrow="true">
        {skip}
        <header className="ad-top">
          <Button kind="quiet" icon="menu" aria-label={t("menu")} onPress={() => setOpen(true)} testId="nav-menu" />
          <b className="ui-truncate">{me.tenant.name}</b>
          <AccountMenu small />
        </header>
        <Dialog title={me.tenant.name} isOpen={open} onClose={() => setOpen(false)} side="end">
          <nav aria-label={t("navigation")}>
            <Links current={current} onGo={() => setOpen(false)} />
          </nav>
        </Dialog>
        <main id="main" className="ui-main" tabIndex={0}>
          {children}
        </main>
      </div>
    );
  }
  return (
    <div className="ad-frame">
      {skip}
      <nav className="ad-rail" aria-label={t("navigation")}>
        <div className="ad-brand">
          <Logo size={30} />
          <span>
            <b className="ui-truncate">{me.tenant.name}</b>
            <small>{words("admin")}</small>
          </span>
        </div>
        <Links current={current} />
        <AccountMenu />
      </nav>
      <main id="main" className="ui-main" tabIndex={0}>
        {children}
      </main>
    </div>
  );
}

function Links({ current, onGo }: { current: PageId; onGo?: () => void }) {
  const { me } = useSession();
  return (
    <div className="ad-links">
      {GROUPS.map((group) => {
        const links = group.links.filter((it) => !it.role || atLeast(me.member.role, it.role));
        return (
          <div key={group.title ?? "first"} className="ad-links-group">
            {group.title ? <div className="ad-links-title">{words(group.title)}</div> : null}
            {links.map((link) => (
              <a key={link.id} className="ad-link" href={to(link.id)} aria-current={link.id === current ? "page" : undefined} data-testid={`nav-${link.id}`} {...(onGo ? { onClick: onGo } : {})}>
                <Icon name={link.icon} size={18} />
                {pageTitle(link.id)}
              </a>
            ))}
          </div>
        );
      })}
      <div className="ad-links-group">
        <a className="ad-link" href="/desk">
          <Icon name="inbox" size={18} />
          {words("desk")}
          <Icon name="external" size={14} className="ad-end" />
        </a>
      </div>
    </div>
  );
}

function AccountMenu({ small = false }: { small?: boolean }) {
  const { me } = useSession();
  const theme = useTheme();
  const themes: [Theme, IconName][] = [["system", "settings"], ["light", "sun"], ["dark", "moon"]];
  const langs: [Lang, string][] = [["zh-CN", "简体中文"], ["en", "English"]];
  return (
    <Menu
      label={t("account")}
      placement={small ? "bottom end" : "top start"}
      trigger={
        small ? (
          <Button kind="quiet" aria-label={t("account")} testId="account-menu">
            <Avatar name={me.member.name} seed={me.member.id} size={26} />
          </Button>
        ) : (
          <Button kind="quiet" className="ad-me" aria-label={`${t("account")}: ${me.member.name}`} testId="account-menu">
            <Avatar name={me.member.name} seed={me.member.id} size={30} />
            <span className="ad-me-text">
              <b className="ui-truncate">{me.member.name}</b>
              <small className="ui-truncate">{roleName(me.member.role)}</small>
            </span>
          </Button>
        )
      }
      groups={[
        { items: [{ id: "account", label: t("account"), icon: "user", onAction: () => leave(() => go(to("account"))) }] },
        { title: words("language"), items: langs.map(([id, label]) => ({ id, label, icon: "globe" as const, isSelected: lang() === id, onAction: () => leave(() => setLang(id)) })) },
        { title: t("appearance"), items: themes.map(([id, icon]) => ({ id: `theme-${id}`, label: t(id), icon, isSelected: theme === id, onAction: () => setTheme(id) })) },
        { items: [{ id: "out", label: t("signOut"), icon: "signOut", onAction: () => leave(() => void signOut()) }] },
      ]}
    />
  );
}
