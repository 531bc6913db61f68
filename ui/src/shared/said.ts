/**
 * What the core says, in the window's language. The core names each of its own sentences by a key; what has none is
 * somebody else's words (a server's), and stays as it came, marked as English.
 */
import type { Said } from "../gen/Said";
import { CallError } from "../host/types";
import { locale, t } from "./i18n.svelte";

/** Words and the language they are in, where that is not the window's. */
export interface Told {
  text: string;
  lang: "en" | undefined;
}

/** The bare words of a sentence, ready to stand inside another. */
function words(said: Said): string {
  const parts = Object.entries(said.parts).map(([name, part]) => [
    name,
    typeof part === "string" ? part : words(part),
  ]);
  return t(`said-${said.key}`, Object.fromEntries(parts));
}

/** A whole sentence: a capital in front, unless it begins with an address, and a full stop behind. */
export function sentence(said: Said): string {
  const text = words(said);
  const [word = ""] = text.split(/\s/, 1);
  const first = word.includes("@") ? text.charAt(0) : text.charAt(0).toLocaleUpperCase(locale());
  return `${first}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
}

/** What was said in the window's language; its English where it has no words for it. */
export function told(said: Said | null | undefined, english: string | null): Told | null {
  if (said) return { text: sentence(said), lang: undefined };
  return english ? { text: english, lang: "en" } : null;
}

/** Why something failed. */
export function why(thrown: unknown): Told | null {
  const { said, message } = CallError.from(thrown);
  return told(said, message);
}
