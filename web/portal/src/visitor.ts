// The customer as the server knows them from the chat: their token, what they may ask for with it, and the few things they can do here.

import { LiveClient } from "@rapport/live";
import type { Bilingual, ConsentPurpose, CustomerAction } from "@rapport/live";
import { ApiError, locale, t } from "./page.ts";

const BASE = "/api/rapport/v1/widget";

export interface Consent {
  purpose: ConsentPurpose;
  question: { version: number; title: Bilingual; text: Bilingual };
  given: boolean;
  at?: number | null;
}

/** One automated decision about this customer, in words. */
export interface Decision {
  seq: number;
  at: number;
  what: Bilingual[];
  /** What weighed most, first things first. */
  why: Bilingual[];
  data: Bilingual[];
  /** The rules of fairness that agreed. */
  rules: Bilingual[];
  how_to_object: Bilingual;
  objected: boolean;
}

export class Visitor {
  readonly key = new URLSearchParams(location.search).get("key") ?? "";
  token: string | undefined;
  private live: LiveClient | undefined;

  /** The token stands behind the `#` of the link once; then it is out of the address, and so out of the browser's history. */
  constructor() {
    const kept = `rapport:my-data:${this.key}`;
    const given = location.hash.slice(1);
    if (given) {
      keep(() => sessionStorage.setItem(kept, given));
      history.replaceState(null, "", location.pathname + location.search);
    }
    this.token = given || keep(() => sessionStorage.getItem(kept)) || keep(() => localStorage.getItem(`rapport:${this.key}:token`)) || undefined;
  }

  consents(): Promise<Consent[]> {
    return this.json("/consents");
  }

  decisions(): Promise<Decision[]> {
    return this.json("/decisions");
  }

  async company(): Promise<string> {
    return (await this.json<{ company: string }>(`/config?key=${encodeURIComponent(this.key)}`)).company;
  }

  async object(seq: number, text: string): Promise<void> {
    await this.call("/objection", { seq, text });
  }

  /** The file and its name. */
  async export(format: "html" | "json"): Promise<{ blob: Blob; name: string }> {
    const answer = await this.call(`/export?format=${format}`);
    const blob = await answer.blob();
    const named = /filename="([^"]+)"/.exec(answer.headers.get("content-disposition") ?? "")?.[1];
    return { blob, name: named ?? `my-data.${format}` };
  }

  /** Nothing of this customer is left, here or there. */
  async erase(): Promise<void> {
    await this.call("/erase", { confirm: true });
    this.live?.close();
    this.token = undefined;
    for (const storage of [keep(() => localStorage), keep(() => sessionStorage)]) {
      for (const name of Object.keys(storage ?? {})) if (name.startsWith(`rapport:${this.key}`) || name === `rapport:my-data:${this.key}`) storage?.removeItem(name);
    }
  }

  /** By the same socket as the chat: the answer comes when it is durable. */
  async act(action: CustomerAction): Promise<void> {
    const { token = "" } = this;
    this.live ??= new LiveClient({ url: "/live", hello: () => ({ as: "visitor", token }), onEvent: () => undefined });
    this.live.connect();
    const all = await this.json<{ id: string; status: string }[]>("/conversations");
    await this.live.act((all.find((it) => it.status !== "resolved") ?? all[0])?.id, action);
  }

  /** Lists come with or without an envelope. */
  private async json<T>(path: string): Promise<T> {
    const body = (await (await this.call(path)).json()) as T & { items?: T };
    return body.items ?? body;
  }

  private async call(path: string, body?: unknown): Promise<Response> {
    let answer: Response;
    try {
      answer = await fetch(BASE + path, {
        headers: { "accept-language": locale, ...(this.token ? { authorization: `Bearer ${this.token}` } : {}), ...(body === undefined ? {} : { "content-type": "application/json" }) },
        credentials: "omit",
        ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
      });
    } catch {
      throw new ApiError(0, t(["网络连接失败，请稍后再试", "No connection. Please try again shortly."]));
    }
    if (answer.ok) return answer;
    const fault = (await answer.json().catch(() => ({}))) as { message?: string };
    throw new ApiError(answer.status, fault.message ?? `HTTP ${answer.status}`);
  }
}

/** Storage may be refused: then it is as if nothing were there. */
function keep<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
