// Website chats: the list of widgets, making one, and the page of one.

import { useEffect, useRef, useState } from "react";
import { api, Badge, Button, ConfirmDialog, EmptyState, IconButton, isRemote, Menu, PageLayout, pick, texts, TextField, toast } from "@rapport/ui";
import type { Calendar, Inbox, Locale, Team } from "@rapport/ui";
import type { PageProps } from "../app.tsx";
import { Segmented } from "../components/choice.tsx";
import { EditDialog } from "../components/edit-dialog.tsx";
import { Loading } from "../components/loading.tsx";
import { ReadOnlyNotice } from "../components/read-only.tsx";
import { List, Row } from "../components/section.tsx";
import { storeItem, useList } from "../shell/data.ts";
import { useDraft } from "../shell/draft.ts";
import { go, inboxAt, to } from "../shell/route.ts";
import { useMay, useSession } from "../shell/session.ts";
import { localeName, pageTitle, words } from "../shell/words.ts";
import { inkOn } from "./color.ts";
import { blankInbox, inboxForm } from "./form.ts";
import { InboxPage } from "./edit.tsx";
import "./inboxes.css";

const t = texts({
  text: { zh: "嵌入您网站的聊天窗口。每个网站或品牌可以有自己的外观、欢迎语和接待规则", en: "The chat on your website. Each site or brand can have its own looks, welcome and rules" },
  add: { zh: "新建网站聊天", en: "New website chat" },
  empty: { zh: "还没有网站聊天", en: "No website chats yet" },
  emptyText: { zh: "创建后把一行代码粘贴到网站上，客户就能与您对话。", en: "Make one, paste one line into your site, and customers can talk to you." },
  name: { zh: "名称", en: "Name" },
  nameExample: { zh: "例如：官网商城", en: "Such as: Online shop" },
  nameHint: { zh: "仅团队内部可见", en: "Only your team sees it" },
  language: { zh: "主要语言", en: "Main language" },
  languageHint: { zh: "聊天窗口会跟随访客的语言，此项用于无法判断时", en: "The chat follows the visitor's language; this is used when it is not known" },
  off: { zh: "已停用", en: "Off" },
  botOn: { zh: "机器人先接待", en: "Bot answers first" },
  botOff: { zh: "直接转人工", en: "Straight to people" },
  anyone: { zh: "全部成员", en: "All members" },
  always: { zh: "全天服务", en: "Around the clock" },
  identity: { zh: "需登录身份", en: "Signed-in customers only" },
  install: { zh: "查看安装代码", en: "Show the snippet" },
  open: { zh: "试用聊天窗口", en: "Try the chat" },
  turnOff: { zh: "停用", en: "Turn off" },
  turnOn: { zh: "重新启用", en: "Turn on" },
  offTitle: { zh: "停用“{name}”？", en: "Turn off “{name}”?" },
  offText: { zh: "网站上的聊天窗口会消失，客户无法发起新会话。历史会话会保留，可随时重新启用。", en: "The chat disappears from the site and customers cannot start conversations. History stays, and you can turn it on again." },
  turnedOff: { zh: "已停用", en: "Turned off" },
  turnedOn: { zh: "已启用", en: "Turned on" },
});

export default function InboxesPage({ route }: PageProps) {
  const all = useList<Inbox>("/inboxes");
  const inboxes = { ...all, data: all.data?.filter((it) => !isRemote(it.channel)) };
  const elsewhere = all.data?.find((it) => it.id === route.id && isRemote(it.channel));
  const teams = useList<Team>("/teams");
  const calendars = useList<Calendar>("/calendars");
  const may = useMay("administrator");
  const [turningOff, setTurningOff] = useState<Inbox>();
  useEffect(() => {
    if (elsewhere) go(inboxAt(elsewhere), true);
  }, [elsewhere]);
  if (elsewhere) return null;
  if (route.id && route.id !== "new") {
    return <InboxPage key={route.id} id={route.id} tab={route.tab} inboxes={inboxes} teams={teams.data ?? []} calendars={calendars.data ?? []} />;
  }
  const add = (
    <Button kind="primary" icon="plus" onPress={() => go(to("inboxes", "new"))} testId="inbox-new">
      {t("add")}
    </Button>
  );
  const turnOn = async (id: string) => {
    const row = inboxes.data?.find((it) => it.id === id);
    if (!row) return;
    try {
      await storeItem<Inbox>("/inboxes", id, { ...inboxForm(row), active: true }, row.version);
      toast.good(t("turnedOn"));
    } catch (error) {
      toast.fault(error);
    }
    inboxes.reload();
  };
  return (
    <PageLayout title={pageTitle("inboxes")} text={t("text")} actions={may ? add : null}>
      <ReadOnlyNotice />
      <Loading of={inboxes} rows={3} height={56}>
        {(rows) =>
          rows.length === 0 ? (
            <div className="ui-card">
              <EmptyState icon="globe" title={t("empty")} text={t("emptyText")} action={may ? add : undefined} />
            </div>
          ) : (
            <List label={pageTitle("inboxes")}>
              {[...rows]
                .sort((a, b) => Number(b.active) - Number(a.active) || a.name.localeCompare(b.name))
                .map((inbox) => (
                  <Row
                    key={inbox.id}
                    lead={<Swatch color={inbox.color} />}
                    title={inbox.name}
                    href={to("inboxes", inbox.id)}
                    muted={!inbox.active}
                    testId="inbox-row"
                    badges={
                      <>
                        {inbox.active ? null : <Badge tone="warn">{t("off")}</Badge>}
                        <Badge tone={inbox.bot ? "violet" : "neutral"} icon={inbox.bot ? "bot" : "user"}>
                          {inbox.bot ? t("botOn") : t("botOff")}
                        </Badge>
                        {inbox.require_identity ? <Badge icon="shield">{t("identity")}</Badge> : null}
                      </>
                    }
                    detail={<span className="ad-clamp-1 in-welcome">{pick(inbox.welcome)}</span>}
                    meta={
                      <span className="in-meta">
                        <span>{teams.data?.find((it) => it.id === inbox.team)?.name ?? t("anyone")}</span>
                        <span>{calendars.data?.find((it) => it.id === inbox.calendar)?.name ?? t("always")}</span>
                      </span>
                    }
                    actions={
                      <Menu
                        label={words("moreOf", { name: inbox.name })}
                        trigger={<IconButton icon="more" label={words("moreOf", { name: inbox.name })} />}
                        groups={[
                          {
                            items: [
                              ...(may ? [{ id: "code", label: t("install"), icon: "code" as const, onAction: () => go(to("inboxes", inbox.id, "install")) }] : []),
                              { id: "try", label: t("open"), icon: "external", isDisabled: !inbox.active, onAction: () => void window.open(`/widget/frame?key=${encodeURIComponent(inbox.key)}`, "_blank", "noopener") },
                            ],
                          },
                          {
                            items: may
                              ? inbox.active
                                ? [{ id: "off", label: t("turnOff"), icon: "bellOff", tone: "bad", onAction: () => setTurningOff(inbox) }]
                                : [{ id: "on", label: t("turnOn"), icon: "checkCircle", onAction: () => void turnOn(inbox.id) }]
                              : [],
                          },
                        ]}
                      />
                    }
                  />
                ))}
            </List>
          )
        }
      </Loading>
      {route.id === "new" && may && inboxes.data ? <NewDialog onSaved={inboxes.reload} /> : null}
      {turningOff ? (
        <ConfirmDialog
          isOpen
          title={t("offTitle", { name: turningOff.name })}
          text={t("offText")}
          confirmLabel={t("turnOff")}
          onClose={() => setTurningOff(undefined)}
          onConfirm={async () => {
            await api.del(`/inboxes/${turningOff.id}`);
            toast.good(t("turnedOff"));
            inboxes.reload();
          }}
        />
      ) : null}
    </PageLayout>
  );
}

export function Swatch({ color }: { color: string }) {
  return (
    <span className="ad-swatch" style={{ background: color, color: inkOn(color) }}>
      <svg viewBox="0 0 28 28" width={20} height={20} fill="currentColor" aria-hidden="true">
        <path d="M14 4.500c6 0 10.300 3.900 10.300 9s-4.300 9-10.300 9c-1 0-2-.1-3-.4l-4.300 2.100c-.6.3-1.200-.2-1.100-.8l.6-3.700C4.800 18 3.700 15.900 3.700 13.500c0-5.100 4.300-9 10.300-9Z" />
      </svg>
    </span>
  );
}

function NewDialog({ onSaved }: { onSaved: () => void }) {
  const { me } = useSession();
  const made = useRef<string>(undefined);
  const blank: { name: string; locale: Locale } = { name: "", locale: me.tenant.locale };
  const draft = useDraft({
    stored: { value: blank, version: undefined },
    put: async (value) => {
      const stored = await storeItem<Inbox>("/inboxes", undefined, blankInbox(value.name.trim(), value.locale, me.tenant.name), undefined);
      onSaved();
      made.current = stored.id;
      return { value, version: undefined };
    },
    latest: async () => ({ value: blank, version: undefined }),
  });
  const { value, patch } = draft;
  return (
    <EditDialog title={t("add")} draft={draft} onClose={() => go(made.current ? to("inboxes", made.current, "install") : to("inboxes"))} canSave={value.name.trim() !== ""} saveLabel={words("create")} saveTestId="inbox-create">
      <TextField label={t("name")} hint={t("nameHint")} value={value.name} onChange={(name) => patch({ name })} placeholder={t("nameExample")} isRequired maxLength={60} autoFocus testId="inbox-name" />
      <div className="ad-field-group">
        <Segmented label={t("language")} hideLabel={false} options={(["zh-CN", "en"] as const).map((id) => ({ id, label: localeName(id) }))} value={value.locale} onChange={(locale) => patch({ locale })} />
        <div className="ui-hint">{t("languageHint")}</div>
      </div>
    </EditDialog>
  );
}
