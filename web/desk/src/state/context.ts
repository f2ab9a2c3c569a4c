// The desk for components, and the questions they ask most.

import { createContext, useContext, useEffect, useMemo, useState } from "react";
import { isRemote, useSelect } from "@rapport/ui";
import type { ChannelKind, ConversationRow, MemberRow } from "@rapport/ui";
import type { Desk } from "./desk.ts";
import { rowsIn } from "./state.ts";
import type { DeskState, Timeline } from "./state.ts";
import type { Uploads } from "./uploads.ts";
import { sortFor } from "./views.ts";
import type { View } from "./views.ts";
import { words } from "../words.ts";

export const DeskContext = createContext<Desk | null>(null);

export const UploadsContext = createContext<Uploads | null>(null);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error("outside of the desk");
  return desk;
}

export function useUploader(): Uploads {
  const uploads = useContext(UploadsContext);
  if (!uploads) throw new Error("outside of the desk");
  return uploads;
}

export function useDeskState<T>(select: (state: DeskState) => T): T {
  return useSelect(useDesk().store, select);
}

export function useRow(id: string | undefined): ConversationRow | undefined {
  return useDeskState((state) => (id ? state.rows.get(id) : undefined));
}

export function useTimeline(id: string): Timeline | undefined {
  return useDeskState((state) => state.timelines.get(id));
}

/** The channel of an inbox whose messages a provider delivers; nothing for a website chat. */
export function useChannel(inbox: string): ChannelKind | undefined {
  return useDeskState((state) => {
    const channel = state.inboxes.get(inbox)?.channel;
    return channel && isRemote(channel) ? channel : undefined;
  });
}

/** The rows of a view in its order; complete down to the last page that was read. */
export function useRows(view: View): ConversationRow[] {
  const rows = useDeskState((state) => state.rows);
  const list = useDeskState((state) => state.lists[view]);
  const inbox = useDeskState((state) => state.inbox);
  const desk = useDesk();
  return useMemo(() => rowsIn(desk.state, view).sort(sortFor(view)), [rows, list, inbox, view, desk]);
}

export function useMembers(): Map<string, MemberRow> {
  return useDeskState((state) => state.members);
}

export function useMemberName(): (id: string | null | undefined) => string {
  const members = useMembers();
  const me = useDeskState((state) => state.me.member.id);
  return (id) => {
    if (!id) return words("nobody");
    return id === me ? words("you") : (members.get(id)?.name ?? words("formerMember"));
  };
}

/** The time, drawn again every `everyMs`. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
