/**
 * What a failed command says to the person in the window's language. The core's own sentences are known by their
 * keys; somebody else's words (a server's, the system's) are quoted behind what the code alone says.
 */
import { CallError } from "../host/types";
import { t } from "./i18n.svelte";
import { sentence } from "./said";

export function failureText(thrown: unknown): string {
  const { code, message, said } = CallError.from(thrown);
  return said ? sentence(said) : t(`failed-${code}`, { reason: message });
}
