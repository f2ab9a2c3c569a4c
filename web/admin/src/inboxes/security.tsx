// Knowing signed-in customers: the identity secret, code that signs with it, and requiring it.

import { useState } from "react";
import { api, Button, ConfirmDialog, ErrorState, Notice, Skeleton, Switch, Tabs, texts, toast } from "@rapport/ui";
import { CodeBlock, CopyLine } from "../components/code.tsx";
import { Section } from "../components/section.tsx";
import type { Draft } from "../shell/draft.ts";
import { useMay } from "../shell/session.ts";
import type { InboxForm } from "./form.ts";
import { IDENTIFY_CODE, IDENTITY_CODE, IDENTITY_LANGUAGES } from "./identity.ts";
import { useSnippet } from "./install.tsx";
import type { Snippet } from "./install.tsx";

const t = texts({
  title: { zh: "识别已登录的客户", en: "Knowing signed-in customers" },
  text: { zh: "客户在您的网站登录后，由您的服务器签发身份令牌，聊天窗口即可认出他：坐席直接看到姓名与邮箱，换设备也能接着聊。", en: "When a customer is signed in on your site, your server signs a token and the chat knows them: agents see name and e-mail, and the conversation goes on across devices." },
  require: { zh: "只接待已登录的客户", en: "Only talk to signed-in customers" },
  requireHint: { zh: "没有有效身份令牌的访客将无法开始对话。请先完成下面的步骤再打开", en: "Visitors without a valid token cannot start a conversation. Finish the steps below first" },
  steps: { zh: "接入步骤", en: "How to set it up" },
  step1: { zh: "在您的服务器上保存身份密钥", en: "Keep the identity secret on your server" },
  step1Text: { zh: "放在环境变量里，绝不要写进网页或 App：拿到它的人可以冒充任何客户。", en: "Put it into the environment, never into a page or an app: whoever has it can pose as any customer." },
  step2: { zh: "为已登录的用户签发令牌", en: "Sign a token for the signed-in user" },
  step2Text: { zh: "sub 是您系统里的用户编号，exp 是到期时间（秒，最多一天后）；name、email、phone 可省略。", en: "sub is the user's id in your system, exp when it ends (seconds, at most a day ahead); name, email and phone are optional." },
  step3: { zh: "在网页上交给聊天窗口", en: "Hand it to the chat on the page" },
  step3Text: { zh: "用户退出登录时调用 Rapport(\"shutdown\")。", en: "When the user signs out, call Rapport(\"shutdown\")." },
  secret: { zh: "身份密钥", en: "Identity secret" },
  rotate: { zh: "更换密钥", en: "Replace it" },
  rotateTitle: { zh: "更换身份密钥？", en: "Replace the identity secret?" },
  rotateText: { zh: "旧密钥签发的令牌会立即失效：在您的服务器换上新密钥之前，已登录的客户将无法被识别。", en: "Tokens signed with the old one stop working at once: until your server has the new one, signed-in customers are not recognised." },
  rotated: { zh: "已更换，请更新您的服务器", en: "Replaced; now update your server" },
  adminOnly: { zh: "身份密钥仅管理员可见", en: "Administrators see the secret" },
  languages: { zh: "编程语言", en: "Programming language" },
  codeOf: { zh: "{name} 示例代码", en: "Example code in {name}" },
  pageCode: { zh: "网页代码", en: "Code on the page" },
});

export function SecurityTab({ id, draft, readOnly }: { id: string; draft: Draft<InboxForm>; readOnly: boolean }) {
  const may = useMay("administrator");
  const snippet = useSnippet(id, may);
  const [rotating, setRotating] = useState(false);
  const rotate = async () => {
    const answer = await api.post<Partial<Snippet> | undefined>(`/inboxes/${id}/identity-secret`, {});
    if (answer?.identity_secret && snippet.data) snippet.replace({ ...snippet.data, identity_secret: answer.identity_secret });
    else snippet.reload();
    toast.good(t("rotated"));
  };
  return (
    <>
      <Section title={t("title")} text={t("text")} icon="shield">
        <Switch isSelected={draft.value.require_identity} onChange={(require_identity) => draft.patch({ require_identity })} hint={t("requireHint")} isDisabled={readOnly} testId="inbox-identity">
          {t("require")}
        </Switch>
      </Section>
      <Section title={t("steps")} icon="code">
        <ol className="ad-steps in-steps">
          <li>
            <b>{t("step1")}</b>
            <p>{t("step1Text")}</p>
            {!may ? (
              <Notice>{t("adminOnly")}</Notice>
            ) : snippet.data ? (
              <>
                <CopyLine text={snippet.data.identity_secret} label={t("secret")} covered testId="identity-secret" />
                <div>
                  <Button size="s" icon="refresh" onPress={() => setRotating(true)} testId="identity-rotate">
                    {t("rotate")}
                  </Button>
                </div>
              </>
            ) : snippet.fault ? (
              <ErrorState fault={snippet.fault} retry={snippet.reload} />
            ) : (
              <Skeleton height={36} radius={9} />
            )}
          </li>
          <li>
            <b>{t("step2")}</b>
            <p>{t("step2Text")}</p>
            <Tabs label={t("languages")} pages={IDENTITY_LANGUAGES.map(({ id: code, label }) => ({ id: code, label, content: <CodeBlock code={IDENTITY_CODE[code]} label={t("codeOf", { name: label })} /> }))} />
          </li>
          <li>
            <b>{t("step3")}</b>
            <p>{t("step3Text")}</p>
            <CodeBlock code={IDENTIFY_CODE} label={t("pageCode")} />
          </li>
        </ol>
      </Section>
      <ConfirmDialog title={t("rotateTitle")} text={t("rotateText")} confirmLabel={t("rotate")} isOpen={rotating} onClose={() => setRotating(false)} onConfirm={rotate} />
    </>
  );
}
