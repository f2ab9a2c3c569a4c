// Buttons: with words, with an icon alone (then with a name and a tooltip), and one that copies.

import { useEffect, useRef, useState } from "react";
import type { ReactNode, Ref } from "react";
import { Button as AriaButton, OverlayArrow, Tooltip as AriaTooltip, TooltipTrigger } from "react-aria-components";
import type { ButtonProps as AriaButtonProps } from "react-aria-components";
import { Icon } from "../icons.tsx";
import type { IconName } from "../icons.tsx";
import { Spinner } from "./display.tsx";
import { words } from "./words.ts";

export type ButtonKind = "primary" | "secondary" | "quiet" | "danger" | "good";
export type Size = "s" | "m" | "l";

export interface ButtonProps extends Omit<AriaButtonProps, "className" | "style" | "children"> {
  kind?: ButtonKind;
  size?: Size;
  icon?: IconName;
  busy?: boolean;
  active?: boolean;
  testId?: string;
  className?: string;
  children?: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({ kind = "secondary", size = "m", icon, busy = false, active, testId, className, children, isDisabled, ...rest }: ButtonProps) {
  return (
    <AriaButton
      {...rest}
      isDisabled={isDisabled || busy}
      className={`ui-btn${className ? ` ${className}` : ""}`}
      data-kind={kind}
      data-size={size}
      {...(active === undefined ? {} : { "data-active": active })}
      {...(children ? {} : { "data-icon-only": true })}
      {...(testId ? { "data-testid": testId } : {})}
    >
      {busy ? <Spinner size="s" /> : icon ? <Icon name={icon} size={size === "s" ? 16 : 18} /> : null}
      {children}
    </AriaButton>
  );
}

export interface IconButtonProps extends Omit<ButtonProps, "children" | "aria-label"> {
  icon: IconName;
  /** What it does: its accessible name and tooltip. */
  label: string;
  /** Keys that do the same, shown in the tooltip. */
  keys?: string;
  placement?: "top" | "bottom" | "right" | "left";
}

export function IconButton({ label, keys, placement = "top", kind = "quiet", ...rest }: IconButtonProps) {
  return (
    <Tip text={label} placement={placement} {...(keys ? { keys } : {})}>
      <Button kind={kind} aria-label={label} {...rest} />
    </Tip>
  );
}

/** A tooltip for its one focusable child. */
export function Tip({ text, keys, placement = "top", children }: { text: string; keys?: string; placement?: "top" | "bottom" | "right" | "left"; children: ReactNode }) {
  return (
    <TooltipTrigger delay={450} closeDelay={80}>
      {children}
      <AriaTooltip className="ui-tooltip" placement={placement} offset={6}>
        <OverlayArrow />
        {text}
        {keys ? <Kbd>{keys}</Kbd> : null}
      </AriaTooltip>
    </TooltipTrigger>
  );
}

export function Kbd({ children }: { children: ReactNode }) {
  return <kbd className="ui-kbd">{children}</kbd>;
}

/** Copies `text`; says so for two seconds. */
export function CopyButton({ text, label = words("copy"), size = "s", testId }: { text: string; label?: string; size?: Size; testId?: string }) {
  const [done, setDone] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async () => {
    await copyText(text);
    setDone(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setDone(false), 2000);
  };
  return (
    <Button size={size} icon={done ? "check" : "copy"} onPress={() => void copy()} {...(testId ? { testId } : {})}>
      <span aria-live="polite">{done ? words("copied") : label}</span>
    </Button>
  );
}

/** Puts text on the clipboard, also on pages without a secure context. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "ui-hidden";
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}
