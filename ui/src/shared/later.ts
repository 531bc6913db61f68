/** The instants a person means by "later": natural ones first. Pure: the present is passed in. */

export interface Choice {
  key: "today" | "tomorrow" | "monday";
  at: number;
}

const MORNING = 8;
const EVENING = 18;
const HOUR = 3_600_000;

function day(now: number, days: number, hour: number): number {
  const date = new Date(now);
  date.setDate(date.getDate() + days);
  return date.setHours(hour, 0, 0, 0);
}

/** Later today only while the evening is far enough; Monday only where it is not tomorrow. */
export function choices(now: number): Choice[] {
  const found: Choice[] = [];
  const evening = day(now, 0, EVENING);
  if (evening - now >= HOUR) found.push({ key: "today", at: evening });
  found.push({ key: "tomorrow", at: day(now, 1, MORNING) });
  const toMonday = (8 - new Date(now).getDay()) % 7 || 7;
  if (toMonday > 1) found.push({ key: "monday", at: day(now, toMonday, MORNING) });
  return found;
}

/** For the date entry: `2026-11-23`. */
export function dateEntry(at: number): string {
  const date = new Date(at);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** What the entries of date and time name, on this computer's clock; `null` where that is no instant. */
export function instant(date: string, time: string): number | null {
  const day = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(date.trim());
  const clock = /^(\d{1,2})[:.](\d{2})$/.exec(time.trim());
  if (!day || !clock) return null;
  const [year, month, dom, hour, minute] = [day[1], day[2], day[3], clock[1], clock[2]].map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const made = new Date(year, month - 1, dom, hour, minute);
  const same = made.getMonth() === month - 1 && made.getDate() === dom && hour < 24 && minute < 60;
  return same ? made.getTime() : null;
}
