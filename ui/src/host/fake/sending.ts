/** How the accounts of the pretend desk send, and those that only send. */
import type { Account } from "../../gen/Account";
import type { SendingForm } from "../../gen/SendingForm";
import type { SmtpForm } from "../../gen/SmtpForm";
import { CallError } from "../types";
import { account } from "./generate";
import type { FakeState } from "./state";

/** Refuses a wrong password and a host that is not there, at the entry as the core names it. */
function tried(form: SmtpForm): void {
  if (form.password === "wrong") {
    const message = "The sign-in was refused: invalid credentials.";
    throw new CallError("sign_in", message, [{ field: "smtp.password", message, said: null }]);
  }
  if (form.host === "" || form.host.startsWith("nowhere")) {
    const message = `Not reachable: ${form.host}.`;
    throw new CallError("offline", message, [{ field: "smtp.host", message, said: null }]);
  }
}

export function configure(state: FakeState, form: SendingForm): Account {
  if (form.smtp) tried(form.smtp);
  const { undo_ms, fallback_id } = form;
  const fallback_after_ms = form.fallback_after_ms ?? state.account(form.id).fallback_after_ms;
  const chosen = form.per_minute ?? state.account(form.id).per_minute;
  const kept = { undo_ms, fallback_id, fallback_after_ms, per_minute: chosen || null };
  if (!form.smtp) return state.setAccount(form.id, kept);
  const { host, port, security, user, saves_sent } = form.smtp;
  const smtp = { host, port, security, user, saves_sent };
  return state.setAccount(form.id, { ...kept, smtp, sends: true });
}

/** An account that only sends. */
export function add(
  state: FakeState,
  provider: string,
  form: { address: string; name: string; smtp?: SmtpForm },
): Account {
  if (form.smtp) tried(form.smtp);
  const id = String(state.accounts.length + 1);
  const made = account(id, { provider, name: form.name || form.address, address: form.address }, state.now);
  state.accounts = [...state.accounts, made];
  state.changed([{ entity: "account", id, deleted: false }]);
  return made;
}
