// Earlier conversations, newest first.

import type { PublicConversation } from "./http.ts";
import { Icon } from "./icons.tsx";
import type { Store } from "./store.ts";
import { clock, dayName, daysBetween } from "./words.ts";

export function List({ store }: { store: Store }) {
  const { words } = store;
  const all = [...store.threads.values()].map((it) => it.meta).sort((a, b) => b.updated_at - a.updated_at);
  const open = all.some((it) => it.status !== "resolved");
  return (
    <main class="list" aria-label={words.conversations}>
      {all.length === 0 && <p class="empty">{words.noConversations}</p>}
      <ul>
        {all.map((it) => (
          <li key={it.id}>
            <button onClick={() => store.show(it.id)} data-testid="conversation">
              <span class="line1">
                <b>{it.agent?.name ?? (it.number ? words.numbered(it.number) : words.chat)}</b>
                <small>{when(store, it.updated_at)}</small>
              </span>
              <span class="line2">
                <span>{preview(store, it)}</span>
                {it.unread > 0 ? (
                  <em aria-label={words.unread(it.unread)}>{it.unread}</em>
                ) : (
                  <i class={it.status === "resolved" ? "" : "on"}>{it.status === "resolved" ? words.finished : words.current}</i>
                )}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {!open && (
        <button class="primary anew" onClick={() => store.startAnew()} data-testid="start-anew">
          <Icon name="pen" size={17} />
          {words.startAnew}
        </button>
      )}
    </main>
  );
}

function when(store: Store, at: number): string {
  if (!at) return "";
  return daysBetween(at, Date.now()) === 0 ? clock(at, store.locale) : dayName(at, Date.now(), store.locale);
}

function preview(store: Store, { last_message: last }: PublicConversation): string {
  if (!last) return "";
  if (typeof last === "string") return last;
  if (last.content === "image") return `[${store.words.image}]`;
  if (last.content === "file") return `[${store.words.file}] ${last.text}`;
  return last.text;
}
