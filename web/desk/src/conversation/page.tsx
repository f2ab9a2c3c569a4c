// One conversation: its head, what was said, where one writes, and the panel beside it. Files may be dropped anywhere on it.

import { lazy, Suspense, useEffect, useState } from "react";
import type { DragEvent } from "react";
import { Button, ErrorState, Icon, SkeletonRows, texts } from "@rapport/ui";
import { Composer } from "../composer/composer.tsx";
import { Boundary } from "../shell/boundary.tsx";
import { usePanelShown } from "../shell/panel-state.ts";
import { usePhone, useWide } from "../shell/media.ts";
import { ui } from "../shell/ui.ts";
import { useDesk, useDeskState, useRow, useTimeline, useUploader } from "../state/context.ts";
import { goConversation } from "../state/route.ts";
import { contactName, words } from "../words.ts";
import { ConversationHead } from "./head.tsx";
import { Conversation } from "./timeline.tsx";
import { standing } from "./actions.ts";

const SidePanel = lazy(() => import("../panel/panel.tsx"));

const t = texts({
  conversation: { zh: "与{name}的会话", en: "Conversation with {name}" },
  drop: { zh: "松开即可添加到回复", en: "Drop to add to the reply" },
  dropText: { zh: "图片、文档、音视频", en: "Pictures, documents, audio, video" },
  panel: { zh: "客户与工单", en: "Customer and tickets" },
});

export function ConversationPage({ id }: { id: string }) {
  const desk = useDesk();
  const row = useRow(id);
  const timeline = useTimeline(id);
  const phone = usePhone();
  useEffect(() => {
    void desk.open(id);
    ui.patch({ sheet: false, menu: undefined, whySeq: undefined });
  }, [desk, id]);
  const fault = timeline?.fault;
  if (!row) {
    return (
      <section className="dk-conversation" id="conversation" tabIndex={-1} data-lonely>
        {fault ? <ErrorState fault={fault} retry={() => void desk.open(id)} /> : <SkeletonRows rows={6} height={54} />}
        {phone || fault ? (
          <div className="dk-center">
            <Button icon="arrowLeft" onPress={() => goConversation(undefined)}>
              {words("back")}
            </Button>
          </div>
        ) : null}
      </section>
    );
  }
  return <Opened key={id} id={id} />;
}

function Opened({ id }: { id: string }) {
  const row = useRow(id);
  const wide = useWide();
  const panel = usePanelShown();
  const me = useDeskState((state) => state.me.member.id);
  const { over, bind } = useDrop(id);
  if (!row) return null;
  const { resolved, holder } = standing(row, me);
  const name = contactName(row.contact);
  return (
    <>
      <section className="dk-conversation" id="conversation" tabIndex={-1} aria-label={t("conversation", { name })} data-testid="conversation" data-number={row.number} data-status={row.status.type} {...(resolved || holder ? {} : bind)}>
        <ConversationHead row={row} />
        <Conversation row={row} />
        <Composer key={id} row={row} />
        {over ? (
          <div className="dk-drop">
            <Icon name="upload" size={30} />
            <b>{t("drop")}</b>
            <span>{t("dropText")}</span>
          </div>
        ) : null}
      </section>
      {panel ? (
        <aside className="dk-panel" aria-label={t("panel")} data-sheet={!wide} data-testid="panel">
          <Boundary>
            <Suspense fallback={<SkeletonRows rows={5} height={40} />}>
              <SidePanel row={row} />
            </Suspense>
          </Boundary>
        </aside>
      ) : null}
      {panel && !wide ? <button type="button" className="dk-scrim" aria-label={words("close")} onClick={() => ui.patch({ sheet: false })} /> : null}
    </>
  );
}

function holdsFiles(event: DragEvent): boolean {
  return event.dataTransfer.types.includes("Files");
}

/** Dragging enters and leaves every child on the way: only the sum tells whether it is still here. */
function useDrop(id: string) {
  const uploads = useUploader();
  const [depth, setDepth] = useState(0);
  const bind = {
    onDragEnter: (event: DragEvent) => holdsFiles(event) && setDepth((it) => it + 1),
    onDragLeave: (event: DragEvent) => holdsFiles(event) && setDepth((it) => Math.max(0, it - 1)),
    onDragOver: (event: DragEvent) => {
      if (holdsFiles(event)) event.preventDefault();
    },
    onDrop: (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      setDepth(0);
      uploads.add(id, event.dataTransfer.files);
    },
  };
  return { over: depth > 0, bind };
}
