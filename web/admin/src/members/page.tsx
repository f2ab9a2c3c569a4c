// People of the company: who they are, what they may do, whom they are given; inviting, and letting go.

import { useMemo, useState } from "react";
import { Avatar, Badge, Button, ConfirmDialog, EmptyState, api, IconButton, Menu, PageLayout, texts, toast } from "@rapport/ui";
import type { MemberRow, Role, Team, Versioned } from "@rapport/ui";
import type { PageProps } from "../app.tsx";
import { Segmented } from "../components/choice.tsx";
import { Loading } from "../components/loading.tsx";
import { ReadOnlyNotice } from "../components/read-only.tsx";
import { matches, SearchBox } from "../components/search.tsx";
import { Filters, List, Row } from "../components/section.tsx";
import { useList } from "../shell/data.ts";
import type { List as Loaded } from "../shell/data.ts";
import { go, to } from "../shell/route.ts";
import { atLeast, useMay, useSession } from "../shell/session.ts";
import { pageTitle, presenceName, roleName, words } from "../shell/words.ts";
import { MemberDialog } from "./edit.tsx";
import { LinkDialog, newLink } from "./link.tsx";
import type { SignInLink } from "./link.tsx";
import "./members.css";

const t = texts({
  text: { zh: "谁可以登录、能做什么、接待哪些会话", en: "Who can sign in, what they may do, and which conversations they are given" },
  invite: { zh: "邀请成员", en: "Invite a member" },
  search: { zh: "搜索姓名、邮箱、技能", en: "Search names, e-mails, skills" },
  which: { zh: "显示哪些成员", en: "Which members" },
  active: { zh: "在职", en: "Active" },
  former: { zh: "已停用", en: "Deactivated" },
  alone: { zh: "目前只有您一个人", en: "It is just you so far" },
  aloneText: { zh: "邀请同事一起接待客户：填写邮箱，把一次性登录链接发给对方即可，无需设置初始密码。", en: "Invite colleagues to help: enter an e-mail address and send them the one-time sign-in link. No first password to hand out." },
  noFormer: { zh: "没有已停用的成员", en: "Nobody was deactivated" },
  noFormerText: { zh: "停用后成员无法登录，但其历史会话和记录会保留", en: "Deactivated members cannot sign in; their conversations and history stay" },
  load: { zh: "接待 {load} / {capacity}", en: "{load} of {capacity}" },
  loadOf: { zh: "正在接待 {load} 个，上限 {capacity} 个", en: "Has {load} of at most {capacity} conversations" },
  you: { zh: "您", en: "You" },
  link: { zh: "生成登录链接", en: "New sign-in link" },
  deactivate: { zh: "停用", en: "Deactivate" },
  deactivateTitle: { zh: "停用 {name}？", en: "Deactivate {name}?" },
  deactivateText: { zh: "{name} 会立即退出登录，且无法再次登录。历史会话与记录会保留。", en: "{name} is signed out at once and cannot sign in again. Their history stays." },
  deactivateLoad: { zh: "其正在接待的 {n} 个会话会重新进入排队。", en: "The {n} conversations they have now go back to the queue." },
  deactivated: { zh: "已停用 {name}", en: "{name} was deactivated" },
  return: { zh: "重新启用", en: "Take back" },
  returned: { zh: "{name} 可以重新登录了", en: "{name} can sign in again" },
  skills: { zh: "技能", en: "Skills" },
  noTeam: { zh: "未加入小组", en: "In no team" },
  team: { zh: "小组：{name}", en: "Team: {name}" },
});

export default function MembersPage({ route }: PageProps) {
  const members = useList<MemberRow>("/members");
  const teams = useList<Team>("/teams");
  const may = useMay("administrator");
  const [link, setLink] = useState<SignInLink>();
  const open = (id: string | undefined) => go(id ? to("members", id) : to("members"));
  const editing = route.id && route.id !== "new" ? members.data?.find((it) => it.id === route.id) : undefined;
  const skills = useMemo(() => [...new Set((members.data ?? []).flatMap((it) => it.skills))].sort(), [members.data]);
  return (
    <PageLayout
      title={pageTitle("members")}
      text={t("text")}
      actions={
        may ? (
          <Button kind="primary" icon="userPlus" onPress={() => open("new")} testId="member-invite">
            {t("invite")}
          </Button>
        ) : null
      }
    >
      <ReadOnlyNotice />
      <Loading of={members} rows={4} height={56}>
        {(rows) => <Members rows={rows} teams={teams.data ?? []} list={members} team={route.query.get("team")} onLink={setLink} onOpen={open} />}
      </Loading>
      {members.data && (editing || (route.id === "new" && may)) ? (
        <MemberDialog
          key={route.id}
          member={editing}
          teams={teams.data ?? []}
          skills={skills}
          onClose={() => open(undefined)}
          onSaved={(saved) => {
            members.reload();
            if (saved) setLink(saved);
          }}
        />
      ) : null}
      {link ? <LinkDialog link={link} onClose={() => setLink(undefined)} /> : null}
    </PageLayout>
  );
}

interface MembersProps {
  rows: Versioned<MemberRow>[];
  teams: Team[];
  list: Loaded<MemberRow>;
  team: string | null;
  onLink: (link: SignInLink) => void;
  onOpen: (id: string) => void;
}

function Members({ rows, teams, list, team, onLink, onOpen }: MembersProps) {
  const [search, setSearch] = useState("");
  const [which, setWhich] = useState<"active" | "former">("active");
  const [leaving, setLeaving] = useState<MemberRow>();
  const teamNames = (ids: string[]) => ids.flatMap((id) => teams.find((it) => it.id === id)?.name ?? []);
  const active = rows.filter((it) => it.active);
  const of = which === "active" ? active : rows.filter((it) => !it.active);
  const shown = of
    .filter((it) => (!team || it.teams.includes(team)) && matches(search, it.name, it.email, roleName(it.role), ...it.skills, ...teamNames(it.teams)))
    .sort((a, b) => Number(atLeast(b.role, a.role)) - Number(atLeast(a.role, b.role)) || a.name.localeCompare(b.name));
  const takeBack = async (member: MemberRow) => {
    const { name, email, role, teams: of, skills, capacity, locale, version } = member;
    try {
      await api.put(`/members/${member.id}`, { name, email, role, teams: of, skills, capacity, locale, active: true }, { version });
      toast.good(t("returned", { name }));
    } catch (error) {
      toast.fault(error);
    }
    list.reload();
  };
  const wantedTeam = teams.find((it) => it.id === team);
  return (
    <>
      <Filters>
        <SearchBox value={search} onChange={setSearch} label={t("search")} />
        <Segmented
          label={t("which")}
          options={[
            { id: "active", label: `${t("active")} ${active.length}` },
            { id: "former", label: `${t("former")} ${rows.length - active.length}` },
          ]}
          value={which}
          onChange={setWhich}
        />
        {wantedTeam ? (
          <Button size="s" onPress={() => go(to("members"))} icon="close">
            {t("team", { name: wantedTeam.name })}
          </Button>
        ) : null}
      </Filters>
      {shown.length > 0 ? (
        <List label={pageTitle("members")}>
          {shown.map((member) => (
            <MemberLine key={member.id} member={member} teams={teamNames(member.teams)} onOpen={() => onOpen(member.id)} onLink={onLink} onDeactivate={() => setLeaving(member)} onReturn={() => void takeBack(member)} />
          ))}
        </List>
      ) : (
        <div className="ui-card">
          {of.length > 0 ? <EmptyState icon="search" title={words("noMatch")} text={words("noMatchHint")} /> : <EmptyState icon="users" title={t("noFormer")} text={t("noFormerText")} />}
        </div>
      )}
      {which === "active" && active.length === 1 ? (
        <div className="ui-card">
          <EmptyState icon="userPlus" title={t("alone")} text={t("aloneText")} />
        </div>
      ) : null}
      {leaving ? (
        <ConfirmDialog
          isOpen
          title={t("deactivateTitle", { name: leaving.name })}
          text={`${t("deactivateText", { name: leaving.name })}${leaving.load > 0 ? t("deactivateLoad", { n: leaving.load }) : ""}`}
          confirmLabel={t("deactivate")}
          onClose={() => setLeaving(undefined)}
          onConfirm={async () => {
            await api.del(`/members/${leaving.id}`);
            toast.good(t("deactivated", { name: leaving.name }));
            list.reload();
          }}
        />
      ) : null}
    </>
  );
}

const ROLE_TONE: Record<Role, "neutral" | "accent" | "violet"> = { agent: "neutral", supervisor: "accent", administrator: "violet", owner: "violet" };

function MemberLine({ member, teams, onOpen, onLink, onDeactivate, onReturn }: { member: MemberRow; teams: string[]; onOpen: () => void; onLink: (link: SignInLink) => void; onDeactivate: () => void; onReturn: () => void }) {
  const { me } = useSession();
  const may = useMay("administrator") && atLeast(me.member.role, member.role);
  const self = member.id === me.member.id;
  const share = member.capacity > 0 ? Math.min(1, member.load / member.capacity) : 0;
  return (
    <Row
      lead={<Avatar name={member.name} seed={member.id} size={38} presence={member.active ? member.presence : undefined} />}
      title={member.name}
      onOpen={onOpen}
      muted={!member.active}
      testId="member-row"
      badges={
        <>
          <Badge tone={ROLE_TONE[member.role]}>{roleName(member.role)}</Badge>
          {self ? <Badge>{t("you")}</Badge> : null}
        </>
      }
      detail={
        <>
          <span>{member.email}</span>
          <span>{teams.length > 0 ? teams.join("、") : t("noTeam")}</span>
          {member.skills.length > 0 ? (
            <span className="ad-tags" aria-label={t("skills")}>
              {member.skills.map((skill) => (
                <Badge key={skill} icon="tag">
                  {skill}
                </Badge>
              ))}
            </span>
          ) : null}
        </>
      }
      meta={
        member.active ? (
          <span className="mb-load" title={t("loadOf", { load: member.load, capacity: member.capacity })}>
            <small>{presenceName(member.presence)}</small>
            <span className="ad-meter" data-tone={share >= 1 ? "bad" : share >= 0.75 ? "warn" : "good"} aria-hidden="true">
              <i style={{ width: `${share * 100}%` }} />
            </span>
            <span className="ui-num">{t("load", { load: member.load, capacity: member.capacity })}</span>
          </span>
        ) : null
      }
      actions={
        may && !member.active ? (
          <Button size="s" onPress={onReturn} testId="member-return">
            {t("return")}
          </Button>
        ) : may ? (
          <Menu
            label={words("moreOf", { name: member.name })}
            trigger={<IconButton icon="more" label={words("moreOf", { name: member.name })} testId="member-menu" />}
            groups={[
              {
                items: [
                  { id: "edit", label: words("edit"), icon: "edit", onAction: onOpen },
                  { id: "link", label: t("link"), icon: "link", testId: "member-link", onAction: () => void newLink(member).then(onLink, toast.fault) },
                ],
              },
              { items: [{ id: "off", label: t("deactivate"), icon: "bellOff", tone: "bad", isDisabled: self, testId: "member-deactivate", onAction: onDeactivate }] },
            ]}
          />
        ) : null
      }
    />
  );
}
