/**
 * The server that takes an account's mail, as part of "Add a mail account": whether there is one, what was
 * typed, what was proposed. Where the address belongs to a provider whose servers are known, it is on from
 * the start; a guess is only offered.
 */
import type { ImapSuggestion } from "../../gen/ImapSuggestion";
import type { Security } from "../../gen/Security";
import type { SmtpForm } from "../../gen/SmtpForm";

/** The fields, named as the core names them in what it refuses. */
export const OUTGOING_FIELDS = [
  "smtp.host",
  "smtp.port",
  "smtp.security",
  "smtp.user",
  "smtp.password",
] as const;
export type OutgoingField = (typeof OUTGOING_FIELDS)[number];

export class Outgoing {
  on = $state(false);
  host = $state("");
  port = $state("465");
  security = $state<Security>("tls");
  user = $state("");
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

  typed(field: OutgoingField): void {
    this.#touched = true;
    // The two well-known ports go with the encryption; a port of one's own stays.
    if (field === "smtp.security" && ["465", "587"].includes(this.port)) {
      this.port = this.security === "tls" ? "465" : "587";
    }
  }

  /** Keys of what is missing, before anything is asked of the network. */
  check(): Partial<Record<OutgoingField, string>> {
    if (!this.on) return {};
    const wrong: Partial<Record<OutgoingField, string>> = {};
    if (this.host.trim() === "") wrong["smtp.host"] = "outgoing-host-missing";
    const port = Number(this.port.trim());
    if (!Number.isInteger(port) || port < 1 || port > 65_535) wrong["smtp.port"] = "outgoing-port-wrong";
    return wrong;
  }

  form(): SmtpForm | null {
    if (!this.on) return null;
    const host = this.host.trim();
    const saves = host === this.#proposed?.host ? this.#proposed.saves_sent : null;
    return {
      host,
      port: Number(this.port.trim()),
      security: this.security,
      user: this.user.trim(),
      password: this.password,
      saves_sent: saves,
    };
  }
}
