/** From a conversation to writing: an answer to the newest that is no draft, or the draft that was begun. */
import type { Kind } from "./composing";
import type { Desk } from "./desk.svelte";

export async function answer(desk: Desk, kind: Kind): Promise<void> {
  const id = desk.mail.opened ?? desk.mail.cursor;
  if (id === null || desk.readOnly) return;
  try {
    if (!(await desk.composer.ready())) return;
    // Asked anew: what is on the screen may still show as a draft what has just left, or not yet what was just begun.
    const { messages } = await desk.host.call("conversation", { id });
    const last = messages.at(-1);
    // An answer that was begun is gone on with: two of them would both be sent one day.
    if (last?.draft && last.own && kind.startsWith("reply")) {
      await desk.composer.edit(last.id);
      return;
    }
    const about = messages.findLast((message) => !message.draft);
    if (about) await desk.composer.begin(kind, { messageId: about.id, date: about.date });
  } catch (thrown) {
    desk.complain(thrown);
  }
}

/** Opens a row; where it is there for its draft, one press goes on writing it. */
export async function openRow(desk: Desk, id: string): Promise<void> {
  const { mail, route } = desk;
  const row = mail.row(id);
  mail.open(id);
  if (desk.readOnly || !row?.views.includes("drafts")) return;
  if (route.view !== "drafts" && row.messages > 1) return;
  try {
    const { messages } = await desk.host.call("conversation", { id });
    const draft = messages.findLast((message) => message.draft && message.own);
    if (draft && mail.opened === id) await desk.composer.edit(draft.id);
  } catch (thrown) {
    desk.complain(thrown);
  }
}
