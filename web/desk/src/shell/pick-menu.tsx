// A menu beside a button of the head: searched by typing where the list grows with the company. On phones there is no
// button of its own, it opens where `anchor` is.

import type { ReactElement, ReactNode, RefObject } from "react";
import { Autocomplete, Dialog, DialogTrigger, Header, Input, Menu, MenuItem, MenuSection, Popover, SearchField, Separator, useFilter } from "react-aria-components";
import { Icon, texts } from "@rapport/ui";

const t = texts({
  nothing: { zh: "没有匹配项", en: "Nothing matches" },
  searching: { zh: "正在搜索…", en: "Searching…" },
});

export interface PickItem {
  id: string;
  label: string;
  detail?: string;
  /** Found by these words too. */
  also?: string;
  icon?: ReactNode;
  /** Keys that do the same. */
  keys?: ReactNode;
  isSelected?: boolean;
  testId?: string;
  onAction: () => void;
}

export interface PickGroup {
  title?: string;
  items: PickItem[];
}

export interface AnchoredProps {
  trigger?: ReactElement | undefined;
  anchor?: RefObject<HTMLElement | null> | undefined;
  label: string;
  isOpen: boolean;
  onOpenChange: (open: boolean) => void;
  children: ReactNode;
}

export function Anchored({ trigger, anchor, label, isOpen, onOpenChange, children }: AnchoredProps) {
  const shown = (
    <Dialog className="ui-dialog" aria-label={label}>
      {children}
    </Dialog>
  );
  if (!trigger) {
    return (
      <Popover className="ui-popover" placement="bottom end" offset={5} triggerRef={anchor} isOpen={isOpen} onOpenChange={onOpenChange} data-trigger="anchor">
        {shown}
      </Popover>
    );
  }
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={onOpenChange}>
      {trigger}
      <Popover className="ui-popover" placement="bottom end" offset={5}>
        {shown}
      </Popover>
    </DialogTrigger>
  );
}

export interface PickListProps {
  label: string;
  groups: PickGroup[];
  /** More may come. */
  busy?: boolean;
  /** Something was chosen. */
  onDone: () => void;
}

export function PickList({ label, groups, busy = false, onDone }: PickListProps) {
  const filled = groups.filter((it) => it.items.length > 0);
  return (
    <Menu className="ui-list dk-pick-list" aria-label={label} autoFocus="first" renderEmptyState={() => <div className="ui-list-empty">{busy ? t("searching") : t("nothing")}</div>} onAction={onDone}>
      {filled.map((group, index) => (
        <MenuSection key={group.title ?? index} id={`group-${group.title ?? index}`} {...(group.title ? {} : { "aria-label": label })}>
          {group.title ? <Header className="ui-section-title">{group.title}</Header> : index > 0 ? <Separator className="ui-separator" /> : null}
          {group.items.map((item) => (
            <MenuItem key={item.id} id={item.id} textValue={`${item.label} ${item.detail ?? ""} ${item.also ?? ""}`} className="ui-item" onAction={item.onAction} {...(item.testId ? { "data-testid": item.testId } : {})}>
              {item.icon}
              <span className="ui-item-text">
                {item.label}
                {item.detail ? <small>{item.detail}</small> : null}
              </span>
              {item.isSelected ? <Icon name="check" size={16} className="ui-item-check" /> : null}
              {item.keys}
            </MenuItem>
          ))}
        </MenuSection>
      ))}
    </Menu>
  );
}

/** The same with a field to search in; one Escape closes it, also while something is typed. `inputValue` and `onInput` let the caller search too. */
export function FindList({ find, inputValue, onInput, ...rest }: PickListProps & { find: string; inputValue?: string; onInput?: (text: string) => void }) {
  const { contains } = useFilter({ sensitivity: "base" });
  return (
    <div
      className="dk-pick"
      onKeyDownCapture={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        rest.onDone();
      }}
    >
      <Autocomplete filter={contains} {...(inputValue === undefined ? {} : { inputValue })} {...(onInput ? { onInputChange: onInput } : {})}>
        <SearchField className="dk-pick-search" aria-label={find} autoFocus>
          <Icon name="search" size={17} />
          <Input placeholder={find} data-testid="pick-search" />
        </SearchField>
        <PickList {...rest} />
      </Autocomplete>
    </div>
  );
}
