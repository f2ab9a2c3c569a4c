// All keys of the desk on one sheet.

import { Dialog, Kbd, texts } from "@rapport/ui";

const t = texts({
  title: { zh: "快捷键", en: "Keyboard shortcuts" },
  walk: { zh: "浏览", en: "Getting around" },
  next: { zh: "下一个 / 上一个会话", en: "Next / previous conversation" },
  views: { zh: "我的、待接入、全部、已解决、工单", en: "Mine, unassigned, all, done, tickets" },
  search: { zh: "搜索", en: "Search" },
  palette: { zh: "命令面板", en: "Command palette" },
  panel: { zh: "打开 / 收起侧栏", en: "Side panel" },
  back: { zh: "关闭、返回", en: "Close, back" },
  sheet: { zh: "本页", en: "This sheet" },
  offers: { zh: "邀请", en: "Offers" },
  accept: { zh: "接受邀请（输入时也有效）", en: "Accept (also while writing)" },
  decline: { zh: "谢绝邀请", en: "Decline" },
  conversation: { zh: "会话", en: "Conversation" },
  reply: { zh: "写回复", en: "Reply" },
  note: { zh: "写内部备注", en: "Note" },
  take: { zh: "接待", en: "Take it" },
  assign: { zh: "分配", en: "Assign" },
  snooze: { zh: "暂缓", en: "Put aside" },
  labels: { zh: "标签", en: "Labels" },
  ticket: { zh: "创建工单", en: "Create a ticket" },
  resolve: { zh: "解决 / 重新打开", en: "Resolve / reopen" },
  writing: { zh: "输入", en: "Writing" },
  send: { zh: "发送（可在设置中改为 Ctrl+Enter）", en: "Send (Ctrl+Enter by a setting)" },
  line: { zh: "换行", en: "New line" },
  canned: { zh: "快捷回复", en: "Canned replies" },
  mention: { zh: "在备注中提醒同事", en: "Mention a colleague in a note" },
  leave: { zh: "离开输入框", en: "Leave the field" },
});

type Key = Parameters<typeof t>[0];

const GROUPS: [Key, [string[], Key][]][] = [
  ["walk", [[["J", "K"], "next"], [["1", "…", "5"], "views"], [["/"], "search"], [["Ctrl", "K"], "palette"], [["I"], "panel"], [["Esc"], "back"], [["?"], "sheet"]]],
  ["offers", [[["Alt", "Y"], "accept"], [["Alt", "N"], "decline"]]],
  ["conversation", [[["R"], "reply"], [["N"], "note"], [["M"], "take"], [["E"], "resolve"], [["S"], "snooze"], [["A"], "assign"], [["L"], "labels"], [["T"], "ticket"]]],
  ["writing", [[["Enter"], "send"], [["Shift", "Enter"], "line"], [["/"], "canned"], [["@"], "mention"], [["Esc"], "leave"]]],
];

export default function Shortcuts({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={t("title")} isOpen onClose={onClose} size="l" testId="shortcuts">
      <div className="dk-shortcuts">
        {GROUPS.map(([title, keys]) => (
          <section key={title}>
            <h3>{t(title)}</h3>
            <dl>
              {keys.map(([parts, what]) => (
                <div key={what}>
                  <dt>{t(what)}</dt>
                  <dd>
                    {parts.map((it) => (
                      <Kbd key={it}>{it}</Kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
