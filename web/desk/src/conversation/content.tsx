// What a message holds: words with their links, an answer with its sources, pictures, files, tickets.

import type { ReactNode } from "react";
import { Badge, Button, Icon, Popover, fileSize, texts } from "@rapport/ui";
import type { Citation, Content } from "@rapport/ui";
import { api } from "@rapport/ui";
import { showPanel } from "../shell/panel-state.ts";
import { useMembers } from "../state/context.ts";
import { money, words } from "../words.ts";
import type { MessageItem } from "../state/timeline.ts";
import { Picture } from "./picture.tsx";
import { Prose } from "./prose.tsx";

const t = texts({
  confidence: { zh: "置信度 {percent}%", en: "{percent}% sure" },
  confidenceHint: { zh: "机器人对这个答案的把握", en: "How sure the bot is of this answer" },
  source: { zh: "来源：{title}", en: "Source: {title}" },
  openSource: { zh: "打开文章", en: "Open the article" },
  version: { zh: "版本 {version}", en: "Version {version}" },
  why: { zh: "依据", en: "Why" },
  options: { zh: "给客户的选项", en: "Choices given to the customer" },
  download: { zh: "下载 {name}", en: "Download {name}" },
  ticket: { zh: "工单 #{number}", en: "Ticket #{number}" },
  compensation: { zh: "补偿 {amount}", en: "Compensation of {amount}" },
  openTicket: { zh: "查看", en: "Show" },
  ticketSent: { zh: "客户收到进度链接", en: "The customer got the progress link" },
});

export function ContentView({ item }: { item: MessageItem }): ReactNode {
  const { content } = item;
  switch (content.type) {
    case "text":
      return item.note ? <NoteText text={content.text} mentions={item.mentions} /> : <Prose text={content.text} marked={item.from === "bot"} />;
    case "answer":
      return <Answer content={content} item={item} />;
    case "choices":
      return (
        <>
          <Prose text={content.text} marked />
          <ul className="dk-choices" aria-label={t("options")}>
            {content.options.map((it) => (
              <li key={it.label}>{it.label}</li>
            ))}
          </ul>
          <Why item={item} />
        </>
      );
    case "image":
      return <Picture file={content.file} />;
    case "file":
      return (
        <a className="dk-file" href={api.fileUrl(content.file.blob)} download={content.file.name} aria-label={t("download", { name: content.file.name })} data-testid="file">
          <span className="dk-file-icon">
            <Icon name="file" size={20} />
          </span>
          <span className="dk-file-text">
            <b>{content.file.name}</b>
            <small>
              {fileSize(content.file.bytes)} · {kindOf(content.file.name, content.file.media_type)}
            </small>
          </span>
          <Icon name="download" size={17} />
        </a>
      );
    case "ticket":
      return (
        <div className="dk-ticket-said">
          <Icon name="ticket" size={18} />
          <span className="ui-grow">
            <b>
              {t("ticket", { number: content.number })} · {content.title}
            </b>
            <small>{t("ticketSent")}</small>
          </span>
          <Button size="s" onPress={() => showPanel("tickets")}>
            {t("openTicket")}
          </Button>
        </div>
      );
    case "compensation":
      return (
        <div className="dk-ticket-said">
          <Icon name="ticket" size={18} />
          <span className="ui-grow">
            <b>{t("compensation", { amount: money(content.amount_minor, content.currency) })}</b>
            <small>{content.text}</small>
          </span>
        </div>
      );
    case "erased":
      return <i className="ui-muted">{words("erased")}</i>;
    case "rating_request":
      return (
        <span className="dk-asked">
          <Icon name="star" size={16} />
          <Prose text={content.text} />
        </span>
      );
  }
}

/** `PDF`, `XLSX`, or what the type says. */
export function kindOf(name: string, mediaType: string): string {
  const end = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1];
  return (end ?? mediaType.split("/").at(-1) ?? "").toUpperCase();
}

function Answer({ content, item }: { content: Extract<Content, { type: "answer" }>; item: MessageItem }) {
  const percent = Math.round(content.confidence * 100);
  return (
    <>
      <Prose text={content.text} marked />
      <div className="dk-evidence">
        {content.sources.map((source) => (
          <Source key={`${source.article}-${source.heading.join("/")}`} source={source} />
        ))}
        <Badge tone={percent >= 80 ? "good" : percent >= 60 ? "warn" : "bad"} title={t("confidenceHint")}>
          {t("confidence", { percent })}
        </Badge>
        <Why item={item} />
      </div>
    </>
  );
}

function Source({ source }: { source: Citation }) {
  const place = source.heading.join(" › ");
  return (
    <Popover
      label={t("source", { title: source.title })}
      placement="top"
      trigger={
        <Button size="s" kind="quiet" className="dk-source" icon="book" testId="source">
          <span className="ui-truncate">{source.title}</span>
        </Button>
      }
    >
      <div className="ui-popover-body dk-source-body">
        <b>{source.title}</b>
        <small className="ui-muted">{[place, t("version", { version: source.version })].filter(Boolean).join(" · ")}</small>
        <blockquote>{source.quote}</blockquote>
        <a href={`/admin#/knowledge/${source.article}`} target="_blank" rel="noopener noreferrer">
          {t("openSource")} <Icon name="external" size={14} />
        </a>
      </div>
    </Popover>
  );
}

function Why({ item }: { item: MessageItem }) {
  if (item.reasons.length === 0 || item.seq === undefined) return null;
  const seq = item.seq;
  return (
    <Button size="s" kind="quiet" className="dk-why" icon="info" onPress={() => showPanel("why", seq)}>
      {t("why")}
    </Button>
  );
}

/** The words of a note with its mentions marked. */
function NoteText({ text, mentions }: { text: string; mentions: string[] }) {
  const members = useMembers();
  const names = mentions.map((id) => members.get(id)?.name).filter((it): it is string => it !== undefined);
  return <Prose text={text} names={names} />;
}
