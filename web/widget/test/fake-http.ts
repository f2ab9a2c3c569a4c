// The visitor's HTTP API in memory, over the same journal as the live server of the tests.

import type { Attachment } from "@rapport/live";
import type { FakeServer } from "../../live/test/fake-server.ts";
import { Http, HttpError } from "../src/frame/http.ts";
import type { Config, Consent, Entries, PublicConversation, Session } from "../src/frame/http.ts";

export class FakeHttp extends Http {
  readonly sessions: Parameters<Http["session"]>[0][] = [];
  /** Tokens that are accepted, and whose they are. */
  readonly tokens = new Map<string, string>();
  conversationsNow: () => PublicConversation[] = () => [];
  consentsNow: Consent[] = [];
  /** Held answers: the test lets them go. */
  hold: Promise<void> | undefined;
  down = false;
  refuseIdentity = false;
  private made = 0;

  constructor(
    private readonly server: FakeServer,
    private readonly configured: Partial<Config> = {},
  ) {
    super();
  }

  override async config(): Promise<Config> {
    return { key: "k", company: "云履", name: "", color: "#2563eb", locale: "zh-CN", welcome: { zh: "您好", en: "Hello" }, prechat: [], require_identity: false, open_now: true, csat: true, ...this.configured };
  }

  override async session(body: Parameters<Http["session"]>[0]): Promise<Session> {
    this.sessions.push(body);
    await this.hold;
    if (this.down) throw new HttpError(0, {});
    if (body.identity && this.refuseIdentity) throw new HttpError(401, { code: "widget.identity_invalid" });
    if (this.configured.require_identity && !body.identity && !body.token) throw new HttpError(401, { code: "widget.identity_invalid" });
    const known = body.token === undefined ? undefined : this.tokens.get(body.token);
    if (body.token !== undefined && !known) throw new HttpError(401, { code: "auth.required" });
    this.made += 1;
    const stranger = known === undefined || known.startsWith("of ") ? `u${this.made}` : known;
    const contact = body.identity ? `of ${body.identity.split(".")[1]}` : stranger;
    const token = `t${this.made}`;
    this.tokens.set(token, contact);
    return { token, contact: { id: contact }, seq: this.server.journal.length, expires_at: 0 };
  }

  override async conversations(): Promise<{ items: PublicConversation[]; seq: number }> {
    const answer = { items: this.conversationsNow().map((it) => ({ ...it })), seq: this.server.journal.length };
    await this.hold;
    if (this.down) throw new HttpError(0, {});
    return answer;
  }

  override async entries(conversation: string, before = Infinity): Promise<Entries> {
    const all = this.server.journal.filter((it) => it.conversation === conversation && it.seq < before);
    const answer = { items: all.slice(-40), more: all.length > 40, seq: this.server.journal.length };
    await this.hold;
    if (this.down) throw new HttpError(0, {});
    return answer;
  }

  override async consents(): Promise<Consent[]> {
    return this.consentsNow.map((it) => ({ ...it }));
  }

  override upload(file: File): { done: Promise<Attachment>; abort: () => void } {
    const done = this.down ? Promise.reject(new HttpError(0, {})) : Promise.resolve({ blob: `b-${file.name}`, name: file.name, media_type: file.type, bytes: file.size });
    return { done, abort: () => undefined };
  }
}
