// Above the field: words of understanding to begin with, where a rule suggests them. One step puts them in front of what is written.

import { useEffect, useState } from "react";
import { Button, Icon, IconButton, api, texts, useLoad } from "@rapport/ui";
import type { Bilingual, ConversationRow } from "@rapport/ui";
import { useDeskState } from "../state/context.ts";

const t = texts({
  title: { zh: "建议开头", en: "Suggested opening" },
  insert: { zh: "插入", en: "Insert" },
  dismiss: { zh: "不用", en: "Dismiss" },
});

export function Opening({ row, onInsert }: { row: ConversationRow; onInsert: (text: string) => void }) {
  const turn = useDeskState((state) => state.careTurn);
  const { data, reload } = useLoad(`opening-${row.id}`, () => api.get<{ opening: Bilingual | null }>(`/conversations/${row.id}/suggestion`));
  const [done, setDone] = useState("");
  useEffect(() => {
    if (turn > 0) reload();
  }, [turn, reload]);
  // In the customer's language, not the agent's.
  const text = (row.locale === "en" ? data?.opening?.en : data?.opening?.zh) ?? "";
  if (text === "" || text === done) return null;
  return (
    <div className="dk-opening" role="group" aria-label={t("title")} data-testid="opening">
      <Icon name="bolt" size={15} />
      <span className="ui-grow">
        <small>{t("title")}</small>
        <span lang={row.locale}>{text}</span>
      </span>
      <Button
        size="s"
        onPress={() => {
          setDone(text);
          onInsert(text);
        }}
        testId="opening-insert"
      >
        {t("insert")}
      </Button>
      <IconButton icon="close" size="s" label={t("dismiss")} onPress={() => setDone(text)} />
    </div>
  );
}
