/** Named situations for a browser: `npm run dev`, then `?fake=offline` and so on. */
import { accounts } from "./generate";
import { FakeState } from "./state";

export function scene(name: string | null): FakeState {
  const now = Date.now();
  const state = build(name, now);
  const odd = state.talks.get("13");
  const message = odd?.messages[0];
  if (odd && message) {
    odd.row.quarantined = true;
    message.body = "quarantined";
    message.quarantine_reason = "The message's parts are nested too deeply to be read safely.";
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
        notice: "A damaged file was set aside and the mail is being fetched again.",
        accounts: accounts(now).map((one) =>
          one.id === "2"
            ? {
                ...one,
                state: "sign_in_needed",
                detail: "The sign-in was refused: invalid credentials. Enter the password again.",
              }
            : one,
        ),
      });
    case "first-sync":
      return firstSync(now);
    default:
      return new FakeState();
  }
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
