// Short messages at the corner: what was done, what failed. Failures stay longer and say what to do.

import { advice, Fault } from "../api.ts";
import { Icon } from "../icons.tsx";
import { Store, useStore } from "../store.ts";
import { Button, IconButton } from "./button.tsx";
import { words } from "./words.ts";

export interface Toast {
  id: number;
  tone: "good" | "bad" | "info";
  text: string;
  detail?: string;
  action?: { label: string; onPress: () => void };
}

const toasts = new Store<Toast[]>([]);
let next = 1;

function show(toast: Omit<Toast, "id">, ms: number): void {
  const id = next;
  next += 1;
  toasts.set((all) => [...all.slice(-3), { ...toast, id }]);
  setTimeout(() => dismiss(id), ms);
}

function dismiss(id: number): void {
  toasts.set((all) => all.filter((it) => it.id !== id));
}

export const toast = {
  good: (text: string, action?: Toast["action"]) => show({ tone: "good", text, ...(action ? { action } : {}) }, action ? 8_000 : 3_500),
  info: (text: string, detail?: string) => show({ tone: "info", text, ...(detail ? { detail } : {}) }, 5_000),
  /** Anything thrown; cancelled requests say nothing. */
  fault: (error: unknown) => {
    if ((error as Error | undefined)?.name === "AbortError") return;
    const fault = Fault.of(error);
    show({ tone: "bad", text: fault.message || words("failed"), detail: advice(fault) }, 9_000);
  },
};

/** Put once at the root. */
export function Toasts() {
  const all = useStore(toasts);
  return (
    <div className="ui-toasts" role="region" aria-label={words("notifications")}>
      {all.map((it) => (
        <div key={it.id} className="ui-toast" data-tone={it.tone} role={it.tone === "bad" ? "alert" : "status"}>
          <Icon name={it.tone === "good" ? "checkCircle" : it.tone === "bad" ? "warning" : "info"} />
          <div className="ui-toast-text">
            {it.text}
            {it.detail ? <small>{it.detail}</small> : null}
          </div>
          {it.action ? (
            <Button
              size="s"
              onPress={() => {
                it.action?.onPress();
                dismiss(it.id);
              }}
            >
              {it.action.label}
            </Button>
          ) : null}
          <IconButton icon="close" size="s" label={words("close")} onPress={() => dismiss(it.id)} />
        </div>
      ))}
    </div>
  );
}
