// Signing in: by password, or by a one-time link, after which a password can be set.

import { useEffect, useState } from "react";
import type { ReactNode } from "react";
import { Button, Fault, FaultNotice, Icon, Logo, Spinner, TextField, api, lang, langChosen, setCsrf, setLang, texts } from "@rapport/ui";
import type { Member, Tenant } from "@rapport/ui";
import { nextPage } from "./next.ts";

const t = texts({
  page: { zh: "登录 Rapport", en: "Sign in to Rapport" },
  title: { zh: "登录工作台", en: "Sign in" },
  text: { zh: "使用管理员为您开通的邮箱登录", en: "With the e-mail address of your account" },
  email: { zh: "邮箱", en: "E-mail" },
  password: { zh: "密码", en: "Password" },
  show: { zh: "显示密码", en: "Show the password" },
  hide: { zh: "隐藏密码", en: "Hide the password" },
  signIn: { zh: "登录", en: "Sign in" },
  forgot: { zh: "忘记密码？请管理员在“成员”中为您生成一次性登录链接。", en: "No password? An administrator can make you a one-time sign-in link under “Members”." },
  first: { zh: "首次安装：登录链接已显示在服务器的启动信息中。", en: "New installation: the sign-in link is printed when the server starts." },
  linkRuns: { zh: "正在使用登录链接", en: "Using your sign-in link" },
  linkFailed: { zh: "登录链接无法使用", en: "The sign-in link does not work" },
  withPassword: { zh: "使用密码登录", en: "Sign in with a password" },
  again: { zh: "重试", en: "Try again" },
  welcome: { zh: "{name}，您好", en: "Hello {name}" },
  setTitle: { zh: "设置密码", en: "Set a password" },
  setText: { zh: "登录链接只能使用一次。设置密码后，下次用邮箱 {email} 直接登录。", en: "The link works once. With a password you can sign in as {email} next time." },
  newPassword: { zh: "新密码", en: "New password" },
  newHint: { zh: "至少 10 个字符，建议使用一句容易记住的话", en: "At least 10 characters; a sentence is easy to remember" },
  tooShort: { zh: "还差 {left} 个字符", en: "{left} more characters" },
  save: { zh: "保存并进入", en: "Save and continue" },
  skip: { zh: "暂不设置", en: "Not now" },
  otherLanguage: { zh: "English", en: "中文" },
});

interface SignedIn {
  member: Member;
  tenant: Tenant;
  csrf: string;
}

const PASSWORD_CHARS_MIN = 10;

/** Outlives a change of language, which draws the whole page anew: a spent link cannot be spent again. */
let arrival: SignedIn | undefined;

export function SignInPage() {
  const [token, setToken] = useState(() => new URLSearchParams(location.search).get("link"));
  const [arrived, setArrived] = useState(arrival);
  useEffect(() => {
    document.title = t("page");
    document.documentElement.lang = lang();
  });
  const enter = () => location.assign(nextPage(location.search, location.origin));
  const body = arrived ? (
    <SetPassword who={arrived} onDone={enter} />
  ) : token ? (
    <ByLink token={token} onIn={setArrived} onGiveUp={() => setToken(null)} />
  ) : (
    <ByPassword onIn={enter} />
  );
  return (
    <div className="si-page">
      <main className="si-card">
        <div className="si-brand">
          <Logo size={40} />
          <span>Rapport</span>
        </div>
        {body}
      </main>
      <footer className="si-foot">
        <Button kind="quiet" size="s" icon="globe" onPress={() => setLang(lang() === "zh-CN" ? "en" : "zh-CN")} testId="language">
          {t("otherLanguage")}
        </Button>
      </footer>
    </div>
  );
}

function accept(answer: SignedIn): void {
  setCsrf(answer.csrf);
  if (!langChosen()) setLang(answer.member.locale, false);
}

function Title({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="si-title">
      <h1>{title}</h1>
      {children ? <p>{children}</p> : null}
    </div>
  );
}

function ByPassword({ onIn }: { onIn: () => void }) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault>();
  const submit = async () => {
    if (busy || email.trim() === "" || password === "") return;
    setBusy(true);
    setFault(undefined);
    try {
      const tenant = new URLSearchParams(location.search).get("tenant") ?? undefined;
      accept(await api.post<SignedIn>("/auth/sign-in", { email: email.trim(), password, ...(tenant ? { tenant } : {}) }));
      onIn();
    } catch (error) {
      setFault(Fault.of(error));
      setBusy(false);
    }
  };
  return (
    <form
      className="ui-stack"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Title title={t("title")}>{t("text")}</Title>
      <TextField label={t("email")} type="email" name="email" autoComplete="username" value={email} onChange={setEmail} autoFocus testId="email" />
      <Password label={t("password")} value={password} onChange={setPassword} autoComplete="current-password" testId="password" />
      <FaultNotice fault={fault} />
      <Button kind="primary" size="l" type="submit" busy={busy} isDisabled={email.trim() === "" || password === ""} testId="sign-in">
        {t("signIn")}
      </Button>
      <ul className="si-hints">
        <li>{t("forgot")}</li>
        <li>{t("first")}</li>
      </ul>
    </form>
  );
}

function Password({ label, hint, value, onChange, autoComplete, testId, autoFocus = false }: { label: string; hint?: string; value: string; onChange: (value: string) => void; autoComplete: string; testId: string; autoFocus?: boolean }) {
  const [shown, setShown] = useState(false);
  return (
    <div className="si-password">
      <TextField label={label} type={shown ? "text" : "password"} name="password" autoComplete={autoComplete} value={value} onChange={onChange} autoFocus={autoFocus} testId={testId} {...(hint ? { hint } : {})} />
      <button type="button" className="si-eye" aria-label={shown ? t("hide") : t("show")} aria-pressed={shown} title={shown ? t("hide") : t("show")} onClick={() => setShown(!shown)}>
        <Icon name="eye" size={18} />
        {shown ? <Icon name="slash" size={18} className="si-eye-off" /> : null}
      </button>
    </div>
  );
}

/** A link is spent by its first use: React draws twice in development, so the use is kept outside. */
const spent = new Map<string, Promise<SignedIn>>();

function spend(token: string): Promise<SignedIn> {
  const known = spent.get(token);
  if (known) return known;
  const use = api.post<SignedIn>("/auth/link", { token });
  spent.set(token, use);
  return use;
}

function ByLink({ token, onIn, onGiveUp }: { token: string; onIn: (answer: SignedIn) => void; onGiveUp: () => void }) {
  const [fault, setFault] = useState<Fault>();
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let here = true;
    spend(token).then(
      (answer) => {
        // The spent link has no business in the address bar or the history.
        history.replaceState(null, "", location.pathname + withoutLink(location.search));
        arrival = answer;
        accept(answer);
        if (here) onIn(answer);
      },
      (error: unknown) => here && setFault(Fault.of(error)),
    );
    return () => {
      here = false;
    };
  }, [token, turn, onIn]);
  if (!fault) {
    return (
      <div className="si-wait">
        <Spinner size="l" label={t("linkRuns")} />
        <p>{t("linkRuns")}</p>
      </div>
    );
  }
  return (
    <div className="ui-stack">
      <Title title={t("linkFailed")} />
      <FaultNotice fault={fault} />
      {fault.status === 0 ? (
        <Button
          kind="primary"
          size="l"
          onPress={() => {
            spent.delete(token);
            setFault(undefined);
            setTurn(turn + 1);
          }}
        >
          {t("again")}
        </Button>
      ) : null}
      <Button size="l" onPress={onGiveUp} testId="use-password">
        {t("withPassword")}
      </Button>
    </div>
  );
}

function withoutLink(search: string): string {
  const params = new URLSearchParams(search);
  params.delete("link");
  const text = params.toString();
  return text ? `?${text}` : "";
}

function SetPassword({ who, onDone }: { who: SignedIn; onDone: () => void }) {
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault>();
  const left = PASSWORD_CHARS_MIN - [...password].length;
  const save = async () => {
    if (busy || left > 0) return;
    setBusy(true);
    setFault(undefined);
    try {
      await api.post("/auth/password", { new: password });
      onDone();
    } catch (error) {
      setFault(Fault.of(error));
      setBusy(false);
    }
  };
  return (
    <form
      className="ui-stack"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Title title={t("welcome", { name: who.member.name })}>{t("setText", { email: who.member.email })}</Title>
      <input type="email" name="email" autoComplete="username" value={who.member.email} readOnly hidden />
      <Password label={t("newPassword")} hint={password === "" || left <= 0 ? t("newHint") : t("tooShort", { left })} value={password} onChange={setPassword} autoComplete="new-password" testId="new-password" autoFocus />
      <FaultNotice fault={fault} />
      <Button kind="primary" size="l" type="submit" busy={busy} isDisabled={left > 0} testId="save-password">
        {t("save")}
      </Button>
      <Button kind="quiet" onPress={onDone} testId="skip-password">
        {t("skip")}
      </Button>
    </form>
  );
}
