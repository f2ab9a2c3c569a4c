// Who the visitor is to the server: a token, the contact behind it, and another token when one is refused.

import type { Locale } from "@rapport/live";
import { HttpError } from "./http.ts";
import type { Http, Session } from "./http.ts";
import type { Memory } from "./memory.ts";

interface Hooks {
  locale: () => Locale;
  /** A session is there; `other` when it is another contact than the browser knew. */
  adopted: (session: Session, other: boolean) => void;
  /** The site has to say who it is (again). */
  signIn: () => void;
  /** For the site's developers. */
  fault: (code: string) => void;
}

export class Visitor {
  /** Known for this page: the token was accepted. */
  contact: string | undefined;
  page = "";
  identity: string | undefined;
  #underWay: Promise<void> | undefined;

  constructor(
    private readonly key: string,
    private readonly http: Http,
    private readonly memory: Memory,
    private readonly hooks: Hooks,
  ) {
    http.token = memory.get("token");
    http.renew = () => this.renew();
  }

  ensure(): Promise<void> {
    return this.contact ? Promise.resolve() : this.open();
  }

  async open(fields?: Record<string, string>): Promise<void> {
    // What was filled in must not be lost to a request that left without it.
    if (fields) await this.#underWay?.catch(() => undefined);
    this.#underWay ??= this.#request(fields).finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  /** After a refusal: true when there is a token to try again with. */
  async renew(): Promise<boolean> {
    this.contact = undefined;
    try {
      await this.open();
      return true;
    } catch {
      return false;
    }
  }

  /** This browser's customer was vouched for; without the site's word again the server would take them for a stranger. */
  get awaited(): boolean {
    return !this.identity && this.memory.get("subject") !== undefined;
  }

  /** The site vouches for somebody. True when that is another person than it vouched for before. */
  identify(token: string): boolean {
    const before = this.memory.get("subject");
    const other = before !== undefined && before !== subjectOf(token);
    if (other) this.forget();
    this.identity = token;
    this.contact = undefined;
    return other;
  }

  forget(): void {
    this.identity = undefined;
    this.contact = undefined;
    this.http.token = undefined;
    for (const name of ["token", "contact", "subject", "prechat", "draft", "view"]) this.memory.set(name, undefined);
  }

  async #request(fields: Record<string, string> | undefined): Promise<void> {
    for (;;) {
      try {
        return this.#adopt(await this.#ask(fields));
      } catch (error) {
        if (!(error instanceof HttpError) || (error.status !== 401 && error.status !== 403)) throw error;
        const identity = error.code === "widget.identity_invalid";
        if (identity && this.identity) this.hooks.fault(error.code);
        if (identity && this.identity && this.http.token && this.memory.get("subject") === undefined) {
          // Nobody has vouched for this visitor yet: they go on as whom we know.
          this.identity = undefined;
        } else if (!identity && this.http.token) {
          // A token that nobody knows any more (another installation, a changed secret): begin as somebody new.
          this.http.token = undefined;
          this.memory.set("token", undefined);
        } else {
          if (identity) {
            this.identity = undefined;
            this.hooks.signIn();
          }
          throw error;
        }
      }
    }
  }

  #ask(fields: Record<string, string> | undefined): Promise<Session> {
    return this.http.session({
      key: this.key,
      locale: this.hooks.locale(),
      ...(this.http.token ? { token: this.http.token } : {}),
      ...(this.identity ? { identity: this.identity } : {}),
      ...(this.page ? { page: this.page } : {}),
      ...(fields ? { fields } : {}),
    });
  }

  #adopt(session: Session): void {
    const before = this.memory.get("contact");
    this.contact = session.contact.id;
    this.http.token = session.token;
    this.memory.set("token", session.token);
    this.memory.set("contact", session.contact.id);
    if (this.identity) this.memory.set("subject", subjectOf(this.identity));
    this.hooks.adopted(session, before !== undefined && before !== session.contact.id);
  }
}

/** The site's user id, read without checking it: the server checks. */
function subjectOf(token: string): string {
  try {
    const body = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    return String((JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(body), (it) => it.charCodeAt(0)))) as { sub?: unknown }).sub);
  } catch {
    return token;
  }
}
