/**
 * What an account's state means to a person: how urgent it is, in which words, and what gets it going again.
 * The rail, Accounts and Health say the same about an account because they ask here. A state this window does
 * not know (a newer core) counts as needing attention, never as fine.
 */
import type { Account } from "../gen/Account";
import type { Said } from "../gen/Said";
import { t } from "./i18n.svelte";
import { type Told, told } from "./said";

/** How urgently a state is shown; each tone has a mark and words, never a colour alone. */
export type Tone = "ok" | "busy" | "quiet" | "warn" | "bad";

/** The one step that gets the account going again. */
export type Fix = "password" | "browser" | "resume" | "sync" | "space";

export interface Standing {
  tone: Tone;
  /** Two or three words that name the state. */
  label: string;
  /** The sentence that explains it and says what to do. */
  detail: string | null;
  /** What the core or the server said. */
  reason: Told | null;
  fix: Fix | null;
}

/** Mail that was imported: it has no server, no password and no schedule. */
export function isArchive(account: Account): boolean {
  return account.provider === "archive";
}

/** An account that sends and receives nothing. */
export function onlySends(account: Account): boolean {
  return ["smtp", "sendgrid", "resend"].includes(account.provider);
}

/** The server on this machine shows another certificate than the one that was trusted. */
export function needsTrust(account: Account): boolean {
  return account.detail_said !== null && mentions(account.detail_said, "cert-other");
}

function mentions(said: Said, key: string): boolean {
  const parts = Object.values(said.parts);
  return said.key === key || parts.some((part) => typeof part !== "string" && mentions(part, key));
}

/** `syncing`: a sync of this account is under way. What needs the person comes before what runs by itself. */
export function standing(account: Account, syncing: boolean): Standing {
  const say = (tone: Tone, label: string, detail: string | null, fix: Fix | null): Standing => ({
    tone,
    label,
    detail,
    reason: tone === "bad" || tone === "warn" ? told(account.detail_said, account.detail) : null,
    fix,
  });
  switch (account.state) {
    case "sign_in_needed":
      if (account.admin_page) {
        // The one sentence that signing in ends with as well; there is nothing to add to it.
        const why = told(account.detail_said, account.detail)?.text ?? t("accounts-help-browser");
        return { ...say("bad", t("accounts-state-browser"), why, "browser"), reason: null };
      }
      return account.oauth
        ? say("bad", t("accounts-state-browser"), t("accounts-help-browser"), "browser")
        : say("bad", t("accounts-state-sign-in"), t("accounts-help-sign-in"), "password");
    case "storage_full":
      return say("bad", t("accounts-state-storage"), t("accounts-help-storage"), "space");
    case "paused":
      return say("quiet", t("accounts-state-paused"), t("accounts-help-paused"), "resume");
  }
  if (syncing) return say("busy", t("accounts-state-syncing"), null, null);
  switch (account.state) {
    case "ok":
      return say(
        "ok",
        isArchive(account) ? t("accounts-state-imported") : t("accounts-state-ok"),
        null,
        null,
      );
    case "new":
      // A pause or a new password that is over leaves an account new once more, with its mail already here.
      if (account.synced_at !== null) return say("busy", t("accounts-state-again"), null, null);
      return say(
        "busy",
        isArchive(account) ? t("accounts-state-new") : t("accounts-state-waiting"),
        null,
        null,
      );
    case "offline":
      return say("warn", t("accounts-state-offline"), t("accounts-help-offline"), "sync");
    default:
      return say("bad", t("accounts-state-error"), t("accounts-help-error"), "sync");
  }
}
