/** Named situations for a browser: `npm run dev`, then `?fake=offline` and so on. */
import type { Account } from "../../gen/Account";
import { CallError } from "../types";
import { accounts } from "./generate";
import { leaving } from "./leaving";
import { FakeState } from "./state";

const DISK_FULL = {
  message: "The disk is full; free some space and Deskbell goes on by itself.",
  said: { key: "disk-full", parts: {} },
};

export function scene(name: string | null): FakeState {
  const now = Date.now();
  const state = build(name, now);
  const odd = state.talks.get("13");
  const message = odd?.messages[0];
  if (odd && message) {
    odd.row.quarantined = true;
    message.body = "quarantined";
    message.quarantine_reason = "Its structure could not be read; its source is kept as it came.";
    message.quarantine_said = { key: "broken-structure", parts: {} };
  }
  return state;
}

function build(name: string | null, now: number): FakeState {
  switch (name) {
    case "empty":
      return new FakeState({ accounts: [] });
    case "blank":
      return new FakeState({ conversations: 0 });
    case "readonly":
      return new FakeState({ readOnly: true });
    case "offline":
      return new FakeState({
        accounts: accounts(now).map((one) =>
          one.provider === "imap" ? { ...one, state: "offline", synced_at: now - 1_460_000 } : one,
        ),
      });
    case "trouble":
      return new FakeState({
        notice:
          "Deskbell's database was damaged and is set aside as damaged.db. 2 of your accounts were kept, with what you wrote, filed and put off, and their mail is fetched anew.",
        noticeSaid: { key: "set-aside", parts: { path: "damaged.db", accounts: "2" } },
        accounts: accounts(now).map((one) =>
          one.id === "2"
            ? {
                ...one,
                state: "sign_in_needed",
                detail: "The sign-in was refused: invalid credentials. Enter the password again.",
                detail_said: {
                  key: "enter-password",
                  parts: { why: { key: "sign-in-refused", parts: { why: "invalid credentials" } } },
                },
              }
            : one,
        ),
      });
    case "signed-out":
      return oneInTrouble(now, { provider: "gmail", oauth: "google", state: "sign_in_needed" });
    case "certificate":
      return oneInTrouble(now, {
        state: "error",
        detail: "The connection is not safe: the server shows another certificate than before.",
        detail_said: { key: "not-safe", parts: { why: { key: "cert-other", parts: {} } } },
      });
    case "update":
      return new FakeState({ newer: { version: "0.2.0", notes: "Calendars.\nFaster search." } });
    case "compact":
      return set("density", "compact");
    case "slow":
      return broken((state) => state.hold("inbox_page"));
    case "failing":
      return broken((state) => {
        const error = new CallError("storage", DISK_FULL.message, [], DISK_FULL.said);
        for (let time = 0; time < 9; time += 1) state.fail("inbox_page", error);
      });
    case "exporting":
      return exporting(now);
    case "sending":
      return leaving(now);
    case "export":
      return exported(now);
    case "first-sync":
      return firstSync(now);
    default:
      return new FakeState();
  }
}

function oneInTrouble(now: number, over: Partial<Account>): FakeState {
  return new FakeState({
    accounts: accounts(now).map((one) => (one.id === "2" ? { ...one, ...over } : one)),
  });
}

function set(key: string, value: unknown): FakeState {
  const state = new FakeState();
  state.settings.put(key, value);
  return state;
}

function broken(by: (state: FakeState) => void): FakeState {
  const state = new FakeState();
  by(state);
  return state;
}

function exporting(now: number): FakeState {
  const state = new FakeState({ now, conversations: 600 });
  state.exporting.begin();
  state.exporting.move(300);
  return state;
}

/** Everything was taken out, but for the text of what has not been fetched yet. */
function exported(now: number): FakeState {
  const state = new FakeState({ now });
  state.exporting.withoutBody = 12;
  state.exporting.begin();
  state.exporting.move(Number.MAX_SAFE_INTEGER);
  return state;
}

function firstSync(now: number): FakeState {
  const progress = (done: number) => ({
    account_id: "1",
    scope: "INBOX",
    done,
    total: 50_000,
    eta_ms: (50_000 - done) * 4,
  });
  const state = new FakeState({
    notSearched: 37_600,
    accounts: accounts(now)
      .slice(0, 1)
      .map((one) => ({ ...one, state: "new", synced_at: null, progress: progress(12_400) })),
  });
  let done = 12_400;
  setInterval(() => {
    done = Math.min(49_999, done + 137);
    state.emit({ kind: "progress", progress: progress(done) });
  }, 500);
  return state;
}
