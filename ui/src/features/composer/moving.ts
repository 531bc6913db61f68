/** A recipient on the way from one line to another: by the pointer, or by Alt and an arrow. */
import { merged } from "../../shared/addresses";
import type { Field, OpenDraft } from "../../stores/draft.svelte";
import { FIELDS } from "../../stores/draft.svelte";

export const TYPE = "application/x-deskbell-recipient";

export interface Carried {
  field: Field;
  index: number;
}

export function carry(event: DragEvent, what: Carried): void {
  event.dataTransfer?.setData(TYPE, JSON.stringify(what));
  if (event.dataTransfer) event.dataTransfer.effectAllowed = "move";
}

/** What is dropped, if it is one of our recipients; anything can be dragged into a window. */
export function carried(event: DragEvent): Carried | null {
  const text = event.dataTransfer?.getData(TYPE);
  if (!text) return null;
  const { field, index } = JSON.parse(text) as Partial<Carried>;
  const known = FIELDS.find((one) => one === field);
  return known && typeof index === "number" ? { field: known, index } : null;
}

export function moved(draft: OpenDraft, from: Field, index: number, to: Field): void {
  const person = draft.people[from][index];
  if (!person || from === to) return;
  draft.setPeople(from, draft.people[from].toSpliced(index, 1));
  draft.setPeople(to, merged(draft.people[to], [person]));
}
