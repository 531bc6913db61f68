/** A place in a text that is being written on: it moves with what happens before it. */
import type { Editor } from "./engine";

export interface Place {
  from: number;
  to: number;
}

interface Step {
  transaction: { mapping: { map(at: number, side: number): number } };
}

/** The place as it is by now; call `stop` once it is no longer needed. */
export function follow(editor: Editor, place: Place): { place: Place; stop: () => void } {
  const followed = { ...place };
  const step = ({ transaction: { mapping } }: Step) => {
    followed.from = mapping.map(followed.from, 1);
    followed.to = Math.max(followed.from, mapping.map(followed.to, -1));
  };
  editor.on("transaction", step);
  return { place: followed, stop: () => editor.off("transaction", step) };
}
