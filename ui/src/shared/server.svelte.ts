/** A mail server as it is typed into a form: what the entries hold, and which port goes with which encryption. */
import type { Security } from "../gen/Security";
import type { SmtpForm } from "../gen/SmtpForm";

export interface ServerEntry {
  host: string;
  /** As typed. */
  port: string;
  security: Security;
  user: string;
}

export const SECURITIES: readonly Security[] = ["tls", "starttls", "none"];
export const SERVER_PARTS = ["host", "port", "security", "user"] as const;
export type ServerPart = (typeof SERVER_PARTS)[number];
/** The same with what one signs in by. */
export const SMTP_PARTS = [...SERVER_PARTS, "password"] as const;
export type SmtpPart = (typeof SMTP_PARTS)[number];

/** Of each protocol the port with TLS from the start, and the one without. */
const PORTS = { imap: ["993", "143"], smtp: ["465", "587"] } as const;

/** The port after the encryption was changed: well-known ones follow it, a port of one's own stays. */
export function portFor(protocol: keyof typeof PORTS, security: Security, port: string): string {
  const [wrapped, plain] = PORTS[protocol];
  if (port !== wrapped && port !== plain) return port;
  return security === "tls" ? wrapped : plain;
}

export function isPort(port: string): boolean {
  const value = Number(port.trim());
  return Number.isInteger(value) && value >= 1 && value <= 65_535;
}

/** The server that takes mail, as it stands in a form. */
export class SmtpEntry implements ServerEntry {
  host = $state("");
  port = $state("465");
  security = $state<Security>("tls");
  user = $state("");

  constructor(start: { host: string; port: number; security: Security; user: string } | null = null) {
    if (start) this.take(start);
  }

  take(server: { host: string; port: number; security: Security; user: string }): void {
    this.host = server.host;
    this.port = String(server.port);
    this.security = server.security;
    this.user = server.user;
  }

  typed(part: SmtpPart): void {
    if (part === "security") this.port = portFor("smtp", this.security, this.port);
  }

  /** What the core takes; `password` empty: the mailbox's own. */
  form(password: string, savesSent: boolean | null): SmtpForm {
    return {
      host: this.host.trim(),
      port: Number(this.port.trim()),
      security: this.security,
      user: this.user.trim(),
      password,
      saves_sent: savesSent,
    };
  }
}
