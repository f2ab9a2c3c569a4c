// Dialogs of the whole desk, loaded when they are first wanted.

import { lazy, Suspense } from "react";
import { Boundary } from "./boundary.tsx";
import { openOverlay, ui, useUi } from "./ui.ts";

const Palette = lazy(() => import("./palette.tsx"));
const Shortcuts = lazy(() => import("./shortcuts.tsx"));
const Settings = lazy(() => import("./settings.tsx"));
const TicketDialog = lazy(() => import("../tickets/create.tsx"));

export function Overlays() {
  const overlay = useUi((it) => it.overlay);
  const ticketFor = useUi((it) => it.ticketFor);
  const close = () => openOverlay(undefined);
  return (
    <Boundary key={`${overlay}-${ticketFor}`}>
      <Suspense fallback={null}>
        {overlay === "palette" ? <Palette onClose={close} /> : null}
        {overlay === "shortcuts" ? <Shortcuts onClose={close} /> : null}
        {overlay === "settings" ? <Settings onClose={close} /> : null}
        {ticketFor ? <TicketDialog key={ticketFor} conversation={ticketFor} onClose={() => ui.patch({ ticketFor: undefined })} /> : null}
      </Suspense>
    </Boundary>
  );
}
