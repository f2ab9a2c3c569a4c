// Inviting a member, or changing what one is and may do.

import { api, lang, MultiSelect, Notice, texts, TextField, Select, Switch } from "@rapport/ui";
import type { Locale, Member, MemberRow, Role, Team, Versioned } from "@rapport/ui";
import { RadioCards } from "../components/choice.tsx";
import { EditDialog } from "../components/edit-dialog.tsx";
import { inRange, NumberField } from "../components/number.tsx";
import { fetchItem, storeItem } from "../shell/data.ts";
import { useDraft } from "../shell/draft.ts";
import type { Stored } from "../shell/draft.ts";
import { atLeast, rolesBelow, useMay, useSession } from "../shell/session.ts";
import { localeName, roleName, roleText, words } from "../shell/words.ts";
import { wholeLink } from "./link.tsx";
import type { SignInLink } from "./link.tsx";

const t = texts({
  inviteTitle: { zh: "邀请成员", en: "Invite a member" },
  invite: { zh: "邀请并生成登录链接", en: "Invite and make the link" },
  name: { zh: "姓名", en: "Name" },
  nameHint: { zh: "客户会看到这个名字", en: "Customers see this name" },
  email: { zh: "邮箱", en: "E-mail" },
  emailHint: { zh: "用于登录", en: "Used for signing in" },
  emailBad: { zh: "请填写完整的邮箱地址，例如 ada@example.com", en: "A whole address is needed, such as ada@example.com" },
  role: { zh: "角色", en: "Role" },
  teams: { zh: "小组", en: "Teams" },
  teamsNone: { zh: "还没有小组，可在“小组”页创建", en: "There are no teams yet; make one on the Teams page" },
  skills: { zh: "技能", en: "Skills" },
  skillsHint: { zh: "需要某项技能的会话只会分配给具备它的成员，例如“退换货”“lang:en”。输入后按回车添加", en: "A conversation that needs a skill is only given to those who have it, such as “returns” or “lang:en”. Press Enter to add" },
  skillsPlaceholder: { zh: "输入或选择", en: "Type or choose" },
  capacity: { zh: "同时接待上限", en: "Conversations at once" },
  capacityHint: { zh: "达到上限后不再自动分配新会话", en: "At this number no more are offered" },
  sees: { zh: "可查看客户的个人信息（电话、证件号、银行卡、地址）", en: "Sees customers' personal data (phone, ID, bank card, address)" },
  seesHint: { zh: "关闭后，会话、客户资料、工单与搜索中的这些内容对该成员以星号隐藏，立即生效", en: "Without it they are masked in conversations, customer records, tickets and search, at once" },
  seesAlways: { zh: "主管及以上角色始终可以查看", en: "Supervisors and above always see it" },
  locale: { zh: "界面语言", en: "Language of the pages" },
  above: { zh: "对方的角色高于您，您只能查看", en: "Their role is above yours: you can look only" },
  gone: { zh: "该成员已停用", en: "This member is deactivated" },
  ownRole: { zh: "不能修改自己的角色，请让另一位管理员操作", en: "You cannot change your own role; ask another administrator" },
});

interface MemberForm {
  name: string;
  email: string;
  role: Role;
  teams: string[];
  skills: string[];
  capacity: number;
  locale: Locale;
  sees_personal_data: boolean;
}

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const form = ({ name, email, role, teams, skills, capacity, locale, sees_personal_data }: Member): MemberForm => ({ name, email, role, teams, skills, capacity, locale, sees_personal_data });

export function MemberDialog({ member, teams, skills, onClose, onSaved }: { member: Versioned<MemberRow> | undefined; teams: Team[]; skills: string[]; onClose: () => void; onSaved: (link: SignInLink | undefined) => void }) {
  const { me, update } = useSession();
  const administrates = useMay("administrator");
  const above = member !== undefined && !atLeast(me.member.role, member.role);
  const readOnly = !administrates || above || member?.active === false;
  const self = member?.id === me.member.id;
  const blank: MemberForm = { name: "", email: "", role: "agent", teams: [], skills: [], capacity: 6, locale: me.tenant.locale ?? lang(), sees_personal_data: true };
  const draft = useDraft<MemberForm>({
    stored: member ? { value: form(member), version: member.version } : { value: blank, version: undefined },
    put: async (value, version): Promise<Stored<MemberForm>> => {
      const body = { ...value, name: value.name.trim(), email: value.email.trim() };
      if (member) {
        const stored = await storeItem<Member>("/members", member.id, body, version);
        if (self) update({ member: { ...me.member, ...form(stored) } });
        onSaved(undefined);
        return { value: form(stored), version: stored.version };
      }
      const { sign_in_link, expires_at } = await api.post<Member & { sign_in_link: string; expires_at?: number }>("/members", body);
      onSaved({ name: body.name, email: body.email, link: wholeLink(sign_in_link), expiresAt: expires_at, isNew: true });
      return { value, version: undefined };
    },
    latest: async () => {
      if (!member) return { value: blank, version: undefined };
      const stored = await fetchItem<MemberRow>("/members", member.id);
      return { value: form(stored), version: stored.version };
    },
  });
  const { value, patch } = draft;
  const badEmail = value.email !== "" && !EMAIL.test(value.email.trim());
  const complete = value.name.trim() !== "" && EMAIL.test(value.email.trim()) && inRange(value.capacity, 1, 100);
  return (
    <EditDialog
      title={member ? (readOnly ? member.name : words("editOf", { name: member.name })) : t("inviteTitle")}
      draft={draft}
      onClose={onClose}
      canSave={complete}
      saveLabel={member ? words("save") : t("invite")}
      saveTestId="member-save"
      savedText={member ? words("saved") : false}
      side="end"
      readOnly={readOnly}
      testId="member-dialog"
    >
      {above ? <Notice icon="shield">{t("above")}</Notice> : member?.active === false ? <Notice icon="info">{t("gone")}</Notice> : null}
      <TextField label={t("name")} hint={t("nameHint")} value={value.name} onChange={(name) => patch({ name })} isRequired isDisabled={readOnly} maxLength={60} autoFocus={!member} testId="member-name" />
      <TextField label={t("email")} hint={t("emailHint")} value={value.email} onChange={(email) => patch({ email })} type="email" error={badEmail ? t("emailBad") : undefined} isRequired isDisabled={readOnly} maxLength={200} autoComplete="off" testId="member-email" />
      <div className="ad-field-group">
        <RadioCards label={t("role")} options={(readOnly && member ? [member.role] : rolesBelow(me.member.role)).map((id) => ({ id, label: roleName(id), text: roleText(id) }))} value={value.role} onChange={(role) => patch({ role })} isDisabled={readOnly || self} testId="member-role" />
        {self && !readOnly ? <div className="ui-hint">{t("ownRole")}</div> : null}
      </div>
      <Switch isSelected={value.role !== "agent" || value.sees_personal_data} onChange={(sees_personal_data) => patch({ sees_personal_data })} isDisabled={readOnly || value.role !== "agent"} hint={value.role === "agent" ? t("seesHint") : t("seesAlways")} testId="member-personal-data">
        {t("sees")}
      </Switch>
      <MultiSelect label={t("teams")} options={teams.map((it) => ({ id: it.id, label: it.name, detail: it.description }))} values={value.teams} onChange={(next) => patch({ teams: next })} isDisabled={readOnly || teams.length === 0} hint={teams.length === 0 ? t("teamsNone") : undefined} testId="member-teams" />
      <MultiSelect label={t("skills")} hint={t("skillsHint")} options={skills.map((id) => ({ id, label: id }))} values={value.skills} onChange={(next) => patch({ skills: next })} creatable placeholder={t("skillsPlaceholder")} isDisabled={readOnly} testId="member-skills" />
      <NumberField label={t("capacity")} hint={t("capacityHint")} value={value.capacity} onChange={(capacity) => patch({ capacity })} min={1} max={100} isDisabled={readOnly} testId="member-capacity" />
      <Select label={t("locale")} options={(["zh-CN", "en"] as const).map((id) => ({ id, label: localeName(id) }))} value={value.locale} onChange={(locale) => patch({ locale })} isDisabled={readOnly} />
    </EditDialog>
  );
}
