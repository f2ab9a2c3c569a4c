// Who one talks to, and the few things that can be set.

import { useEffect, useRef, useState } from "preact/hooks";
import { Icon, Tool } from "./icons.tsx";
import { initial } from "./rows.tsx";
import type { Store } from "./store.ts";
import { inWords, whenOpen } from "./words.ts";

export function Header({ store }: { store: Store }) {
  const { words, config, view } = store;
  const meta = store.current?.meta;
  const agent = meta?.status === "assigned" ? meta.agent?.name : undefined;
  const company = config?.company || words.chat;
  const listed = view.at === "list";
  return (
    <header aria-label={words.chat}>
      {listed ? (
        <Tool label={words.back} icon="back" onClick={() => store.startAnew()} data-testid="back" />
      ) : (
        <span class="logo" aria-hidden="true">
          {initial(agent ?? company)}
          {config && <i class={config.open_now || meta?.status === "assigned" ? "on" : ""} />}
        </span>
      )}
      <div class="who">
        <h1>{listed ? words.conversations : (agent ?? company)}</h1>
        {!listed && <p data-testid="availability">{standing(store)}</p>}
      </div>
      {!listed && store.threads.size > 0 && (
        <Tool label={words.conversations} icon="history" onClick={() => store.showList()} data-testid="history" />
      )}
      <Menu store={store} />
      {store.embedded && (
        <Tool label={words.close} icon={store.narrow ? "cross" : "close"} onClick={() => store.tellHost({ type: "close" })} data-testid="close" />
      )}
    </header>
  );
}

function standing(store: Store): string {
  const { words, config } = store;
  const status = store.current?.meta.status;
  if (!config) return "\u00a0";
  if (status === "assigned" || status === "snoozed") return words.agentHere;
  if (status === "queued" || status === "offered") return words.waiting;
  if (config.open_now) return words.online;
  return config.next_open ? words.offlineUntil(whenOpen(config.next_open, Date.now(), store.locale)) : words.offline;
}

function Menu({ store }: { store: Store }) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const confirm = useRef<HTMLDialogElement>(null);
  const { words, current } = store;
  useEffect(() => {
    if (!open) return undefined;
    (root.current?.querySelector("[role^=menuitem]") as HTMLElement | null)?.focus();
    const away = (event: Event): void => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", away);
    return () => document.removeEventListener("pointerdown", away);
  }, [open]);
  const onKey = (event: KeyboardEvent): void => {
    if (!open) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      setOpen(false);
      (root.current?.firstElementChild as HTMLElement | null)?.focus();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = [...(root.current?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? [])];
    all[(all.indexOf(document.activeElement as HTMLElement) + step + all.length) % all.length]?.focus();
  };
  return (
    <div class="menu" ref={root} onKeyDown={onKey}>
      <Tool label={words.menu} icon="more" aria-haspopup="menu" aria-expanded={open} onClick={() => setOpen(!open)} data-testid="menu" />
      {open && (
        <div class="popover" role="menu">
          <button role="menuitemcheckbox" aria-checked={store.sound} onClick={() => store.setSound(!store.sound)} data-testid="sound">
            <Icon name="sound" size={18} />
            {words.sound}
            <i class={`switch ${store.sound ? "on" : ""}`} aria-hidden="true" />
          </button>
          <button
            role="menuitem"
            data-testid="language"
            lang={store.locale === "en" ? "zh-CN" : "en"}
            onClick={() => {
              store.setLocale(store.locale === "en" ? "zh-CN" : "en");
              setOpen(false);
            }}
          >
            <Icon name="globe" size={18} />
            {words.language}
          </button>
          {store.consents.map(
            (it) =>
              it.given && (
                <button key={it.purpose} role="menuitem" data-testid="withdraw" data-purpose={it.purpose} onClick={() => void store.consent(it, false)}>
                  <Icon name="smile" size={18} />
                  {`${it.purpose === "emotion:care" ? words.feelingsOn : inWords(it.question.title, store.locale)} · ${words.withdraw}`}
                </button>
              ),
          )}
          {store.http.token && (
            <a role="menuitem" href={store.myData} target="_blank" data-testid="my-data">
              <Icon name="file" size={18} />
              {words.myData}
            </a>
          )}
          {current && !current.isOver && (
            <button
              role="menuitem"
              data-testid="end"
              onClick={() => {
                setOpen(false);
                confirm.current?.showModal();
              }}
            >
              <Icon name="stop" size={18} />
              {words.endConversation}
            </button>
          )}
        </div>
      )}
      <dialog ref={confirm} class="confirm" aria-label={words.confirmEnd}>
        <form method="dialog">
          <p>{words.confirmEnd}</p>
          <div>
            <button class="pill" value="no">
              {words.cancel}
            </button>
            <button class="primary" value="yes" onClick={() => void store.act({ action: "end" })} data-testid="end-confirm">
              {words.end}
            </button>
          </div>
        </form>
      </dialog>
    </div>
  );
}
