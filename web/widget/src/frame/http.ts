// The visitor's part of the HTTP API (docs/api/http.md, `/widget`).

import type { Attachment, Bilingual, EventFrame, FaultBody, Locale } from "@rapport/live";

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
}

export class Http {
  token: string | undefined;
  locale: Locale = "zh-CN";

  config(key: string): Promise<Config> {
    return this.json(`/config?key=${encodeURIComponent(key)}`);
  }

  session(body: { key: string; token?: string; identity?: string; locale: Locale; page?: string; fields?: Record<string, string> }): Promise<Session> {
    return this.json("/session", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }, false);
  }

  conversations(): Promise<{ items: PublicConversation[]; seq: number }> {
    return this.json("/conversations");
  }

  entries(conversation: string, before?: number): Promise<Entries> {
    const query = new URLSearchParams({ limit: "40" });
    if (before !== undefined) query.set("before", String(before));
    return this.json(`/conversations/${conversation}/entries?${query.toString()}`);
  }

  async file(blob: string): Promise<Blob> {
    return (await this.fetch(`/files/${blob}`)).blob();
  }

  /** By `XMLHttpRequest`: the only way to know how far an upload is. */
  upload(file: File, onProgress: (percent: number) => void): { done: Promise<Attachment>; abort: () => void } {
    const request = new XMLHttpRequest();
    const done = new Promise<Attachment>((resolve, reject) => {
      request.open("POST", `${BASE}/uploads`);
      if (this.token) request.setRequestHeader("authorization", `Bearer ${this.token}`);
      request.setRequestHeader("accept-language", this.locale);
      request.upload.onprogress = (event) => onProgress(Math.min(99, Math.round((event.loaded / Math.max(1, event.total)) * 100)));
      request.onload = () => {
        const body = parse(request.responseText);
        if (request.status >= 200 && request.status < 300) resolve(body as Attachment);
        else reject(new HttpError(request.status, body as Partial<FaultBody>));
      };
      request.onerror = request.ontimeout = request.onabort = () => reject(new HttpError(0, {}));
      const form = new FormData();
      form.append("file", file, file.name || "image.png");
      request.send(form);
    });
    return { done, abort: () => request.abort() };
  }

  private async json<T>(path: string, init?: RequestInit, withToken = true): Promise<T> {
    return (await (await this.fetch(path, init, withToken)).json()) as T;
  }

  private async fetch(path: string, init: RequestInit = {}, withToken = true): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set("accept-language", this.locale);
    if (withToken && this.token) headers.set("authorization", `Bearer ${this.token}`);
    let answer: Response;
    try {
      answer = await fetch(BASE + path, { ...init, headers, credentials: "omit" });
    } catch {
      throw new HttpError(0, {});
    }
    if (!answer.ok) throw new HttpError(answer.status, parse(await answer.text()) as Partial<FaultBody>);
    return answer;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}
