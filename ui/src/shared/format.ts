/** Dates, numbers and sizes as people of the chosen language write them. Pure: the present is passed in. */
import { locale, t } from "./i18n.svelte";

const DAY = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function format(at: number, options: Intl.DateTimeFormatOptions): string {
  return formatter(options).format(at);
}

function formatter(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  // Making a formatter costs more than using it a thousand times.
  const key = locale() + JSON.stringify(options);
  let made = formats.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat(dateLocale(), options);
    formats.set(key, made);
  }
  return made;
}

/** A formatter of the locale for what no function here says. */
export function dateFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return formatter(options);
}

/** The system's own variant of the chosen language keeps its habits (24 hours, day before month). */
function dateLocale(): string {
  const languages = typeof navigator === "undefined" ? [] : navigator.languages;
  return languages.find((tag) => tag.toLowerCase().startsWith(locale())) ?? locale();
}

function midnight(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** How many midnights lie between; daylight saving days are rounded away. */
export function daysBetween(earlier: number, later: number): number {
  return Math.round((midnight(later) - midnight(earlier)) / DAY);
}

/** Two digits line up under each other; clocks of twelve hours are never written so. */
function hour(): "numeric" | "2-digit" {
  return formatter({ hour: "numeric" }).resolvedOptions().hour12 ? "numeric" : "2-digit";
}

/** As the locale writes it: "09:04", "9:04 AM". */
export function time(at: number): string {
  return format(at, { hour: hour(), minute: "2-digit" });
}

/** As short as a list allows: "09:04", "Yesterday", "Tue", "14 Nov", "14/11/24". */
export function listTime(at: number, now: number): string {
  const days = daysBetween(at, now);
  if (days === 0) return time(at);
  if (days === 1) return t("yesterday");
  if (days > 1 && days < 7) return format(at, { weekday: "short" });
  if (new Date(at).getFullYear() === new Date(now).getFullYear()) {
    return format(at, { day: "numeric", month: "short" });
  }
  return format(at, { dateStyle: "short" });
}

/** A moment still to come, as short as a list allows: "18:00", "Tue 08:00", "14 Dec". */
export function dueTime(at: number, now: number): string {
  const days = daysBetween(now, at);
  if (days <= 0) return time(at);
  if (days < 7) return `${format(at, { weekday: "short" })} ${time(at)}`;
  if (new Date(at).getFullYear() === new Date(now).getFullYear()) {
    return format(at, { day: "numeric", month: "short" });
  }
  return format(at, { dateStyle: "short" });
}

/** For a message's head: "Today, 09:04", "Mon 17 Nov, 18:22", with the year where it is another one. */
export function messageTime(at: number, now: number): string {
  const days = daysBetween(at, now);
  if (days === 0) return t("today-at", { time: time(at) });
  if (days === 1) return t("yesterday-at", { time: time(at) });
  const year = new Date(at).getFullYear() === new Date(now).getFullYear() ? undefined : "numeric";
  return format(at, {
    weekday: "short",
    day: "numeric",
    month: "short",
    year,
    hour: hour(),
    minute: "2-digit",
  });
}

/** The whole truth, for a tooltip. */
export function fullTime(at: number): string {
  return format(at, { dateStyle: "full", timeStyle: "medium" });
}

/** A date as a letter gives it: "21 November 2026 at 09:05". */
export function letterTime(at: number): string {
  return format(at, { dateStyle: "long", timeStyle: "short" });
}

/** How long ago, in the fewest letters: "now", "4 min", "2 h", "3 d". */
export function age(at: number, now: number): string {
  const minutes = Math.max(0, Math.floor((now - at) / 60_000));
  if (minutes < 1) return t("age-now");
  if (minutes < 60) return t("age-minutes", { n: minutes });
  if (minutes < 60 * 24) return t("age-hours", { n: Math.floor(minutes / 60) });
  return t("age-days", { n: Math.floor(minutes / 1440) });
}

/** A moment in running text: "09:05" today, else with its day. */
export function moment(at: number, now: number): string {
  return daysBetween(at, now) === 0 ? time(at) : messageTime(at, now);
}

/** A stretch of time still to go, rounded up so that it is never promised too short. */
export function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 60) return t("lasts-seconds", { n: Math.max(1, seconds) });
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60
    ? t("lasts-minutes", { n: minutes })
    : t("lasts-hours", { n: Math.floor(minutes / 60), m: minutes % 60 });
}

export function number(value: number): string {
  return new Intl.NumberFormat(dateLocale()).format(value);
}

/** Bytes with a decimal unit, as file managers show them. */
export function bytes(value: number): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
  let step = 0;
  let left = value;
  while (left >= 1000 && step < units.length - 1) {
    left /= 1000;
    step += 1;
  }
  const digits = step > 1 && left < 100 ? 1 : 0;
  return new Intl.NumberFormat(dateLocale(), {
    style: "unit",
    unit: units[step],
    unitDisplay: step === 0 ? "long" : "short",
    maximumFractionDigits: digits,
  }).format(left);
}
