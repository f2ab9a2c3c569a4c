// The widget as customers will see it, drawn from what is in the form: colour, welcome, questions, in both languages, light and dark.

import { useState } from "react";
import { Icon, lang, texts } from "@rapport/ui";
import type { Locale } from "@rapport/ui";
import { Segmented } from "../components/choice.tsx";
import { inkOn, isColor } from "./color.ts";
import type { InboxForm } from "./form.ts";

const t = texts({
  title: { zh: "预览", en: "Preview" },
  language: { zh: "预览语言", en: "Language of the preview" },
  theme: { zh: "预览外观", en: "Looks of the preview" },
  light: { zh: "浅色", en: "Light" },
  dark: { zh: "深色", en: "Dark" },
  note: { zh: "随您的修改即时变化；保存后约一分钟在网站上生效", en: "Follows what you change; the site shows it about a minute after saving" },
  picture: { zh: "聊天窗口的预览图", en: "Picture of the chat" },
});

/** What the widget itself says around the tenant's texts. */
const SAYS: Record<Locale, { online: string; hello: string; before: string; start: string; skip: string; type: string; question: string; answer: string; source: string; bot: string }> = {
  "zh-CN": { online: "在线 · 通常几分钟内回复", hello: "您好，有什么可以帮您？", before: "开始之前", start: "开始对话", skip: "跳过", type: "输入消息…", question: "买大了可以换码吗？", answer: "可以。签收后 15 天内，未穿着、吊牌完好即可免费换码。", source: "鞋服换码与退换货规则", bot: "智能助手" },
  en: { online: "Online · replies within minutes", hello: "Hello, how can we help?", before: "Before we start", start: "Start", skip: "Skip", type: "Type a message…", question: "Can I change the size?", answer: "Yes. Within 15 days of delivery, unworn and with tags, we change it for free.", source: "Sizes, returns and exchanges", bot: "Assistant" },
};

export function WidgetPreview({ form, company }: { form: InboxForm; company: string }) {
  const [locale, setLocale] = useState<Locale>(lang());
  const [theme, setTheme] = useState<"light" | "dark">("light");
  const says = SAYS[locale];
  const brand = isColor(form.color) ? form.color : "#2456d6";
  const pick = (text: { zh: string; en: string }) => (locale === "en" ? text.en || text.zh : text.zh || text.en);
  return (
    <section className="in-preview" aria-label={t("title")}>
      <div className="in-preview-bar">
        <Segmented
          label={t("language")}
          options={[
            { id: "zh-CN", label: "中文" },
            { id: "en", label: "English" },
          ]}
          value={locale}
          onChange={setLocale}
        />
        <Segmented
          label={t("theme")}
          options={[
            { id: "light", label: t("light") },
            { id: "dark", label: t("dark") },
          ]}
          value={theme}
          onChange={setTheme}
        />
      </div>
      <div className="in-stage">
        <div className="in-widget" data-theme={theme} role="img" aria-label={t("picture")} lang={locale} style={{ "--brand": brand, "--brand-ink": inkOn(brand) } as React.CSSProperties}>
          <div className="in-widget-head">
            <span className="in-widget-logo">{[...company][0]}</span>
            <span className="in-widget-who">
              <b>{company}</b>
              <small>{says.online}</small>
            </span>
            <Icon name="more" size={18} />
            <Icon name="close" size={16} />
          </div>
          <div className="in-widget-body">
            <span className="in-widget-face">{[...company][0]}</span>
            <b className="in-widget-hello">{says.hello}</b>
            <p>{pick(form.welcome)}</p>
            {form.prechat.length > 0 ? (
              <div className="in-widget-form">
                <b>{says.before}</b>
                {form.prechat.map((field, index) => (
                  <span key={index} className="in-widget-field">
                    {pick(field.label) || field.key}
                    {field.required ? <em> *</em> : null}
                    <i />
                  </span>
                ))}
                <span className="in-widget-buttons">
                  {form.prechat.some((it) => it.required) ? null : <span>{says.skip}</span>}
                  <span className="in-widget-start">{says.start}</span>
                </span>
              </div>
            ) : (
              <>
                <span className="in-widget-own">{says.question}</span>
                {form.bot ? (
                  <span className="in-widget-answer">
                    <small>{says.bot}</small>
                    <span>{says.answer}</span>
                    <em>
                      <Icon name="book" size={13} /> {says.source}
                    </em>
                  </span>
                ) : null}
              </>
            )}
          </div>
          <div className="in-widget-foot">
            <span>{says.type}</span>
            <i>
              <Icon name="send" size={15} />
            </i>
          </div>
        </div>
        <span className="in-launcher" style={{ background: brand, color: inkOn(brand) }}>
          <Icon name="chevronDown" size={24} />
        </span>
      </div>
      <p className="ui-hint">{t("note")}</p>
    </section>
  );
}
