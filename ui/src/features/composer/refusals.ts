/** What the core refused, by the line of the composer it belongs to. */
import type { CallError } from "../../host/types";
import { sentence } from "../../shared/said";

const LINES = ["from", "to", "cc", "bcc", "subject", "at"];

/** By line; what belongs to none of them, or to the whole, is under `""`. */
export function fieldErrors(refusal: CallError | null): Record<string, string> {
  if (!refusal) return {};
  const found: Record<string, string> = {};
  for (const { field, message, said } of refusal.fields) {
    const line = LINES.find((one) => field === one || field.startsWith(`${one}.`)) ?? "";
    found[line] ??= said ? sentence(said) : message;
  }
  if (Object.keys(found).length === 0) {
    found[""] = refusal.said ? sentence(refusal.said) : refusal.message;
  }
  return found;
}
