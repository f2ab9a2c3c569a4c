// What can be done with a conversation, for buttons, keys and the command palette alike.

import { texts, toast } from "@rapport/ui";
import type { ConversationRow, Priority } from "@rapport/ui";
import type { Desk } from "../state/desk.ts";
import { assignee } from "../state/fold.ts";
import { goConversation } from "../state/route.ts";
import { isOfferedTo } from "../state/views.ts";

const t = texts({
  resolved: { zh: "已解决 #{number}", en: "#{number} resolved" },
  reopen: { zh: "重新打开", en: "Reopen" },
  snoozed: { zh: "已暂缓，到时会回到您的列表", en: "Put aside; it comes back to your list in time" },
  wake: { zh: "撤销", en: "Undo" },
  given: { zh: "已转交给 {name}", en: "Given to {name}" },
  queued: { zh: "已放回队列", en: "Back in the queue" },
  toBot: { zh: "已交还机器人", en: "Back with the bot" },
});

export interface Standing {
  mine: boolean;
  offered: boolean;
  resolved: boolean;
  snoozed: boolean;
  /** A colleague has it. */
  holder: string | undefined;
}

export function standing(row: ConversationRow, me: string): Standing {
  const who = assignee(row.status);
  return {
    mine: who === me,
    offered: isOfferedTo(row, me),
    resolved: row.status.type === "resolved",
    snoozed: row.status.type === "snoozed",
    holder: who !== null && who !== me ? who : undefined,
  };
}

export interface Actions {
  accept: () => Promise<void>;
  decline: () => Promise<void>;
  take: () => Promise<void>;
  assign: (to: string | null, name?: string) => Promise<void>;
  setTeam: (team: string | null) => Promise<void>;
  snooze: (until: number) => Promise<void>;
  wake: () => Promise<void>;
  resolve: () => Promise<void>;
  reopen: () => Promise<void>;
  returnToBot: () => Promise<void>;
  setPriority: (priority: Priority) => Promise<void>;
  setLabels: (labels: string[]) => Promise<void>;
}

export function actionsOf(desk: Desk, { id, number }: Pick<ConversationRow, "id" | "number">): Actions {
  const act = desk.act.bind(desk, id);
  const wake = async () => void (await act({ action: "wake" }));
  const reopen = async () => void (await act({ action: "reopen" }));
  return {
    wake,
    reopen,
    accept: async () => {
      if (await act({ action: "accept_offer" })) goConversation(id, "mine");
    },
    decline: async () => void (await act({ action: "decline_offer" })),
    take: async () => {
      if (await act({ action: "take" })) goConversation(id, "mine");
    },
    assign: async (to, name) => {
      if (await act({ action: "assign", to })) toast.good(to === null ? t("queued") : t("given", { name: name ?? "" }));
    },
    setTeam: async (team) => void (await act({ action: "set_team", team })),
    snooze: async (until) => {
      if (await act({ action: "snooze", until })) toast.good(t("snoozed"), { label: t("wake"), onPress: () => void wake() });
    },
    resolve: async () => {
      if (await act({ action: "resolve" })) toast.good(t("resolved", { number }), { label: t("reopen"), onPress: () => void reopen() });
    },
    returnToBot: async () => {
      if (await act({ action: "return_to_bot" })) toast.good(t("toBot"));
    },
    setPriority: async (priority) => void (await act({ action: "set_priority", priority })),
    setLabels: async (labels) => void (await act({ action: "set_labels", labels })),
  };
}
