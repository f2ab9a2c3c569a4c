// Where one writes: a reply or a note, with files, emoji, canned replies by "/", colleagues by "@". What is written is kept.

import { lazy, Suspense, useEffect, useRef } from "react";
import type { ClipboardEvent, KeyboardEvent, RefObject } from "react";
import { Button, Icon, IconButton, Popover, Spinner, texts, useStore } from "@rapport/ui";
import type { ConversationRow } from "@rapport/ui";
import { Opening } from "../care/opening.tsx";
import { useKeys } from "../shell/keys.ts";
import { isPhone } from "../shell/media.ts";
import { useChannel, useDesk, useDeskState, useMemberName, useUploader } from "../state/context.ts";
import { useDraft, writeDraft } from "../state/drafts.ts";
import type { Mode } from "../state/drafts.ts";
import { prefs } from "../state/prefs.ts";
import { useUploads } from "../state/uploads.ts";
import { standing } from "../conversation/actions.ts";
import { contactName } from "../words.ts";
import { Attachments } from "./attachments.tsx";
import { ClosedBar } from "./closed.tsx";
import { mentionsIn } from "./mention.ts";
import { ReachLines } from "./reach.tsx";
import { Suggestions } from "./suggestions.tsx";
import { place, useSuggestions } from "./use-suggestions.ts";

const EmojiPicker = lazy(() => import("./emoji.tsx"));

const t = texts({
  reply: { zh: "回复", en: "Reply" },
  note: { zh: "内部备注", en: "Note" },
  modes: { zh: "写给谁", en: "Write a" },
  replyHint: { zh: "回复{name}，输入 / 使用快捷回复", en: "Reply to {name}, / for canned replies" },
  replyHintShort: { zh: "回复{name}", en: "Reply to {name}" },
  noteHint: { zh: "仅成员可见，输入 @ 提醒同事", en: "Members only, @ mentions a colleague" },
  willTake: { zh: "发送后由您接待此会话", en: "Sending makes this conversation yours" },
  colleague: { zh: "{name}正在输入，避免重复回复", en: "{name} is typing: mind answering twice" },
  attach: { zh: "添加图片或文件", en: "Add pictures or files" },
  emoji: { zh: "表情", en: "Emoji" },
  canned: { zh: "快捷回复", en: "Canned replies" },
  send: { zh: "发送", en: "Send" },
  saveNote: { zh: "保存备注", en: "Add note" },
  enter: { zh: "Enter 发送，Shift+Enter 换行", en: "Enter sends, Shift+Enter breaks the line" },
  ctrlEnter: { zh: "Ctrl+Enter 发送", en: "Ctrl+Enter sends" },
});

const ROWS_PX_MAX = 220;

export function Composer({ row }: { row: ConversationRow }) {
  const me = useDeskState((state) => state.me.member.id);
  const how = standing(row, me);
  const draft = useDraft(row.id);
  const closed = how.resolved || how.holder !== undefined;
  // Notes may always be written.
  const mode: Mode = closed ? "note" : draft.mode;
  return (
    <div className="dk-composer-frame">
      {closed || how.offered ? <ClosedBar row={row} how={how} /> : null}
      {how.offered ? null : <Writing row={row} mode={mode} canReply={!closed} />}
    </div>
  );
}

function Writing({ row, mode, canReply }: { row: ConversationRow; mode: Mode; canReply: boolean }) {
  const desk = useDesk();
  const uploads = useUploader();
  const draft = useDraft(row.id);
  const files = useUploads(uploads, row.id).filter((it) => !it.sent);
  const channel = useChannel(row.inbox);
  const { enterSends } = useStore(prefs);
  const input = useRef<HTMLTextAreaElement>(null);
  const list = useSuggestions(row, mode, draft.text, input);
  const text = draft.text;
  const setText = (next: string) => {
    writeDraft(row.id, { mode, text: next });
    if (mode === "reply") desk.typing(row.id, next.trim() !== "");
  };
  const setMode = (next: Mode) => {
    if (next === "reply" && !canReply) return;
    writeDraft(row.id, { mode: next, text });
    input.current?.focus();
  };
  useAutoHeight(input, text);
  useKeys([
    { key: "r", run: () => setMode("reply") },
    { key: "n", run: () => setMode("note") },
  ]);
  useEffect(() => {
    // A phone would open its keyboard over the conversation.
    if (!isPhone()) input.current?.focus({ preventScroll: true });
  }, [row.id]);

  const sendable = text.trim() !== "" || (mode === "reply" && files.some((it) => !it.fault));
  const send = () => {
    if (!sendable) return;
    const said = text.trim();
    if (mode === "note") {
      desk.note(row.id, said, mentionsIn(said, desk.state.members.values()));
    } else {
      uploads.send(row.id);
      if (said !== "") desk.say(row.id, { type: "text", text: said });
      desk.typing(row.id, false);
    }
    writeDraft(row.id, { mode, text: "" });
    input.current?.focus();
  };
  const press = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (list.press(event)) return;
    if (event.key === "Escape") {
      input.current?.blur();
      event.stopPropagation();
    }
    if (event.key !== "Enter") return;
    const mod = event.ctrlKey || event.metaKey;
    // On a phone's keyboard Enter makes a line: there is a button to send.
    if (!(mod || (enterSends && !event.shiftKey && !isPhone()))) return;
    event.preventDefault();
    send();
  };
  const paste = (event: ClipboardEvent) => {
    if (event.clipboardData.files.length === 0 || mode !== "reply") return;
    event.preventDefault();
    uploads.add(row.id, event.clipboardData.files);
  };
  const insert = (piece: string) => {
    const at = input.current;
    const [from, to] = at ? [at.selectionStart, at.selectionEnd] : [text.length, text.length];
    place(input, row.id, { mode, text: text.slice(0, from) + piece + text.slice(to) }, from + piece.length);
  };

  return (
    <>
      {channel && mode === "reply" ? <ReachLines row={row} text={text} files={files.filter((it) => !it.fault).length} /> : null}
      <div className="dk-composer" data-mode={mode} data-testid="composer">
        <Suggestions list={list} />
        <div className="dk-composer-top">
          <div className="dk-modes" role="radiogroup" aria-label={t("modes")}>
            {(["reply", "note"] as const).map((it) => (
              <button key={it} type="button" role="radio" aria-checked={mode === it} disabled={it === "reply" && !canReply} onClick={() => setMode(it)} data-testid={`mode-${it}`}>
                <Icon name={it === "note" ? "note" : "send"} size={15} />
                {t(it)}
              </button>
            ))}
          </div>
          <Hint row={row} mode={mode} canReply={canReply} />
        </div>
        {mode === "reply" ? <Opening row={row} onInsert={(opening) => place(input, row.id, { mode, text: text.trim() === "" ? opening : `${opening}\n${text}` }, opening.length)} /> : null}
        <textarea
          ref={input}
          rows={1}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            list.look();
          }}
          onKeyDown={press}
          onPaste={paste}
          onSelect={list.look}
          onBlur={list.hide}
          placeholder={mode === "note" ? t("noteHint") : isPhone() ? t("replyHintShort", { name: contactName(row.contact) }) : t("replyHint", { name: contactName(row.contact) })}
          aria-label={mode === "note" ? t("note") : t("reply")}
          data-testid="composer-input"
          maxLength={8000}
          {...list.aria}
        />
        <Attachments files={mode === "reply" ? files : []} />
        <div className="dk-composer-foot">
          {mode === "reply" ? <AttachButton onFiles={(chosen) => uploads.add(row.id, chosen)} /> : null}
          <EmojiButton onPick={insert} />
          <IconButton icon="bolt" label={t("canned")} keys="/" isDisabled={mode === "note"} onPress={() => list.openCanned()} testId="composer-canned" />
          <span className="ui-grow" />
          <span className="dk-composer-keys">{enterSends ? t("enter") : t("ctrlEnter")}</span>
          <Button kind="primary" icon={mode === "note" ? "note" : "send"} isDisabled={!sendable} onPress={send} testId="composer-send" className={mode === "note" ? "dk-send-note" : ""}>
            {mode === "note" ? t("saveNote") : t("send")}
          </Button>
        </div>
      </div>
    </>
  );
}

function Hint({ row, mode, canReply }: { row: ConversationRow; mode: Mode; canReply: boolean }) {
  const memberName = useMemberName();
  const colleague = useDeskState((state) => state.typing.get(row.id)?.find((it) => it.kind === "member"));
  const unowned = row.status.type === "bot" || row.status.type === "queued";
  if (colleague) {
    return (
      <span className="dk-composer-hint" data-tone="warn" role="status" data-testid="typing" data-kind="member">
        <Icon name="warning" size={14} />
        {t("colleague", { name: memberName(colleague.actor) })}
      </span>
    );
  }
  if (mode === "reply" && canReply && unowned) return <span className="dk-composer-hint">{t("willTake")}</span>;
  return null;
}

function AttachButton({ onFiles }: { onFiles: (files: FileList) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton icon="paperclip" label={t("attach")} onPress={() => input.current?.click()} testId="composer-attach" />
      <input
        ref={input}
        type="file"
        multiple
        hidden
        data-testid="composer-files"
        onChange={(event) => {
          if (event.target.files?.length) onFiles(event.target.files);
          event.target.value = "";
        }}
      />
    </>
  );
}

function EmojiButton({ onPick }: { onPick: (emoji: string) => void }) {
  return (
    <Popover label={t("emoji")} placement="top start" trigger={<IconButton icon="smile" label={t("emoji")} testId="composer-emoji" />}>
      {(close) => (
        <Suspense
          fallback={
            <div className="dk-emoji-wait">
              <Spinner />
            </div>
          }
        >
          <EmojiPicker
            onPick={(emoji) => {
              close();
              onPick(emoji);
            }}
          />
        </Suspense>
      )}
    </Popover>
  );
}

/** As high as what is in it, up to a bound. */
function useAutoHeight(input: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useEffect(() => {
    const it = input.current;
    if (!it) return;
    it.style.height = "auto";
    it.style.height = `${Math.min(ROWS_PX_MAX, it.scrollHeight)}px`;
  }, [input, text]);
}
