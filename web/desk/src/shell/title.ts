// The page's title: how much waits, and who asks while an offer runs.

import { useEffect } from "react";
import { texts } from "@rapport/ui";
import { showInTitle } from "../state/alerts.ts";
import { useDeskState, useNow } from "../state/context.ts";
import { offersTo } from "../state/state.ts";
import { assignee } from "../state/fold.ts";
import { contactName } from "../words.ts";

const t = texts({
  base: { zh: "工作台 · {company}", en: "Desk · {company}" },
  asks: { zh: "{name} 等待接待", en: "{name} is waiting" },
});

export function useTitle(): void {
  const company = useDeskState((state) => state.me.tenant.name);
  const offers = useDeskState(offersTo);
  const unread = useDeskState((state) => {
    let count = 0;
    for (const row of state.rows.values()) if (row.unread_by_members > 0 && assignee(row.status) === state.me.member.id) count += 1;
    return count;
  });
  const now = useNow(1_000);
  const [first] = offers;
  const blink = Math.floor(now / 1_000) % 2 === 0;
  useEffect(() => {
    showInTitle(unread + offers.length, first ? t("asks", { name: contactName(first.contact) }) : undefined, t("base", { company }), blink);
  }, [unread, offers.length, first, company, blink]);
}
