// The one-time sign-in link of a member: made, shown, copied.

import { api, Button, Dialog, fullTime, Notice, texts } from "@rapport/ui";
import type { Member } from "@rapport/ui";
import { CopyLine } from "../components/code.tsx";
import { words } from "../shell/words.ts";

const t = texts({
  invited: { zh: "已邀请 {name}", en: "{name} is invited" },
  renewed: { zh: "{name} 的登录链接", en: "Sign-in link for {name}" },
  text: { zh: "请通过您平时联系同事的方式（微信、邮件等）把这个链接发给 {name}（{email}）。对方打开后即可登录并设置自己的密码。", en: "Send this link to {name} ({email}) by the channel you normally use. It signs them in, and they choose their own password." },
  link: { zh: "一次性登录链接", en: "One-time sign-in link" },
  once: { zh: "链接只能使用一次，关闭后不再显示。遗失时可在成员菜单中重新生成，旧链接随即失效。", en: "It works once and is not shown again. If it gets lost, make a new one from the member's menu; the old one then stops working." },
  until: { zh: "有效期至 {time}。", en: "Valid until {time}." },
});

export interface SignInLink {
  name: string;
  email: string;
  link: string;
  expiresAt: number | undefined;
  isNew: boolean;
}

/** The server may give it relative to its own address. */
export function wholeLink(link: string): string {
  return new URL(link, location.origin).href;
}

export async function newLink(member: Pick<Member, "id" | "name" | "email">): Promise<SignInLink> {
  const { link, expires_at } = await api.post<{ link: string; expires_at?: number }>(`/members/${member.id}/sign-in-link`, {});
  return { name: member.name, email: member.email, link: wholeLink(link), expiresAt: expires_at, isNew: false };
}

export function LinkDialog({ link, onClose }: { link: SignInLink; onClose: () => void }) {
  return (
    <Dialog
      title={t(link.isNew ? "invited" : "renewed", { name: link.name })}
      isOpen
      onClose={onClose}
      testId="link-dialog"
      footer={
        <Button kind="primary" onPress={onClose} testId="link-done">
          {words("done")}
        </Button>
      }
    >
      <p>{t("text", { name: link.name, email: link.email })}</p>
      <CopyLine text={link.link} label={t("link")} testId="invite-link" />
      <Notice tone="warn" icon="key">
        {t("once")}
        {link.expiresAt ? ` ${t("until", { time: fullTime(link.expiresAt) })}` : ""}
      </Notice>
    </Dialog>
  );
}
