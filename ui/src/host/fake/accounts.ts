/** The account and health commands of the pretend desk, with the refusals a form must be able to show. */

import type { Account } from "../../gen/Account";
import type { AccountChange } from "../../gen/AccountChange";
import type { ArchiveForm } from "../../gen/ArchiveForm";
import type { Discovery } from "../../gen/Discovery";
import type { Health } from "../../gen/Health";
import type { ImapForm } from "../../gen/ImapForm";
import type { ImapSuggestion } from "../../gen/ImapSuggestion";
import type { ProfileHolds } from "../../gen/ProfileHolds";
import type { Removed } from "../../gen/Removed";
import type { Said } from "../../gen/Said";
import { CallError } from "../types";
import { account, dice, talks } from "./generate";
import type { FakeState } from "./state";

export function suggest(address: string): ImapSuggestion {
  const domain = address.split("@")[1] ?? "";
  const google = domain === "gmail.com";
  return {
    host: google ? "imap.gmail.com" : domain ? `imap.${domain}` : "",
    port: 993,
    security: "tls",
    user: address,
    smtp: {
      host: google ? "smtp.gmail.com" : domain ? `smtp.${domain}` : "",
      port: 465,
      security: "tls",
      user: address,
      saves_sent: google ? true : null,
    },
    hint: google
      ? "Gmail takes no usual password from mail programs: make an app password on its page and paste it. 2-step verification must be on there."
      : null,
  };
}

/** Gmail is known in two ways; of every other domain there is only a guess. */
export function discover(address: string): Discovery {
  if (!address.includes("@")) {
    const message = "Enter the whole mail address, such as studio@example.org.";
    throw new CallError("invalid", message, [{ field: "address", message }]);
  }
  const found = suggest(address);
  const google = found.hint !== null;
  const said: Said = google
    ? { key: "app-password", parts: { name: "Gmail" } }
    : { key: "usual-password", parts: {} };
  const byPassword = {
    source: google ? ("preset" as const) : ("guess" as const),
    provider: "imap" as const,
    name: google ? "Gmail" : found.host,
    oauth: null,
    imap: { host: found.host, port: found.port, security: found.security, user: found.user },
    smtp: found.smtp,
    password: {
      kind: google ? ("app_password" as const) : ("plain" as const),
      url: google ? "https://myaccount.google.com/apppasswords" : null,
      message: found.hint ?? "Use the password of this mailbox.",
      said,
    },
    unsafe_source: false,
  };
  const api = {
    ...byPassword,
    provider: "gmail" as const,
    oauth: "google" as const,
    imap: null,
    smtp: null,
    password: null,
  };
  return { proposals: google ? [api, byPassword] : [byPassword] };
}

/** Refuses an empty name and a schedule that is not of five fields. */
export function change(state: FakeState, form: AccountChange): Account {
  const { id, name, color, schedule, history_days: days } = form;
  if (name?.trim() === "") {
    const message = "Enter a name of one line and at most 100 characters.";
    throw new CallError("invalid", message, [{ field: "name", message }]);
  }
  if (schedule && schedule.trim().split(/\s+/).length !== 5) {
    const message = `The schedule "${schedule}" is no cron expression; write five fields such as "*/15 * * * *".`;
    throw new CallError("invalid", message, [{ field: "schedule", message }]);
  }
  const over: Partial<Account> = {};
  if (name != null) over.name = name.trim();
  if (color != null) over.color = color;
  if (schedule != null) over.schedule = schedule || "*/15 * * * *";
  if (days != null) {
    over.history_days = days || null;
    over.history_since = days ? state.now - (state.now % 86_400_000) - days * 86_400_000 : null;
  }
  return state.setAccount(id, over);
}

export function added(state: FakeState, over: Partial<Account>): Account {
  const id = String(state.accounts.length + 1);
  const made = account(id, { color: state.accounts.length % 6, ...over }, state.now);
  state.accounts = [...state.accounts, made];
  if (state.talks.size === 0) {
    state.talks = new Map(talks(120, state.accounts, state.now).map((one) => [one.row.id, one]));
  }
  state.changed([{ entity: "account", id, deleted: false }], true);
  return made;
}

/** Of the certificate that 127.0.0.1 shows. */
const OWN_FINGERPRINT = Array(32).fill("3A").join(":");

/** Refuses an address without @, a public host without TLS, an untrusted bridge, and the password "wrong". */
export function addImap(state: FakeState, form: ImapForm): Account {
  const fields = [];
  if (!form.address.includes("@")) {
    fields.push({ field: "address", message: "Enter a whole address, such as name@example.com." });
  }
  if (form.security === "none" && form.host !== "localhost") {
    fields.push({ field: "security", message: "Plain text is only for this computer. Choose TLS." });
  }
  if (form.port < 1 || form.port > 65_535) {
    fields.push({ field: "port", message: "Enter a port from 1 to 65535." });
  }
  if (fields.length > 0) throw new CallError("invalid", "Some entries need another look.", fields);
  if (form.host === "127.0.0.1" && form.pin_certificate !== OWN_FINGERPRINT) {
    const message = "The connection is not safe: the server's certificate was signed by nobody known.";
    throw new CallError("certificate", message, [{ field: "pin_certificate", message: OWN_FINGERPRINT }]);
  }
  if (form.password === "wrong") {
    const message = "The sign-in was refused: invalid credentials.";
    throw new CallError("sign_in", message, [{ field: "password", message }]);
  }
  if (form.host.startsWith("nowhere")) {
    const message = `Not reachable: ${form.host}: failed to look up address information.`;
    throw new CallError("offline", message, [{ field: "host", message }]);
  }
  return added(state, { name: form.name || form.address, address: form.address });
}

export function addArchive(state: FakeState, { token, name, own_address }: ArchiveForm): Account {
  if (token === "") throw new CallError("invalid", "Choose a file or folder first.");
  return added(state, {
    provider: "archive",
    name: name || "mail.mbox",
    address: "/home/studio/mail.mbox",
    own_address: own_address || null,
    writes_back: false,
  });
}

export function addSample(state: FakeState): Account {
  return added(state, {
    provider: "gmail",
    name: "Inkwell Studio",
    address: "studio@inkwell.example",
    sample: true,
  });
}

/** Takes away every account of the sample. */
export function leaveSample(state: FakeState): Removed {
  for (const one of state.accounts.filter((one) => one.sample)) remove(state, one.id);
  return { messages: 195, files: 12, bytes: 700_000, secrets: 0, keychain: false, sign_in: null };
}

export function remove(state: FakeState, id: string): void {
  state.accounts = state.accounts.filter((one) => one.id !== state.account(id).id);
  for (const [key, one] of state.talks) if (one.row.account_id === id) state.talks.delete(key);
  state.changed([{ entity: "account", id, deleted: true }], true);
}

const MAILBOXES = ["inbox", "sent", "drafts", "archive", "trash", "spam"];

export function holds(state: FakeState): ProfileHolds {
  const written = [...state.outbox.written.values()].map((one) => one.outgoing.state);
  const count = (...states: string[]) => written.filter((one) => states.includes(one)).length;
  return {
    accounts: state.accounts.length,
    messages: state.talks.size,
    bytes: state.talks.size * 4_000,
    files: 12,
    secrets: state.accounts.length,
    drafts: count("draft"),
    unsent: count("queued", "unknown", "rejected"),
    only_here: 0,
  };
}

export function health(state: FakeState): Health {
  const roll = dice(3);
  const all = [...state.talks.values()];
  return {
    accounts: state.accounts.map((one) => {
      const quarantined = all.filter((t) => t.row.account_id === one.id && t.row.quarantined);
      const failing = one.state === "offline" || one.state === "error";
      return {
        account: one,
        scopes: MAILBOXES.map((role, index) => {
          const local = all.filter((t) => t.row.account_id === one.id && t.row.views.includes(role)).length;
          return {
            id: `${one.id}-${role}`,
            name: role === "inbox" ? "INBOX" : (role[0]?.toUpperCase() ?? "") + role.slice(1),
            role,
            local,
            remote: one.provider === "archive" ? null : local + (index === 3 ? 4 : 0),
            bodies_missing: index === 3 ? 4 : 0,
            synced_at: one.synced_at,
          };
        }),
        runs: Array.from({ length: 24 }, (_, index) => ({
          id: `${one.id}-${index}`,
          started_at: state.now - (index + 1) * 900_000,
          duration_ms: Math.round(80 + roll() * 900),
          outcome: index === 0 && failing ? one.state : index === 7 ? "offline" : "ok",
          error: index === 7 ? "The server did not answer within 30 seconds." : null,
          error_said: null,
          added: index % 3,
          changed: index % 2,
          removed: 0,
        })),
        quarantined: quarantined.map((t) => ({
          message_id: t.messages[0]?.id ?? "",
          conversation_id: t.row.id,
          reason: t.messages[0]?.quarantine_reason ?? "",
          reason_said: t.messages[0]?.quarantine_said ?? null,
          at: t.row.last_at,
        })),
        unreadable: quarantined.length,
        breakers: failing ? [{ operation: "imap_pull", failures: 3, retry_at: state.now + 30_000 }] : [],
      };
    }),
    database_bytes: 48_300_000,
    blob_bytes: 212_000_000,
    messages: all.reduce((sum, one) => sum + one.messages.length, 0),
    conversations: all.length,
  };
}
