/**
 * What a failed command says to the person in the window's language. The core speaks English: where the code
 * alone says what happened the window has its own sentence, else it leads in with one and quotes the core's.
 */
import { CallError } from "../host/types";
import { t } from "./i18n.svelte";

export function failureText(thrown: unknown): string {
  const { code, message } = CallError.from(thrown);
  return t(`failed-${code}`, { reason: message });
}
