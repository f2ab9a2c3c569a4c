// Blocks that pages are made of: a titled card, rows of a list, a bar with filters.

import { useId } from "react";
import type { ReactNode } from "react";
import { Icon } from "@rapport/ui";
import type { IconName } from "@rapport/ui";

/** A card of a form or of figures: what it is, what it is for, then its content. */
export function Section({ title, text, actions, icon, children, testId }: { title: string; text?: ReactNode; actions?: ReactNode; icon?: IconName; children: ReactNode; testId?: string }) {
  const id = useId();
  return (
    <section className="ui-card ad-section" aria-labelledby={id} data-testid={testId}>
      <header className="ad-section-head">
        {icon ? (
          <span className="ad-section-icon">
            <Icon name={icon} size={18} />
          </span>
        ) : null}
        <div className="ui-grow">
          <h2 id={id}>{title}</h2>
          {text ? <p>{text}</p> : null}
        </div>
        {actions ? <div className="ui-row">{actions}</div> : null}
      </header>
      <div className="ad-section-body">{children}</div>
    </section>
  );
}

export function List({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul className="ui-card ad-list" aria-label={label}>
      {children}
    </ul>
  );
}

export interface RowProps {
  lead?: ReactNode;
  title: string;
  /** Where its title leads, or what pressing it does; neither: only to be read. */
  href?: string | undefined;
  onOpen?: (() => void) | undefined;
  badges?: ReactNode;
  detail?: ReactNode;
  meta?: ReactNode;
  actions?: ReactNode;
  muted?: boolean;
  testId?: string;
}

/** One line of a list; on phones its parts stand below each other. */
export function Row({ lead, title, href, onOpen, badges, detail, meta, actions, muted, testId }: RowProps) {
  return (
    <li className="ad-row" data-muted={muted || undefined} data-open={href || onOpen ? true : undefined} data-testid={testId}>
      {lead}
      <div className="ad-row-main">
        <div className="ad-row-title">
          {href ? (
            <a href={href}>{title}</a>
          ) : onOpen ? (
            <button type="button" onClick={onOpen}>
              {title}
            </button>
          ) : (
            <span>{title}</span>
          )}
          {badges}
        </div>
        {detail ? <div className="ad-row-detail">{detail}</div> : null}
      </div>
      {meta ? <div className="ad-row-meta">{meta}</div> : null}
      {actions ? <div className="ad-row-actions">{actions}</div> : null}
    </li>
  );
}

/** Search and filters above a list. */
export function Filters({ children }: { children: ReactNode }) {
  return <div className="ad-filters">{children}</div>;
}

/** A link that looks like a button. */
export function ButtonLink({ href, icon, kind = "secondary", size = "m", children, testId, external }: { href: string; icon?: IconName; kind?: "primary" | "secondary" | "quiet"; size?: "s" | "m" | "l"; children: ReactNode; testId?: string; external?: boolean }) {
  return (
    <a className="ui-btn" data-kind={kind} data-size={size} href={href} data-testid={testId} {...(external ? { target: "_blank", rel: "noreferrer" } : {})}>
      {icon ? <Icon name={icon} size={size === "s" ? 16 : 18} /> : null}
      {children}
    </a>
  );
}

/** A link back to the list above a page of one thing. */
export function BackLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a className="ad-back" href={href}>
      <Icon name="chevronLeft" size={16} />
      {children}
    </a>
  );
}
