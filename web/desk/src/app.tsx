// The desk: navigation, the list, the conversation with its panel, and whatever opens above them.

import { lazy, Suspense, useMemo } from "react";
import { SkeletonRows, texts } from "@rapport/ui";
import { ConversationPage } from "./conversation/page.tsx";
import { ListPane } from "./list/pane.tsx";
import { NothingOpen } from "./list/empty.tsx";
import { Offers } from "./offer/offers.tsx";
import { Boundary } from "./shell/boundary.tsx";
import { Connection } from "./shell/connection.tsx";
import { useDeskKeys } from "./shell/desk-keys.ts";
import { Frame } from "./shell/frame.tsx";
import { Overlays } from "./shell/overlays.tsx";
import { useTitle } from "./shell/title.ts";
import { DeskContext, UploadsContext } from "./state/context.ts";
import type { Desk } from "./state/desk.ts";
import { useRoute } from "./state/route.ts";
import { Uploads } from "./state/uploads.ts";

const TicketsPage = lazy(() => import("./tickets/page.tsx"));

const t = texts({
  skip: { zh: "跳到会话", en: "Skip to the conversation" },
});

export function App({ desk }: { desk: Desk }) {
  const uploads = useMemo(() => new Uploads({ say: (conversation, content) => desk.say(conversation, content) }), [desk]);
  return (
    <DeskContext value={desk}>
      <UploadsContext value={uploads}>
        <DeskPage />
      </UploadsContext>
    </DeskContext>
  );
}

function DeskPage() {
  const route = useRoute();
  useDeskKeys();
  useTitle();
  const open = route.page === "inbox" ? route.conversation : route.ticket;
  return (
    <Frame deep={open !== undefined}>
      <Connection />
      {route.page === "tickets" ? (
        <Boundary key="tickets">
          <Suspense fallback={<SkeletonRows rows={6} height={52} />}>
            <TicketsPage ticket={route.ticket} />
          </Suspense>
        </Boundary>
      ) : (
        <div className="dk-inbox" data-open={open !== undefined}>
          <a
            className="dk-skip"
            href="#conversation"
            onClick={(event) => {
              event.preventDefault();
              document.getElementById("conversation")?.focus();
            }}
          >
            {t("skip")}
          </a>
          <ListPane view={route.view} selected={route.conversation} />
          {route.conversation ? (
            <Boundary key={route.conversation}>
              <ConversationPage id={route.conversation} />
            </Boundary>
          ) : (
            <NothingOpen view={route.view} />
          )}
        </div>
      )}
      <Offers />
      <Overlays />
    </Frame>
  );
}
