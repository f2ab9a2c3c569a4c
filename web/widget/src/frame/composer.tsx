// Where the visitor writes: text, emoji, pictures and files.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { bytesText } from "./attachment.tsx";
import { Icon, Tool } from "./icons.tsx";
import type { Store } from "./store.ts";
import type { Staged } from "./uploads.ts";

const TEXT_CHARS_MAX = 8_000;
const IDLE_MS = 5_000;

const EMOJI = [
  ..."😀😄😁😅😂🙂😊😉😍😘😋😎🤔😐😴😢😭😤😡😱🙏👍👎👌👏💪🤝👋✌",
  "❤️",
  ..."💔💯🔥🎉🎁🌹⭐✅❌❓❗⏰📦🚚👟👕👗🧢📷📱💰💳🧧🍀☕🌈",
];

export function Composer({ store, disabled, placeholder }: { store: Store; disabled: boolean; placeholder: string }) {
  const [text, setText] = useState(() => store.memory.get("draft") ?? "");
  const [emoji, setEmoji] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const idle = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const { words } = store;
  const { staged } = store.uploads;
  const over = [...text].length - TEXT_CHARS_MAX;

  useLayoutEffect(() => {
    const box = area.current;
    if (!box) return;
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, 132)}px`;
  }, [text]);
  // A keyboard that slides up on touch without being asked for is a nuisance.
  useEffect(() => {
    if (store.open && !disabled && matchMedia("(pointer: fine)").matches) area.current?.focus({ preventScroll: true });
  }, [store.open, disabled, store.view]);

  const change = (next: string): void => {
    setText(next);
    store.memory.set("draft", next || undefined);
    clearTimeout(idle.current);
    store.typing(next.length > 0);
    if (next) idle.current = setTimeout(() => store.typing(false), IDLE_MS);
  };
  useEffect(() => {
    if (store.written === undefined) return;
    change(store.written);
    store.written = undefined;
    area.current?.focus();
  }, [store.written]);
  const send = (): void => {
    const said = text.trim();
    if ((!said && !staged.length) || over > 0 || disabled) return;
    change("");
    setEmoji(false);
    const thread = store.current?.meta.id;
    if (said) void store.send({ type: "text", text: said });
    if (staged.length) void store.uploads.sendStaged(thread);
    area.current?.focus();
  };
  const onKey = (event: KeyboardEvent): void => {
    // While a character is being composed (Chinese input), Enter chooses it and sends nothing. 229: the same, told the old way.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
  };
  const insert = (what: string): void => {
    const box = area.current;
    const [start, end] = [box?.selectionStart ?? text.length, box?.selectionEnd ?? text.length];
    change(text.slice(0, start) + what + text.slice(end));
    requestAnimationFrame(() => {
      box?.focus();
      box?.setSelectionRange(start + what.length, start + what.length);
    });
  };
  const stage = (list: FileList | null | undefined): boolean => {
    if (!list?.length) return false;
    store.uploads.stage(list);
    area.current?.focus();
    return true;
  };

  return (
    <div class="composer">
      {emoji && <EmojiPicker label={words.emojiPick} onPick={insert} onClose={() => setEmoji(false)} />}
      <div class={`box ${over > 0 ? "over" : ""}`}>
        {staged.length > 0 && <Tray store={store} staged={staged} />}
        <textarea
          ref={area}
          rows={1}
          value={text}
          disabled={disabled}
          placeholder={placeholder}
          aria-label={placeholder}
          aria-invalid={over > 0}
          enterkeyhint="send"
          data-testid="composer-input"
          onInput={(event) => change(event.currentTarget.value)}
          onKeyDown={onKey}
          onBlur={() => store.typing(false)}
          onPaste={(event) => {
            if (stage(event.clipboardData?.files)) event.preventDefault();
          }}
        />
        <div class="tools">
          <Tool label={words.emoji} icon="smile" size={21} aria-expanded={emoji} disabled={disabled} data-testid="emoji" onClick={() => setEmoji(!emoji)} />
          <Tool label={words.attach} icon="clip" size={21} disabled={disabled} data-testid="attach" onClick={() => picker.current?.click()} />
          <input
            ref={picker}
            type="file"
            multiple
            hidden
            data-testid="file-input"
            onChange={(event) => {
              stage(event.currentTarget.files);
              event.currentTarget.value = "";
            }}
          />
          {over > 0 && (
            <small class="over" role="alert">
              {words.tooLong(over)}
            </small>
          )}
          <span class="gap" />
          <Tool class="sendbutton" label={words.send} icon="send" disabled={disabled || (!text.trim() && !staged.length) || over > 0} data-testid="send" onClick={send} />
        </div>
      </div>
    </div>
  );
}

/** What is about to be sent, to be looked at and thought better of. */
function Tray({ store, staged }: { store: Store; staged: Staged[] }) {
  return (
    <ul class="tray" aria-label={store.words.staged}>
      {staged.map(({ id, file, preview }) => (
        <li key={id} data-testid="staged">
          {preview ? <img src={preview} alt="" /> : <Icon name="file" size={22} />}
          <span class="about">
            <b>{file.name || store.words.image}</b>
            <small>{bytesText(file.size)}</small>
          </span>
          <button aria-label={`${store.words.remove}: ${file.name}`} title={store.words.remove} onClick={() => store.uploads.unstage(id)}>
            <Icon name="cross" size={14} />
          </button>
        </li>
      ))}
    </ul>
  );
}

function EmojiPicker({ label, onPick, onClose }: { label: string; onPick: (emoji: string) => void; onClose: () => void }) {
  const grid = useRef<HTMLDivElement>(null);
  useEffect(() => (grid.current?.firstElementChild as HTMLElement | null)?.focus(), []);
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === "Escape") {
      event.stopPropagation();
      return onClose();
    }
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 8, ArrowUp: -8 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = [...(grid.current?.children ?? [])] as HTMLElement[];
    all[all.indexOf(document.activeElement as HTMLElement) + step]?.focus();
  };
  return (
    <div class="emoji" role="group" aria-label={label} ref={grid} onKeyDown={onKey}>
      {EMOJI.map((it, index) => (
        <button key={it} tabIndex={index === 0 ? 0 : -1} onClick={() => onPick(it)} aria-label={it}>
          {it}
        </button>
      ))}
    </div>
  );
}
