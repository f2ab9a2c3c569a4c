// The frame of a page: navigation at the start (at the bottom on phones), the work beside it; and the root of every app.

import type { ReactNode } from "react";
import { I18nProvider } from "react-aria-components";
import { Icon, Logo } from "../icons.tsx";
import type { IconName } from "../icons.tsx";
import { useLang } from "../i18n.ts";
import { Badge } from "./display.tsx";
import { Toasts } from "./toast.tsx";
import { words } from "./words.ts";

/** Language for all below; the whole tree is drawn anew when it changes. */
export function Root({ children }: { children: ReactNode }) {
  const lang = useLang();
  return (
    <I18nProvider locale={lang}>
      <div key={lang} style={{ display: "contents" }}>
        {children}
        <Toasts />
      </div>
    </I18nProvider>
  );
}

export interface NavLink {
  id: string;
  label: string;
  href: string;
  icon: IconName;
  count?: number;
  isCurrent?: boolean;
  testId?: string;
  /** Heading above this link (wide rail only). */
  group?: string;
}

export interface ShellProps {
  links: NavLink[];
  /** Names beside the icons. */
  wide?: boolean;
  brand?: string;
  foot?: ReactNode;
  children: ReactNode;
}

export function Shell({ links, wide = false, brand, foot, children }: ShellProps) {
  return (
    <div className="ui-shell" data-wide={wide}>
      <nav className="ui-rail" aria-label={words("main")}>
        <div className="ui-rail-brand">
          <Logo />
          {wide && brand ? <span className="ui-truncate">{brand}</span> : null}
        </div>
        <div className="ui-rail-links">
          {links.map((link) => (
            <RailLink key={link.id} link={link} />
          ))}
        </div>
        {foot ? <div className="ui-rail-foot">{foot}</div> : null}
      </nav>
      <main className="ui-main">{children}</main>
    </div>
  );
}

function RailLink({ link }: { link: NavLink }) {
  return (
    <>
      {link.group ? <div className="ui-rail-group">{link.group}</div> : null}
      <a className="ui-rail-link" href={link.href} title={link.label} aria-current={link.isCurrent ? "page" : undefined} data-testid={link.testId}>
        <Icon name={link.icon} size={20} />
        <span>{link.label}</span>
        {link.count ? (
          <span className="ui-rail-count">
            <Badge tone="solid">{link.count > 99 ? "99+" : link.count}</Badge>
          </span>
        ) : null}
      </a>
    </>
  );
}

/** A page of settings or lists: title, what it is for, its main button, then content. */
export function PageLayout({ title, text, actions, above, children }: { title: string; text?: ReactNode; actions?: ReactNode; /** The way back, above the title. */ above?: ReactNode; children: ReactNode }) {
  return (
    <div className="ui-page">
      <div className="ui-page-inner">
        {above}
        <header className="ui-page-head">
          <div>
            <h1>{title}</h1>
            {text ? <p>{text}</p> : null}
          </div>
          {actions ? <div className="ui-row">{actions}</div> : null}
        </header>
        {children}
      </div>
    </div>
  );
}
