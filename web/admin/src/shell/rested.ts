// A value that has come to rest: what follows typing waits for the last key.

import { useEffect, useState } from "react";

/** A value that follows another once it has rested. */
export function useRested<T>(value: T, ms: number): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return rested;
}
