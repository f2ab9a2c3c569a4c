// The whole frame: header, conversation or list, composer.

import { useEffect, useRef, useState } from "preact/hooks";
import { ConsentCard, QueueCard } from "./cards.tsx";
import { Composer } from "./composer.tsx";
import { Conversation } from "./conversation.tsx";
import { Header } from "./header.tsx";
import { Icon } from "./icons.tsx";
import { List } from "./list.tsx";
import { Prechat } from "./prechat.tsx";
import type { Store } from "./store.ts";

export function App({ store }: { store: Store }) {
  const [, redraw] = useState(0);
  const [dragging, setDragging] = useState(false);
  const depth = useRef(0);
  useEffect(() => store.subscribe(() => redraw((it) => it + 1)), [store]);
  const { words } = store;

  const carriesFiles = (event: DragEvent): boolean => [...(event.dataTransfer?.types ?? [])].includes("Files") && store.phase === "ready" && store.view.at === "thread";
  return (
    <div
      class="app"
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.defaultPrevented && !event.isComposing && !document.querySelector("dialog[open]")) store.tellHost({ type: "close" });
      }}
      onDragEnter={(event) => {
        if (!carriesFiles(event)) return;
        depth.current += 1;
        setDragging(true);
      }}
      onDragOver={(event) => carriesFiles(event) && event.preventDefault()}
      onDragLeave={() => {
        depth.current = Math.max(0, depth.current - 1);
        if (!depth.current) setDragging(false);
      }}
      onDrop={(event) => {
        depth.current = 0;
        setDragging(false);
        if (!carriesFiles(event)) return;
        event.preventDefault();
        store.uploads.stage(event.dataTransfer?.files ?? []);
      }}
    >
      <Header store={store} />
      <Connection store={store} />
      {store.notice && (
        <div class="notice" role="alert">
          {store.notice}
        </div>
      )}
      <Main store={store} />
      {dragging && (
        <div class="drop">
          <Icon name="clip" size={32} />
          {words.dropHere}
        </div>
      )}
    </div>
  );
}

function Main({ store }: { store: Store }) {
  const { words, current } = store;
  if (store.phase === "loading")
    return (
      <main class="center" aria-busy="true">
        <span class="wheel" />
      </main>
    );
  if (store.phase === "unreachable")
    return (
      <main class="center">
        <p>{words.noService}</p>
        <button class="primary" onClick={() => void store.begin()}>
          {words.retry}
        </button>
      </main>
    );
  if (store.phase === "sign_in")
    return (
      <main class="center">
        <Icon name="person" size={32} />
        <p>{words.signInFirst}</p>
      </main>
    );
  if (store.view.at === "list") return <List store={store} />;
  if (current?.isOver)
    return (
      <>
        <Conversation store={store} />
        <Ended store={store} />
      </>
    );
  const status = current?.meta.status ?? "bot";
  const queued = status === "queued" || status === "offered";
  return (
    <>
      <Conversation store={store}>{store.prechatDue ? <Prechat store={store} /> : <ConsentCard store={store} />}</Conversation>
      <section class="bottom" aria-label={words.compose}>
        {queued && current && <QueueCard store={store} meta={current.meta} />}
        {status === "bot" && !store.prechatRequired && (
          <div class="actions">
            <button class="pill person" onClick={() => void store.requestPerson()} data-testid="request-person">
              <Icon name="person" size={16} />
              {words.requestPerson}
            </button>
          </div>
        )}
        {!store.prechatRequired && <Composer key={store.cleared} store={store} disabled={false} placeholder={queued ? words.composeQueued : words.compose} />}
      </section>
    </>
  );
}

function Ended({ store }: { store: Store }) {
  const { words } = store;
  const [writing, setWriting] = useState(false);
  const id = store.current?.meta.id;
  useEffect(() => setWriting(false), [id]);
  return (
    <section class="bottom" aria-label={words.ended}>
      {!writing && (
        <div class="ended" data-testid="ended">
          <span>{words.ended}</span>
          <div>
            <button class="pill" onClick={() => setWriting(true)} data-testid="continue">
              {words.continueHere}
            </button>
            <button class="primary" onClick={() => store.startAnew()} data-testid="start-anew">
              {words.startAnew}
            </button>
          </div>
        </div>
      )}
      {writing && <Composer key={store.cleared} store={store} disabled={false} placeholder={words.compose} />}
    </section>
  );
}

/** Shown only when the connection has been away for a moment: a blink of the network is nobody's business. */
function Connection({ store }: { store: Store }) {
  const { phase, attempts } = store.live.current;
  const away = phase === "waiting" || phase === "refused" || (phase === "connecting" && attempts > 0);
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (!away) {
      setShown(false);
      return undefined;
    }
    const timer = setTimeout(() => setShown(true), 1_200);
    return () => clearTimeout(timer);
  }, [away]);
  if (!shown) return null;
  const { words } = store;
  const waits = store.live.pending().filter((it) => it.content && !it.failed).length + store.uploads.running.length;
  return (
    <div class="connection" role="status" data-testid="connection">
      <span class="wheel small" aria-hidden="true" />
      <span>{words.offlineWaiting(waits)}</span>
      {phase === "waiting" && (
        <button onClick={() => store.live.retryNow()} data-testid="retry-now">
          {words.retry}
        </button>
      )}
    </div>
  );
}
