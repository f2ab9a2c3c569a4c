// To a message of the open conversation, however far back: loads until it is there, brings it into sight and marks it for a moment.

import type { Desk } from "../state/desk.ts";
import { isWide } from "../shell/media.ts";
import { closePanel } from "../shell/panel-state.ts";

const PAGES_MAX = 30;

export async function jumpTo(desk: Desk, conversation: string, seq: number): Promise<void> {
  if (!isWide()) closePanel();
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const found = document.querySelector<HTMLElement>(`[data-testid="timeline"] [data-seq="${seq}"]`);
    if (found) return show(found);
    if (!desk.state.timelines.get(conversation)?.more) return;
    await desk.loadOlder(conversation);
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}

function show(message: HTMLElement): void {
  message.scrollIntoView({ block: "center" });
  message.tabIndex = -1;
  message.focus({ preventScroll: true });
  message.dataset["shown"] = "true";
  message.addEventListener("animationend", () => delete message.dataset["shown"], { once: true });
}
