/** What the label menu shows of labels. Pure. */
import type { ConversationRow } from "../../gen/ConversationRow";
import type { Label } from "../../gen/Label";

/** Whether all of the conversations carry a label, some, or none. */
export function carried(rows: readonly ConversationRow[], id: string): "all" | "some" | "none" {
  const with_ = rows.filter((row) => row.labels.includes(id)).length;
  if (with_ === 0) return "none";
  return with_ === rows.length ? "all" : "some";
}

/** Those whose name holds what was typed, beginnings first. */
export function matchingLabels(labels: readonly Label[], query: string): Label[] {
  const wanted = query.trim().toLowerCase();
  const found = labels.filter((label) => label.name.toLowerCase().includes(wanted));
  const begins = (label: Label) => (label.name.toLowerCase().startsWith(wanted) ? 0 : 1);
  return found.sort((a, b) => begins(a) - begins(b));
}
