/** When an invitation is, in the words of the window's locale and the zone of this machine. Pure. */
import type { Invitation } from "../../gen/Invitation";
import type { When } from "../../gen/When";
import { dateFormat } from "../../shared/format";

/** Days and wall clocks belong to no zone: they are written as if in UTC, and read there again. */
function read(when: When): { at: number; timeZone: string | undefined } {
  if (when.kind === "instant") return { at: when.at, timeZone: undefined };
  const text = when.kind === "day" ? `${when.date}T00:00Z` : `${when.clock}Z`;
  return { at: Date.parse(text), timeZone: "UTC" };
}

/** The leaf of a wall calendar. */
export function dayOf(when: When): { month: string; day: string; weekday: string } {
  const { at, timeZone } = read(when);
  const part = (options: Intl.DateTimeFormatOptions) => dateFormat({ ...options, timeZone }).format(at);
  return {
    month: part({ month: "short" }),
    day: part({ day: "numeric" }),
    weekday: part({ weekday: "short" }),
  };
}

/** From when to when, in one line. */
export function stretch({ start, end }: Invitation): string {
  const from = read(start);
  const day: Intl.DateTimeFormatOptions = { weekday: "long", day: "numeric", month: "long", year: "numeric" };
  const clock: Intl.DateTimeFormatOptions =
    start.kind === "day" ? {} : { hour: "numeric", minute: "2-digit" };
  const format = dateFormat({ ...day, ...clock, timeZone: from.timeZone });
  // An end of another kind than its start, or before it, says nothing.
  if (!end || end.kind !== start.kind || read(end).at < from.at) return format.format(from.at);
  return format.formatRange(from.at, read(end).at);
}

/** The zone it was written in, where that is not this machine's; `known` if the time was brought over. */
export function foreignZone({ start, zone }: Invitation): { name: string; known: boolean } | null {
  if (!zone || start.kind === "day") return null;
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (start.kind === "floating") return { name: zone, known: false };
  return zone === here ? null : { name: zone, known: true };
}
