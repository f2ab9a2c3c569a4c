// A form over something stored: what was read, what is on the screen, whether they differ, and saving without overwriting a colleague.

import { useCallback, useState } from "react";
import { Fault } from "@rapport/ui";
import { isConflict } from "./data.ts";
import { useUnsaved } from "./guard.ts";

/** Equal as JSON: drafts hold plain data only. */
export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

export interface Stored<T> {
  value: T;
  version: number | undefined;
}

export interface Draft<T> {
  value: T;
  saved: T;
  dirty: boolean;
  busy: boolean;
  fault: Fault | undefined;
  /** Somebody saved in between: the person chooses whose text stays. */
  conflict: boolean;
  patch: (part: Partial<T>) => void;
  undo: () => void;
  /** Takes what is stored now, saved by another way than this form. */
  adopt: (stored: Stored<T>) => void;
  save: () => Promise<boolean>;
  /** After a conflict: take the stored one and lose the own changes. */
  takeTheirs: () => Promise<void>;
  /** After a conflict: save over the stored one. */
  keepMine: () => Promise<boolean>;
  closeConflict: () => void;
  /** The person took the stored one after a conflict: a dialog has nothing left to edit. */
  settled: boolean;
}

export interface DraftOptions<T> {
  stored: Stored<T>;
  /** Sends it; answers what is stored then. */
  put: (value: T, version: number | undefined) => Promise<Stored<T>>;
  /** What is stored now, read again. */
  latest: () => Promise<Stored<T>>;
  onSaved?: (stored: Stored<T>) => void;
}

export function useDraft<T extends object>({ stored, put, latest, onSaved }: DraftOptions<T>): Draft<T> {
  const [base, setBase] = useState(stored);
  const [value, setValue] = useState(stored.value);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault>();
  const [conflict, setConflict] = useState(false);
  const [settled, setSettled] = useState(false);
  const dirty = !same(value, base.value);
  useUnsaved(dirty);

  const patch = useCallback((part: Partial<T>) => setValue((previous) => ({ ...previous, ...part })), []);
  const accept = (next: Stored<T>) => {
    setBase(next);
    setValue(next.value);
    setConflict(false);
    setFault(undefined);
  };
  const send = async (version: number | undefined): Promise<boolean> => {
    setBusy(true);
    setFault(undefined);
    try {
      const next = await put(value, version);
      accept(next);
      onSaved?.(next);
      return true;
    } catch (error) {
      if (isConflict(error)) setConflict(true);
      else setFault(Fault.of(error));
      return false;
    } finally {
      setBusy(false);
    }
  };
  const withLatest = async (then: (next: Stored<T>) => Promise<boolean> | boolean): Promise<boolean> => {
    try {
      return await then(await latest());
    } catch (error) {
      setConflict(false);
      setFault(Fault.of(error));
      return false;
    }
  };
  return {
    value,
    saved: base.value,
    dirty,
    busy,
    fault,
    conflict,
    patch,
    undo: () => {
      setValue(base.value);
      setFault(undefined);
    },
    adopt: accept,
    save: () => send(base.version),
    takeTheirs: async () => {
      const taken = await withLatest((next) => {
        accept(next);
        return true;
      });
      if (taken) setSettled(true);
    },
    keepMine: () => withLatest((next) => send(next.version)),
    closeConflict: () => setConflict(false),
    settled,
  };
}
