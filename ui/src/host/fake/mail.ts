/** The mail commands of the pretend desk: lists, conversations, edits with undo, and new mail. */
import type { Conversation } from "../../gen/Conversation";
import type { ConversationPage } from "../../gen/ConversationPage";
import type { Counters } from "../../gen/Counters";
import type { Edit } from "../../gen/Edit";
import type { EditArgs } from "../../gen/EditArgs";
import type { Edited } from "../../gen/Edited";
import type { PageArgs } from "../../gen/PageArgs";
import { CallError } from "../types";
import { place, type Talk, talk } from "./generate";
import type { FakeState } from "./state";

const VIEWS = [
  "inbox",
  "unread",
  "starred",
  "sent",
  "drafts",
  "outbox",
  "snoozed",
  "archived",
  "spam",
  "trash",
  "all",
];
const PLACES: Partial<Record<Edit, string>> = {
  archive: "archived",
  inbox: "inbox",
  trash: "trash",
  spam: "spam",
};

export function page(state: FakeState, args: PageArgs): ConversationPage {
  const rows = state.newestFirst
    .map((one) => one.row)
    .filter((row) => row.views.includes(args.view))
    .filter((row) => args.account_id === null || row.account_id === args.account_id);
  const start = args.cursor === null ? 0 : rows.findIndex((row) => row.last_at < Number(args.cursor));
  if (start < 0) return { rows: [], next: null };
  const found = rows.slice(start, start + args.limit);
  const last = found.at(-1);
  const more = start + args.limit < rows.length && last;
  return { rows: found.map((row) => ({ ...row })), next: more ? String(last.last_at) : null };
}

export function counters(state: FakeState): Counters {
  const owners = [null, ...state.accounts.map((one) => one.id)];
  const rows = [...state.talks.values()].map((one) => one.row);
  return {
    counters: owners.flatMap((account_id) =>
      VIEWS.map((view) => {
        const inView = rows.filter(
          (row) => row.views.includes(view) && (account_id === null || row.account_id === account_id),
        );
        const unread = inView.filter((row) => row.unread > 0).length;
        return { view, account_id, total: inView.length, unread };
      }),
    ),
  };
}

export function conversation(state: FakeState, id: string): Conversation {
  const { row, messages } = state.talk(id);
  const own = state.account(row.account_id).address;
  const people = new Map<string, string>();
  for (const one of messages) {
    for (const person of [one.from, ...one.to, ...one.cc]) {
      if (person) people.set(person.address, person.name ?? person.address);
    }
  }
  return {
    row: { ...row },
    messages: messages.map((one) => ({ ...one })),
    earlier: 0,
    participants: [...people].map(([address, name]) => {
      const others = state.newestFirst.filter(
        (one) => one.row.id !== id && one.messages.some((m) => m.from?.address === address),
      );
      const recent = others
        .slice(0, 5)
        .map(({ row: other }) => ({ id: other.id, subject: other.subject, last_at: other.last_at }));
      return { name, address, own: address === own, conversations: others.length + 1, recent };
    }),
  };
}

function applied(one: Talk, edit: Edit): void {
  const last = one.messages.at(-1);
  const at = PLACES[edit] ?? one.row.views.find((view) => Object.values(PLACES).includes(view)) ?? "inbox";
  for (const message of one.messages) {
    if (edit === "read") message.seen = true;
    if (edit === "unstar") message.starred = false;
  }
  if (last && edit === "unread") last.seen = false;
  if (last && edit === "star") last.starred = true;
  const unread = one.messages.filter((message) => !message.seen).length;
  const written = one.row.views.filter((view) => view === "drafts" || view === "outbox");
  place(one, at, unread, last?.starred ?? false);
  one.row.views.push(...written);
}

export function edit(state: FakeState, args: EditArgs): Edited {
  if (state.readOnly) {
    throw new CallError("read_only", "Another Deskbell holds this profile. Close it to make changes.");
  }
  const found = args.ids.flatMap((id) => state.talks.get(id) ?? []);
  const before = found.map((one) => structuredClone({ row: one.row, messages: one.messages }));
  for (const one of found) applied(one, args.edit);
  const changed = found.filter((one, i) => JSON.stringify(one.row) !== JSON.stringify(before[i]?.row));
  if (changed.length === 0) return { changed: 0, undo: null };
  const tell = () =>
    state.changed(found.map((one) => ({ entity: "conversation", id: one.row.id, deleted: false })));
  const token = `undo-${state.undos.size + 1}`;
  state.undos.set(token, () => {
    for (const [i, one] of found.entries()) Object.assign(one, before[i]);
    tell();
  });
  tell();
  return { changed: changed.length, undo: token };
}

/** A letter arrives from a client, as it would from the server. */
export function deliver(
  state: FakeState,
  letter: { name: string; address: string; subject: string; text: string },
): string {
  const id = String(state.talks.size + 1_000);
  const owner = state.accounts[0];
  if (!owner) throw new Error("deliver needs an account");
  const newest = Math.max(state.now, ...[...state.talks.values()].map((one) => one.row.last_at));
  const made = talk(id, letter, { subject: letter.subject, turns: [letter.text] }, owner, newest + 1_000);
  state.talks.set(id, place(made, "inbox", 1, false));
  state.changed([
    { entity: "conversation", id, deleted: false },
    { entity: "message", id: `${id}-1`, deleted: false },
  ]);
  return id;
}
