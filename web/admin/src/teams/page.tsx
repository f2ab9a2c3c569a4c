// Teams: groups of members that inboxes hand their conversations to.

import { useState } from "react";
import { api, Avatar, Badge, Button, ConfirmDialog, EmptyState, IconButton, Menu, PageLayout, TextArea, texts, TextField, toast } from "@rapport/ui";
import type { Inbox, MemberRow, Team, Versioned } from "@rapport/ui";
import type { PageProps } from "../app.tsx";
import { EditDialog } from "../components/edit-dialog.tsx";
import { InUseDialog } from "../components/in-use.tsx";
import { Loading } from "../components/loading.tsx";
import { ReadOnlyNotice } from "../components/read-only.tsx";
import { List, Row } from "../components/section.tsx";
import { itemDraft, useList } from "../shell/data.ts";
import { useDraft } from "../shell/draft.ts";
import { go, inboxAt, to } from "../shell/route.ts";
import { useMay } from "../shell/session.ts";
import { pageTitle, words } from "../shell/words.ts";
import "./teams.css";

const t = texts({
  text: { zh: "把成员分组，让每个网站聊天的会话交给合适的人", en: "Group members, so that each website chat hands its conversations to the right people" },
  add: { zh: "新建小组", en: "New team" },
  name: { zh: "名称", en: "Name" },
  nameExample: { zh: "例如：售后", en: "Such as: After-sales" },
  description: { zh: "说明", en: "Description" },
  descriptionHint: { zh: "帮助同事判断该把会话转给哪个小组", en: "Helps colleagues decide which team to hand a conversation to" },
  empty: { zh: "还没有小组", en: "No teams yet" },
  emptyText: { zh: "不分组时，所有在线成员都会收到会话。人多了以后，可按售前、售后或语言分组。", en: "Without teams every online member is offered conversations. As you grow, group people by sales, after-sales or language." },
  members: { zh: "{n} 位成员", en: "{n} members" },
  member: { zh: "{n} 位成员", en: "{n} member" },
  noMembers: { zh: "还没有成员", en: "No members yet" },
  showMembers: { zh: "查看成员", en: "Show its members" },
  usedBy: { zh: "用于 {name}", en: "Used by {name}" },
  removeTitle: { zh: "删除小组“{name}”？", en: "Delete the team “{name}”?" },
  removeText: { zh: "没有成员和网站聊天在使用它，可以放心删除。", en: "No member and no website chat belongs to it." },
  removeUsed: { zh: "请先让下列成员和网站聊天改用其他小组：", en: "First move these members and website chats to another team:" },
  removed: { zh: "已删除小组", en: "The team was deleted" },
  join: { zh: "成员在“成员”页中加入小组。", en: "People join teams on the Members page." },
});

interface TeamForm {
  name: string;
  description: string;
}
const form = ({ name, description }: Team): TeamForm => ({ name, description });

export default function TeamsPage({ route }: PageProps) {
  const teams = useList<Team>("/teams");
  const members = useList<MemberRow>("/members");
  const inboxes = useList<Inbox>("/inboxes");
  const may = useMay("administrator");
  const [removing, setRemoving] = useState<Team>();
  const open = (id: string | undefined) => go(id ? to("teams", id) : to("teams"));
  const editing = route.id && route.id !== "new" ? teams.data?.find((it) => it.id === route.id) : undefined;
  const using = (team: string) => (inboxes.data ?? []).filter((it) => it.team === team && it.active);
  /** Former members and chats that are off count too: they may come back. */
  const users = (team: string) => [
    ...(members.data ?? []).filter((it) => it.teams.includes(team)).map(({ id, name }) => ({ id, name, href: to("members", id) })),
    ...(inboxes.data ?? []).filter((it) => it.team === team).map((it) => ({ id: it.id, name: it.name, href: inboxAt(it, "service") })),
  ];
  const add = (
    <Button kind="primary" icon="plus" onPress={() => open("new")} testId="team-new">
      {t("add")}
    </Button>
  );
  return (
    <PageLayout title={pageTitle("teams")} text={t("text")} actions={may ? add : null}>
      <ReadOnlyNotice />
      <Loading of={teams}>
        {(rows) =>
          rows.length === 0 ? (
            <div className="ui-card">
              <EmptyState icon="users" title={t("empty")} text={t("emptyText")} action={may ? add : undefined} />
            </div>
          ) : (
            <List label={pageTitle("teams")}>
              {rows.map((team) => {
                const of = (members.data ?? []).filter((it) => it.active && it.teams.includes(team.id));
                return (
                  <Row
                    key={team.id}
                    lead={
                      <span className="ad-row-icon" data-tone="accent">
                        {[...team.name][0]}
                      </span>
                    }
                    title={team.name}
                    onOpen={() => open(team.id)}
                    testId="team-row"
                    badges={using(team.id).map((it) => (
                      <Badge key={it.id} icon="globe">
                        {t("usedBy", { name: it.name })}
                      </Badge>
                    ))}
                    detail={team.description || undefined}
                    meta={
                      <span className="tm-people">
                        <span className="tm-faces" aria-hidden="true">
                          {of.slice(0, 5).map((it) => (
                            <Avatar key={it.id} name={it.name} seed={it.id} size={28} />
                          ))}
                        </span>
                        {of.length > 0 ? t(of.length === 1 ? "member" : "members", { n: of.length }) : t("noMembers")}
                      </span>
                    }
                    actions={
                      <Menu
                        label={words("moreOf", { name: team.name })}
                        trigger={<IconButton icon="more" label={words("moreOf", { name: team.name })} />}
                        groups={[
                          { items: [{ id: "people", label: t("showMembers"), icon: "users", onAction: () => go(`${to("members")}?team=${team.id}`) }] },
                          {
                            items: may
                              ? [
                                  { id: "edit", label: words("edit"), icon: "edit", onAction: () => open(team.id) },
                                  { id: "remove", label: words("remove"), icon: "trash", tone: "bad", onAction: () => setRemoving(team) },
                                ]
                              : [],
                          },
                        ]}
                      />
                    }
                  />
                );
              })}
            </List>
          )
        }
      </Loading>
      {teams.data && (editing || (route.id === "new" && may)) ? <TeamDialog key={route.id} team={editing} onClose={() => open(undefined)} onSaved={teams.reload} /> : null}
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
            await api.del(`/teams/${removing.id}`);
            toast.good(t("removed"));
            teams.reload();
          }}
        />
      ) : null}
    </PageLayout>
  );
}

function TeamDialog({ team, onClose, onSaved }: { team: Versioned<Team> | undefined; onClose: () => void; onSaved: () => void }) {
  const readOnly = !useMay("administrator");
  const draft = useDraft(itemDraft<Team, TeamForm>("/teams", team, form, { name: "", description: "" }, onSaved));
  const { value, patch } = draft;
  return (
    <EditDialog title={team ? (readOnly ? team.name : words("editOf", { name: team.name })) : t("add")} draft={draft} onClose={onClose} canSave={value.name.trim() !== ""} saveTestId="team-save" readOnly={readOnly}>
      <TextField label={t("name")} value={value.name} onChange={(name) => patch({ name })} placeholder={t("nameExample")} isRequired isDisabled={readOnly} maxLength={60} autoFocus={!team} testId="team-name" />
      <TextArea label={t("description")} hint={t("descriptionHint")} value={value.description} onChange={(description) => patch({ description })} rows={3} isDisabled={readOnly} maxLength={500} />
      {team ? null : <p className="ui-hint">{t("join")}</p>}
    </EditDialog>
  );
}
