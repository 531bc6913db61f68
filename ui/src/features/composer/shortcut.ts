/**
 * A `;shortcut` that gives way to its template. The template is filled in elsewhere and takes a moment: whoever
 * writes on meanwhile loses nothing, and the word is taken out only where it still stands.
 */
import type { Filled } from "../../gen/Filled";
import type { Editor } from "../../shared/editor/engine";
import { follow } from "../../shared/editor/follow";
import { htmlToText } from "../../shared/prose";
import type { OpenDraft } from "../../stores/draft.svelte";

/** In the rich text; whether the template was put in. */
export async function giveWay(
  editor: Editor,
  word: string,
  fill: () => Promise<Filled>,
): Promise<Filled | null> {
  const to = editor.state.selection.from;
  const { place, stop } = follow(editor, { from: to - word.length, to });
  try {
    const filled = await fill();
    if (editor.isDestroyed || editor.state.doc.textBetween(place.from, place.to) !== word) return null;
    const here = editor.state.selection.from === place.to;
    const chain = editor.chain().deleteRange(place);
    chain.insertContentAt(place.from, filled.html, { updateSelection: here }).run();
    return filled;
  } finally {
    stop();
  }
}

/** In plain text, where the word ended at `end`. */
export async function giveWayPlain(
  draft: OpenDraft,
  area: HTMLTextAreaElement,
  word: string,
  fill: () => Promise<Filled>,
): Promise<Filled | null> {
  const end = area.selectionStart;
  const behind = draft.body.length - end;
  const filled = await fill();
  // What was written since stands behind the word, or before it.
  const { body } = draft;
  const stands = (at: number) => at >= word.length && body.slice(at - word.length, at) === word;
  const at = [end, body.length - behind].find(stands);
  if (draft.rich || at === undefined) return null;
  const text = htmlToText(filled.html);
  const cursor = area.selectionStart;
  draft.replace(body.slice(0, at - word.length) + text + body.slice(at));
  const moved = cursor >= at ? cursor - word.length + text.length : cursor;
  queueMicrotask(() => area.setSelectionRange(moved, moved));
  return filled;
}
