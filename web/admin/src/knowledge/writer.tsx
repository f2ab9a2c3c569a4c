// Markdown at the left, what customers see at the right; on phones one of the two.

import { useEffect, useRef, useState } from "react";
import { FaultNotice, Icon, IconButton, Skeleton, texts } from "@rapport/ui";
import type { IconName } from "@rapport/ui";
import { Segmented } from "../components/choice.tsx";
import { Rendered } from "../components/rendered.tsx";
import { useNarrow } from "../shell/frame.tsx";
import { continueList, link, markLines, wrap } from "./marks.ts";
import type { Selected } from "./marks.ts";
import { useRendered } from "./render.ts";

const t = texts({
  body: { zh: "正文（Markdown）", en: "Text (Markdown)" },
  placeholder: { zh: "先用一两句话直接回答，再写细节。\n\n机器人会引用与问题最相关的段落，所以每段只讲一件事最好。", en: "Answer in a sentence or two first, then the details.\n\nThe bot quotes the passage closest to the question, so one thing per paragraph works best." },
  preview: { zh: "客户看到的样子", en: "As customers see it" },
  nothing: { zh: "在左侧书写，这里会显示排版后的效果", en: "Write on the left and see it here" },
  nothingNarrow: { zh: "写点内容，就能在这里看到效果", en: "Write something and see it here" },
  view: { zh: "显示", en: "Show" },
  write: { zh: "编写", en: "Write" },
  look: { zh: "预览", en: "Preview" },
  tools: { zh: "排版", en: "Formatting" },
  bold: { zh: "加粗", en: "Bold" },
  heading: { zh: "小标题", en: "Heading" },
  bullets: { zh: "列表", en: "List" },
  numbers: { zh: "编号列表", en: "Numbered list" },
  link: { zh: "链接", en: "Link" },
  sample: { zh: "文字", en: "text" },
  count: { zh: "{n} 字", en: "{n} characters" },
});

type Change = (selected: Selected) => Selected;
const TOOLS: { id: "bold" | "heading" | "bullets" | "numbers" | "link"; icon: IconName; keys?: string; change: Change }[] = [
  { id: "bold", icon: "bold", keys: "Ctrl+B", change: (it) => wrap(it, "**", t("sample")) },
  { id: "heading", icon: "heading", change: (it) => markLines(it, "heading") },
  { id: "bullets", icon: "bullets", change: (it) => markLines(it, "bullets") },
  { id: "numbers", icon: "numbers", change: (it) => markLines(it, "numbers") },
  { id: "link", icon: "link", keys: "Ctrl+K", change: (it) => link(it, t("sample")) },
];

export const BODY_MAX = 100_000;

export function Writer({ value, onChange, readOnly }: { value: string; onChange: (text: string) => void; readOnly: boolean }) {
  const narrow = useNarrow(980);
  const [view, setView] = useState<"write" | "look">(readOnly ? "look" : "write");
  const area = useRef<HTMLTextAreaElement>(null);
  const select = useRef<{ start: number; end: number }>(undefined);
  const { html, fault } = useRendered(value);
  // The selection is set once the changed text is on the page.
  useEffect(() => {
    if (!select.current) return;
    area.current?.setSelectionRange(select.current.start, select.current.end);
    area.current?.focus();
    select.current = undefined;
  });
  const change = (by: (selected: Selected) => Selected | undefined): boolean => {
    const it = area.current;
    if (!it || readOnly) return false;
    const next = by({ text: value, start: it.selectionStart, end: it.selectionEnd });
    if (!next) return false;
    select.current = next;
    onChange(next.text);
    return true;
  };
  const onKey = (event: React.KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return;
    const command = event.ctrlKey || event.metaKey;
    const tool = command ? TOOLS.find((it) => it.keys?.endsWith(event.key.toUpperCase())) : undefined;
    const plainEnter = event.key === "Enter" && !event.shiftKey && !command;
    if (tool ? change(tool.change) : plainEnter && change(continueList)) event.preventDefault();
  };
  const both = !narrow && !readOnly;
  return (
    <div className="kn-writer" data-both={both}>
      {readOnly ? null : (
        <div className="kn-tools">
          {both || view === "write" ? (
            <div className="ui-row" role="toolbar" aria-label={t("tools")}>
              {TOOLS.map((tool) => (
                <IconButton key={tool.id} icon={tool.icon} size="s" label={t(tool.id)} {...(tool.keys ? { keys: tool.keys } : {})} onPress={() => change(tool.change)} />
              ))}
            </div>
          ) : null}
          <span className="ui-grow" />
          {narrow ? (
            <Segmented
              label={t("view")}
              options={[
                { id: "write", label: t("write") },
                { id: "look", label: t("look") },
              ]}
              value={view}
              onChange={setView}
            />
          ) : (
            <small className="ui-muted ui-num">{t("count", { n: [...value].length })}</small>
          )}
        </div>
      )}
      <div className="kn-panes">
        {!readOnly && (both || view === "write") ? <textarea ref={area} className="kn-body" aria-label={t("body")} placeholder={t("placeholder")} value={value} maxLength={BODY_MAX} onChange={(event) => onChange(event.target.value)} onKeyDown={onKey} spellCheck data-testid="article-body" /> : null}
        {both || readOnly || view === "look" ? (
          <section className="kn-look" aria-label={t("preview")} tabIndex={0}>
            {readOnly ? null : (
              <h2 className="kn-look-title">
                <Icon name="eye" size={14} />
                {t("preview")}
              </h2>
            )}
            <FaultNotice fault={fault} />
            {html === undefined ? <Skeleton height={120} radius={9} /> : html === "" ? <p className="ui-muted">{both ? t("nothing") : t("nothingNarrow")}</p> : <Rendered html={html} />}
          </section>
        ) : null}
      </div>
    </div>
  );
}
