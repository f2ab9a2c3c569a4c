// Channels: those that are connected, adding one, the page of one, and what did not go out.

import { useState } from "react";
import { api, Badge, Button, channelIcon, channelName, EmptyState, Icon, IconButton, isRemote, Menu, PageLayout, texts, useLoad } from "@rapport/ui";
import type { Calendar, Inbox, Team, Versioned } from "@rapport/ui";
import type { PageProps } from "../app.tsx";
import { Loading } from "../components/loading.tsx";
import { ReadOnlyNotice } from "../components/read-only.tsx";
import { List, Row } from "../components/section.tsx";
import { useList } from "../shell/data.ts";
import { go, to } from "../shell/route.ts";
import { useMay } from "../shell/session.ts";
import { pageTitle, words } from "../shell/words.ts";
import { turnOn, TurnOffDialog } from "./active.tsx";
import { ChannelPage } from "./edit.tsx";
import { addedKind } from "./kinds.ts";
import type { ChannelRow } from "./nouns.ts";
import { NameDialog, PickDialog } from "./pick.tsx";
import { Stuck } from "./stuck.tsx";
import "./channels.css";

const t = texts({
  text: { zh: "客户在微信、短信或其他应用里找您，坐席在同一个工作台回复。网站上的聊天窗口在“网站聊天”中设置", en: "Customers write in WeChat, by SMS or in other apps, and your team answers at one desk. The chat on your site has its own page" },
  add: { zh: "添加渠道", en: "Add a channel" },
  empty: { zh: "还没有接入渠道", en: "No channels yet" },
  emptyText: { zh: "选择客户常用的应用，把平台后台的几项信息复制过来，再点“测试”：每一步是否接通、该怎么改，都会告诉您。", en: "Choose the app that your customers use, copy a few values from the provider's console, then press Test: it tells for each step whether it works and what to do." },
  off: { zh: "已停用", en: "Off" },
  missing: { zh: "还缺 {count} 项信息", en: "{count} values missing" },
  botOn: { zh: "机器人先接待", en: "Bot answers first" },
  botOff: { zh: "直接转人工", en: "Straight to people" },
  anyone: { zh: "全部成员", en: "All members" },
  always: { zh: "全天服务", en: "Around the clock" },
  connect: { zh: "接入与测试", en: "Connect and test" },
  service: { zh: "接待规则", en: "Service" },
  turnOff: { zh: "停用", en: "Turn off" },
  turnOn: { zh: "重新启用", en: "Turn on" },
});

export default function ChannelsPage({ route }: PageProps) {
  const all = useList<Inbox>("/inboxes");
  const teams = useList<Team>("/teams");
  const calendars = useList<Calendar>("/calendars");
  const may = useMay("administrator");
  const supervises = useMay("supervisor");
  const [turningOff, setTurningOff] = useState<Inbox>();
  const inboxes = { ...all, data: all.data?.filter((it) => isRemote(it.channel)) };
  if (route.id && route.id !== "new") {
    return <ChannelPage key={route.id} id={route.id} tab={route.tab} inboxes={inboxes} teams={teams.data ?? []} calendars={calendars.data ?? []} />;
  }
  const add = (
    <Button kind="primary" icon="plus" onPress={() => go(to("channels", "new"))} testId="channel-new">
      {t("add")}
    </Button>
  );
  const kind = route.id === "new" ? addedKind(route.tab) : undefined;
  const team = (inbox: Inbox) => teams.data?.find((it) => it.id === inbox.team)?.name ?? t("anyone");
  const hours = (inbox: Inbox) => calendars.data?.find((it) => it.id === inbox.calendar)?.name ?? t("always");
  const row = (inbox: Versioned<Inbox>) => (
    <Row
      key={inbox.id}
      lead={
        <span className="ad-row-icon" data-tone="accent">
          <Icon name={channelIcon(inbox.channel)} />
        </span>
      }
      title={inbox.name}
      href={to("channels", inbox.id)}
      muted={!inbox.active}
      testId="channel-row"
      badges={
        <>
          <Badge>{channelName(inbox.channel)}</Badge>
          {inbox.active ? null : <Badge tone="warn">{t("off")}</Badge>}
          {may && inbox.active ? <Missing id={inbox.id} /> : null}
        </>
      }
      detail={inbox.bot ? t("botOn") : t("botOff")}
      meta={
        <>
          <span>{team(inbox)}</span>
          <span>{hours(inbox)}</span>
        </>
      }
      actions={
        may ? (
          <Menu
            label={words("moreOf", { name: inbox.name })}
            trigger={<IconButton icon="more" label={words("moreOf", { name: inbox.name })} testId="channel-menu" />}
            groups={[
              {
                items: [
                  { id: "connect", label: t("connect"), icon: "link", onAction: () => go(to("channels", inbox.id)) },
                  { id: "service", label: t("service"), icon: "users", onAction: () => go(to("channels", inbox.id, "service")) },
                ],
              },
              {
                items: inbox.active
                  ? [{ id: "off", label: t("turnOff"), icon: "bellOff", tone: "bad", testId: "channel-off", onAction: () => setTurningOff(inbox) }]
                  : [{ id: "on", label: t("turnOn"), icon: "checkCircle", testId: "channel-on", onAction: () => void turnOn(inbox).then(all.reload) }],
              },
            ]}
          />
        ) : null
      }
    />
  );
  return (
    <PageLayout title={pageTitle("channels")} text={t("text")} actions={may ? add : null}>
      <ReadOnlyNotice />
      <Loading of={inboxes} rows={3} height={56}>
        {(rows) =>
          rows.length === 0 ? (
            <div className="ui-card">
              <EmptyState icon="chats" title={t("empty")} text={t("emptyText")} action={may ? add : undefined} />
            </div>
          ) : (
            <List label={pageTitle("channels")}>{[...rows].sort((a, b) => Number(b.active) - Number(a.active) || a.name.localeCompare(b.name)).map(row)}</List>
          )
        }
      </Loading>
      {supervises ? <Stuck inboxes={all.data ?? []} /> : null}
      {route.id === "new" && may && all.data ? kind ? <NameDialog key={kind} kind={kind} onSaved={all.reload} /> : <PickDialog /> : null}
      {turningOff ? <TurnOffDialog inbox={turningOff} onClose={() => setTurningOff(undefined)} onDone={all.reload} /> : null}
    </PageLayout>
  );
}

/** Whether it can work at all is the first thing to know of a channel. */
function Missing({ id }: { id: string }) {
  const { data } = useLoad(`channel/${id}`, () => api.get<ChannelRow>(`/inboxes/${id}/channel`));
  return data && data.missing.length > 0 ? <Badge tone="warn">{t("missing", { count: data.missing.length })}</Badge> : null;
}
