/** The instant a person means by a day and a time of day on this machine's clock; `null` where either is missing. */
export function instant(day: string, clock: string): number | null {
  if (!/^\d{4,}-\d\d-\d\d$/.test(day) || !/^\d\d:\d\d/.test(clock)) return null;
  const at = new Date(`${day}T${clock}`).getTime();
  return Number.isNaN(at) ? null : at;
}
