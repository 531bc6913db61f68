/** What a person of a large provider must know before signing in. The core proposes the server; the words are here. */
import type { ImapSuggestion } from "../../gen/ImapSuggestion";
import { t } from "../../shared/i18n.svelte";

/** By the proposed server; Bridge answers on this machine. */
const KNOWN: Record<string, string> = {
  "imap.gmail.com": "google",
  "imap.mail.yahoo.com": "yahoo",
  "imap.aol.com": "aol",
  "imap.mail.me.com": "apple",
  "imap.zoho.com": "zoho",
  "imap.zoho.eu": "zoho",
  "127.0.0.1": "proton",
  "imap.gmx.net": "gmx",
  "outlook.office365.com": "microsoft",
};

/** The hint in the window's language; the core's own sentence for a provider new to this window. */
export function providerHint(proposal: ImapSuggestion | null): string | null {
  if (!proposal?.hint) return null;
  const known = KNOWN[proposal.host];
  return known ? t(`hint-${known}`) : proposal.hint;
}
