// One's own profile and password.

import { useState } from "react";
import { api, Avatar, Badge, Button, Fault, FaultNotice, lang, langChosen, Notice, PageLayout, setCsrf, setLang, texts, TextField, toast } from "@rapport/ui";
import type { Locale, Me, Member } from "@rapport/ui";
import type { PageProps } from "../app.tsx";
import { Segmented } from "../components/choice.tsx";
import { SaveBar } from "../components/save-bar.tsx";
import { Section } from "../components/section.tsx";
import { useDraft } from "../shell/draft.ts";
import type { Draft } from "../shell/draft.ts";
import { useUnsaved } from "../shell/guard.ts";
import { useSession } from "../shell/session.ts";
import { localeName, pageTitle, roleName, roleText } from "../shell/words.ts";
import { passwordProblem, PASSWORD_MIN } from "./password.ts";

const t = texts({
  text: { zh: "您的姓名、界面语言与登录密码", en: "Your name, the language of your pages, and your password" },
  profile: { zh: "个人资料", en: "Profile" },
  name: { zh: "姓名", en: "Name" },
  nameHint: { zh: "客户和同事会看到这个名字", en: "Customers and colleagues see this name" },
  language: { zh: "界面语言", en: "Language of the pages" },
  password: { zh: "登录密码", en: "Password" },
  passwordText: { zh: "修改后，其他设备上的登录会立即失效", en: "Changing it signs you out everywhere else" },
  noPassword: { zh: "您是通过一次性链接登录的，还没有设置密码。请现在设置，以便下次直接登录。", en: "You signed in by a one-time link and have no password yet. Set one now, so that you can sign in next time." },
  current: { zh: "当前密码", en: "Current password" },
  currentHint: { zh: "一小时内刚用一次性链接登录的，可以留空", en: "May stay empty within an hour of signing in by a one-time link" },
  next: { zh: "新密码", en: "New password" },
  nextHint: { zh: "至少 {n} 个字符；一句只有您知道的话就很好", en: "At least {n} characters; a phrase that only you know works well" },
  again: { zh: "再输入一次新密码", en: "New password again" },
  short: { zh: "还差 {n} 个字符", en: "{n} more characters needed" },
  differs: { zh: "两次输入的密码不一致", en: "The two do not match" },
  set: { zh: "设置密码", en: "Set the password" },
  change: { zh: "修改密码", en: "Change the password" },
  changed: { zh: "密码已更新，其他设备已退出登录", en: "The password was changed; other devices are signed out" },
});

interface Profile {
  name: string;
  locale: Locale;
}

export default function AccountPage(_: PageProps) {
  const { me, update } = useSession();
  const { member } = me;
  const draft = useDraft<Profile>({
    stored: { value: { name: member.name, locale: member.locale }, version: undefined },
    put: async (value) => {
      const { name, locale } = await api.patch<Member>("/me", { ...value, name: value.name.trim() });
      update({ member: { ...member, name, locale } });
      // Draws the page anew: after the form has taken what was saved.
      if (locale !== lang()) queueMicrotask(() => setLang(locale, langChosen()));
      return { value: { name, locale }, version: undefined };
    },
    latest: async () => ({ value: { name: member.name, locale: member.locale }, version: undefined }),
  });
  return (
    <PageLayout title={pageTitle("account")} text={t("text")}>
      <ProfileSection draft={draft} />
      <PasswordForm key={String(me.has_password)} />
      <SaveBar draft={draft} canSave={draft.value.name.trim() !== ""} testId="account-save" />
    </PageLayout>
  );
}

function ProfileSection({ draft: { value, patch } }: { draft: Draft<Profile> }) {
  const { member } = useSession().me;
  return (
    <Section title={t("profile")} icon="user">
      <div className="ui-row">
        <Avatar name={value.name || member.name} seed={member.id} size={52} />
        <div>
          <b>{member.email}</b>
          <div className="ui-hint">
            <Badge tone="accent">{roleName(member.role)}</Badge> {roleText(member.role)}
          </div>
        </div>
      </div>
      <TextField label={t("name")} hint={t("nameHint")} value={value.name} onChange={(name) => patch({ name })} isRequired maxLength={60} autoComplete="name" testId="account-name" />
      <Segmented label={t("language")} hideLabel={false} options={(["zh-CN", "en"] as const).map((id) => ({ id, label: localeName(id) }))} value={value.locale} onChange={(locale) => patch({ locale })} testId="account-locale" />
    </Section>
  );
}

function PasswordForm() {
  const { me, update } = useSession();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault>();
  useUnsaved(current !== "" || next !== "" || again !== "");
  const problem = passwordProblem(next, again);
  const can = problem === undefined;
  const submit = async () => {
    if (!can || busy) return;
    setBusy(true);
    setFault(undefined);
    try {
      await api.post("/auth/password", { new: next, ...(current === "" ? {} : { current }) });
      // The session goes on under a new secret, and so under a new CSRF value.
      const fresh = await api.get<Me>("/me");
      setCsrf(fresh.csrf);
      setCurrent("");
      setNext("");
      setAgain("");
      toast.good(t("changed"));
      update({ has_password: fresh.has_password });
    } catch (error) {
      setFault(Fault.of(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Section title={t("password")} text={t("passwordText")} icon="key">
      {me.has_password ? null : (
        <Notice tone="warn" icon="key">
          {t("noPassword")}
        </Notice>
      )}
      <form
        className="ui-stack"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <input type="text" autoComplete="username" value={me.member.email} readOnly hidden />
        {me.has_password ? <TextField label={t("current")} type="password" autoComplete="current-password" value={current} onChange={setCurrent} hint={t("currentHint")} testId="password-current" /> : null}
        <div className="ui-grid-2">
          <TextField label={t("next")} type="password" autoComplete="new-password" hint={t("nextHint", { n: PASSWORD_MIN })} value={next} onChange={setNext} error={next !== "" && problem?.type === "short" ? t("short", { n: problem.missing }) : undefined} isRequired maxLength={200} testId="password-new" />
          <TextField label={t("again")} type="password" autoComplete="new-password" value={again} onChange={setAgain} error={again !== "" && problem?.type === "differs" ? t("differs") : undefined} isRequired maxLength={200} testId="password-again" />
        </div>
        <FaultNotice fault={fault} />
        <div>
          <Button type="submit" kind="primary" busy={busy} isDisabled={!can} testId="password-save">
            {me.has_password ? t("change") : t("set")}
          </Button>
        </div>
      </form>
    </Section>
  );
}
