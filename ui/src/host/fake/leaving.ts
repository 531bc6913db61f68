/**
 * A pretend desk in the middle of sending: something planned, refused, unknown, put off, a reply with reports, and what
 * another account sent, though not to all.
 */
import type { Person } from "../../gen/Person";
import * as compose from "./compose";
import { FakeState } from "./state";

export function leaving(now: number): FakeState {
  const state = new FakeState({ now: now - 60_000 });
  const { outbox } = state;
  const write = (to: Person[], subject: string, text: string, about: string | null, at: number | null) => {
    const draft = compose.create(state, {
      kind: about ? "reply" : "new",
      account_id: "1",
      message_id: about,
      to: [],
      subject,
      text,
      words: { wrote: "On {date}, {name} wrote:", forwarded: "", fields: [] },
    });
    const one = outbox.get(draft.id);
    one.draft.content.to = to;
    outbox.queue(one, at);
    return draft.id;
  };
  const one = (address: string, name: string | null = null): Person[] => [{ address, name }];
  const reply = write(
    [
      ...one("mara@voss.example", "Mara Voss"),
      ...one("tom.wieland@mail.example", "Tom Wieland"),
      ...one("later@relay.example", "Aylin Kaya"),
    ],
    "Re: Botanical piece for my shoulder",
    "Of course! There is a sofa and good coffee.",
    "1-2",
    null,
  );
  write(one("bounce@gone.example", "Ilse Hartung"), "Your voucher", "It is attached.", null, null);
  write(one("lost@mail.example", "Marc Duval"), "Contract for January", "Signed, with thanks.", null, null);
  const partly = write(
    [...one("mara@voss.example", "Mara Voss"), ...one("partly@mail.example", "Nadia Petrov")],
    "Open day in May",
    "You are welcome from noon on.",
    null,
    null,
  );
  outbox.get(partly).outgoing.via_account_id = "2";
  outbox.tick(now - 40_000);
  outbox.tick(now - 39_000);
  outbox.report(reply, "mara@voss.example", "read");
  outbox.report(reply, "tom.wieland@mail.example", "failed", "550 5.1.1 no such user here");
  write(one("slow@mail.example", "Rosa Calderón"), "Saturday at eleven", "It works.", null, null);
  outbox.tick(now - 20_000);
  outbox.tick(now - 19_000);
  write(one("mara@voss.example", "Mara Voss"), "Reminder", "See you tomorrow.", null, now + 72_000_000);
  return state;
}
