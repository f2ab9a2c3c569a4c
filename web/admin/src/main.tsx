// Entry of the administration: session first, then the page.

import "@rapport/ui/styles.css";
import "./styles/index.css";
import { createRoot } from "react-dom/client";
import { ErrorState, Fault, openSession, Root } from "@rapport/ui";
import { App } from "./app.tsx";
import { followAddress } from "./shell/route.ts";

const root = createRoot(document.getElementById("root") as HTMLElement);

async function start(): Promise<void> {
  try {
    const me = await openSession();
    root.render(
      <Root>
        <App first={me} />
      </Root>,
    );
  } catch (error) {
    const fault = Fault.of(error);
    // Signed out: the page is on its way to the sign-in page.
    if (fault.status === 401) return;
    root.render(
      <Root>
        <main>
          <ErrorState fault={fault} retry={() => void start()} />
        </main>
      </Root>,
    );
  }
}

followAddress();
void start();
