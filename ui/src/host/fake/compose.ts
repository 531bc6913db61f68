/** The draft commands of the pretend desk, with the warnings and refusals a composer must be able to show. */

import type { AttachBytesArgs } from "../../gen/AttachBytesArgs";
import type { Attached } from "../../gen/Attached";
import type { Code } from "../../gen/Code";
import type { Draft } from "../../gen/Draft";
import type { DraftContent } from "../../gen/DraftContent";
import type { DraftFile } from "../../gen/DraftFile";
import type { DraftSaved } from "../../gen/DraftSaved";
import type { LeftOutFile } from "../../gen/LeftOutFile";
import type { Message } from "../../gen/Message";
import type { NewDraftArgs } from "../../gen/NewDraftArgs";
import type { Person } from "../../gen/Person";
import type { SaveArgs } from "../../gen/SaveArgs";
import type { SendArgs } from "../../gen/SendArgs";
import type { SendResult } from "../../gen/SendResult";
import type { Warning } from "../../gen/Warning";
import { CallError } from "../types";
import { talk } from "./generate";
import type { FakeState } from "./state";
import { everyone, plain } from "./written";

/** Largest message the pretend server takes. */
export const LIMIT = 25_000_000;
/** What of it is left for files, which grow on their way. */
export const ROOM = 18_000_000;
const DANGEROUS = /\.(exe|js|bat|cmd|scr|vbs|msi|jar)$/i;

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function quote(args: NewDraftArgs, about: Message, text: string): string {
  const paragraphs = escaped(text)
    .split("\n\n")
    .map((part) => `<p>${part.replaceAll("\n", "<br>")}</p>`)
    .join("");
  const name = escaped(about.from?.name ?? about.from?.address ?? "");
  const date = args.words.date ?? new Date(about.date).toLocaleString();
  if (args.kind.startsWith("forward")) {
    const [from, on, subject] = args.words.fields;
    const head = `${from}: ${name}<br>${on}: ${date}<br>${subject}: ${escaped(about.subject)}`;
    return `<div data-quote><p>${args.words.forwarded}</p><p>${head}</p>${paragraphs}</div>`;
  }
  const wrote = args.words.wrote.replace("{date}", date).replace("{name}", name);
  return `<div data-quote><p>${wrote}</p><blockquote>${paragraphs}</blockquote></div>`;
}

function recipients(state: FakeState, args: NewDraftArgs, about: Message): Pick<DraftContent, "to" | "cc"> {
  const own = state.accounts.map((one) => one.address.toLowerCase());
  const others = (people: Person[]) => people.filter((one) => !own.includes(one.address.toLowerCase()));
  if (args.kind.startsWith("forward")) return { to: [], cc: [] };
  const to = about.own
    ? about.to
    : about.reply_to.length > 0
      ? about.reply_to
      : about.from
        ? [about.from]
        : [];
  const rest = args.kind === "reply_all" ? others([...about.to, ...about.cc]) : [];
  return { to, cc: rest.filter((one) => !to.some((first) => first.address === one.address)) };
}

/** The files of a message handed on, as many as fit. */
function handedOn(args: NewDraftArgs, about?: Message): Pick<Draft, "files" | "left_out"> {
  if (!about || args.kind !== "forward") return { files: [], left_out: null };
  const files: DraftFile[] = [];
  const left: LeftOutFile[] = [];
  let room = ROOM;
  for (const { part, name, size, media_type } of about.attachments) {
    if (size > room) left.push({ part, name, size, reason: "too_large" });
    else {
      room -= size;
      const known = { content_id: null, dangerous: false, missing: false };
      files.push({ blob: `${name}-${size}`, name, media_type, size, ...known });
    }
  }
  const left_out = { files: left, limit: LIMIT, as_file: false, message_id: about.id };
  return { files, left_out: left.length > 0 ? left_out : null };
}

export function create(state: FakeState, args: NewDraftArgs): Draft {
  if (state.readOnly) throw new CallError("read_only", "Another Deskbell holds this profile.");
  const talks = [...state.talks.values()];
  const about = args.message_id
    ? talks.flatMap((one) => one.messages).find((one) => one.id === args.message_id)
    : undefined;
  const account =
    state.accounts.find(
      (one) => one.id === (args.account_id ?? about?.account_id) && one.provider === "imap",
    ) ??
    state.accounts.find((one) => one.provider === "imap") ??
    state.accounts[0];
  if (!account) throw new CallError("not_found", "There is no account to write with.");
  const sender = state.texts.senders.find((one) => one.account_id === account.id && one.first);
  const signature = sender?.signature ? `<div data-signature="${sender.id}">${sender.signature}</div>` : "";
  const mark = args.kind.startsWith("forward") ? "Fwd: " : "Re: ";
  let conversation = about?.conversation_id;
  if (!about || args.kind.startsWith("forward")) {
    conversation = String(state.talks.size + 2_000);
    const nobody = { name: "", address: "" };
    const made = talk(conversation, nobody, { subject: "", turns: [] }, account, state.outbox.now);
    state.talks.set(conversation, made);
  }
  const text = about ? (state.talk(about.conversation_id).texts.get(about.id) ?? "") : "";
  const given = (list: string[] = []) => list.map((address) => ({ name: null, address }));
  const begun = (args.text ?? "").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll("\n", "<br>");
  const content: DraftContent = {
    from: sender ? { name: sender.name, address: sender.address } : null,
    ...(about ? recipients(state, args, about) : { to: given(args.to), cc: given(args.cc) }),
    bcc: given(args.bcc),
    subject: args.subject ?? (about ? mark + about.subject.replace(/^(re|fwd): /i, "") : ""),
    html: `<p>${begun}</p>${signature}${about ? quote(args, about, text) : ""}`,
    text: "",
  };
  const { files, left_out } = handedOn(args, about);
  const made = state.outbox.add({
    account_id: account.id,
    conversation_id: conversation ?? "",
    kind: args.kind,
    content,
    files,
    limit: LIMIT,
    room: ROOM,
    left_out,
  });
  return structuredClone(made.draft);
}

export function edit(state: FakeState, messageId: string): Draft {
  const found = [...state.outbox.written.values()].find((one) => one.draft.message_id === messageId);
  if (!found) throw new CallError("not_found", "This draft is not here any more.");
  return structuredClone(state.outbox.get(found.draft.id).draft);
}

export function save(state: FakeState, args: SaveArgs): DraftSaved {
  const one = state.outbox.get(args.id);
  if (one.outgoing.state !== "draft") throw new CallError("invalid", "This message is no draft any more.");
  const { draft } = one;
  if (draft.revision !== args.revision) {
    const version = {
      saved_at: draft.saved_at,
      origin: "elsewhere",
      content: draft.content,
      files: draft.files,
    };
    draft.versions = [version, ...draft.versions];
  }
  Object.assign(draft, {
    account_id: args.account_id,
    content: structuredClone(args.content),
    files: structuredClone(args.files),
    revision: draft.revision + 1,
    saved_at: Math.max(state.outbox.now, Date.now()),
  });
  state.outbox.show(one);
  return { id: draft.id, revision: draft.revision, saved_at: draft.saved_at };
}

export function discard(state: FakeState, id: string, discarded: boolean): Record<string, never> {
  const one = state.outbox.written.get(id);
  if (!one) throw new CallError("not_found", "This draft is not here any more.");
  one.discarded = discarded;
  state.outbox.show(one);
  return {};
}

let pasted = 0;

export function attach(
  args: Pick<AttachBytesArgs, "name" | "media_type" | "inline">,
  size: number,
): Attached {
  const blob = `${args.name}-${size}`;
  // As the real one: another Content-ID each time.
  pasted += 1;
  const file: DraftFile = {
    blob,
    name: args.name,
    media_type: args.media_type || "application/octet-stream",
    size,
    content_id: args.inline ? `${blob.replaceAll(/\W/g, "")}-${pasted}@deskbell` : null,
    dangerous: DANGEROUS.test(args.name),
    missing: false,
  };
  return { files: [file] };
}

function warnings(content: DraftContent, draft: Draft): Warning[] {
  const text = plain(content);
  const found: Warning[] = [];
  const word = /\b(attached|attachment|anbei|im Anhang)\b/i.exec(text)?.[0];
  if (word && draft.files.every((file) => file.content_id))
    found.push({ kind: "forgotten_attachment", detail: word });
  if (content.subject.trim() === "") found.push({ kind: "no_subject", detail: "" });
  const many = everyone(content).length;
  if (many > 40 || (many > 20 && draft.kind === "reply_all")) {
    found.push({ kind: "many_recipients", detail: String(many) });
  }
  for (const file of draft.files)
    if (file.dangerous) found.push({ kind: "dangerous_file", detail: file.name });
  if (text === "" && draft.files.length === 0) found.push({ kind: "empty", detail: "" });
  return found;
}

export function send(state: FakeState, args: SendArgs): SendResult {
  const one = state.outbox.get(args.id);
  const { content } = one.draft;
  if (state.account(one.draft.account_id).provider === "archive") {
    throw new CallError("no_sender" as Code, "This account cannot send. Add one that can, then send it.");
  }
  if (everyone(content).length === 0) {
    const message = "Enter at least one recipient.";
    throw new CallError("invalid", message, [{ field: "to", message, said: null }]);
  }
  for (const field of ["to", "cc", "bcc"] as const) {
    const wrong = content[field].find(({ address }) => !/^[^\s@]+@[^\s@]+$/.test(address));
    const message = `“${wrong?.address}” is no mail address; correct it.`;
    const said = { key: "send-no-address", parts: { address: wrong?.address ?? "" } };
    if (wrong) throw new CallError("invalid", message, [{ field, message, said }]);
  }
  if (args.at !== null) state.outbox.mustBeAhead(args.at);
  const seen = (warning: Warning) =>
    args.confirmed.some(({ kind, detail }) => kind === warning.kind && detail === warning.detail);
  const left = warnings(content, one.draft).filter((warning) => !seen(warning));
  if (left.length > 0) return { outgoing: null, warnings: left };
  state.outbox.queue(one, args.at);
  return { outgoing: { ...one.outgoing }, warnings: [] };
}
