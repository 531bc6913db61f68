/** How often an account is looked at unasked: natural choices over cron expressions of five fields. Pure. */

/** The usual is asked for by an empty expression. */
export const CHOICES = [
  { id: "minutes-5", cron: "*/5 * * * *" },
  { id: "minutes-15", cron: "*/15 * * * *" },
  { id: "minutes-30", cron: "*/30 * * * *" },
  { id: "hourly", cron: "0 * * * *" },
  { id: "working", cron: "*/15 8-18 * * 1-5" },
  { id: "mornings", cron: "0 8 * * *" },
] as const;

export type ScheduleId = (typeof CHOICES)[number]["id"] | "own";

/** The choice that a cron expression is, `own` where it is none of them. */
export function choiceOf(cron: string): ScheduleId {
  const plain = cron.trim().replaceAll(/\s+/g, " ");
  return CHOICES.find((choice) => choice.cron === plain)?.id ?? "own";
}

export function cronOf(id: ScheduleId): string | null {
  return CHOICES.find((choice) => choice.id === id)?.cron ?? null;
}
