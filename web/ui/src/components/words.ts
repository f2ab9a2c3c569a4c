// The few words that the components themselves say.

import { texts } from "../i18n.ts";

export const words = texts({
  close: { zh: "关闭", en: "Close" },
  cancel: { zh: "取消", en: "Cancel" },
  ok: { zh: "确定", en: "OK" },
  loading: { zh: "正在加载", en: "Loading" },
  retry: { zh: "重试", en: "Try again" },
  remove: { zh: "移除 {name}", en: "Remove {name}" },
  choose: { zh: "请选择", en: "Choose" },
  nothing: { zh: "没有匹配项", en: "Nothing matches" },
  add: { zh: "添加“{text}”", en: "Add “{text}”" },
  failed: { zh: "没有成功", en: "That did not work" },
  copied: { zh: "已复制", en: "Copied" },
  copy: { zh: "复制", en: "Copy" },
  online: { zh: "在线", en: "Online" },
  away: { zh: "离开", en: "Away" },
  offline: { zh: "离线", en: "Offline" },
  bot: { zh: "机器人", en: "Bot" },
  notifications: { zh: "通知", en: "Notifications" },
  main: { zh: "主导航", en: "Main navigation" },
});
