/** Makes a desk full of conversations from the script: the same ones for the same seed and present. */
import type { Account } from "../../gen/Account";
import type { ConversationRow } from "../../gen/ConversationRow";
import type { Message } from "../../gen/Message";
import { described } from "./files";
import { BULLETINS, LETTERS, type Letter, MACHINES, PEOPLE, type Persona } from "./script";

export interface Talk {
  row: ConversationRow;
  messages: Message[];
  /** Plain text of each message by id. */
  texts: Map<string, string>;
  newsletter: boolean;
}

const HOUR = 3_600_000;

/** mulberry32: a few lines, and the same numbers on every machine. */
export function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function account(id: string, over: Partial<Account>, now: number): Account {
  return {
    id,
    provider: "imap",
    channel: "email",
    name: "Studio",
    address: "studio@deskbell.example",
    own_address: null,
    color: 0,
    state: "ok",
    detail: null,
    detail_said: null,
    admin_page: null,
    synced_at: now - 20_000,
    next_sync_at: now + 600_000,
    oauth: null,
    schedule: "*/15 * * * *",
    history_days: null,
    history_since: null,
    writes_back: true,
    pending_edits: 0,
    sends: true,
    smtp: null,
    fallback_id: null,
    fallback_after_ms: 60_000,
    per_minute: null,
    usual_per_minute: 30,
    tracking_unknown: false,
    undo_ms: 10_000,
    sample: false,
    progress: null,
    ...over,
  };
}

export function accounts(now: number): Account[] {
  return [
    account("1", {}, now),
    account(
      "2",
      { name: "Bookings", address: "bookings@deskbell.example", color: 1, synced_at: now - 180_000 },
      now,
    ),
    account(
      "3",
      {
        provider: "archive",
        name: "Old mail 2019",
        address: "/home/studio/old.mbox",
        color: 2,
        writes_back: false,
      },
      now,
    ),
  ];
}

export function message(
  over: Partial<Message> & Pick<Message, "id" | "conversation_id" | "account_id" | "date">,
): Message {
  return {
    from: null,
    to: [],
    cc: [],
    bcc: [],
    reply_to: [],
    subject: "",
    preview: "",
    seen: true,
    starred: false,
    answered: false,
    draft: false,
    own: false,
    bulk: false,
    body: "full",
    quarantine_reason: null,
    quarantine_said: null,
    size: 4_200,
    message_id: `${over.id}@deskbell.example`,
    mailboxes: ["INBOX"],
    outgoing: null,
    attachments: [],
    ...over,
  };
}

/** Builds a talk between a client and an account; turns alternate, the client begins. */
export function talk(id: string, client: Persona, letter: Letter, owner: Account, end: number): Talk {
  const texts = new Map<string, string>();
  const self = { name: owner.name, address: owner.address };
  const messages = letter.turns.map((text, index) => {
    const own = index % 2 === 1;
    const key = `${id}-${index + 1}`;
    texts.set(key, text);
    const files = index === 0 ? (letter.files ?? []) : [];
    return message({
      id: key,
      conversation_id: id,
      account_id: owner.id,
      date: end - (letter.turns.length - 1 - index) * 5 * HOUR,
      from: own ? self : { name: client.name, address: client.address },
      to: [own ? { name: client.name, address: client.address } : self],
      subject: index === 0 ? letter.subject : `Re: ${letter.subject}`,
      preview: text.replaceAll(/\s+/g, " ").slice(0, 140),
      own,
      bulk: client.bulk ?? false,
      attachments: files.map((file, part) => described(file, part + 2)),
    });
  });
  const last = messages.at(-1);
  const row: ConversationRow = {
    id,
    account_id: owner.id,
    channel: "email",
    people: client.name,
    subject: letter.subject,
    preview: last?.preview ?? "",
    last_at: last?.date ?? end,
    messages: messages.length,
    unread: 0,
    starred: false,
    attachments: letter.files?.length ?? 0,
    last_is_own: last?.own ?? false,
    quarantined: false,
    pending: false,
    views: [],
    labels: [],
    snoozed: false,
    snoozed_until: null,
    back: false,
  };
  return { row, messages, texts, newsletter: letter.newsletter ?? false };
}

/** Puts a talk's marks and place on its messages and row alike. */
export function place(made: Talk, at: string, unread: number, starred: boolean): Talk {
  const { row, messages } = made;
  row.unread = unread;
  row.starred = starred;
  for (const one of messages.slice(messages.length - unread)) one.seen = false;
  const last = messages.at(-1);
  if (last) last.starred = starred;
  row.views = [at];
  if (at !== "spam" && at !== "trash") {
    row.views.push("all");
    if (unread > 0) row.views.push("unread");
    if (starred) row.views.push("starred");
    if (messages.some((one) => one.own)) row.views.push("sent");
  }
  return made;
}

export function talks(count: number, owners: Account[], now: number, seed = 9): Talk[] {
  const roll = dice(seed);
  const pick = <T>(from: readonly T[], at: number): T => from[at % from.length] as T;
  const made: Talk[] = [];
  for (let i = 0; i < count; i++) {
    const machine = i % 7 === 4;
    const client = machine ? pick(MACHINES, Math.floor(i / 7)) : pick(PEOPLE, i + Math.floor(i / 16) * 3);
    const letter = machine ? pick(BULLETINS, Math.floor(i / 7)) : pick(LETTERS, i + Math.floor(i / 10));
    const owner = pick(owners, i % 9 === 8 ? 2 : i % 4 === 3 ? 1 : 0);
    // Denser today, thinner with age, as an inbox is.
    const end = now - Math.floor((i ** 1.45 + roll() * 0.8) * HOUR) - 60_000 * (i + 1);
    const spot = i < 40 ? "inbox" : pick(["inbox", "archived", "archived", "trash", "spam", "archived"], i);
    const one = talk(String(i + 1), client, letter, owner, end);
    const fresh = spot === "inbox" && !one.row.last_is_own && (i < 5 || roll() < 0.08);
    made.push(place(one, spot, fresh ? 1 : 0, roll() < 0.08));
  }
  return made;
}
