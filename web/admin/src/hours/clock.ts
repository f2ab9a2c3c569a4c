// Times of a day as people type them: minutes from midnight, `24:00` included.

export const DAY_MINUTES = 1440;

/** `9`, `9:5`, `930`, `0930`, `09：30`, `24:00` → minutes; nothing for what is no time. */
export function parseClock(text: string): number | undefined {
  const clean = text.trim().replace(/[：.．时点]/g, ":").replace(/分$/, "");
  const match = /^(\d{1,2}):?$/.exec(clean) ?? /^(\d{1,2}):(\d{1,2})$/.exec(clean) ?? /^(\d{1,2})(\d{2})$/.exec(clean);
  if (!match) return undefined;
  const hours = Number(match[1]);
  const minutes = Number(match[2] ?? 0);
  const total = hours * 60 + minutes;
  return minutes < 60 && total <= DAY_MINUTES ? total : undefined;
}

/** `570` → `09:30` */
export function formatClock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

/** The next full step in a direction, within the day. */
export function stepClock(minutes: number, by: number): number {
  const step = Math.abs(by);
  const moved = by > 0 ? Math.floor(minutes / step) * step + step : Math.ceil(minutes / step) * step - step;
  return Math.min(DAY_MINUTES, Math.max(0, moved));
}
