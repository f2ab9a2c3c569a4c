// The times offered for putting a conversation aside: an hour, this afternoon, tomorrow morning, Monday.

const HOUR = 3_600_000;

export type SnoozeKey = "hour" | "afternoon" | "tomorrow" | "monday";

export interface SnoozeTime {
  key: SnoozeKey;
  at: number;
}

function atHour(from: Date, days: number, hour: number): number {
  const date = new Date(from);
  date.setDate(date.getDate() + days);
  date.setHours(hour, 0, 0, 0);
  return date.getTime();
}

/** In the reader's own time zone; times that are past or double another are left out. */
export function snoozeTimes(now: number): SnoozeTime[] {
  const today = new Date(now);
  const toMonday = (8 - today.getDay()) % 7 || 7;
  const times: SnoozeTime[] = [{ key: "hour", at: now + HOUR }];
  const afternoon = atHour(today, 0, 15);
  if (afternoon - now > 1.5 * HOUR) times.push({ key: "afternoon", at: afternoon });
  times.push({ key: "tomorrow", at: atHour(today, 1, 9) });
  if (toMonday > 1) times.push({ key: "monday", at: atHour(today, toMonday, 9) });
  return times;
}

/** For an `<input type="datetime-local">`. */
export function localInput(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}
