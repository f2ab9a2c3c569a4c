// The visitor's part of the HTTP API (docs/api/http.md, `/widget`).

import type { Attachment, Bilingual, ConsentPurpose, EventFrame, FaultBody, Locale } from "@rapport/live";

const BASE = "/api/rapport/v1/widget";

export interface Config {
  key: string;
  company: string;
  name: string;
  color: string;
  locale: Locale;
  welcome: Bilingual;
  prechat: { key: string; label: Bilingual; required: boolean }[];
  require_identity: boolean;
  open_now: boolean;
  next_open?: number | null;
  csat: boolean;
}

export type Status = "bot" | "queued" | "offered" | "assigned" | "snoozed" | "resolved";

export interface PublicConversation {
  id: string;
  number: number;
  status: Status;
  agent?: { id?: string; name: string } | null;
  unread: number;
  read_by_members: number;
  rated?: number | null;
  rating_requested: boolean;
  last_message?: { text: string; at?: number; content?: string } | string | null;
  updated_at: number;
  queue?: { position: number; estimate_s?: number | null } | null;
}

export interface Session {
  token: string;
  contact: { id: string; name?: string | null };
  conversation?: PublicConversation | null;
  seq: number;
  expires_at: number;
}

/** One purpose that the company has switched on, and what this customer answered. */
export interface Consent {
  purpose: ConsentPurpose;
  question: { version: number; title: Bilingual; text: Bilingual };
  given: boolean;
  /** When it was given. */
  at?: number | null;
}

export interface Entries {
  items: EventFrame[];
  more: boolean;
  seq: number;
  /** Names of the members who speak in `items`, by id. */
  names?: Record<string, string>;
}

export class HttpError extends Error {
  constructor(
    readonly status: number,
    readonly fault: Partial<FaultBody>,
  ) {
    super(fault.message ?? `HTTP ${status}`);
  }
  get code(): string {
    return this.fault.code ?? "";
  }
  /** What is wrong and what to do, in the visitor's language. */
  get advice(): string {
    return adviceOf(this.fault);
  }
}

export function adviceOf({ message = "", hint = "" }: { message?: string; hint?: string }): string {
  const stop = /[\u4e00-\u9fff]/.test(message) ? "。" : ". ";
  return message && hint ? `${message}${stop}${hint}` : message;
}

export class Http {
  token: string | undefined;
  /** Asked when a token was refused; true when there is a new one. */
  renew: () => Promise<boolean> = () => Promise.resolve(false);
  locale: Locale = "zh-CN";

  config(key: string): Promise<Config> {
    return this.#json(`/config?key=${encodeURIComponent(key)}`);
  }

  session(body: { key: string; token?: string; identity?: string; locale: Locale; page?: string; fields?: Record<string, string> }): Promise<Session> {
    return this.#json("/session", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }, false);
  }

  conversations(): Promise<{ items: PublicConversation[]; seq: number }> {
    return this.#json("/conversations");
  }

  entries(conversation: string, before?: number): Promise<Entries> {
    const query = new URLSearchParams({ limit: "40" });
    if (before !== undefined) query.set("before", String(before));
    return this.#json(`/conversations/${conversation}/entries?${query.toString()}`);
  }

  async consents(): Promise<Consent[]> {
    return (await this.#json<{ items: Consent[] }>("/consents")).items;
  }

  async file(blob: string): Promise<Blob> {
    return (await this.#fetch(`/files/${blob}`)).blob();
  }

  /** By `XMLHttpRequest`: the only way to know how far an upload is. */
  upload(file: File, onProgress: (percent: number) => void): { done: Promise<Attachment>; abort: () => void } {
    let request: XMLHttpRequest | undefined;
    let aborted = false;
    const attempt = (): Promise<Attachment> =>
      new Promise((resolve, reject) => {
        const sent = (request = new XMLHttpRequest());
        sent.open("POST", `${BASE}/uploads`);
        if (this.token) sent.setRequestHeader("authorization", `Bearer ${this.token}`);
        sent.setRequestHeader("accept-language", this.locale);
        sent.upload.onprogress = (event) => onProgress(Math.min(99, Math.round((event.loaded / Math.max(1, event.total)) * 100)));
        sent.onload = () => {
          const body = parse(sent.responseText);
          if (sent.status >= 200 && sent.status < 300) resolve(body as Attachment);
          else reject(new HttpError(sent.status, body as Partial<FaultBody>));
        };
        sent.onerror = sent.ontimeout = sent.onabort = () => reject(new HttpError(0, {}));
        const form = new FormData();
        form.append("file", file, file.name || "image.png");
        sent.send(form);
      });
    const done = attempt().catch(async (error: unknown) => {
      if (!aborted && error instanceof HttpError && error.status === 401 && (await this.renew())) return attempt();
      throw error;
    });
    const abort = (): void => {
      aborted = true;
      request?.abort();
    };
    return { done, abort };
  }

  async #json<T>(path: string, init?: RequestInit, withToken = true): Promise<T> {
    return (await (await this.#fetch(path, init, withToken)).json()) as T;
  }

  async #fetch(path: string, init: RequestInit = {}, withToken = true): Promise<Response> {
    const { token } = this;
    const headers = new Headers(init.headers);
    headers.set("accept-language", this.locale);
    if (withToken && token) headers.set("authorization", `Bearer ${token}`);
    let answer: Response;
    try {
      answer = await fetch(BASE + path, { ...init, headers, credentials: "omit" });
    } catch {
      throw new HttpError(0, {});
    }
    if (answer.ok) return answer;
    const error = new HttpError(answer.status, parse(await answer.text()) as Partial<FaultBody>);
    // Expired meanwhile: once more with another token, if there is one.
    if (withToken && token && answer.status === 401 && (this.token !== token || (await this.renew())) && this.token !== token) return this.#fetch(path, init);
    throw error;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}
