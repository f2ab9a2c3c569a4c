// Above the list: where one is, the field to search in, and the filter by inbox.

import { IconButton, Icon, Kbd, Menu, channelIcon, isRemote, texts } from "@rapport/ui";
import { useDesk, useDeskState } from "../state/context.ts";
import type { View } from "../state/views.ts";
import { words } from "../words.ts";
import { setSearchInput } from "./shown.ts";

const t = texts({
  hint: { zh: "搜索内容、客户、编号", en: "Search text, customer, number" },
  clear: { zh: "清除搜索", en: "Clear search" },
  filter: { zh: "按收件箱筛选", en: "Filter by inbox" },
  filtered: { zh: "仅显示“{inbox}”", en: "Only “{inbox}”" },
  everything: { zh: "全部收件箱", en: "All inboxes" },
});

export function ListHead({ view, text, onText }: { view: View; text: string; onText: (text: string) => void }) {
  const desk = useDesk();
  const inboxes = useDeskState((state) => state.inboxes);
  const inbox = useDeskState((state) => state.inbox);
  const chosen = inbox === undefined ? undefined : inboxes.get(inbox);
  return (
    <header className="dk-list-head">
      <h2 className="ui-hidden">{words(view)}</h2>
      <div className="dk-search" role="search">
        <Icon name="search" size={17} />
        <input
          ref={setSearchInput}
          type="search"
          value={text}
          onChange={(event) => onText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            if (text === "") event.currentTarget.blur();
            onText("");
          }}
          placeholder={t("hint")}
          aria-label={t("hint")}
          data-testid="search"
          autoComplete="off"
          spellCheck={false}
        />
        {text === "" ? <Kbd>/</Kbd> : <IconButton icon="close" size="s" label={t("clear")} onPress={() => onText("")} />}
      </div>
      {inboxes.size > 1 ? (
        <Menu
          label={t("filter")}
          trigger={<IconButton icon="filter" label={chosen ? t("filtered", { inbox: chosen.name }) : t("filter")} active={chosen !== undefined} testId="inbox-filter" placement="bottom" />}
          groups={[
            { items: [{ id: "all", label: t("everything"), icon: "layers", isSelected: inbox === undefined, onAction: () => desk.chooseInbox(undefined, view) }] },
            { items: [...inboxes.values()].map((it) => ({ id: it.id, label: it.name, icon: isRemote(it.channel) ? channelIcon(it.channel) : <span className="dk-dot" style={{ background: it.color }} />, isSelected: inbox === it.id, onAction: () => desk.chooseInbox(it.id, view) })) },
          ]}
        />
      ) : null}
    </header>
  );
}
