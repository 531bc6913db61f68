/** The entries of "Add a mail account", and what the window itself says of a refused one. */
import { SERVER_PARTS } from "../../shared/server.svelte";
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

/** The window's own sentence for what the core can say of an entry; all else is left to the core's own. */
export const SAID: Record<string, string> = {
  "sign_in/password": "mail-form-password-refused",
  "offline/host": "mail-form-host-unreachable",
  "rejected/port": "mail-form-port-strange",
  "rejected/security": "mail-form-security-unsafe",
  "sign_in/smtp.password": "outgoing-refused",
  "offline/smtp.host": "outgoing-unreachable",
};
