/** Mail in files of the pretend desk: one letter with two files, and the collections it can be imported into. */
import type { Account } from "../../gen/Account";
import type { BodyArgs } from "../../gen/BodyArgs";
import type { GivenImport } from "../../gen/GivenImport";
import type { GivenMail } from "../../gen/GivenMail";
import type { Message } from "../../gen/Message";
import type { MessageBody } from "../../gen/MessageBody";
import { framed } from "./body";
import { account, message } from "./generate";
import type { FakeState } from "./state";

/** Whether a message's name is the token of a file. */
export function isToken(messageId: string): boolean {
  return messageId.startsWith("picked-");
}

export function inFile(token: string): Message {
  return message({
    id: token,
    conversation_id: "",
    account_id: "",
    date: Date.UTC(2026, 10, 21, 10),
    from: { name: "Mara Voss", address: "mara@client.example" },
    to: [{ name: null, address: "studio@inkwell.example" }],
    subject: "From a file",
    mailboxes: [],
    attachments: [
      {
        part: 2,
        name: "fern.png",
        media_type: "image/png",
        size: 48_000,
        inline: false,
        kind: "picture",
        risk: null,
      },
      {
        part: 3,
        name: "setup.exe",
        media_type: "application/octet-stream",
        size: 9_000,
        inline: false,
        kind: "other",
        risk: "program",
      },
    ],
  });
}

export function mail(state: FakeState, token: string): GivenMail {
  const collections = state.accounts.filter((one) => one.provider === "archive" && one.id.startsWith("c-"));
  return { message: inFile(token), collections: collections.map(({ id, name }) => ({ id, name })) };
}

export function body(args: BodyArgs): MessageBody {
  return {
    document: framed(args.theme, `<p>What stands in the file ${args.id}.</p>`),
    blocked_images: args.remote_images ? 0 : 1,
    blocked_hosts: args.remote_images ? 0 : 1,
    suspicious_links: [],
    missing: null,
    missing_said: null,
  };
}

export function take(state: FakeState, form: GivenImport): Account {
  const known = state.accounts.find((one) => one.id === form.account_id);
  if (known) return known;
  const id = `c-${state.accounts.length + 1}`;
  const added = account(id, { name: form.name, provider: "archive", writes_back: false }, state.now);
  state.accounts.push(added);
  return added;
}
