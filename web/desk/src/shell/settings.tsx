// How the desk speaks, looks and calls: language, appearance, sound, notifications, what Enter does.

import { Button, Dialog, Notice, Select, Switch, api, lang, setLang, setTheme, texts, toast, useStore, useTheme } from "@rapport/ui";
import type { Lang, Theme } from "@rapport/ui";
import { alertSettings, askToNotify, notifyPermission, setSound } from "../state/alerts.ts";
import { prefs, setPref } from "../state/prefs.ts";

const t = texts({
  title: { zh: "设置", en: "Settings" },
  language: { zh: "语言", en: "Language" },
  appearance: { zh: "外观", en: "Appearance" },
  system: { zh: "跟随系统", en: "As the system" },
  light: { zh: "浅色", en: "Light" },
  dark: { zh: "深色", en: "Dark" },
  calling: { zh: "提醒", en: "Being called" },
  sound: { zh: "提示音", en: "Sound" },
  soundHint: { zh: "新邀请和客户消息到达时响一声", en: "For offers and for what customers write" },
  notify: { zh: "桌面通知", en: "Desktop notifications" },
  notifyHint: { zh: "仅在您没有看着此页面时出现", en: "Only while you are not looking at this page" },
  notifyAsk: { zh: "开启桌面通知", en: "Allow notifications" },
  notifyOn: { zh: "已开启。如需关闭，请在浏览器的网站设置中修改。", en: "They are on. To turn them off use the site settings of your browser." },
  notifyDenied: { zh: "浏览器已阻止通知。请点击地址栏左侧的图标，将“通知”改为允许。", en: "Your browser blocks them. Press the icon left of the address and allow notifications." },
  notifyNever: { zh: "此浏览器不支持桌面通知", en: "This browser has none" },
  writing: { zh: "输入", en: "Writing" },
  enter: { zh: "按 Enter 发送", en: "Enter sends" },
  enterHint: { zh: "关闭后 Enter 换行，Ctrl+Enter 发送", en: "When off, Enter breaks the line and Ctrl+Enter sends" },
});

export default function Settings({ onClose }: { onClose: () => void }) {
  const theme = useTheme();
  const { sound } = useStore(alertSettings);
  const { enterSends } = useStore(prefs);
  const chooseLang = (next: Lang) => {
    setLang(next);
    // The account follows, for e-mails and other browsers; here the choice holds anyway.
    api.patch("/me", { locale: next }).catch(toast.fault);
  };
  return (
    <Dialog title={t("title")} isOpen onClose={onClose} testId="settings">
      <div className="ui-grid-2">
        <Select<Lang>
          label={t("language")}
          value={lang()}
          onChange={chooseLang}
          options={[
            { id: "zh-CN", label: "简体中文" },
            { id: "en", label: "English" },
          ]}
          testId="setting-language"
        />
        <Select<Theme> label={t("appearance")} value={theme} onChange={setTheme} options={(["system", "light", "dark"] as const).map((id) => ({ id, label: t(id) }))} testId="setting-theme" />
      </div>
      <section className="dk-setting">
        <h3>{t("calling")}</h3>
        <Switch isSelected={sound} onChange={setSound} hint={t("soundHint")} testId="setting-sound">
          {t("sound")}
        </Switch>
        <Notifications />
      </section>
      <section className="dk-setting">
        <h3>{t("writing")}</h3>
        <Switch isSelected={enterSends} onChange={(it) => setPref({ enterSends: it })} hint={t("enterHint")} testId="setting-enter">
          {t("enter")}
        </Switch>
      </section>
    </Dialog>
  );
}

function Notifications() {
  const permission = useStore(notifyPermission);
  if (permission === "granted") return <Notice tone="good">{t("notifyOn")}</Notice>;
  if (permission === "denied") return <Notice tone="warn">{t("notifyDenied")}</Notice>;
  if (permission === "unsupported") return <Notice>{t("notifyNever")}</Notice>;
  return (
    <div className="dk-setting-row">
      <span>
        {t("notify")}
        <small>{t("notifyHint")}</small>
      </span>
      <Button size="s" icon="bell" onPress={() => void askToNotify()} testId="setting-notify">
        {t("notifyAsk")}
      </Button>
    </div>
  );
}
