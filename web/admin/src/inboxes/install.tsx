// Putting the chat on a website: the line to paste, which sites may show it, trying it.

import { useState } from "react";
import { api, Button, ErrorState, Icon, Notice, Skeleton, texts, TextField, useLoad } from "@rapport/ui";
import { CodeBlock } from "../components/code.tsx";
import { ButtonLink, Section } from "../components/section.tsx";
import type { Draft } from "../shell/draft.ts";
import { useMay } from "../shell/session.ts";
import { words } from "../shell/words.ts";
import { originOf } from "./form.ts";
import type { InboxForm } from "./form.ts";

const t = texts({
  snippet: { zh: "安装代码", en: "The snippet" },
  snippetText: { zh: "粘贴到网站每个页面的 </body> 之前，聊天按钮就会出现。不影响页面加载速度。", en: "Paste it before </body> on every page of your site, and the chat button appears. It does not slow the page down." },
  copy: { zh: "复制代码", en: "Copy the snippet" },
  adminOnly: { zh: "安装代码仅管理员可见", en: "Administrators see the snippet" },
  options: { zh: "可选设置", en: "Options" },
  optionLocale: { zh: "指定界面语言，默认跟随访客", en: "fixes the language; by default it follows the visitor" },
  optionTheme: { zh: "浅色或深色，默认跟随系统", en: "light or dark; by default it follows the system" },
  optionPosition: { zh: "按钮放在左下角", en: "puts the button at the bottom left" },
  optionOpen: { zh: "从您自己的按钮打开聊天", en: "opens the chat from a button of your own" },
  origins: { zh: "允许嵌入的网站", en: "Sites that may embed it" },
  originsText: { zh: "填写您的网站地址，防止别人把您的聊天窗口嵌到其他网站。不填则不限制。", en: "List your sites, so that nobody else can put your chat on theirs. With none, any site may." },
  any: { zh: "目前任何网站都可以嵌入", en: "At present any site may embed it" },
  site: { zh: "网站地址", en: "Site" },
  addSite: { zh: "添加", en: "Add" },
  siteBad: { zh: "请填写网址，例如 https://shop.example.com", en: "An address is needed, such as https://shop.example.com" },
  siteThere: { zh: "已在列表中", en: "It is in the list already" },
  removeSite: { zh: "移除 {site}", en: "Remove {site}" },
  http: { zh: "未加密的网站（http）上，聊天内容可能被他人看到", en: "On a site without encryption (http) others may read the chat" },
  tryTitle: { zh: "先试一试", en: "Try it first" },
  tryText: { zh: "不用等网站上线：在新标签页里以客户的身份与机器人对话，再打开工作台接待自己。", en: "No need to wait for the site: talk to the bot as a customer in a new tab, then open the desk and answer yourself." },
  tryOpen: { zh: "打开聊天窗口", en: "Open the chat" },
});

export interface Snippet {
  html: string;
  key: string;
  identity_secret: string;
}

export function useSnippet(inbox: string, enabled: boolean) {
  return useLoad(`snippet/${inbox}/${enabled}`, async () => (enabled ? await api.get<Snippet>(`/inboxes/${inbox}/snippet`) : undefined));
}

export function InstallTab({ id, inboxKey, draft, readOnly }: { id: string; inboxKey: string; draft: Draft<InboxForm>; readOnly: boolean }) {
  const may = useMay("administrator");
  const snippet = useSnippet(id, may);
  return (
    <>
      <Section title={t("snippet")} text={t("snippetText")} icon="code">
        {!may ? (
          <Notice>{t("adminOnly")}</Notice>
        ) : snippet.data ? (
          <CodeBlock code={snippet.data.html} label={t("snippet")} copyLabel={t("copy")} testId="snippet" wrap />
        ) : snippet.fault ? (
          <ErrorState fault={snippet.fault} retry={snippet.reload} />
        ) : (
          <Skeleton height={70} radius={9} />
        )}
        <details className="in-options">
          <summary>{t("options")}</summary>
          <dl>
            <dt>
              <code>data-locale="en"</code>
            </dt>
            <dd>{t("optionLocale")}</dd>
            <dt>
              <code>data-theme="dark"</code>
            </dt>
            <dd>{t("optionTheme")}</dd>
            <dt>
              <code>data-position="left"</code>
            </dt>
            <dd>{t("optionPosition")}</dd>
            <dt>
              <code>Rapport("open")</code>
            </dt>
            <dd>{t("optionOpen")}</dd>
          </dl>
        </details>
      </Section>
      <Origins origins={draft.value.allowed_origins} onChange={(allowed_origins) => draft.patch({ allowed_origins })} readOnly={readOnly} />
      <Section title={t("tryTitle")} text={t("tryText")} icon="external">
        <div className="ui-row">
          <ButtonLink href={`/widget/frame?key=${encodeURIComponent(inboxKey)}`} icon="external" external testId="try-widget">
            {t("tryOpen")}
          </ButtonLink>
          <ButtonLink href="/desk" icon="inbox" external kind="quiet">
            {words("desk")}
          </ButtonLink>
        </div>
      </Section>
    </>
  );
}

function Origins({ origins, onChange, readOnly }: { origins: string[]; onChange: (origins: string[]) => void; readOnly: boolean }) {
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string>();
  const add = () => {
    if (text.trim() === "") return;
    const origin = originOf(text);
    if (!origin) return setProblem(t("siteBad"));
    if (origins.includes(origin)) return setProblem(t("siteThere"));
    onChange([...origins, origin]);
    setText("");
    setProblem(undefined);
  };
  return (
    <Section title={t("origins")} text={t("originsText")} icon="shield">
      {origins.length === 0 ? (
        <Notice tone="warn">{t("any")}</Notice>
      ) : (
        <ul className="in-origins">
          {origins.map((origin) => (
            <li key={origin}>
              <Icon name="globe" size={16} />
              <span className="ui-grow">{origin}</span>
              {origin.startsWith("http:") && !/^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:|$)/.test(origin) ? <small>{t("http")}</small> : null}
              {readOnly ? null : (
                <button type="button" aria-label={t("removeSite", { site: origin })} onClick={() => onChange(origins.filter((it) => it !== origin))}>
                  <Icon name="close" size={15} />
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {readOnly ? null : (
        <form
          className="in-add"
          onSubmit={(event) => {
            event.preventDefault();
            add();
          }}
        >
          <TextField
            label={t("site")}
            hideLabel
            value={text}
            onChange={(next) => {
              setText(next);
              setProblem(undefined);
            }}
            placeholder="https://shop.example.com"
            error={problem}
            maxLength={200}
            testId="origin"
          />
          <Button type="submit" icon="plus" testId="origin-add">
            {t("addSite")}
          </Button>
        </form>
      )}
    </Section>
  );
}
