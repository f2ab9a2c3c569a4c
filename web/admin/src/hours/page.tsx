// Business hours: the list of calendars, and the page of one.

import { useState } from "react";
import { api, Badge, ConfirmDialog, EmptyState, Icon, IconButton, PageLayout, texts, toast } from "@rapport/ui";
import type { Calendar, Inbox } from "@rapport/ui";
import type { PageProps } from "../app.tsx";
import { InUseDialog } from "../components/in-use.tsx";
import { Loading } from "../components/loading.tsx";
import { ReadOnlyNotice } from "../components/read-only.tsx";
import { ButtonLink, List, Row } from "../components/section.tsx";
import { useList } from "../shell/data.ts";
import { inboxAt, to } from "../shell/route.ts";
import { useMay } from "../shell/session.ts";
import { pageTitle, words } from "../shell/words.ts";
import { CalendarPage } from "./edit.tsx";
import { OpenState } from "./preview.tsx";
import { weekText } from "./words.ts";
import "./hours.css";

const t = texts({
  text: { zh: "休息时间里，机器人照常回答；要找人工的客户会被告知何时恢复，并可留言", en: "Outside these hours the bot still answers; who wants a person is told when people are back and can leave a message" },
  add: { zh: "新建营业时间", en: "New hours" },
  empty: { zh: "还没有营业时间", en: "No business hours yet" },
  emptyText: { zh: "没有设置时视为全天有人工服务。设置后，客户在下班时间会知道什么时候有人回复。", en: "Without any, people are taken to be there around the clock. With them, customers know when somebody will answer." },
  usedBy: { zh: "用于 {name}", en: "Used by {name}" },
  holidays: { zh: "中国法定节假日", en: "China's holidays" },
  removeTitle: { zh: "删除“{name}”？", en: "Delete “{name}”?" },
  removeText: { zh: "没有网站聊天在使用它，可以放心删除。", en: "No website chat follows it." },
  removeUsed: { zh: "请先让下列网站聊天改用其他营业时间：", en: "First let these website chats follow other hours:" },
  removed: { zh: "已删除", en: "Deleted" },
});

export default function HoursPage({ route }: PageProps) {
  const calendars = useList<Calendar>("/calendars");
  const inboxes = useList<Inbox>("/inboxes");
  const may = useMay("administrator");
  const [removing, setRemoving] = useState<Calendar>();
  const users = (calendar: string) => (inboxes.data ?? []).filter((it) => it.calendar === calendar).map((it) => ({ id: it.id, name: it.name, href: inboxAt(it, "service") }));
  if (route.id) {
    return <CalendarPage key={route.id} id={route.id === "new" ? undefined : route.id} calendars={calendars} inboxes={inboxes.data ?? []} />;
  }
  const add = (
    <ButtonLink kind="primary" icon="plus" href={to("hours", "new")} testId="hours-new">
      {t("add")}
    </ButtonLink>
  );
  return (
    <PageLayout title={pageTitle("hours")} text={t("text")} actions={may ? add : null}>
      <ReadOnlyNotice />
      <Loading of={calendars}>
        {(rows) =>
          rows.length === 0 ? (
            <div className="ui-card">
              <EmptyState icon="clock" title={t("empty")} text={t("emptyText")} action={may ? add : undefined} />
            </div>
          ) : (
            <List label={pageTitle("hours")}>
              {rows.map((calendar) => (
                <Row
                  key={calendar.id}
                  lead={
                    <span className="ad-row-icon" data-tone="accent">
                      <Icon name="clock" size={20} />
                    </span>
                  }
                  title={calendar.name}
                  href={to("hours", calendar.id)}
                  testId="hours-row"
                  badges={
                    <>
                      {calendar.holidays === "cn" ? <Badge icon="calendar">{t("holidays")}</Badge> : null}
                      {(inboxes.data ?? [])
                        .filter((it) => it.calendar === calendar.id)
                        .map((it) => (
                          <Badge key={it.id} icon="globe">
                            {t("usedBy", { name: it.name })}
                          </Badge>
                        ))}
                    </>
                  }
                  detail={
                    <>
                      <span>{weekText(calendar.week)}</span>
                      <span>{calendar.zone}</span>
                    </>
                  }
                  meta={<OpenState calendar={calendar} version={calendar.version} />}
                  actions={may ? <IconButton icon="trash" label={words("removeOf", { name: calendar.name })} onPress={() => setRemoving(calendar)} /> : null}
                />
              ))}
            </List>
          )
        }
      </Loading>
      {removing && users(removing.id).length > 0 ? (
        <InUseDialog name={removing.name} text={t("removeUsed")} users={users(removing.id)} onClose={() => setRemoving(undefined)} />
      ) : removing ? (
        <ConfirmDialog
          isOpen
          title={t("removeTitle", { name: removing.name })}
          text={t("removeText")}
          confirmLabel={words("remove")}
          onClose={() => setRemoving(undefined)}
          onConfirm={async () => {
            await api.del(`/calendars/${removing.id}`);
            toast.good(t("removed"));
            calendars.reload();
          }}
        />
      ) : null}
    </PageLayout>
  );
}
