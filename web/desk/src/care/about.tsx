// On a customer's message: what it was about, in one step. The text becomes an example of that intent.

import { lazy, Suspense, useState } from "react";
import { IconButton, Spinner, texts } from "@rapport/ui";
import { Anchored } from "../shell/pick-menu.tsx";

const AboutList = lazy(() => import("./about-list.tsx"));

const t = texts({ about: { zh: "这是关于…", en: "This was about…" } });

export function About({ conversation, seq }: { conversation: string; seq: number }) {
  const [open, setOpen] = useState(false);
  return (
    <span className="dk-about" data-open={open}>
      <Anchored label={t("about")} isOpen={open} onOpenChange={setOpen} trigger={<IconButton icon="tag" size="s" label={t("about")} testId="about" />}>
        <Suspense
          fallback={
            <div className="dk-emoji-wait">
              <Spinner />
            </div>
          }
        >
          <AboutList conversation={conversation} seq={seq} onDone={() => setOpen(false)} />
        </Suspense>
      </Anchored>
    </span>
  );
}
