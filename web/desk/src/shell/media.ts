// How much room there is. The widths are those of styles/layout.css.

import { useSyncExternalStore } from "react";

function media(query: string) {
  const list = matchMedia(query);
  const subscribe = (listener: () => void) => {
    list.addEventListener("change", listener);
    return () => list.removeEventListener("change", listener);
  };
  return { use: () => useSyncExternalStore(subscribe, () => list.matches), now: () => list.matches };
}

const phone = media("(max-width: 760px)");
const wide = media("(min-width: 1180px)");

/** One screen at a time: list, conversation, panel. */
export const usePhone = phone.use;
export const isPhone = phone.now;
/** The panel has a column of its own. */
export const useWide = wide.use;
export const isWide = wide.now;
