/** How far back an account's mail is kept on this machine, in natural choices. Pure but for the words. */
import { t } from "./i18n.svelte";

/** Whole months and years with a day to spare, so that a year ago is still there; 0 keeps everything. */
const CHOICES: [number, string][] = [
  [0, "all"],
  [1_096, "years"],
  [366, "year"],
  [92, "quarter"],
  [31, "month"],
];

/** "Everything", "The last year", "The last 200 days". */
export function historyName(days: number): string {
  const known = CHOICES.find(([own]) => own === days)?.[1];
  return known ? t(`history-${known}`) : t("history-days", { n: days });
}

/** The choices, and what is set where that is none of them. */
export function historyChoices(now: number): { value: string; label: string }[] {
  const days = CHOICES.map(([own]) => own);
  const all = days.includes(now) ? days : [...days, now];
  return all.map((one) => ({ value: String(one), label: historyName(one) }));
}

/** Whether so many days keep less than so many: 0 is all of it. */
export function keepsLess(days: number, than: number): boolean {
  return days !== 0 && (than === 0 || days < than);
}
