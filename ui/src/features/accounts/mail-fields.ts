/** The entries of "Add a mail account", which of them cannot be right, and what the window itself says of a refused one. */
import type { CallError } from "../../host/types";
import { told } from "../../shared/said";
import { isPort, SERVER_PARTS } from "../../shared/server.svelte";
import { OUTGOING_FIELDS } from "./outgoing.svelte";

/** The fields, in the order they stand on screen; the names are those of `ImapForm`. */
export const FIELDS = [
  "address",
  "password",
  "host",
  "port",
  "security",
  "user",
  ...OUTGOING_FIELDS,
  "name",
] as const;
export type Field = (typeof FIELDS)[number];

/** Fields that a proposal fills in. */
export const SERVER_FIELDS = SERVER_PARTS;
export type ServerField = (typeof SERVER_FIELDS)[number];

/** Something of the shape of an address, and one that looks finished while it is typed. */
export const ADDRESS = /^[^\s@]+@[^\s@]+$/;
export const COMPLETE_ADDRESS = /^[^\s@]+@([^\s@]+\.[^\s@.]{2,}|localhost)$/i;

/** The window's own sentence for what the core can say of an entry; all else is left to the core's own. */
const SAID: Record<string, string> = {
  "sign_in/password": "mail-form-password-refused",
  "offline/host": "mail-form-host-unreachable",
  "rejected/port": "mail-form-port-strange",
  "rejected/security": "mail-form-security-unsafe",
  "sign_in/smtp.password": "outgoing-refused",
  "offline/smtp.host": "outgoing-unreachable",
};

/** Long enough not to ask at every key, short enough to be there when the next field is reached. */
export const PAUSE_MS = 250;

type Entries = Record<"address" | "password" | "host" | "port", string>;

/** Keys of what is missing or cannot be right of where the mail lies and who reads it. */
export function wrongOf({ address, password, host, port }: Entries): Partial<Record<Field, string>> {
  const wrong: Partial<Record<Field, string>> = {};
  const addressed = ADDRESS.test(address.trim());
  if (!addressed) wrong.address = "mail-form-address-missing";
  if (password === "") wrong.password = "mail-form-password-missing";
  // The server usually follows from the address: asking for both at once would only frighten.
  if (addressed && host.trim() === "") wrong.host = "mail-form-host-missing";
  if (!isPort(port)) wrong.port = "mail-form-port-wrong";
  return wrong;
}

/** What is said at the entries of those the core refused; `words` turns a key into a sentence. */
export function refusedOf(error: CallError, words: (key: string) => string): Partial<Record<Field, string>> {
  const wrong: Partial<Record<Field, string>> = {};
  for (const { field, message, said } of error.fields) {
    if (!(FIELDS as readonly string[]).includes(field)) continue;
    const own = SAID[`${error.code}/${field}`];
    wrong[field as Field] ??= own ? words(own) : told(said, message)?.text;
  }
  return wrong;
}
