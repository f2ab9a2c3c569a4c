// Entry of the desk: session, then what the first page needs, then the page.

import "@rapport/ui/styles.css";
import "./styles/index.css";
import { createRoot } from "react-dom/client";
import { ErrorState, Fault, openSession, Root } from "@rapport/ui";
import { App } from "./app.tsx";
import { call } from "./shell/calling.ts";
import { FirstLoad } from "./shell/first-load.tsx";
import { Desk } from "./state/desk.ts";
import { readySound } from "./state/alerts.ts";

const root = createRoot(document.getElementById("root") as HTMLElement);

async function start(): Promise<void> {
  root.render(
    <Root>
      <FirstLoad />
    </Root>,
  );
  try {
    const desk = new Desk({ me: await openSession(), onAlert: call });
    await desk.start();
    root.render(
      <Root>
        <App desk={desk} />
      </Root>,
    );
  } catch (error) {
    const fault = Fault.of(error);
    // Signed out: the page is on its way to the sign-in page.
    if (fault.status === 401) return;
    root.render(
      <Root>
        <main className="dk-fail">
          <ErrorState fault={fault} retry={() => void start()} />
        </main>
      </Root>,
    );
  }
}

readySound();
void start();
