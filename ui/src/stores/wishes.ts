/** What is asked of the window from outside it, by links, the tray and notifications: shown as if pressed inside. */
import type { Wish } from "../gen/Wish";
import type { Host } from "../host/types";
import type { Composer } from "./composer.svelte";
import type { Given } from "./given.svelte";
import type { Route } from "./route.svelte";

interface Room {
  readonly host: Host;
  readonly route: Route;
  readonly composer: Composer;
  readonly given: Given;
  complain(thrown: unknown): void;
}

/** Shows what is wished for from now on; the answer ends it. */
export function attend(room: Room): () => void {
  return room.host.onWish((wish) => {
    fulfil(wish, room).catch((thrown) => room.complain(thrown));
  });
}

async function fulfil(wish: Wish, { host, route, composer, given }: Room): Promise<void> {
  switch (wish.kind) {
    case "inbox":
      route.mail("inbox", null);
      return;
    case "conversation":
      route.mail("all", null, wish.id);
      return;
    case "compose": {
      const { to, cc, bcc, subject, body } = wish;
      await composer.begin("new", { to, cc, bcc, subject: subject ?? undefined, text: body ?? undefined });
      return;
    }
    case "mail":
      await given.show(wish.token, wish.name);
      return;
    case "import":
      given.offered = { token: wish.token, path: wish.path, own_address: wish.own_address };
      route.go("accounts", "import");
      return;
    case "reply": {
      route.mail("all", null, wish.conversation_id);
      const { messages } = await host.call("conversation", { id: wish.conversation_id });
      const date = messages.find((message) => message.id === wish.message_id)?.date;
      await composer.begin("reply", { messageId: wish.message_id, date });
    }
  }
}
