/** What the browser is opened with, out of what was proposed and typed. */
import type { SignInArgs } from "../../gen/SignInArgs";
import type { MailForm } from "./mail-form.svelte";

/** `null` where one signs in by a password. */
export function byBrowser(form: MailForm): SignInArgs | null {
  const { proposal } = form;
  const address = form.address.trim();
  if (proposal?.oauth) {
    const use = proposal.provider === "imap" ? "imap" : "api";
    return { provider: proposal.oauth, use, address, imap: proposal.imap, smtp: proposal.smtp };
  }
  if (!form.atServer) return null;
  const port = Number(form.port.trim());
  return {
    provider: "custom",
    use: "imap",
    address: address || null,
    name: form.name.trim(),
    imap: { host: form.host.trim(), port, security: form.security, user: form.user.trim() },
    smtp: form.outgoing.server(),
  };
}

/** Another sign-in server than the one in the settings, as far as it was typed; it counts only where it is `named`. */
export interface OtherServer {
  named: boolean;
  issuer: string;
  client_id: string;
  client_secret: string;
}

/** The topmost entry that is missing for it. */
export function missingOf(server: OtherServer): "issuer" | "client_id" | null {
  if (!server.named) return null;
  if (server.issuer.trim() === "") return "issuer";
  return server.client_id.trim() === "" ? "client_id" : null;
}

/** What the browser is opened with besides. */
export function besides(server: OtherServer): Partial<SignInArgs> {
  if (!server.named) return {};
  const [issuer, client_id] = [server.issuer.trim(), server.client_id.trim()];
  return { issuer, client_id, client_secret: server.client_secret.trim() || null };
}
