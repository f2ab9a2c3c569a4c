// One channel: how it is connected, and how its customers are served.

import { useState } from "react";
import { Button, channelName, ErrorState, Fault, Notice, PageLayout, Select, SkeletonRows, Tabs, texts, TextField } from "@rapport/ui";
import type { Calendar, Inbox, Locale, Team, Versioned } from "@rapport/ui";
import { BilingualField } from "../components/bilingual.tsx";
import { ReadOnlyNotice } from "../components/read-only.tsx";
import { SaveBar } from "../components/save-bar.tsx";
import { BackLink, Section } from "../components/section.tsx";
import { blankInbox, inboxForm, inboxGood } from "../inboxes/form.ts";
import type { InboxForm } from "../inboxes/form.ts";
import { ServiceTab } from "../inboxes/service.tsx";
import { itemDraft } from "../shell/data.ts";
import type { List } from "../shell/data.ts";
import { useDraft } from "../shell/draft.ts";
import { leave } from "../shell/guard.ts";
import { go, to } from "../shell/route.ts";
import { useMay, useSession } from "../shell/session.ts";
import { localeName, pageTitle } from "../shell/words.ts";
import { turnOn, TurnOffDialog } from "./active.tsx";
import { ConnectTab } from "./connect.tsx";

const t = texts({
  missing: { zh: "找不到这个渠道", en: "This channel was not found" },
  missingHint: { zh: "它可能不属于您的企业", en: "It may belong to another company" },
  off: { zh: "已停用：客户发来的消息不会被接收，也不能回复。", en: "Turned off: what customers write is not taken in, and nobody can reply." },
  turnOff: { zh: "停用", en: "Turn off" },
  turnOn: { zh: "重新启用", en: "Turn on" },
  tabs: { zh: "设置", en: "Settings" },
  connect: { zh: "接入与测试", en: "Connect and test" },
  service: { zh: "接待规则", en: "Service" },
  basics: { zh: "基本信息", en: "Basics" },
  name: { zh: "名称", en: "Name" },
  nameHint: { zh: "仅团队内部可见", en: "Only your team sees it" },
  language: { zh: "主要语言", en: "Main language" },
  languageHint: { zh: "用于无法判断客户语言时", en: "Used when a customer's language is not known" },
  welcome: { zh: "欢迎语", en: "Welcome" },
});

export function ChannelPage({ id, tab, inboxes, teams, calendars }: { id: string; tab: string | undefined; inboxes: List<Inbox>; teams: Team[]; calendars: Calendar[] }) {
  const found = inboxes.data?.find((it) => it.id === id);
  const may = useMay("administrator");
  const [turningOff, setTurningOff] = useState(false);
  const back = <BackLink href={to("channels")}>{pageTitle("channels")}</BackLink>;
  if (!found) {
    const fault = inboxes.fault ?? (inboxes.data && !inboxes.loading ? new Fault({ code: "not_found", message: t("missing"), hint: t("missingHint") }, 404) : undefined);
    return (
      <PageLayout title={pageTitle("channels")} above={back}>
        {fault ? <ErrorState fault={fault} retry={inboxes.reload} /> : <SkeletonRows rows={5} height={60} />}
      </PageLayout>
    );
  }
  const pages = [
    { id: "connect", label: t("connect"), testId: "tab-connect", content: <ConnectTab inbox={found} /> },
    { id: "service", label: t("service"), testId: "tab-service", content: <Service key={String(found.active)} inbox={found} teams={teams} calendars={calendars} onSaved={inboxes.reload} /> },
  ];
  const power = found.active ? (
    <Button icon="bellOff" onPress={() => leave(() => setTurningOff(true))} testId="channel-off">
      {t("turnOff")}
    </Button>
  ) : (
    <Button kind="primary" icon="checkCircle" onPress={() => leave(() => void turnOn(found).then(inboxes.reload))} testId="channel-on">
      {t("turnOn")}
    </Button>
  );
  return (
    <PageLayout above={back} title={found.name} text={channelName(found.channel)} actions={may ? power : null}>
      <ReadOnlyNotice />
      {found.active ? null : <Notice tone="warn">{t("off")}</Notice>}
      {/* Each tab has a form of its own: what is unsaved in one is asked about before the other is shown. */}
      <Tabs label={t("tabs")} selected={tab === "service" ? "service" : "connect"} onChange={(next) => leave(() => go(to("channels", found.id, next), true))} pages={pages.map((it) => ({ ...it, content: <div className="ad-stack ch-tab">{it.content}</div> }))} />
      {turningOff ? <TurnOffDialog inbox={found} onClose={() => setTurningOff(false)} onDone={inboxes.reload} /> : null}
    </PageLayout>
  );
}

function Service({ inbox, teams, calendars, onSaved }: { inbox: Versioned<Inbox>; teams: Team[]; calendars: Calendar[]; onSaved: () => void }) {
  const { me } = useSession();
  const readOnly = !useMay("administrator");
  const options = itemDraft<Inbox, InboxForm>("/inboxes", inbox, inboxForm, blankInbox("", me.tenant.locale, me.tenant.name), onSaved);
  const draft = useDraft<InboxForm>({ ...options, put: (value, version) => options.put({ ...value, name: value.name.trim() }, version) });
  const { value, patch } = draft;
  const locales: readonly Locale[] = ["zh-CN", "en"];
  return (
    <>
      <Section title={t("basics")} icon="edit">
        <div className="ui-grid-2">
          <TextField label={t("name")} hint={t("nameHint")} value={value.name} onChange={(name) => patch({ name })} isRequired maxLength={60} isDisabled={readOnly} testId="channel-name" />
          <Select label={t("language")} hint={t("languageHint")} options={locales.map((id) => ({ id, label: localeName(id) }))} value={value.locale} onChange={(locale) => patch({ locale })} isDisabled={readOnly} />
        </div>
        <BilingualField label={t("welcome")} value={value.welcome} onChange={(welcome) => patch({ welcome })} rows={3} isDisabled={readOnly} testId="channel-welcome" />
      </Section>
      <ServiceTab draft={draft} readOnly={readOnly} teams={teams} calendars={calendars} />
      {readOnly ? null : <SaveBar draft={draft} canSave={inboxGood(value)} testId="inbox-save" />}
    </>
  );
}
