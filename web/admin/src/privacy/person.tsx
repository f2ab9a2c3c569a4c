// One customer's data: what they agreed to, everything as a file, and erasing it for good.

import { useState } from "react";
import { API_BASE, api, Avatar, Badge, Button, Checkbox, day, Dialog, ErrorState, FormDialog, Icon, Notice, SkeletonRows, texts, useLoad } from "@rapport/ui";
import type { Contact, Page } from "@rapport/ui";
import type { Consent, ConsentPurpose, Erasure } from "../care/nouns.ts";
import { count } from "../components/figures.tsx";
import { SearchBox } from "../components/search.tsx";
import { ButtonLink, Section } from "../components/section.tsx";
import { useRested } from "../shell/rested.ts";
import { words } from "../shell/words.ts";

const t = texts({
  title: { zh: "一位客户的数据", en: "One customer's data" },
  text: { zh: "客户来要自己的数据，或要求删除时使用。客户也可以在聊天窗口的“我的数据”里自己办理。", en: "For when a customer asks for their data, or to have it erased. They can do so themselves under “My data” in the chat." },
  search: { zh: "姓名、邮箱或电话", en: "Name, e-mail or phone" },
  nobody: { zh: "没有找到这位客户", en: "No such customer" },
  unnamed: { zh: "未留名的客户", en: "A customer without a name" },
  since: { zh: "{day} 起", en: "since {day}" },
  another: { zh: "换一位", en: "Another" },
  consents: { zh: "同意过的事", en: "Consents" },
  noConsents: { zh: "没有同意过任何用途", en: "Agreed to nothing" },
  emotion: { zh: "感知情绪以更好服务", en: "Noticing feelings, to be served better" },
  proactive: { zh: "主动联系", en: "Being written to first" },
  profile: { zh: "按记录推荐", en: "Suggestions from their record" },
  given: { zh: "{day} 同意", en: "agreed on {day}" },
  withdrawn: { zh: "{day} 撤回", en: "taken back on {day}" },
  inForce: { zh: "有效", en: "In force" },
  notInForce: { zh: "已失效", en: "No longer" },
  export: { zh: "导出全部数据", en: "Export everything" },
  exportHtml: { zh: "导出为网页", en: "As a page to read" },
  erase: { zh: "抹除…", en: "Erase…" },
  eraseTitle: { zh: "永久抹除“{name}”的一切？", en: "Erase everything about “{name}” for good?" },
  eraseText: { zh: "姓名、联系方式、会话内容、附件、备注、工单、情绪记录、同意记录都会删除，无法恢复。操作记录里只留下不含个人信息的凭据。", en: "Name, contact details, conversations, files, notes, tickets, what was noticed and consents are deleted and cannot be brought back. The audit log keeps only evidence without personal data." },
  verified: { zh: "已核实是本人提出的要求", en: "It is verified that this person asked for it" },
  hold: { zh: "法律没有要求继续保留", en: "No law requires it to be kept" },
  eraseConfirm: { zh: "永久抹除", en: "Erase for good" },
  erased: { zh: "已抹除", en: "Erased" },
  rescanGood: { zh: "再次扫描全部数据：找到 0 处", en: "All data scanned again: nothing found" },
  rescanBad: { zh: "再次扫描仍找到 {n} 处，请联系技术支持", en: "Scanned again, {n} traces were found. Please contact support" },
  kind_contact: { zh: "客户资料", en: "Customer record" },
  kind_identity: { zh: "身份", en: "Identities" },
  kind_conversation: { zh: "会话", en: "Conversations" },
  kind_journal: { zh: "消息与事件", en: "Messages and events" },
  kind_ticket: { zh: "工单", en: "Tickets" },
  kind_attachment: { zh: "附件", en: "Files" },
  kind_consent: { zh: "同意记录", en: "Consents" },
  kind_emotion_sample: { zh: "情绪记录", en: "What was noticed" },
  kind_mood: { zh: "情绪走势", en: "Trends" },
  kind_spending: { zh: "补偿记录", en: "Compensation" },
  kind_outbox: { zh: "待发送", en: "To be sent" },
  kind_queue_entry: { zh: "排队", en: "Places in the queue" },
  kind_timer: { zh: "定时任务", en: "Timers" },
  kind_care_alert: { zh: "主管提醒", en: "Alerts" },
  kind_care_entry: { zh: "关怀动作", en: "Acts of care" },
  kind_person_key: { zh: "假名密钥（操作记录从此认不出是谁）", en: "Key of the pseudonym (the audit log can no longer tell who it was)" },
});

const PURPOSES: Record<ConsentPurpose, "emotion" | "proactive" | "profile"> = { "emotion:care": "emotion", "contact:proactive": "proactive", profile: "profile" };
const KINDS = ["contact", "identity", "conversation", "journal", "ticket", "attachment", "consent", "emotion_sample", "mood", "spending", "outbox", "queue_entry", "timer", "care_alert", "care_entry", "person_key"] as const;
const SHOWN = 8;

/** The name of a table as people say it; others by their own name. */
export function kindName(table: string): string {
  const kind = KINDS.find((it) => it === table || `${it}s` === table);
  return kind ? t(`kind_${kind}`) : table;
}

export function PersonSection() {
  const [search, setSearch] = useState("");
  const [chosen, setChosen] = useState<Contact>();
  const [done, setDone] = useState<Erasure>();
  return (
    <Section title={t("title")} text={t("text")} icon="user" testId="person">
      {chosen ? (
        <Person
          contact={chosen}
          onBack={() => setChosen(undefined)}
          onErased={(erasure) => {
            setDone(erasure);
            setChosen(undefined);
            setSearch("");
          }}
        />
      ) : (
        <>
          <SearchBox value={search} onChange={setSearch} label={t("search")} testId="person-search" />
          <Found search={search} onChoose={setChosen} />
        </>
      )}
      <Dialog title={t("erased")} isOpen={done !== undefined} onClose={() => setDone(undefined)} size="s" testId="erased-dialog" footer={<Button kind="primary" onPress={() => setDone(undefined)}>{words("done")}</Button>}>
        {done ? (
          <>
            <Notice tone={done.rescan_hits === 0 ? "good" : "bad"}>{done.rescan_hits === 0 ? t("rescanGood") : t("rescanBad", { n: done.rescan_hits })}</Notice>
            <dl className="ad-facts">
              {Object.entries(done.erased)
                .filter(([, n]) => n > 0)
                .map(([table, n]) => (
                  <div key={table} className="pv-fact">
                    <dt>{kindName(table)}</dt>
                    <dd className="ui-num">{count(n)}</dd>
                  </div>
                ))}
            </dl>
          </>
        ) : null}
      </Dialog>
    </Section>
  );
}

function Found({ search, onChoose }: { search: string; onChoose: (contact: Contact) => void }) {
  const q = useRested(search.trim(), 250);
  const found = useLoad(`contacts/${q}`, async () => (q === "" ? [] : (await api.get<Page<Contact>>("/contacts", { query: { q, limit: SHOWN } })).items));
  if (q === "") return null;
  if (found.fault) return <ErrorState fault={found.fault} retry={found.reload} />;
  if (!found.data) return <SkeletonRows rows={2} height={40} />;
  if (found.data.length === 0) return <p className="ui-hint">{t("nobody")}</p>;
  return (
    <ul className="pv-found">
      {found.data.slice(0, SHOWN).map((it) => (
        <li key={it.id}>
          <button type="button" onClick={() => onChoose(it)} data-testid="person-found">
            <Avatar name={it.name || t("unnamed")} seed={it.id} size={32} />
            <span className="ui-grow">
              <b>{it.name || t("unnamed")}</b>
              <small>{[it.email, it.phone, t("since", { day: day(it.created_at) })].filter(Boolean).join(" · ")}</small>
            </span>
            <Icon name="chevronRight" size={16} />
          </button>
        </li>
      ))}
    </ul>
  );
}

function Person({ contact, onBack, onErased }: { contact: Contact; onBack: () => void; onErased: (erasure: Erasure) => void }) {
  const consents = useLoad(`consents/${contact.id}`, async () => (await api.get<Page<Consent>>(`/contacts/${contact.id}/consents`)).items);
  const [erasing, setErasing] = useState(false);
  const [verified, setVerified] = useState(false);
  const [free, setFree] = useState(false);
  const name = contact.name || t("unnamed");
  return (
    <div className="pv-person">
      <div className="pv-person-head">
        <Avatar name={name} seed={contact.id} size={40} />
        <div className="ui-grow">
          <b>{name}</b>
          <small>{[contact.email, contact.phone, t("since", { day: day(contact.created_at) })].filter(Boolean).join(" · ")}</small>
        </div>
        <Button size="s" kind="quiet" onPress={onBack}>
          {t("another")}
        </Button>
      </div>
      <div>
        <h3>{t("consents")}</h3>
        {consents.fault ? (
          <ErrorState fault={consents.fault} retry={consents.reload} />
        ) : consents.data?.length === 0 ? (
          <p className="ui-hint">{t("noConsents")}</p>
        ) : (
          <ul className="pv-consents">
            {(consents.data ?? []).map((it) => (
              <li key={it.purpose}>
                <span className="ui-grow">
                  {t(PURPOSES[it.purpose])}
                  <small>
                    {t("given", { day: day(it.given_at) })}
                    {it.withdrawn_at ? ` · ${t("withdrawn", { day: day(it.withdrawn_at) })}` : ""}
                  </small>
                </span>
                <Badge tone={it.in_force ? "good" : "neutral"}>{t(it.in_force ? "inForce" : "notInForce")}</Badge>
              </li>
            ))}
          </ul>
        )}
      </div>
      <div className="pv-person-actions">
        <ButtonLink href={`${API_BASE}/contacts/${contact.id}/export`} icon="download" testId="person-export">
          {t("export")}
        </ButtonLink>
        <ButtonLink href={`${API_BASE}/contacts/${contact.id}/export?format=html`} icon="file" kind="quiet">
          {t("exportHtml")}
        </ButtonLink>
        <Button kind="danger" icon="trash" onPress={() => setErasing(true)} testId="person-erase">
          {t("erase")}
        </Button>
      </div>
      <FormDialog
        title={t("eraseTitle", { name })}
        isOpen={erasing}
        onClose={() => setErasing(false)}
        submitLabel={t("eraseConfirm")}
        submitTestId="erase-confirm"
        danger
        canSubmit={verified && free}
        testId="erase-dialog"
        onSubmit={async () => {
          const erasure = await api.del<Erasure>(`/contacts/${contact.id}`);
          setErasing(false);
          onErased(erasure);
        }}
      >
        <p>{t("eraseText")}</p>
        <Checkbox isSelected={verified} onChange={setVerified} testId="erase-verified">
          {t("verified")}
        </Checkbox>
        <Checkbox isSelected={free} onChange={setFree} testId="erase-free">
          {t("hold")}
        </Checkbox>
      </FormDialog>
    </div>
  );
}
