/**
 * The server that takes an account's mail, as part of "Add a mail account": whether there is one, what was
 * typed, what was proposed. Where the address belongs to a provider whose servers are known, it is on from
 * the start; a guess is only offered.
 */
import type { SmtpForm } from "../../gen/SmtpForm";
import type { SmtpServer } from "../../gen/SmtpServer";
import { isPort, SMTP_PARTS, SmtpEntry, type SmtpPart } from "../../shared/server.svelte";

/** The fields, named as the core names them in what it refuses. */
export type OutgoingField = `smtp.${SmtpPart}`;
export const OUTGOING_FIELDS: readonly OutgoingField[] = SMTP_PARTS.map((part) => `smtp.${part}` as const);

export class Outgoing extends SmtpEntry {
  on = $state(false);
  /** Empty: the mailbox's own. */
  password = $state("");
  #proposed: SmtpServer | null = null;
  #touched = false;
  #decided = false;

  /** Takes a proposal where nothing was typed; a server that is only guessed is no more than an offer. */
  propose(server: SmtpServer | null, known: boolean): void {
    this.#proposed = server;
    if (server && !this.#touched) {
      this.host = server.host;
      this.port = String(server.port);
      this.security = server.security;
    }
    if (!this.#decided) this.on = server !== null && known;
  }

  decide(on: boolean): void {
    this.#decided = true;
    this.on = on;
  }

  override typed(part: SmtpPart): void {
    if (part !== "password") this.#touched = true;
    super.typed(part);
  }

  /** Keys of what is missing, before anything is asked of the network. */
  check(): Partial<Record<OutgoingField, string>> {
    if (!this.on) return {};
    const wrong: Partial<Record<OutgoingField, string>> = {};
    if (this.host.trim() === "") wrong["smtp.host"] = "outgoing-host-missing";
    if (!isPort(this.port)) wrong["smtp.port"] = "outgoing-port-wrong";
    return wrong;
  }

  /** What the core takes; `null` where the account is not to send. */
  answer(): SmtpForm | null {
    return this.on ? this.form(this.password, this.#saves) : null;
  }

  /** The same without a password, for an account that signs in in the browser. */
  server(): SmtpServer | null {
    if (!this.on) return null;
    const { password: _, ...server } = this.form("", this.#saves);
    return server;
  }

  /** Whether the server keeps what it sends; known of a proposed one only. */
  get #saves(): boolean | null {
    return this.host.trim() === this.#proposed?.host ? this.#proposed.saves_sent : null;
  }
}
