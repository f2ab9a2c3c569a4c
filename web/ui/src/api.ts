// The HTTP API as functions: session cookie, CSRF header, language, and every failure as a `Fault` with words for people.

import type { FaultBody, Me } from "./types.ts";
import { lang, langChosen, setLang, texts } from "./i18n.ts";

export const API_BASE = "/api/rapport/v1";

const t = texts({
  offline: { zh: "连不上服务器", en: "The server cannot be reached" },
  offlineHint: { zh: "请检查网络，稍后会自动重试", en: "Check the network; it is tried again shortly" },
  odd: { zh: "服务器的回答无法识别", en: "The server's answer was not understood" },
  oddHint: { zh: "刷新页面后重试", en: "Reload the page and try again" },
});

/** What went wrong, in the reader's language: `message` says it, `hint` says what to do. */
export class Fault extends Error {
  readonly code: string;
  readonly hint: string;
  readonly detail: string | undefined;
  readonly trace: string | undefined;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;

  constructor(body: FaultBody, status: number) {
    super(body.message);
    this.name = "Fault";
    this.code = body.code;
    this.hint = body.hint;
    this.detail = body.detail;
    this.trace = body.trace;
    this.status = status;
  }

  static offline(): Fault {
    return new Fault({ code: "network.offline", message: t("offline"), hint: t("offlineHint") }, 0);
  }

  static odd(status: number): Fault {
    return new Fault({ code: "network.odd_answer", message: t("odd"), hint: t("oddHint"), detail: `HTTP ${status}` }, status);
  }

  /** Anything thrown, as a fault. */
  static of(error: unknown): Fault {
    if (error instanceof Fault) return error;
    const { code, message, hint } = (error ?? {}) as Partial<FaultBody>;
    if (typeof code === "string" && typeof message === "string") return new Fault({ code, message, hint: hint ?? "" }, 0);
    return new Fault({ code: "internal", message: t("odd"), hint: t("oddHint"), detail: String(error) }, 0);
  }
}

/** What to do about it, in one line; of a field that was refused its name and what it needs. */
export function advice(fault: Fault): string {
  if (!fault.detail) return fault.hint;
  return fault.code === "input.bad_field" ? fault.detail : `${fault.hint} (${fault.detail})`;
}

export interface CallOptions {
  /** `If-Match`: the version that a list gave. */
  version?: number;
  query?: Record<string, string | number | boolean | undefined | null>;
  signal?: AbortSignal;
}

let csrf = "";
let onSignedOut: () => void = () => undefined;

/** Called once the server no longer knows us. */
export function whenSignedOut(handler: () => void): void {
  onSignedOut = handler;
}

export function setCsrf(value: string): void {
  csrf = value;
}

function address(path: string, query: CallOptions["query"]): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== "") params.set(name, String(value));
  }
  const tail = params.toString();
  return `${API_BASE}${path}${tail ? `?${tail}` : ""}`;
}

function fault(status: number, text: string): Fault {
  try {
    const body = JSON.parse(text) as Partial<FaultBody>;
    if (typeof body.code === "string" && typeof body.message === "string") return new Fault({ hint: "", ...body } as FaultBody, status);
  } catch {
    // Not ours: a proxy answered.
  }
  return Fault.odd(status);
}

function settle<T>(status: number, text: string, path: string): T {
  if (status >= 200 && status < 300) {
    if (text === "") return undefined as T;
    try {
      return JSON.parse(text) as T;
    } catch {
      throw Fault.odd(status);
    }
  }
  const failed = fault(status, text);
  if (status === 401 && !path.startsWith("/auth/")) onSignedOut();
  throw failed;
}

async function call<T>(method: string, path: string, body?: unknown, options: CallOptions = {}): Promise<T> {
  const headers: Record<string, string> = { accept: "application/json", "accept-language": lang() };
  if (method !== "GET") headers["x-rapport-csrf"] = csrf;
  if (options.version !== undefined) headers["if-match"] = String(options.version);
  // A form or a file goes as it is; `fetch` names its type.
  const raw = body instanceof FormData || body instanceof Blob;
  if (body !== undefined && !raw) headers["content-type"] = "application/json";
  let status = 0;
  let text = "";
  try {
    const response = await fetch(address(path, options.query), {
      method,
      headers,
      credentials: "same-origin",
      ...(body === undefined ? {} : { body: raw ? body : JSON.stringify(body) }),
      ...(options.signal ? { signal: options.signal } : {}),
    });
    status = response.status;
    text = await response.text();
  } catch (error) {
    if ((error as Error | undefined)?.name === "AbortError") throw error;
    throw Fault.offline();
  }
  return settle<T>(status, text, path);
}

export interface Upload<T> {
  done: Promise<T>;
  cancel: () => void;
}

/** Sends a file with progress from 0 to 1 (`fetch` cannot tell it). */
function upload<T>(path: string, file: File, onProgress?: (part: number) => void, fields: Record<string, string> = {}): Upload<T> {
  const request = new XMLHttpRequest();
  const done = new Promise<T>((resolve, reject) => {
    request.open("POST", address(path, undefined));
    request.setRequestHeader("accept-language", lang());
    request.setRequestHeader("x-rapport-csrf", csrf);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress?.(event.loaded / event.total);
    };
    request.onload = () => {
      try {
        resolve(settle<T>(request.status, request.responseText, path));
      } catch (error) {
        reject(error as Error);
      }
    };
    request.onerror = () => reject(Fault.offline());
    request.onabort = () => reject(new DOMException("cancelled", "AbortError"));
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set("file", file, file.name);
    request.send(form);
  });
  return { done, cancel: () => request.abort() };
}

export const api = {
  get: <T>(path: string, options?: CallOptions) => call<T>("GET", path, undefined, options),
  post: <T>(path: string, body?: unknown, options?: CallOptions) => call<T>("POST", path, body, options),
  put: <T>(path: string, body: unknown, options?: CallOptions) => call<T>("PUT", path, body, options),
  patch: <T>(path: string, body: unknown, options?: CallOptions) => call<T>("PATCH", path, body, options),
  del: <T = void>(path: string, options?: CallOptions) => call<T>("DELETE", path, undefined, options),
  upload,
  /** Where the bytes of a stored file are. */
  fileUrl: (blob: string) => `${API_BASE}/files/${blob}`,
};

/** Opens the session of a page: who we are, the CSRF value, the language of the account. Without a session goes to the sign-in page. */
export async function openSession(): Promise<Me> {
  whenSignedOut(goToSignIn);
  const me = await api.get<Me>("/me");
  setCsrf(me.csrf);
  setLang(langChosen() ? lang() : me.member.locale, false);
  return me;
}

export function goToSignIn(): void {
  const next = location.pathname + location.search + location.hash;
  location.assign(`/sign-in?next=${encodeURIComponent(next)}`);
}

export async function signOut(): Promise<void> {
  try {
    await api.post("/auth/sign-out", {});
  } finally {
    location.assign("/sign-in");
  }
}
