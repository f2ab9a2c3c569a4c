// Where the visitor writes: text, emoji, pictures and files.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon } from "./icons.tsx";
import type { Store } from "./store.ts";

const TEXT_CHARS_MAX = 8_000;
const IDLE_MS = 5_000;

const EMOJI = [
  ..."😀😄😁😆😅😂🙂😊😉😍😘😋😎🤔😐😴😢😭😤😡😱😳🙏👍👎👌👏🙌💪🤝👋✌",
  "❤️",
  ..."💔💯🔥✨🎉🎁🌹🌟⭐✅❌❓❗⏰📦🚚👟👕👗🧢📷📱💰💳🧧🍀☕🍵🌈🌞🌙",
];

export function Composer({ store, disabled, placeholder }: { store: Store; disabled: boolean; placeholder: string }) {
  const [text, setText] = useState(() => store.memory.get("draft") ?? "");
  const [emoji, setEmoji] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const idle = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const { words } = store;
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
  const send = (): void => {
    const said = text.trim();
    if (!said || over > 0 || disabled) return;
    change("");
    setEmoji(false);
    void store.send({ type: "text", text: said });
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
  const files = (list: FileList | null | undefined): boolean => {
    const all = [...(list ?? [])];
    for (const file of all) void store.sendFile(file);
    return all.length > 0;
  };

  return (
    <div class="composer">
      {emoji && <EmojiPicker label={words.emojiPick} onPick={insert} onClose={() => setEmoji(false)} />}
      <div class={`box ${over > 0 ? "over" : ""}`}>
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
            if (files(event.clipboardData?.files)) event.preventDefault();
          }}
        />
        <div class="tools">
          <button class="tool" aria-label={words.emoji} title={words.emoji} aria-expanded={emoji} disabled={disabled} data-testid="emoji" onClick={() => setEmoji(!emoji)}>
            <Icon name="smile" size={21} />
          </button>
          <button class="tool" aria-label={words.attach} title={words.attach} disabled={disabled} data-testid="attach" onClick={() => picker.current?.click()}>
            <Icon name="clip" size={21} />
          </button>
          <input
            ref={picker}
            type="file"
            multiple
            hidden
            data-testid="file-input"
            onChange={(event) => {
              files(event.currentTarget.files);
              event.currentTarget.value = "";
            }}
          />
          {over > 0 && (
            <small class="over" role="alert">
              {words.tooLong(over)}
            </small>
          )}
          <span class="gap" />
          <button class="sendbutton" aria-label={words.send} title={words.send} disabled={disabled || !text.trim() || over > 0} data-testid="send" onClick={send}>
            <Icon name="send" size={20} />
          </button>
        </div>
      </div>
    </div>
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
