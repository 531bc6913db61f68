/**
 * The server that takes an account's mail, as part of "Add a mail account": whether there is one, what was
 * typed, what was proposed. Where the address belongs to a provider whose servers are known, it is on from
 * the start; a guess is only offered.
 */
import type { ImapSuggestion } from "../../gen/ImapSuggestion";
import type { SmtpForm } from "../../gen/SmtpForm";
import { isPort, type ServerPart, SmtpEntry } from "../../shared/server.svelte";

/** The fields, named as the core names them in what it refuses. */
export const OUTGOING_FIELDS = [
  "smtp.host",
  "smtp.port",
  "smtp.security",
  "smtp.user",
  "smtp.password",
] as const;
export type OutgoingField = (typeof OUTGOING_FIELDS)[number];

export class Outgoing extends SmtpEntry {
  on = $state(false);
  /** Empty: the mailbox's own. */
  password = $state("");
  #proposed: ImapSuggestion["smtp"] | null = null;
  #touched = false;
  #decided = false;

  /** Takes a proposal where nothing was typed. */
  propose(suggestion: ImapSuggestion): void {
    this.#proposed = suggestion.smtp;
    if (!this.#touched) {
      this.host = suggestion.smtp.host;
      this.port = String(suggestion.smtp.port);
      this.security = suggestion.smtp.security;
    }
    // Only providers that are known have something to tell about themselves.
    if (!this.#decided) this.on = suggestion.hint !== null;
  }

  decide(on: boolean): void {
    this.#decided = true;
    this.on = on;
  }

  override typed(part: ServerPart): void {
    this.#touched = true;
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
    if (!this.on) return null;
    const known = this.host.trim() === this.#proposed?.host ? this.#proposed.saves_sent : null;
    return this.form(this.password, known);
  }
}
