// The preview of what is typed: rendered and made safe by the server, a moment after the last key.

import { useEffect, useState } from "react";
import { api, Fault } from "@rapport/ui";
import { useRested } from "../shell/rested.ts";

export interface RenderedText {
  html: string | undefined;
  fault: Fault | undefined;
}

/** What was rendered last stays until the next is there. */
export function useRendered(markdown: string): RenderedText {
  const rested = useRested(markdown, 250);
  const [state, setState] = useState<RenderedText>({ html: undefined, fault: undefined });
  useEffect(() => {
    if (rested.trim() === "") {
      setState({ html: "", fault: undefined });
      return undefined;
    }
    const abort = new AbortController();
    api
      .post<{ html: string }>("/knowledge/render", { markdown: rested }, { signal: abort.signal })
      .then(({ html }) => setState({ html, fault: undefined }))
      .catch((error: unknown) => {
        if ((error as Error).name !== "AbortError") setState((previous) => ({ ...previous, fault: Fault.of(error) }));
      });
    return () => abort.abort();
  }, [rested]);
  return state;
}
