/** What was written on the pretend desk, and how its conversation shows it: as a draft, on its way, or sent. */
import type { Draft } from "../../gen/Draft";
import type { DraftContent } from "../../gen/DraftContent";
import type { Outgoing } from "../../gen/Outgoing";
import type { Person } from "../../gen/Person";
import { message } from "./generate";
import type { FakeState } from "./state";

/** The view that holds a message of this state; all others are sent. */
const VIEWS: Record<string, string> = {
  draft: "drafts",
  queued: "outbox",
  sending: "outbox",
  unknown: "outbox",
  rejected: "outbox",
};

export interface Written {
  draft: Draft;
  outgoing: Outgoing;
  discarded: boolean;
}

export function everyone(content: DraftContent): Person[] {
  return [...content.to, ...content.cc, ...content.bcc];
}

export function plain(content: DraftContent): string {
  if (content.html === null) return content.text;
  const body = new DOMParser().parseFromString(content.html, "text/html").body;
  for (const quote of body.querySelectorAll("blockquote, [data-quote]")) quote.remove();
  for (const block of body.querySelectorAll("p, li, div")) block.append("\n");
  return (body.textContent ?? "").trim();
}

/** Brings the conversation up to what was written, beside all else that was, and tells of it. */
export function show(state: FakeState, one: Written, all: Iterable<Written>): void {
  const { draft, outgoing } = one;
  const { content } = draft;
  const talk = state.talk(draft.conversation_id);
  const text = plain(content);
  const at = outgoing.left_at ?? draft.saved_at;
  Object.assign(outgoing, {
    account_id: draft.account_id,
    recipients: everyone(content),
    subject: content.subject,
    preview: text.replaceAll(/\s+/g, " ").slice(0, 140),
  });
  const before = talk.messages.filter((m) => m.id !== draft.message_id);
  const account = state.account(draft.account_id);
  const shown = message({
    id: draft.message_id,
    conversation_id: draft.conversation_id,
    account_id: draft.account_id,
    date: at,
    from: content.from ?? { name: account.name, address: account.address },
    to: content.to,
    cc: content.cc,
    bcc: content.bcc,
    subject: content.subject,
    preview: outgoing.preview,
    own: true,
    draft: outgoing.state === "draft",
    mailboxes: [outgoing.state === "draft" ? "Drafts" : outgoing.left_at ? "Sent" : "Outbox"],
  });
  shown.outgoing = { ...outgoing };
  talk.texts.set(draft.message_id, text);
  talk.messages = one.discarded ? before : [...before, shown].sort((a, b) => a.date - b.date);
  const { row } = talk;
  const last = talk.messages.at(-1);
  const places = [...all]
    .filter((other) => other.draft.conversation_id === draft.conversation_id && !other.discarded)
    .map((other) => VIEWS[other.outgoing.state] ?? "sent");
  const kept = row.views.filter((view) => !["drafts", "outbox"].includes(view));
  row.views = [...new Set([...kept, ...(last ? ["all"] : []), ...places])];
  if (talk.messages.every((m) => m.own)) {
    row.people = everyone(content)
      .map((p) => p.name ?? p.address)
      .join(", ");
    row.subject = content.subject;
    if (!last) row.views = [];
  }
  row.messages = talk.messages.length;
  if (last) Object.assign(row, { last_at: last.date, preview: last.preview, last_is_own: last.own });
  tell(state, one);
}

export function tell(state: FakeState, { draft }: Written): void {
  state.changed([
    { entity: "outgoing", id: draft.id, deleted: false },
    { entity: "message", id: draft.message_id, deleted: false },
    { entity: "conversation", id: draft.conversation_id, deleted: false },
  ]);
}
