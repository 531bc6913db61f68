/** With whom a conversation is: everyone but the person, who wrote last before who only received. Pure. */
import type { Conversation } from "../../gen/Conversation";
import type { Participant } from "../../gen/Participant";

/** The person alone where nobody else takes part. Imported mail knows no own address: there the author counts. */
export function partners({ participants, messages }: Conversation): Participant[] {
  const others = participants.filter((person) => !person.own);
  if (others.length === 0) return participants;
  const turn = (address: string) =>
    messages.findLastIndex((message) => !message.own && message.from?.address === address);
  return others.toSorted((a, b) => turn(b.address) - turn(a.address));
}
