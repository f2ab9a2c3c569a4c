// Beside the conversation: the customer, their tickets, and why things were decided as they were.

import { IconButton, Tabs, texts } from "@rapport/ui";
import type { ConversationRow } from "@rapport/ui";
import { closePanel } from "../shell/panel-state.ts";
import { useWide } from "../shell/media.ts";
import { ui, useUi } from "../shell/ui.ts";
import type { PanelTab } from "../shell/ui.ts";
import { words } from "../words.ts";
import { CustomerTab } from "./customer.tsx";
import { TicketsTab } from "./tickets.tsx";
import { WhyTab } from "./why.tsx";

const t = texts({
  title: { zh: "客户、工单与依据", en: "Customer, tickets, reasons" },
  why: { zh: "依据", en: "Why" },
});

export default function SidePanel({ row }: { row: ConversationRow }) {
  const tab = useUi((it) => it.tab);
  const wide = useWide();
  return (
    <div className="dk-panel-inner">
      {wide ? null : <IconButton icon="close" label={words("close")} className="dk-panel-close" onPress={closePanel} testId="panel-close" placement="left" />}
      <Tabs
        label={t("title")}
        selected={tab}
        onChange={(id) => ui.patch({ tab: id as PanelTab, whySeq: undefined })}
        pages={[
          { id: "customer", label: words("customer"), testId: "tab-customer", content: <CustomerTab key={row.contact.id} row={row} /> },
          { id: "tickets", label: words("tickets"), testId: "tab-tickets", ...(row.tickets.length > 0 ? { count: row.tickets.length } : {}), content: <TicketsTab row={row} /> },
          { id: "why", label: t("why"), testId: "tab-why", content: <WhyTab row={row} /> },
        ]}
      />
    </div>
  );
}
