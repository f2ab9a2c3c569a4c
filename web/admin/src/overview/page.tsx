// Overview: the first steps with ticks from real data, how things stand now, what was changed last.

import { useEffect, useRef, useState } from "react";
import { api, Avatar, Badge, Button, Icon, isRemote, listTime, fullTime, PageLayout, Skeleton, texts, useLoad } from "@rapport/ui";
import type { Article, Calendar, ConversationRow, IconName, Inbox, MemberRow, Page, QueueEntry, Versioned } from "@rapport/ui";
import type { PageProps } from "../app.tsx";
import { Sentence } from "../audit/line.tsx";
import { useNames } from "../audit/names.ts";
import type { AuditLine } from "../audit/sentence.ts";
import { ButtonLink, Section } from "../components/section.tsx";
import { OpenState } from "../hours/preview.tsx";
import { useList } from "../shell/data.ts";
import { to } from "../shell/route.ts";
import { useMay, useSession } from "../shell/session.ts";
import { presenceName } from "../shell/words.ts";
import { firstSteps, nextStep } from "./steps.ts";
import type { StepId } from "./steps.ts";
import "./overview.css";

const t = texts({
  morning: { zh: "早上好，{name}", en: "Good morning, {name}" },
  day: { zh: "下午好，{name}", en: "Good afternoon, {name}" },
  evening: { zh: "晚上好，{name}", en: "Good evening, {name}" },
  steps: { zh: "开始使用", en: "First steps" },
  stepsText: { zh: "完成这几步，客户就能在您的网站上得到回答。完成后自动打勾。", en: "A few steps, and customers get answers on your site. Each is ticked once it is done." },
  progress: { zh: "已完成 {done} / {all}", en: "{done} of {all} done" },
  allDone: { zh: "全部就绪", en: "All set" },
  allDoneText: { zh: "准备工作都已完成，接下来交给机器人和您的团队。", en: "Everything is in place. Over to the bot and your team." },
  showSteps: { zh: "查看步骤", en: "Show the steps" },
  hideSteps: { zh: "收起", en: "Hide" },
  done: { zh: "已完成", en: "Done" },
  open: { zh: "未完成", en: "Not done yet" },
  password: { zh: "设置登录密码", en: "Set your password" },
  passwordText: { zh: "您是通过一次性链接登录的。设置密码后，下次可以直接登录。", en: "You signed in by a one-time link. With a password you can sign in next time." },
  passwordGo: { zh: "设置密码", en: "Set it" },
  knowledge: { zh: "添加知识", en: "Add knowledge" },
  knowledgeText: { zh: "机器人只依据您的文章回答。把现有的常见问题表格或帮助文档拖进来，几分钟就能用。", en: "The bot answers only from your articles. Drop in an FAQ sheet or help pages you already have; it takes minutes." },
  knowledgeGo: { zh: "导入或编写", en: "Import or write" },
  try: { zh: "以客户身份试一试", en: "Try it as a customer" },
  tryText: { zh: "在聊天窗口里问一个问题，看看机器人怎么回答、从哪里引用；再要求人工，到工作台接待自己。", en: "Ask the bot something and see its answer and source; then ask for a person, and answer yourself on the desk." },
  tryGo: { zh: "打开聊天窗口", en: "Open the chat" },
  snippet: { zh: "把聊天窗口放到网站上", en: "Put the chat on your site" },
  snippetText: { zh: "复制一行代码，粘贴到网站页面里。收到来自您网站的第一个会话后自动打勾。", en: "Copy one line and paste it into your pages. Ticked with the first conversation from your own site." },
  snippetGo: { zh: "复制安装代码", en: "Copy the snippet" },
  invite: { zh: "邀请同事", en: "Invite a colleague" },
  inviteText: { zh: "填写邮箱，把一次性登录链接发给同事。会话会自动分配给在线且最空闲的人。", en: "Enter an e-mail address and send them the one-time link. Conversations go to whoever is online and least busy." },
  inviteGo: { zh: "邀请成员", en: "Invite" },
  hours: { zh: "设置营业时间", en: "Set business hours" },
  hoursText: { zh: "下班后机器人继续回答，客户会知道人工何时回来。支持中国节假日与调休。", en: "After hours the bot goes on, and customers know when people are back. China's holidays and working weekends included." },
  hoursGo: { zh: "设置时间", en: "Set the hours" },
  waiting: { zh: "排队等待", en: "Waiting" },
  waitingText: { zh: "等待人工的客户", en: "customers in the queue" },
  active: { zh: "进行中", en: "Under way" },
  activeText: { zh: "未结束的会话", en: "open conversations" },
  online: { zh: "在线成员", en: "Online" },
  onlineText: { zh: "共 {n} 位成员", en: "of {n} members" },
  articles: { zh: "已发布文章", en: "Published articles" },
  articlesText: { zh: "中文 {zh} · 英文 {en}", en: "Chinese {zh} · English {en}" },
  chats: { zh: "网站聊天", en: "Website chats" },
  chatsNone: { zh: "还没有网站聊天", en: "No website chats yet" },
  always: { zh: "全天服务", en: "Around the clock" },
  off: { zh: "已停用", en: "Off" },
  team: { zh: "团队", en: "Team" },
  load: { zh: "接待 {load} / {capacity}", en: "{load} of {capacity}" },
  recent: { zh: "最近的操作", en: "Last changes" },
  recentAll: { zh: "全部记录", en: "All of them" },
  recentNone: { zh: "还没有记录", en: "Nothing yet" },
});

export default function OverviewPage(_: PageProps) {
  const { me } = useSession();
  const administrates = useMay("administrator");
  const supervises = useMay("supervisor");
  const members = useList<MemberRow>("/members");
  const inboxes = useList<Inbox>("/inboxes");
  const calendars = useList<Calendar>("/calendars");
  const articles = useLoad("overview-articles", () => api.get<Page<Article>>("/articles"));
  const open = useLoad("overview-open", () => api.get<Page<ConversationRow>>("/conversations", { query: { view: "all", limit: 50 } }));
  const ended = useLoad("overview-done", () => api.get<Page<ConversationRow>>("/conversations", { query: { view: "done", limit: 50 } }));
  const counts = useLoad("overview-counts", () => api.get<{ mine: number; unassigned: number; all: number }>("/conversations/counts"));
  const queue = useLoad(`overview-queue/${supervises}`, async () => (supervises ? (await api.get<{ queue: QueueEntry[] }>("/routing")).queue.length : undefined));
  useReturn(() => {
    for (const it of [members, inboxes, calendars, articles, open, ended, counts, queue]) it.reload();
  });
  const pages = open.data || ended.data ? [...(open.data?.items ?? []), ...(ended.data?.items ?? [])].map((it) => it.page) : undefined;
  const known = members.data && inboxes.data && calendars.data && articles.data && (pages ?? (open.fault && ended.fault ? [] : undefined));
  const steps = known
    ? firstSteps({ hasPassword: me.has_password, members: members.data ?? [], articles: articles.data?.items ?? [], inboxes: inboxes.data ?? [], calendars: calendars.data ?? [], pages: known, origin: location.origin })
    : undefined;
  const active = (members.data ?? []).filter((it) => it.active);
  const published = (articles.data?.items ?? []).filter((it) => it.published);
  const of = (locale: string) => published.filter((it) => it.locale === locale).length;
  const plus = articles.data?.next ? "+" : "";
  return (
    <PageLayout title={greeting(me.member.name)} text={me.tenant.name}>
      {administrates ? steps ? <Steps steps={steps} inbox={inboxes.data?.find((it) => it.active && !isRemote(it.channel))} /> : <Skeleton height={280} radius={14} /> : null}
      <div className="ov-tiles">
        {supervises ? <Tile icon="hourglass" name={t("waiting")} value={queue.data} text={t("waitingText")} href="/desk#/unassigned" tone={queue.data ? "warn" : undefined} failed={queue.fault !== undefined} /> : null}
        <Tile icon="inbox" name={t("active")} value={counts.data?.all} text={t("activeText")} href="/desk#/all" failed={counts.fault !== undefined} />
        <Tile icon="users" name={t("online")} value={members.data ? active.filter((it) => it.presence !== "offline").length : undefined} text={members.data ? t("onlineText", { n: active.length }) : ""} href={to("members")} failed={members.fault !== undefined} />
        <Tile icon="book" name={t("articles")} value={articles.data ? `${published.length}${plus}` : undefined} text={articles.data ? t("articlesText", { zh: `${of("zh-CN")}${plus}`, en: `${of("en")}${plus}` }) : ""} href={to("knowledge")} failed={articles.fault !== undefined} />
      </div>
      <div className="ov-columns">
        <Section title={t("chats")} icon="globe">
          {inboxes.data ? <Chats inboxes={inboxes.data.filter((it) => !isRemote(it.channel))} calendars={calendars.data ?? []} /> : <Skeleton height={60} />}
        </Section>
        <Section title={t("team")} icon="users">
          {members.data ? <Team members={active} /> : <Skeleton height={60} />}
        </Section>
      </div>
      {administrates ? <Recent /> : null}
    </PageLayout>
  );
}

/** When the person comes back from another tab: what was done there shows here. */
function useReturn(act: () => void): void {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === "visible") latest.current();
    };
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, []);
}

function greeting(name: string): string {
  const hour = new Date().getHours();
  return t(hour >= 5 && hour < 12 ? "morning" : hour >= 12 && hour < 18 ? "day" : "evening", { name });
}

const STEP_ICONS: Record<StepId, IconName> = { password: "key", knowledge: "book", try: "smile", snippet: "code", invite: "userPlus", hours: "clock" };

function Steps({ steps, inbox }: { steps: { id: StepId; done: boolean }[]; inbox: Inbox | undefined }) {
  const done = steps.filter((it) => it.done).length;
  const complete = done === steps.length;
  const [shown, setShown] = useState(!complete);
  const next = nextStep(steps);
  const where: Record<StepId, { href: string; external?: boolean }> = {
    password: { href: to("account") },
    knowledge: { href: to("knowledge") },
    try: inbox ? { href: `/widget/frame?key=${encodeURIComponent(inbox.key)}`, external: true } : { href: to("inboxes", "new") },
    snippet: { href: inbox ? to("inboxes", inbox.id, "install") : to("inboxes", "new") },
    invite: { href: to("members", "new") },
    hours: { href: to("hours") },
  };
  return (
    <section className="ui-card ov-steps" aria-label={t("steps")} data-testid="first-steps">
      <header>
        <div className="ui-grow">
          <h2>{complete ? t("allDone") : t("steps")}</h2>
          <p>{complete ? t("allDoneText") : t("stepsText")}</p>
        </div>
        <div className="ov-progress">
          <span className="ui-num">{t("progress", { done, all: steps.length })}</span>
          <span className="ad-meter" data-tone={complete ? "good" : "accent"} aria-hidden="true">
            <i style={{ width: `${(done / steps.length) * 100}%` }} />
          </span>
          {complete ? (
            <Button size="s" kind="quiet" onPress={() => setShown(!shown)}>
              {shown ? t("hideSteps") : t("showSteps")}
            </Button>
          ) : null}
        </div>
      </header>
      {shown ? (
        <ol>
          {steps.map((step) => (
            <li key={step.id} data-done={step.done} data-next={step.id === next || undefined} data-testid={`step-${step.id}`}>
              <span className="ov-tick">
                {step.done ? <Icon name="check" size={15} strokeWidth={2.4} /> : <Icon name={STEP_ICONS[step.id]} size={17} />}
                <span className="ui-hidden">{step.done ? t("done") : t("open")}</span>
              </span>
              <div className="ui-grow">
                <b>{t(step.id)}</b>
                {step.done ? null : <p>{t(`${step.id}Text`)}</p>}
              </div>
              {step.done ? null : (
                <ButtonLink size="s" kind={step.id === next ? "primary" : "secondary"} href={where[step.id].href} external={where[step.id].external ?? false}>
                  {t(`${step.id}Go`)}
                </ButtonLink>
              )}
            </li>
          ))}
        </ol>
      ) : null}
    </section>
  );
}

function Tile({ icon, name, value, text, href, tone, failed }: { icon: IconName; name: string; value: number | string | undefined; text: string; href: string; tone?: "warn" | undefined; failed: boolean }) {
  return (
    <a className="ui-card ov-tile" href={href} data-tone={tone}>
      <span className="ov-tile-name">
        <Icon name={icon} size={17} />
        {name}
      </span>
      <b className="ui-num">{value ?? (failed ? "—" : <Skeleton width={44} height={28} />)}</b>
      <small>{text}</small>
    </a>
  );
}

function Chats({ inboxes, calendars }: { inboxes: Inbox[]; calendars: Versioned<Calendar>[] }) {
  if (inboxes.length === 0) return <p className="ui-muted">{t("chatsNone")}</p>;
  return (
    <ul className="ov-list">
      {inboxes.map((inbox) => {
        const calendar = calendars.find((it) => it.id === inbox.calendar);
        return (
          <li key={inbox.id}>
            <i className="ov-dot" style={{ background: inbox.color }} />
            <a className="ui-grow ui-truncate" href={to("inboxes", inbox.id)}>
              {inbox.name}
            </a>
            {!inbox.active ? (
              <Badge tone="warn">{t("off")}</Badge>
            ) : calendar ? (
              <OpenState calendar={calendar} version={calendar.version} />
            ) : (
              <span className="ad-open" data-open="true">
                {t("always")}
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}

const PRESENCE_ORDER = { online: 0, away: 1, offline: 2 } as const;

function Team({ members }: { members: MemberRow[] }) {
  const sorted = [...members].sort((a, b) => PRESENCE_ORDER[a.presence] - PRESENCE_ORDER[b.presence] || b.load - a.load || a.name.localeCompare(b.name));
  return (
    <ul className="ov-list">
      {sorted.slice(0, 6).map((member) => (
        <li key={member.id}>
          <Avatar name={member.name} seed={member.id} size={28} presence={member.presence} />
          <a className="ui-grow ui-truncate" href={to("members", member.id)}>
            {member.name}
          </a>
          <small>{presenceName(member.presence)}</small>
          <small className="ui-num ov-load">{t("load", { load: member.load, capacity: member.capacity })}</small>
        </li>
      ))}
    </ul>
  );
}

function Recent() {
  const names = useNames();
  const lines = useLoad("overview-audit", async () => (await api.get<Page<AuditLine>>("/audit")).items.slice(0, 6));
  return (
    <Section
      title={t("recent")}
      icon="history"
      actions={
        <ButtonLink size="s" kind="quiet" href={to("audit")}>
          {t("recentAll")}
        </ButtonLink>
      }
    >
      {!lines.data ? lines.fault ? <p className="ui-muted">{lines.fault.message}</p> : <Skeleton height={90} /> : null}
      {lines.data?.length === 0 ? <p className="ui-muted">{t("recentNone")}</p> : null}
      <ul className="ov-list">
        {(lines.data ?? []).map((line) => (
          <li key={line.n}>
            <span className="ui-grow">
              <Sentence record={line.record} names={names} />
            </span>
            <time className="ui-num" dateTime={new Date(line.record.at).toISOString()} title={fullTime(line.record.at)}>
              {listTime(line.record.at)}
            </time>
          </li>
        ))}
      </ul>
    </Section>
  );
}
