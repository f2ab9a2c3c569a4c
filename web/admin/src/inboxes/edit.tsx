// One website chat: its tabs over one draft, with a preview that follows what is typed.

import { ErrorState, Fault, Notice, PageLayout, SkeletonRows, Tabs, texts } from "@rapport/ui";
import type { Calendar, Inbox, Team, Versioned } from "@rapport/ui";
import { ReadOnlyNotice } from "../components/read-only.tsx";
import { SaveBar } from "../components/save-bar.tsx";
import { BackLink } from "../components/section.tsx";
import { itemDraft } from "../shell/data.ts";
import type { List } from "../shell/data.ts";
import { useDraft } from "../shell/draft.ts";
import { go, to } from "../shell/route.ts";
import { useMay, useSession } from "../shell/session.ts";
import { pageTitle } from "../shell/words.ts";
import { blankInbox, inboxForm, inboxGood } from "./form.ts";
import type { InboxForm } from "./form.ts";
import { InstallTab } from "./install.tsx";
import { LooksTab } from "./looks.tsx";
import { WidgetPreview } from "./preview.tsx";
import { SecurityTab } from "./security.tsx";
import { ServiceTab } from "./service.tsx";

const t = texts({
  missing: { zh: "找不到这个网站聊天", en: "This website chat was not found" },
  missingHint: { zh: "它可能不属于您的企业", en: "It may belong to another company" },
  off: { zh: "已停用：网站上不显示聊天窗口。可在列表的“⋯”菜单中重新启用。", en: "Turned off: the site shows no chat. Turn it on again from the ⋯ menu of the list." },
  tabs: { zh: "设置", en: "Settings" },
  install: { zh: "安装", en: "Install" },
  looks: { zh: "外观与欢迎语", en: "Looks and welcome" },
  service: { zh: "接待规则", en: "Service" },
  security: { zh: "客户身份", en: "Identity" },
});

const TABS = ["install", "looks", "service", "security"] as const;

export function InboxPage({ id, tab, inboxes, teams, calendars }: { id: string; tab: string | undefined; inboxes: List<Inbox>; teams: Team[]; calendars: Calendar[] }) {
  const found = inboxes.data?.find((it) => it.id === id);
  if (!found) {
    const fault = inboxes.fault ?? (inboxes.data && !inboxes.loading ? new Fault({ code: "not_found", message: t("missing"), hint: t("missingHint") }, 404) : undefined);
    return (
      <PageLayout title={pageTitle("inboxes")} above={<BackLink href={to("inboxes")}>{pageTitle("inboxes")}</BackLink>}>
        {fault ? <ErrorState fault={fault} retry={inboxes.reload} /> : <SkeletonRows rows={5} height={60} />}
      </PageLayout>
    );
  }
  return <InboxEditor inbox={found} tab={tab} teams={teams} calendars={calendars} onSaved={inboxes.reload} />;
}

function InboxEditor({ inbox, tab, teams, calendars, onSaved }: { inbox: Versioned<Inbox>; tab: string | undefined; teams: Team[]; calendars: Calendar[]; onSaved: () => void }) {
  const { me } = useSession();
  const readOnly = !useMay("administrator");
  const options = itemDraft<Inbox, InboxForm>("/inboxes", inbox, inboxForm, blankInbox("", me.tenant.locale, me.tenant.name), onSaved);
  const draft = useDraft<InboxForm>({ ...options, put: (value, version) => options.put({ ...value, name: value.name.trim() }, version) });
  const selected = TABS.find((it) => it === tab) ?? (readOnly ? "looks" : "install");
  const pages = [
    { id: "install", label: t("install"), testId: "tab-install", content: <InstallTab id={inbox.id} inboxKey={inbox.key} draft={draft} readOnly={readOnly} /> },
    { id: "looks", label: t("looks"), testId: "tab-looks", content: <LooksTab draft={draft} readOnly={readOnly} /> },
    { id: "service", label: t("service"), testId: "tab-service", content: <ServiceTab draft={draft} readOnly={readOnly} teams={teams} calendars={calendars} /> },
    { id: "security", label: t("security"), testId: "tab-security", content: <SecurityTab id={inbox.id} draft={draft} readOnly={readOnly} /> },
  ];
  return (
    <PageLayout above={<BackLink href={to("inboxes")}>{pageTitle("inboxes")}</BackLink>} title={draft.saved.name}>
      <ReadOnlyNotice />
      {draft.saved.active ? null : <Notice tone="warn">{t("off")}</Notice>}
      <div className={selected === "security" ? "in-whole" : "ad-columns in-columns"}>
        {/* The tabs share the draft: going between them is not leaving. */}
        <Tabs label={t("tabs")} selected={selected} onChange={(next) => go(to("inboxes", inbox.id, next), true)} pages={pages.map((it) => ({ ...it, content: <div className="ad-stack in-tab">{it.content}</div> }))} />
        {selected === "security" ? null : (
          <div className="ad-aside">
            <WidgetPreview form={draft.value} company={me.tenant.name} />
          </div>
        )}
      </div>
      {readOnly ? null : <SaveBar draft={draft} canSave={inboxGood(draft.value)} testId="inbox-save" />}
    </PageLayout>
  );
}
