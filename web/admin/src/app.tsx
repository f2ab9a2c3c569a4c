// The administration: navigation, the section one is in (loaded when first opened), and the question before unsaved work is lost.

import { Component, lazy, Suspense, useEffect, useMemo, useState } from "react";
import type { ComponentType, ReactNode } from "react";
import { ErrorState, Fault, SkeletonRows, texts } from "@rapport/ui";
import type { Me } from "@rapport/ui";
import { LeaveDialog } from "./shell/leave.tsx";
import { Frame } from "./shell/frame.tsx";
import { useRoute } from "./shell/route.ts";
import type { PageId, Route } from "./shell/route.ts";
import { SessionContext } from "./shell/session.ts";
import { pageTitle } from "./shell/words.ts";

export interface PageProps {
  route: Route;
}

const SECTIONS: Record<PageId, ComponentType<PageProps>> = {
  overview: lazy(() => import("./overview/page.tsx")),
  members: lazy(() => import("./members/page.tsx")),
  teams: lazy(() => import("./teams/page.tsx")),
  replies: lazy(() => import("./replies/page.tsx")),
  inboxes: lazy(() => import("./inboxes/page.tsx")),
  channels: lazy(() => import("./channels/page.tsx")),
  hours: lazy(() => import("./hours/page.tsx")),
  knowledge: lazy(() => import("./knowledge/page.tsx")),
  intents: lazy(() => import("./intents/page.tsx")),
  lexicon: lazy(() => import("./lexicon/page.tsx")),
  feelings: lazy(() => import("./feelings/page.tsx")),
  models: lazy(() => import("./models/page.tsx")),
  care: lazy(() => import("./care/page.tsx")),
  privacy: lazy(() => import("./privacy/page.tsx")),
  settings: lazy(() => import("./settings/page.tsx")),
  tokens: lazy(() => import("./tokens/page.tsx")),
  audit: lazy(() => import("./audit/page.tsx")),
  account: lazy(() => import("./account/page.tsx")),
};

export function App({ first }: { first: Me }) {
  const [me, setMe] = useState(first);
  const route = useRoute();
  const session = useMemo(() => ({ me, update: (part: Partial<Me>) => setMe((previous) => ({ ...previous, ...part })) }), [me]);
  const Section = SECTIONS[route.page];
  useEffect(() => {
    document.title = `${pageTitle(route.page)} · ${me.tenant.name}`;
  }, [route.page, me.tenant.name]);
  return (
    <SessionContext value={session}>
      <Frame current={route.page}>
        <Boundary key={route.page}>
          <Suspense fallback={<SkeletonRows rows={4} height={56} />}>
            <Section route={route} />
          </Suspense>
        </Boundary>
      </Frame>
      <LeaveDialog />
    </SessionContext>
  );
}

const t = texts({
  broken: { zh: "此页面出现了问题", en: "Something went wrong on this page" },
  brokenHint: { zh: "刷新页面后重试；其他页面不受影响", en: "Reload the page and try again; other pages are not affected" },
});

/** Keeps the navigation alive when a section fails, for instance because its code could not be loaded. */
class Boundary extends Component<{ children: ReactNode }, { failed: unknown }> {
  override state = { failed: undefined as unknown };
  static getDerivedStateFromError(failed: unknown) {
    return { failed: failed ?? true };
  }
  override render() {
    if (this.state.failed === undefined) return this.props.children;
    const fault = new Fault({ code: "internal", message: t("broken"), hint: t("brokenHint"), detail: String(this.state.failed) }, 500);
    return <ErrorState fault={fault} retry={() => location.reload()} />;
  }
}
