/**
 * The words of the window. Owns the chosen language; every text on a screen comes through {@link t}.
 * A missing word falls back to English, a missing key to the key itself, which a test forbids.
 */
import { FluentBundle, FluentResource, type FluentVariable } from "@fluent/bundle";
import english from "../../locales/en.ftl?raw";

export type Locale = "en" | "de";
export const LOCALES: readonly Locale[] = ["en", "de"];

function bundle(locale: string, source: string): FluentBundle {
  // Isolation marks are left to <bdi> around names: inside attributes and titles they would be shown as boxes.
  const made = new FluentBundle(locale, { useIsolating: false });
  made.addResource(new FluentResource(source));
  return made;
}

const fallback = bundle("en", english);
let current = $state.raw<{ locale: Locale; words: FluentBundle }>({ locale: "en", words: fallback });

/** The language that fits best: the choice where there is one, else what the system prefers. */
export function pickLocale(choice: string | null, wanted: readonly string[]): Locale {
  for (const tag of choice ? [choice, ...wanted] : wanted) {
    const found = LOCALES.find((locale) => locale === tag.toLowerCase().split("-")[0]);
    if (found) return found;
  }
  return "en";
}

/** Switches the language; German is loaded when first asked for. */
export async function setLocale(locale: Locale): Promise<void> {
  const words =
    locale === "en" ? fallback : bundle(locale, (await import("../../locales/de.ftl?raw")).default);
  current = { locale, words };
  document.documentElement.lang = locale;
}

export function locale(): Locale {
  return current.locale;
}

function read(from: FluentBundle, id: string, args?: Record<string, FluentVariable>): string | null {
  const message = from.getMessage(id);
  return message?.value ? from.formatPattern(message.value, args ?? null, []) : null;
}

/** The text behind a key of `locales/*.ftl`, with its variables filled in. */
export function t(id: string, args?: Record<string, FluentVariable>): string {
  return read(current.words, id, args) ?? read(fallback, id, args) ?? id;
}
