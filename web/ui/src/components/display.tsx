// What only shows: badges, avatars, waiting, empty and failed states, notices, cards.

import { useEffect, useState } from "react";
import type { ReactNode } from "react";
import { advice } from "../api.ts";
import type { Fault } from "../api.ts";
import { Icon } from "../icons.tsx";
import type { IconName } from "../icons.tsx";
import type { Presence } from "../types.ts";
import { Button } from "./button.tsx";
import { words } from "./words.ts";

export type Tone = "neutral" | "accent" | "good" | "warn" | "bad" | "violet" | "solid";

export function Badge({ tone = "neutral", icon, children, title }: { tone?: Tone; icon?: IconName; children: ReactNode; title?: string }) {
  return (
    <span className="ui-badge" data-tone={tone} title={title}>
      {icon ? <Icon name={icon} size={12} /> : null}
      {children}
    </span>
  );
}

function hueOf(text: string): number {
  let hash = 7;
  for (const char of text) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 9973;
  return hash % 8;
}

/** The last two characters of a Chinese name, the initials of another. */
export function initials(name: string): string {
  const trimmed = name.trim();
  if (trimmed === "") return "?";
  if (/\p{Script=Han}/u.test(trimmed)) return [...trimmed].slice(-2).join("");
  const parts = trimmed.split(/\s+/);
  const first = [...(parts[0] ?? "")][0] ?? "";
  const last = parts.length > 1 ? ([...(parts.at(-1) ?? "")][0] ?? "") : "";
  return (first + last).toUpperCase();
}

export interface AvatarProps {
  name: string;
  /** What the colour is taken from; the name when absent. */
  seed?: string;
  size?: number;
  presence?: Presence | undefined;
  kind?: "person" | "bot" | "system" | "visitor";
}

export function Avatar({ name, seed, size = 32, presence, kind = "person" }: AvatarProps) {
  const hue = kind === "bot" || kind === "system" ? kind : String(hueOf(seed ?? name));
  const text = initials(name);
  return (
    <span className="ui-avatar" data-hue={hue} style={{ width: size, height: size, fontSize: size * (/\p{Script=Han}/u.test(text) && text.length > 1 ? 0.34 : 0.38) }} role="img" aria-label={kind === "bot" ? words("bot") : presence ? `${name}, ${words(presence)}` : name}>
      {kind === "bot" ? <Icon name="bot" size={size * 0.58} /> : kind === "system" ? <Icon name="bolt" size={size * 0.5} /> : kind === "visitor" ? <Icon name="user" size={size * 0.56} /> : text}
      {presence ? <span className="ui-avatar-dot" data-presence={presence} /> : null}
    </span>
  );
}

export function Spinner({ size = "m", label }: { size?: "s" | "m" | "l"; label?: string }) {
  return <span className="ui-spinner" data-size={size} role="status" aria-label={label ?? words("loading")} />;
}

export function Skeleton({ width = "100%", height = 14, radius }: { width?: number | string; height?: number; radius?: number }) {
  return <div className="ui-skeleton" style={{ width, height, ...(radius === undefined ? {} : { borderRadius: radius }) }} aria-hidden="true" />;
}

/** Rows of skeletons for a list that is on its way; shown only after a moment, so that quick answers do not flicker. */
export function SkeletonRows({ rows = 5, height = 44 }: { rows?: number; height?: number }) {
  const shown = useDelayed(120);
  return (
    <div role="status" aria-label={words("loading")} style={{ display: "grid", gap: 12, padding: 16, visibility: shown ? "visible" : "hidden" }}>
      {Array.from({ length: rows }, (_, index) => (
        <Skeleton key={index} height={height} radius={9} />
      ))}
    </div>
  );
}

function useDelayed(ms: number): boolean {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return shown;
}

export interface StateAction {
  label: string;
  onPress: () => void;
  icon?: IconName;
}

/** Nothing here yet: says what would be here and how it gets here. */
export function EmptyState({ icon = "inbox", title, text, action }: { icon?: IconName; title: string; text?: ReactNode; action?: StateAction | ReactNode }) {
  return (
    <div className="ui-state">
      <span className="ui-state-icon">
        <Icon name={icon} size={26} />
      </span>
      <h2>{title}</h2>
      {text ? <p>{text}</p> : null}
      {action ? <div className="ui-state-actions">{isAction(action) ? <Button {...(action.icon ? { icon: action.icon } : {})} onPress={action.onPress}>{action.label}</Button> : action}</div> : null}
    </div>
  );
}

function isAction(action: StateAction | ReactNode): action is StateAction {
  return typeof action === "object" && action !== null && "onPress" in action;
}

/** It failed: the catalogue's words, what to do, and the trace for whoever helps. */
export function ErrorState({ fault, retry }: { fault: Fault; retry?: () => void }) {
  return (
    <div className="ui-state" data-tone="bad" role="alert">
      <span className="ui-state-icon">
        <Icon name={fault.status === 0 ? "wifiOff" : "warning"} size={26} />
      </span>
      <h2>{fault.message}</h2>
      <p>{fault.hint}</p>
      {fault.detail ? <small>{fault.detail}</small> : null}
      {fault.trace ? <small>trace {fault.trace}</small> : null}
      {retry ? (
        <div className="ui-state-actions">
          <Button icon="refresh" onPress={retry}>
            {words("retry")}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

export function Notice({ tone = "accent", icon, children }: { tone?: "accent" | "good" | "warn" | "bad"; icon?: IconName; children: ReactNode }) {
  return (
    <div className="ui-notice" data-tone={tone} role={tone === "bad" ? "alert" : "note"}>
      <Icon name={icon ?? (tone === "bad" || tone === "warn" ? "warning" : tone === "good" ? "checkCircle" : "info")} />
      <div className="ui-grow">{children}</div>
    </div>
  );
}

/** A fault inside a form, above its buttons. */
export function FaultNotice({ fault }: { fault: Fault | undefined }) {
  if (!fault) return null;
  return (
    <Notice tone="bad">
      <strong>{fault.message}</strong>
      <div className="ui-muted">
        {advice(fault)}
      </div>
    </Notice>
  );
}

export function Card({ children, padded = true }: { children: ReactNode; padded?: boolean }) {
  return <section className={`ui-card${padded ? " ui-card-body" : ""}`}>{children}</section>;
}
