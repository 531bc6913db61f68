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
