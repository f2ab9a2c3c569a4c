// Above the field on a channel that a provider runs: how many replies are left and until when, and what happens to one that is sent all the same.

import { useDeferredValue, useEffect, useMemo, useRef } from "react";
import { api, Icon, useLoad } from "@rapport/ui";
import type { ConversationRow, Reach } from "@rapport/ui";
import { useDeskState, useNow } from "../state/context.ts";
import { reachText, sizeText } from "./reach-words.ts";
import type { ReachLine } from "./reach-words.ts";

const EVERY_MS = 20_000;

export function ReachLines({ row, text, files }: { row: ConversationRow; text: string; files: number }) {
  const skew = useDeskState((state) => state.skewMs);
  const now = useNow(EVERY_MS) - skew;
  const reach = useReach(row);
  const written = useDeferredValue(text);
  const size = useMemo(() => (reach ? sizeText(reach, written, files, now) : undefined), [reach, written, files, now]);
  if (!reach) return null;
  return (
    <div className="dk-reach" role="status" data-testid="reach" data-window={reach.window}>
      <Line line={reachText(reach, now)} testId="reach-window" />
      <Line line={size} testId="reach-size" />
    </div>
  );
}

function Line({ line, testId }: { line: ReachLine | undefined; testId: string }) {
  if (!line) return null;
  return (
    <p data-tone={line.tone} data-testid={testId}>
      <Icon name={line.tone === "warn" ? "warning" : testId === "reach-size" ? "layers" : "hourglass"} size={15} />
      {line.text}
    </p>
  );
}

/** Read again after each event of the conversation. When it cannot be read nothing is said: what is sent is told by its own mark. */
function useReach(row: ConversationRow): Reach | undefined {
  const { data, reload } = useLoad(`reach/${row.id}`, () => api.get<Reach>(`/conversations/${row.id}/reach`));
  const seen = useRef(row.last_seq);
  useEffect(() => {
    if (seen.current === row.last_seq) return;
    seen.current = row.last_seq;
    reload();
  }, [row.last_seq, reload]);
  return data;
}
