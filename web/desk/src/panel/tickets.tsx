// Tickets of this conversation, and those that the customer has from earlier ones.

import { Button, EmptyState, ErrorState, SkeletonRows, texts, useLoad, api, Fault } from "@rapport/ui";
import type { ConversationRow, Ticket } from "@rapport/ui";
import { TicketCard } from "../tickets/card.tsx";
import { ui } from "../shell/ui.ts";
import { useDeskState } from "../state/context.ts";
import { words } from "../words.ts";

const t = texts({
  none: { zh: "还没有工单", en: "No tickets yet" },
  noneText: { zh: "换货、维修、催件这类需要后续跟进的事，建一张工单。客户会收到可以随时查看进度的链接。", en: "For what has to be done beyond the talk: an exchange, a repair. The customer gets a link to follow it." },
});

/** Those that were deleted or are not ours are left out. */
async function loadTickets(ids: readonly string[]): Promise<Ticket[]> {
  const found = await Promise.all(
    ids.map((id) =>
      api.get<Ticket>(`/tickets/${id}`).catch((error: unknown) => {
        if (Fault.of(error).status === 404) return undefined;
        throw error;
      }),
    ),
  );
  return found.filter((it): it is Ticket => it !== undefined).sort((a, b) => b.created_at - a.created_at);
}

export function TicketsTab({ row }: { row: ConversationRow }) {
  const turn = useDeskState((state) => state.ticketTurn);
  const { data, fault, reload, replace } = useTickets(row, turn);
  if (fault && !data) return <ErrorState fault={fault} retry={reload} />;
  if (!data) return <SkeletonRows rows={2} height={120} />;
  const create = (
    <Button icon="plus" onPress={() => ui.patch({ ticketFor: row.id })} testId="panel-ticket-create">
      {words("createTicket")}
    </Button>
  );
  if (data.length === 0) return <EmptyState icon="ticket" title={t("none")} text={t("noneText")} action={create} />;
  return (
    <div className="dk-panel-page">
      {data.map((ticket, index) => (
        <TicketCard key={ticket.id} ticket={ticket} startsOpen={index === 0} onChanged={(changed) => replace(data.map((it) => (it.id === changed.id ? changed : it)))} />
      ))}
      {create}
    </div>
  );
}

function useTickets(row: ConversationRow, turn: number) {
  return useLoad(`${row.id}-${row.tickets.join()}-${turn}`, () => loadTickets(row.tickets));
}
