// How the chat looks and what it says first.

import { Button, IconButton, Notice, Select, Switch, texts, TextField } from "@rapport/ui";
import type { PrechatField } from "@rapport/ui";
import { BilingualField } from "../components/bilingual.tsx";
import { Segmented } from "../components/choice.tsx";
import { Section } from "../components/section.tsx";
import type { Draft } from "../shell/draft.ts";
import { localeName } from "../shell/words.ts";
import { COLORS, contrastOn, isColor } from "./color.ts";
import { fieldProblems, KNOWN_FIELDS, move } from "./form.ts";
import type { InboxForm } from "./form.ts";

const t = texts({
  basics: { zh: "名称与外观", en: "Name and looks" },
  name: { zh: "名称", en: "Name" },
  nameHint: { zh: "仅团队内部可见", en: "Only your team sees it" },
  color: { zh: "主题颜色", en: "Colour" },
  colorCode: { zh: "颜色代码", en: "Colour code" },
  colorPick: { zh: "自选颜色", en: "Choose a colour" },
  colorOf: { zh: "颜色 {color}", en: "Colour {color}" },
  colorBad: { zh: "写成 # 加六位，例如 #2456d6", en: "Write # and six digits, such as #2456d6" },
  colorFaint: { zh: "这个颜色上的文字不够清晰，建议再深一些或再浅一些", en: "Text on this colour is hard to read; a darker or lighter one is better" },
  language: { zh: "主要语言", en: "Main language" },
  welcomeTitle: { zh: "欢迎语", en: "Welcome" },
  welcomeText: { zh: "客户打开聊天窗口时看到的第一句话。只填一种语言时，两种语言的客户都看到它", en: "The first thing a customer reads. When only one language is filled in, everybody sees that one" },
  welcome: { zh: "欢迎语", en: "Welcome" },
  welcomeMissing: { zh: "请至少填写一种语言", en: "Fill in at least one language" },
  prechat: { zh: "对话前询问", en: "Asked before the chat" },
  prechatText: { zh: "客户发第一条消息前填写。问得越少，愿意开口的客户越多；答案会出现在坐席的客户资料里", en: "Filled in before the first message. The less you ask, the more people talk to you; answers appear in the customer's record" },
  prechatNone: { zh: "不询问，直接开始对话", en: "Nothing is asked: the conversation starts at once" },
  add: { zh: "添加一项", en: "Add a field" },
  kind: { zh: "内容", en: "Asks for" },
  kindName: { zh: "称呼", en: "Name" },
  kindEmail: { zh: "邮箱", en: "E-mail" },
  kindPhone: { zh: "电话", en: "Phone" },
  kindOwn: { zh: "自定义", en: "Something else" },
  key: { zh: "字段代码", en: "Field code" },
  keyHint: { zh: "小写字母、数字、下划线，供接口使用", en: "Lower-case letters, digits and _; used by the API" },
  label: { zh: "问法", en: "Label" },
  required: { zh: "必填", en: "Has to be filled in" },
  up: { zh: "上移 {name}", en: "Move {name} up" },
  down: { zh: "下移 {name}", en: "Move {name} down" },
  remove: { zh: "移除 {name}", en: "Remove {name}" },
  problem_key: { zh: "只能用小写字母、数字和下划线", en: "Only lower-case letters, digits and _" },
  problem_twice: { zh: "已有相同的一项", en: "It is asked twice" },
  problem_label: { zh: "请填写问法", en: "Fill in how it is asked" },
});

/** Most that the server takes. */
const FIELDS_MAX = 10;

const LABELS: Record<(typeof KNOWN_FIELDS)[number], { zh: string; en: string }> = {
  name: { zh: "怎么称呼您", en: "Your name" },
  email: { zh: "邮箱", en: "E-mail" },
  phone: { zh: "手机号", en: "Phone number" },
};

export function LooksTab({ draft, readOnly }: { draft: Draft<InboxForm>; readOnly: boolean }) {
  const { value, patch } = draft;
  const noWelcome = value.welcome.zh.trim() === "" && value.welcome.en.trim() === "";
  return (
    <>
      <Section title={t("basics")}>
        <div className="ui-grid-2">
          <TextField label={t("name")} hint={t("nameHint")} value={value.name} onChange={(name) => patch({ name })} isRequired isDisabled={readOnly} maxLength={60} testId="inbox-name" />
          <Segmented label={t("language")} hideLabel={false} options={(["zh-CN", "en"] as const).map((id) => ({ id, label: localeName(id) }))} value={value.locale} onChange={(locale) => patch({ locale })} isDisabled={readOnly} />
        </div>
        <ColorField value={value.color} onChange={(color) => patch({ color })} isDisabled={readOnly} />
      </Section>
      <Section title={t("welcomeTitle")} text={t("welcomeText")}>
        <BilingualField label={t("welcome")} value={value.welcome} onChange={(welcome) => patch({ welcome })} rows={4} error={noWelcome ? t("welcomeMissing") : undefined} isDisabled={readOnly} testId="inbox-welcome" />
      </Section>
      <Prechat fields={value.prechat} onChange={(prechat) => patch({ prechat })} readOnly={readOnly} />
    </>
  );
}

function ColorField({ value, onChange, isDisabled }: { value: string; onChange: (color: string) => void; isDisabled: boolean }) {
  const good = isColor(value);
  return (
    <div className="ad-field-group" role="group" aria-label={t("color")}>
      <span className="ui-label">{t("color")}</span>
      <div className="in-colors">
        {COLORS.map((color) => (
          <button key={color} type="button" className="in-color" style={{ background: color }} aria-label={t("colorOf", { color })} aria-pressed={value.toLowerCase() === color} disabled={isDisabled} onClick={() => onChange(color)} />
        ))}
        <input type="color" className="in-color-own" aria-label={t("colorPick")} value={good ? value : "#2456d6"} disabled={isDisabled} onChange={(event) => onChange(event.target.value)} />
        <div className="in-color-code">
          <TextField label={t("colorCode")} hideLabel value={value} onChange={onChange} isDisabled={isDisabled} maxLength={7} error={good ? undefined : t("colorBad")} testId="inbox-color" />
        </div>
      </div>
      {good && contrastOn(value) < 4.5 ? <Notice tone="warn">{t("colorFaint")}</Notice> : null}
    </div>
  );
}

function Prechat({ fields, onChange, readOnly }: { fields: PrechatField[]; onChange: (fields: PrechatField[]) => void; readOnly: boolean }) {
  const problems = fieldProblems(fields);
  const free = KNOWN_FIELDS.find((key) => !fields.some((it) => it.key === key));
  const ownKey = () => {
    for (let n = 1; ; n += 1) if (!fields.some((it) => it.key === `field_${n}`)) return `field_${n}`;
  };
  const add = () => onChange([...fields, free ? { key: free, label: { ...LABELS[free] }, required: false } : { key: ownKey(), label: { zh: "", en: "" }, required: false }]);
  const kinds = [
    { id: "name", label: t("kindName") },
    { id: "email", label: t("kindEmail") },
    { id: "phone", label: t("kindPhone") },
    { id: "own", label: t("kindOwn") },
  ];
  return (
    <Section
      title={t("prechat")}
      text={t("prechatText")}
      actions={
        readOnly || fields.length >= FIELDS_MAX ? null : (
          <Button size="s" icon="plus" onPress={add} testId="prechat-add">
            {t("add")}
          </Button>
        )
      }
    >
      {fields.length === 0 ? <p className="ui-muted">{t("prechatNone")}</p> : null}
      <div className="ad-rows">
        {fields.map((field, index) => {
          const known = KNOWN_FIELDS.find((it) => it === field.key);
          const name = field.label.zh || field.label.en || field.key;
          const set = (part: Partial<PrechatField>) => onChange(fields.map((it, at) => (at === index ? { ...it, ...part } : it)));
          const problem = problems[index];
          return (
            <div key={index} className="in-field" role="group" aria-label={name}>
              <div className="in-field-head">
                <Select label={t("kind")} hideLabel options={kinds} value={known ?? "own"} onChange={(kind) => set(kind === "own" ? { key: ownKey() } : { key: kind, label: { ...LABELS[kind as keyof typeof LABELS] } })} isDisabled={readOnly} />
                {known ? null : <TextField label={t("key")} hideLabel value={field.key} onChange={(key) => set({ key })} isDisabled={readOnly} maxLength={40} error={problem === "key" ? t("problem_key") : undefined} hint={t("keyHint")} />}
                <Switch isSelected={field.required} onChange={(required) => set({ required })} isDisabled={readOnly}>
                  {t("required")}
                </Switch>
                {readOnly ? null : (
                  <div className="ui-row in-field-tools">
                    <IconButton icon="arrowUp" size="s" label={t("up", { name })} isDisabled={index === 0} onPress={() => onChange(move(fields, index, -1))} />
                    <IconButton icon="arrowDown" size="s" label={t("down", { name })} isDisabled={index === fields.length - 1} onPress={() => onChange(move(fields, index, 1))} />
                    <IconButton icon="trash" size="s" label={t("remove", { name })} onPress={() => onChange(fields.filter((_, at) => at !== index))} />
                  </div>
                )}
              </div>
              <BilingualField label={t("label")} value={field.label} onChange={(label) => set({ label })} isDisabled={readOnly} maxLength={60} error={problem === "label" ? t("problem_label") : undefined} />
              {problem === "twice" ? (
                <span className="ui-field-error" role="alert">
                  {t("problem_twice")}
                </span>
              ) : null}
            </div>
          );
        })}
      </div>
    </Section>
  );
}
