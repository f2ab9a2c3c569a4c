// The rows of the conversation: messages with their states, uploads, days, lines.

import type { ChoiceId } from "@rapport/live";
import { Picture, FileCard, bytesText } from "./attachment.tsx";
import { CompensationCard, RatingCard, Sources, TicketCard } from "./cards.tsx";
import { Icon, Tool } from "./icons.tsx";
import { Prose } from "./prose.tsx";
import type { Store } from "./store.ts";
import type { Thread } from "./thread.ts";
import { judging } from "./timeline.ts";
import type { MessageRow, Row, UploadRow } from "./timeline.ts";
import { clock } from "./words.ts";

interface RowProps {
  store: Store;
  thread: Thread | undefined;
  row: Row;
  judgeable: boolean;
  /** The newest request for a rating carries the card. */
  ratable: boolean;
}

export function RowView({ store, thread, row, judgeable, ratable }: RowProps) {
  switch (row.row) {
    case "day":
      return (
        <li class="day">
          <span>{row.text}</span>
        </li>
      );
    case "divider":
      return (
        <li class="divider" role="separator" aria-label={row.text}>
          <span>{row.text}</span>
        </li>
      );
    case "line":
      return <li class="line">{row.text}</li>;
    case "upload":
      return <UploadView store={store} row={row} />;
    case "message":
      return <MessageView store={store} thread={thread} row={row} judgeable={judgeable} ratable={ratable} />;
  }
}

export function Face({ row, company }: { row: Pick<MessageRow, "from" | "name">; company: string }) {
  return (
    <span class={`face ${row.from}`} aria-hidden="true">
      {row.from === "bot" ? <Icon name="bot" size={18} /> : initial(row.from === "system" ? company : row.name)}
    </span>
  );
}

export function initial(name: string): string {
  return ([...name.trim()][0] ?? "·").toUpperCase();
}

function MessageView({ store, thread, row, judgeable, ratable }: Omit<RowProps, "row"> & { row: MessageRow }) {
  const { words } = store;
  const own = row.from === "customer";
  const bare = row.content.type === "image" || row.content.type === "file" || row.content.type === "ticket" || row.content.type === "compensation" || (row.content.type === "rating_request" && ratable);
  return (
    <li class={`message ${own ? "own" : "other"} ${row.first ? "first" : ""} ${row.last ? "last" : ""}`} data-testid="message" data-from={row.from} data-state={row.state ?? ""} data-seq={row.seq}>
      {!own && row.first && <div class="author">{row.name}</div>}
      {own && <span class="hidden">{words.customer}</span>}
      <div class="lane">
        {!own && (row.last ? <Face row={row} company={store.config?.company ?? ""} /> : <span class="face none" />)}
        <div class={bare ? "bare" : `bubble ${row.state === "failed" ? "failed" : ""}`}>
          <Body store={store} thread={thread} row={row} ratable={ratable} />
        </div>
      </div>
      {row.content.type === "choices" && <Choices store={store} row={row} options={row.content.options} />}
      {judgeable && thread && !thread.judged.has(row.key) && <Judge store={store} row={row} />}
      <Foot store={store} row={row} />
    </li>
  );
}

function Body({ store, thread, row, ratable }: { store: Store; thread: Thread | undefined; row: MessageRow; ratable: boolean }) {
  const { content } = row;
  switch (content.type) {
    case "text":
      return <Prose text={content.text} marked={row.from === "bot"} />;
    case "choices":
      return <Prose text={content.text} marked />;
    case "answer":
      return (
        <>
          <Prose text={content.text} marked />
          {content.sources.length > 0 && <Sources store={store} sources={content.sources} />}
        </>
      );
    case "image":
      return <Picture store={store} file={content.file} />;
    case "file":
      return <FileCard store={store} file={content.file} />;
    case "ticket":
      return <TicketCard store={store} number={content.number} title={content.title} path={content.path} />;
    case "compensation":
      return <CompensationCard store={store} content={content} accepted={thread?.judged.get(content.spending)} />;
    case "rating_request":
      return ratable && thread ? <RatingCard store={store} meta={thread.meta} /> : <Prose text={content.text} />;
  }
}

function Choices({ store, row, options }: { store: Store; row: MessageRow; options: { id: ChoiceId; label: string }[] }) {
  if (!row.live) return null;
  return (
    <div class="choices">
      {options.map((option) => (
        <button key={option.label} class="pill" onClick={() => void store.choose(option.id, row.key)} data-testid={typeof option.id !== "string" ? "choice" : judging(option.id) ? option.id.replace("_", "-") : `choice-${option.id}`}>
          {option.label}
        </button>
      ))}
    </div>
  );
}

function Judge({ store, row }: { store: Store; row: MessageRow }) {
  const { words } = store;
  return (
    <div class="judge" role="group" aria-label={words.helpful}>
      <span>{words.helpful}</span>
      <Tool data-testid="helped" onClick={() => void store.choose("helped", row.key)} label={words.helped} icon="up" size={16} />
      <Tool data-testid="not-helped" onClick={() => void store.choose("not_helped", row.key)} label={words.notHelped} icon="up" size={16} />
    </div>
  );
}

function Foot({ store, row }: { store: Store; row: MessageRow }) {
  const { words } = store;
  if (row.state === "failed")
    return (
      <div class="foot failed">
        <button onClick={() => store.live.retry(row.key)}>
          <Icon name="again" size={14} /> {row.problem || words.failed}
        </button>
        <button onClick={() => store.live.discard(row.key)}>{words.remove}</button>
      </div>
    );
  if (!row.last) return null;
  const state = row.state ? ({ sending: words.sending, sent: words.sent, read: words.read } as const)[row.state] : undefined;
  return (
    <div class="foot">
      <time dateTime={new Date(row.at).toISOString()}>{clock(row.at, store.locale)}</time>
      {state && (
        <span class={`state ${row.state ?? ""}`} title={state} role="img" aria-label={state}>
          <Icon name={row.state === "sending" ? "clock" : row.state === "read" ? "checks" : "check"} size={15} />
        </span>
      )}
    </div>
  );
}

function UploadView({ store, row }: { store: Store; row: UploadRow }) {
  const { words } = store;
  return (
    <li class="message own first last" data-testid="upload">
      <div class="lane">
        <div class="upload">
          {row.preview ? <img src={row.preview} alt="" /> : <Icon name="file" size={22} />}
          <span class="about">
            <b>{row.name}</b>
            {row.problem ? (
              <button class="problem" onClick={() => void store.uploads.run(row.key)}>
                {row.problem} · {words.retry}
              </button>
            ) : (
              <>
                <small>
                  {words.uploading(row.percent)} · {bytesText(row.bytes)}
                </small>
                <progress max={100} value={row.percent} aria-label={words.uploading(row.percent)} />
              </>
            )}
          </span>
          <Tool class="round" label={words.cancelUpload} icon="cross" size={16} onClick={() => store.uploads.drop(row.key)} />
        </div>
      </div>
    </li>
  );
}
