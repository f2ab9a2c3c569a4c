// Loading by HTTP inside a component: what is there, what failed, and again.

import { useCallback, useEffect, useRef, useState } from "react";
import { Fault } from "../api.ts";

export interface Loaded<T> {
  data: T | undefined;
  fault: Fault | undefined;
  loading: boolean;
  reload: () => void;
  /** Shows a changed copy at once (after a save). */
  replace: (data: T) => void;
}

/** Loads when `key` changes; an answer that comes late for an older key is dropped. */
export function useLoad<T>(key: string, load: () => Promise<T>): Loaded<T> {
  const [state, setState] = useState<{ key: string; data?: T; fault?: Fault; loading: boolean }>({ key, loading: true });
  const turn = useRef(0);
  const latest = useRef(load);
  latest.current = load;
  const reload = useCallback(() => {
    turn.current += 1;
    const mine = turn.current;
    setState((previous) => (previous.key === key ? { ...previous, loading: true } : { key, loading: true }));
    latest
      .current()
      .then((data) => {
        if (mine === turn.current) setState({ key, data, loading: false });
      })
      .catch((error: unknown) => {
        if (mine === turn.current) setState((previous) => ({ key, ...(previous.data === undefined ? {} : { data: previous.data }), fault: Fault.of(error), loading: false }));
      });
  }, [key]);
  useEffect(() => {
    reload();
    return () => {
      turn.current += 1;
    };
  }, [reload]);
  const replace = useCallback((data: T) => setState({ key, data, loading: false }), [key]);
  const fresh = state.key === key;
  return { data: fresh ? state.data : undefined, fault: fresh ? state.fault : undefined, loading: fresh ? state.loading : true, reload, replace };
}
