/** From a conversation to a message that answers it: the newest that is no draft, or the draft already begun. */
import type { Kind } from "./composer.svelte";
import type { Desk } from "./desk.svelte";

export async function answer(desk: Desk, kind: Kind): Promise<void> {
  const id = desk.mail.opened ?? desk.mail.cursor;
  if (id === null || desk.readOnly) return;
  try {
    const { current } = desk.conversation;
    const { messages } = current?.row.id === id ? current : await desk.host.call("conversation", { id });
    const last = messages.at(-1);
    // An answer that was begun is gone on with: two of them would both be sent one day.
    if (last?.draft && last.own && kind.startsWith("reply")) {
      await desk.composer.edit(last.id);
      return;
    }
    const about = messages.findLast((message) => !message.draft);
    if (about) await desk.composer.begin(kind, { messageId: about.id });
  } catch (thrown) {
    desk.complain(thrown);
  }
}
