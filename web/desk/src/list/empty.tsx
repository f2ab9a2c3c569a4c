// Nothing here: what would be here, and what one can do.

import { EmptyState, Kbd, texts } from "@rapport/ui";
import { go } from "../state/route.ts";
import { useDesk, useDeskState } from "../state/context.ts";
import type { View } from "../state/views.ts";
import { openOverlay } from "../shell/ui.ts";
import { words } from "../words.ts";

const t = texts({
  mine: { zh: "手上没有会话", en: "Nothing in your hands" },
  mineText: { zh: "有客户需要人工时会弹出邀请，接受后出现在这里；也可以到“待接入”里自行接待。", en: "When a customer wants a person an offer comes up; accepted conversations are listed here. You can also take one from “Unassigned”." },
  mineAway: { zh: "您当前不接收新会话。上线后，有客户需要人工时会弹出邀请。", en: "Nothing is offered to you now. Go online and offers come up when customers want a person." },
  goUnassigned: { zh: "看看待接入", en: "Look at unassigned" },
  goOnline: { zh: "上线接待", en: "Go online" },
  unassigned: { zh: "没有客户在等待", en: "Nobody is waiting" },
  unassignedText: { zh: "客户要求人工、或机器人回答不了时，会话会排在这里，按优先级和等待时间排序。", en: "Conversations queue here when a customer asks for a person or the bot has no answer, by priority and waiting time." },
  all: { zh: "没有进行中的会话", en: "No open conversations" },
  allText: { zh: "机器人正在接待的、排队的、同事手上的会话都会显示在这里。", en: "Everything open is here: with the bot, waiting, with colleagues." },
  done: { zh: "还没有已解决的会话", en: "Nothing resolved yet" },
  doneText: { zh: "解决后的会话保留在这里，客户再次来信时会重新打开。", en: "Resolved conversations stay here and reopen when the customer writes again." },
  inboxOnly: { zh: "当前只显示一个收件箱", en: "Only one inbox is shown" },
  showAll: { zh: "显示全部收件箱", en: "Show all inboxes" },
  choose: { zh: "选择一个会话", en: "Choose a conversation" },
  chooseText: { zh: "用鼠标点选，或用键盘浏览", en: "Click one, or walk with the keyboard" },
  next: { zh: "下一个 / 上一个", en: "next / previous" },
  search: { zh: "搜索", en: "search" },
  commands: { zh: "命令面板", en: "commands" },
  allKeys: { zh: "全部快捷键", en: "all shortcuts" },
});

export function EmptyView({ view }: { view: View }) {
  const desk = useDesk();
  const presence = useDeskState((state) => state.presence);
  const inbox = useDeskState((state) => state.inbox);
  const away = presence !== "online";
  if (inbox !== undefined) return <EmptyState icon="filter" title={t(view)} text={t("inboxOnly")} action={{ label: t("showAll"), onPress: () => desk.chooseInbox(undefined, view) }} />;
  if (view === "mine") {
    const action = away ? { label: t("goOnline"), onPress: () => desk.setPresence("online") } : { label: t("goUnassigned"), onPress: () => go({ page: "inbox", view: "unassigned", conversation: undefined }) };
    return <EmptyState icon="inbox" title={t("mine")} text={away ? t("mineAway") : t("mineText")} action={action} />;
  }
  const icons = { unassigned: "hourglass", all: "layers", done: "checkCircle" } as const;
  const hints = { unassigned: t("unassignedText"), all: t("allText"), done: t("doneText") };
  return <EmptyState icon={icons[view]} title={t(view)} text={hints[view]} />;
}

/** Beside the list while no conversation is open (wide screens only). */
export function NothingOpen({ view }: { view: View }) {
  return (
    <section className="dk-nothing" aria-label={words(view)} id="conversation" tabIndex={-1}>
      <EmptyState icon="inbox" title={t("choose")} text={t("chooseText")} />
      <dl className="dk-hints">
        <dt>
          <Kbd>J</Kbd> <Kbd>K</Kbd>
        </dt>
        <dd>{t("next")}</dd>
        <dt>
          <Kbd>/</Kbd>
        </dt>
        <dd>{t("search")}</dd>
        <dt>
          <Kbd>Ctrl</Kbd> <Kbd>K</Kbd>
        </dt>
        <dd>{t("commands")}</dd>
        <dt>
          <Kbd>?</Kbd>
        </dt>
        <dd>
          <button type="button" className="dk-link" onClick={() => openOverlay("shortcuts")}>
            {t("allKeys")}
          </button>
        </dd>
      </dl>
    </section>
  );
}
