// What opens above the page: dialogs, a question before something cannot be undone, menus, popovers.

import type { ReactElement, ReactNode } from "react";
import { useState } from "react";
import {
  Dialog as AriaDialog,
  Menu as AriaMenu,
  DialogTrigger,
  Header,
  Heading,
  MenuItem as AriaMenuItem,
  MenuSection,
  MenuTrigger,
  Modal,
  ModalOverlay,
  Popover as AriaPopover,
  Separator,
} from "react-aria-components";
import { Fault } from "../api.ts";
import { Icon } from "../icons.tsx";
import type { IconName } from "../icons.tsx";
import { Button, IconButton, Kbd } from "./button.tsx";
import { FaultNotice } from "./display.tsx";
import { words } from "./words.ts";

export interface DialogProps {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
  /** Buttons, right aligned. */
  footer?: ReactNode;
  size?: "s" | "m" | "l" | "xl";
  /** A sheet at the end of the line instead of a box in the middle. */
  side?: "end";
  testId?: string;
}

export function Dialog({ title, isOpen, onClose, children, footer, size = "m", side, testId }: DialogProps) {
  return (
    <ModalOverlay className="ui-overlay" isOpen={isOpen} onOpenChange={(open) => !open && onClose()} isDismissable {...(side ? { "data-side": side } : {})}>
      <Modal className="ui-modal" data-size={size}>
        <AriaDialog className="ui-dialog" {...(testId ? { "data-testid": testId } : {})}>
          <div className="ui-dialog-head">
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            <IconButton icon="close" size="s" label={words("close")} onPress={onClose} placement="left" />
          </div>
          <div className="ui-dialog-body">{children}</div>
          {footer ? <div className="ui-dialog-foot">{footer}</div> : null}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

export interface FormDialogProps extends Omit<DialogProps, "footer"> {
  submitLabel: string;
  /** Throws a `Fault` to stay open and show it. */
  onSubmit: () => Promise<void>;
  canSubmit?: boolean;
  submitTestId?: string;
  danger?: boolean;
}

/** A dialog that saves: one form, busy while it is on its way, the fault shown inside. */
export function FormDialog({ submitLabel, onSubmit, canSubmit = true, submitTestId, danger, children, onClose, ...rest }: FormDialogProps) {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault>();
  const submit = async () => {
    if (busy || !canSubmit) return;
    setBusy(true);
    setFault(undefined);
    try {
      await onSubmit();
    } catch (error) {
      setFault(Fault.of(error));
    } finally {
      setBusy(false);
    }
  };
  const close = () => {
    setFault(undefined);
    onClose();
  };
  return (
    <Dialog
      {...rest}
      onClose={close}
      footer={
        <>
          <Button onPress={close}>{words("cancel")}</Button>
          <Button kind={danger ? "danger" : "primary"} busy={busy} isDisabled={!canSubmit} onPress={() => void submit()} {...(submitTestId ? { testId: submitTestId } : {})}>
            {submitLabel}
          </Button>
        </>
      }
    >
      <form
        className="ui-stack"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {children}
        <FaultNotice fault={fault} />
        <button type="submit" hidden />
      </form>
    </Dialog>
  );
}

/** Asks before something cannot be undone. */
export function ConfirmDialog({ title, text, confirmLabel, isOpen, onClose, onConfirm }: { title: string; text: ReactNode; confirmLabel: string; isOpen: boolean; onClose: () => void; onConfirm: () => Promise<void> }) {
  return (
    <FormDialog
      title={title}
      isOpen={isOpen}
      onClose={onClose}
      submitLabel={confirmLabel}
      danger
      size="s"
      onSubmit={async () => {
        await onConfirm();
        onClose();
      }}
    >
      <p>{text}</p>
    </FormDialog>
  );
}

export interface MenuEntry {
  id: string;
  label: string;
  icon?: IconName | ReactElement;
  detail?: string;
  keys?: string;
  tone?: "bad";
  isDisabled?: boolean;
  isSelected?: boolean;
  testId?: string;
  onAction: () => void;
}

export interface MenuGroup {
  title?: string;
  items: MenuEntry[];
}

/** A button (or any pressable) that opens a list of things to do. */
export function Menu({ trigger, groups, label, placement = "bottom end" }: { trigger: ReactElement; groups: MenuGroup[]; label: string; placement?: "bottom end" | "bottom start" | "top start" | "top end" | "right bottom" }) {
  const filled = groups.filter((it) => it.items.length > 0);
  return (
    <MenuTrigger>
      {trigger}
      <AriaPopover className="ui-popover" placement={placement} offset={5}>
        <AriaMenu className="ui-list" aria-label={label}>
          {filled.map((group, index) => (
            <MenuSection key={group.title ?? index} id={`group-${index}`} {...(group.title ? {} : { "aria-label": label })}>
              {group.title ? <Header className="ui-section-title">{group.title}</Header> : null}
              {index > 0 && !group.title ? <Separator className="ui-separator" /> : null}
              {group.items.map((item) => (
                <AriaMenuItem key={item.id} id={item.id} textValue={item.label} className="ui-item" onAction={item.onAction} {...(item.isDisabled ? { isDisabled: true } : {})} {...(item.tone ? { "data-tone": item.tone } : {})} {...(item.testId ? { "data-testid": item.testId } : {})}>
                  {typeof item.icon === "string" ? <Icon name={item.icon} size={17} /> : item.icon}
                  <span className="ui-item-text">
                    {item.label}
                    {item.detail ? <small>{item.detail}</small> : null}
                  </span>
                  {item.isSelected ? <Icon name="check" size={16} className="ui-item-check" /> : null}
                  {item.keys ? <Kbd>{item.keys}</Kbd> : null}
                </AriaMenuItem>
              ))}
            </MenuSection>
          ))}
        </AriaMenu>
      </AriaPopover>
    </MenuTrigger>
  );
}

/** A button that opens a small page beside itself. */
export function Popover({ trigger, label, placement = "bottom", children, isOpen, onOpenChange }: { trigger: ReactElement; label: string; placement?: "bottom" | "bottom start" | "bottom end" | "top" | "top start" | "top end"; children: ReactNode | ((close: () => void) => ReactNode); isOpen?: boolean; onOpenChange?: (open: boolean) => void }) {
  return (
    <DialogTrigger {...(isOpen === undefined ? {} : { isOpen })} {...(onOpenChange ? { onOpenChange } : {})}>
      {trigger}
      <AriaPopover className="ui-popover" placement={placement} offset={6}>
        <AriaDialog className="ui-dialog" aria-label={label}>
          {({ close }) => <>{typeof children === "function" ? children(close) : children}</>}
        </AriaDialog>
      </AriaPopover>
    </DialogTrigger>
  );
}
