// The likeliest wishes of a message, all the others to search in, and none of them.

import { Icon, Spinner, api, texts, toast, useLoad } from "@rapport/ui";
import type { Understanding } from "@rapport/ui";
import { FindList } from "../shell/pick-menu.tsx";
import type { PickGroup } from "../shell/pick-menu.tsx";

interface IntentRow {
  id: string;
  name: string;
  description: string;
  enabled: boolean;
}

const t = texts({
  find: { zh: "查找意图", en: "Find an intent" },
  likely: { zh: "可能是", en: "Likely" },
  others: { zh: "其他意图", en: "Others" },
  percent: { zh: "{percent}%", en: "{percent}%" },
  none: { zh: "都不是（超出范围）", en: "None of them (out of scope)" },
  learned: { zh: "已记为“{name}”的例句，立即生效", en: "Kept as an example of “{name}”, from now on" },
  learnedNone: { zh: "已记为超出范围", en: "Kept as out of scope" },
  about: { zh: "这是关于…", en: "This was about…" },
  empty: { zh: "还没有意图。请管理员在“管理”中添加。", en: "No intents yet: an administrator adds them under “Admin”." },
});

/** The label that stands for "out of scope" wherever intents are taught. */
const OUT_OF_SCOPE = "oos";
const LIKELY_MAX = 3;

export default function AboutList({ conversation, seq, onDone }: { conversation: string; seq: number; onDone: () => void }) {
  const { data, fault } = useLoad(`about-${conversation}-${seq}`, async () => {
    const [all, understood] = await Promise.all([
      api.get<{ intents: IntentRow[] }>("/intents", { query: { brief: true } }),
      api.get<Understanding>(`/conversations/${conversation}/understanding`, { query: { seq } }).catch(() => undefined),
    ]);
    return { intents: all.intents.filter((it) => it.enabled && it.name !== OUT_OF_SCOPE), likely: likelyOf(understood) };
  });
  if (fault) return <p className="dk-about-empty">{fault.message}</p>;
  if (!data)
    return (
      <div className="dk-emoji-wait">
        <Spinner />
      </div>
    );
  if (data.intents.length === 0) return <p className="dk-about-empty">{t("empty")}</p>;
  const teach = async (intent: string | null, name: string) => {
    try {
      await api.post(`/conversations/${conversation}/entries/${seq}/intent`, { intent });
      toast.good(intent ? t("learned", { name }) : t("learnedNone"));
    } catch (error) {
      toast.fault(error);
    }
  };
  const names = new Map(data.intents.map((it) => [it.id, it]));
  const likely = data.likely.filter((it) => names.has(it.intent)).slice(0, LIKELY_MAX);
  const item = (it: IntentRow, detail: string, testId: string) => ({ id: it.id, label: it.name, ...(detail ? { detail } : {}), icon: <Icon name="tag" size={16} />, testId, onAction: () => void teach(it.id, it.name) });
  const groups: PickGroup[] = [
    { title: t("likely"), items: likely.flatMap(({ intent, p }) => [names.get(intent)].flatMap((it) => (it ? [item(it, t("percent", { percent: Math.round(p * 100) }), "about-likely")] : []))) },
    { title: t("others"), items: data.intents.filter((it) => !likely.some(({ intent }) => intent === it.id)).map((it) => item(it, it.description, "about-other")) },
    { items: [{ id: OUT_OF_SCOPE, label: t("none"), icon: <Icon name="minus" size={16} />, testId: "about-none", onAction: () => void teach(null, "") }] },
  ];
  return <FindList label={t("about")} find={t("find")} groups={groups} onDone={onDone} />;
}

/** Of all its wishes, each intent once with its best probability. */
export function likelyOf(understood: Understanding | undefined): { intent: string; p: number }[] {
  const best = new Map<string, number>();
  for (const { intent, p } of understood?.wishes.flatMap((it) => it.choices) ?? []) best.set(intent, Math.max(p, best.get(intent) ?? 0));
  return [...best].map(([intent, p]) => ({ intent, p })).sort((a, b) => b.p - a.p);
}
