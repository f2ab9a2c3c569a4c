// What messages can hold beyond words: sources, ticket, rating, place in the queue.

import type { Citation, Content } from "@rapport/live";
import { useRef, useState } from "preact/hooks";
import type { PublicConversation } from "./http.ts";
import { Icon } from "./icons.tsx";
import type { Store } from "./store.ts";
import { safeHref } from "./text.ts";
import { inWords } from "./words.ts";

/** The article's own page, or the public address it was imported from. */
export function articleHref(source: Citation): string {
  const own = `/kb/help/${encodeURIComponent(source.article)}`;
  if (!source.url) return own;
  return source.url.startsWith("/") && !source.url.startsWith("//") ? source.url : (safeHref(source.url) ?? own);
}

export function Sources({ store, sources }: { store: Store; sources: Citation[] }) {
  const { words } = store;
  return (
    <div class="sources">
      <div class="label">{words.sources}</div>
      {sources.map((source) => (
        <details key={`${source.article}:${source.heading.join()}:${source.quote}`} data-testid="source">
          <summary>
            <Icon name="book" size={16} />
            <span>{source.title}</span>
            <Icon name="arrow" size={14} />
          </summary>
          {source.heading.length > 0 && <div class="heading">{source.heading.filter((it) => it !== source.title).join(" › ")}</div>}
          <blockquote>{source.quote}</blockquote>
          <a href={articleHref(source)} target="_blank" rel="noopener noreferrer">
            {words.readArticle}
          </a>
        </details>
      ))}
    </div>
  );
}

export function TicketCard({ store, number, title, path }: { store: Store; number: number; title: string; path: string }) {
  const { words } = store;
  const href = path.startsWith("/") && !path.startsWith("//") ? path : (safeHref(path) ?? "#");
  return (
    <div class="ticket">
      <div class="top">
        <span class="thumb">
          <Icon name="ticket" size={22} />
        </span>
        <span class="about">
          <small>
            {words.ticket} #{number}
          </small>
          <b>{title}</b>
        </span>
      </div>
      <a class="wide" href={href} target="_blank" rel="noopener noreferrer" data-testid="ticket-link">
        {words.ticketProgress}
        <Icon name="arrow" size={16} />
      </a>
    </div>
  );
}

/** Asked beside the conversation, not in its way; both answers weigh the same. */
export function ConsentCard({ store }: { store: Store }) {
  const { words, locale, question: it } = store;
  if (!it) return null;
  const { title, text } = it.question;
  const answer = (given: boolean) => () => void store.consent(it, given);
  return (
    <section class="consent" aria-labelledby="consent" data-testid="consent" data-purpose={it.purpose}>
      <b id="consent">{inWords(title, locale)}</b>
      <p>{inWords(text, locale)}</p>
      <div class="choices">
        <button class="pill" onClick={answer(true)} data-testid="consent-agree">
          {words.agree}
        </button>
        <button class="pill" onClick={answer(false)} data-testid="consent-decline">
          {words.noThanks}
        </button>
      </div>
    </section>
  );
}

export function CompensationCard({ store, content, accepted }: { store: Store; content: Content & { type: "compensation" }; accepted: boolean | undefined }) {
  const { words } = store;
  const money = new Intl.NumberFormat(store.locale, { style: "currency", currency: content.currency });
  return (
    <div class="ticket" data-testid="compensation">
      <div class="top">
        <span class="thumb">
          <Icon name="ticket" size={22} />
        </span>
        <span class="about">
          <small>{words.compensation}</small>
          <b>{money.format(content.amount_minor / 10 ** (money.resolvedOptions().maximumFractionDigits ?? 2))}</b>
        </span>
      </div>
      <p>{content.text}</p>
      {accepted ?? content.state === "accepted" ? (
        <span class="wide" role="status">
          <Icon name="check" size={16} />
          {words.accepted}
        </span>
      ) : (
        content.state !== "declined" && (
          <button class="wide" onClick={() => void store.accept(content.spending)} data-testid="compensation-accept">
            {words.accept}
          </button>
        )
      )}
    </div>
  );
}

export function RatingCard({ store, meta }: { store: Store; meta: PublicConversation }) {
  const [score, setScore] = useState(0);
  const [comment, setComment] = useState("");
  const [busy, setBusy] = useState(false);
  const group = useRef<HTMLDivElement>(null);
  const { words } = store;
  if (meta.rated)
    return (
      <div class="rating done" role="status">
        <Stars score={meta.rated} />
        <span>{words.rated(meta.rated)}</span>
      </div>
    );
  const pick = (next: number): void => {
    const bounded = Math.min(5, Math.max(1, next));
    setScore(bounded);
    (group.current?.children[bounded - 1] as HTMLElement | undefined)?.focus();
  };
  const onKey = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    pick(score + step);
  };
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!score || busy) return;
    setBusy(true);
    await store.rate(score, comment.trim());
    setBusy(false);
  };
  return (
    <form class="rating" onSubmit={(event) => void submit(event)}>
      <b id="rate-title">{words.rate}</b>
      <div class="stars" role="radiogroup" aria-labelledby="rate-title" ref={group} onKeyDown={onKey}>
        {words.ratingNames.map((name, index) => (
          <button
            type="button"
            key={name}
            role="radio"
            aria-checked={score === index + 1}
            aria-label={`${index + 1} ${name}`}
            title={name}
            tabIndex={score === index + 1 || (!score && index === 0) ? 0 : -1}
            class={index < score ? "on" : ""}
            data-testid={`rating-${index + 1}`}
            onClick={() => setScore(index + 1)}
          >
            <Icon name="star" size={30} />
          </button>
        ))}
      </div>
      <div class="grade" aria-live="polite">
        {words.ratingNames[score - 1] ?? "\u00a0"}
      </div>
      {score > 0 && (
        <>
          <textarea rows={2} maxLength={1000} value={comment} placeholder={words.ratingComment} aria-label={words.ratingComment} data-testid="rating-comment" onInput={(event) => setComment(event.currentTarget.value)} />
          <button type="submit" class="primary" disabled={busy} data-testid="rating-send">
            {words.ratingSend}
          </button>
        </>
      )}
    </form>
  );
}

function Stars({ score }: { score: number }) {
  return (
    <span class="stars small" aria-hidden="true">
      {[1, 2, 3, 4, 5].map((it) => (
        <span key={it} class={it <= score ? "on" : ""}>
          <Icon name="star" size={18} />
        </span>
      ))}
    </span>
  );
}

export function QueueCard({ store, meta }: { store: Store; meta: PublicConversation }) {
  const { words } = store;
  const [busy, setBusy] = useState(false);
  const queue = meta.queue;
  const leave = async (): Promise<void> => {
    setBusy(true);
    await store.act({ action: "leave_queue" });
    setBusy(false);
  };
  const estimate = queue?.estimate_s;
  return (
    <div class="queue" data-testid="queue-standing" data-position={queue?.position ?? ""} role="status">
      <span class="wheel" aria-hidden="true" />
      <span class="about">
        <b>{queue ? (queue.position <= 1 ? words.queueNext : words.queuePosition(queue.position)) : words.waiting}</b>
        <small>{estimate === undefined || estimate === null ? words.queueNoEstimate : words.queueEstimate(Math.ceil(estimate / 60))}</small>
      </span>
      <button class="quiet" disabled={busy} onClick={() => void leave()} data-testid="leave-queue">
        {words.leaveQueue}
      </button>
    </div>
  );
}
