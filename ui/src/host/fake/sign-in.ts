/** Signing in in the browser, pretended: an attempt waits until what the browser would say is handed back. */

import type { Account } from "../../gen/Account";
import type { Commands } from "../../gen/commands";
import type { OauthClient } from "../../gen/OauthClient";
import type { Problem } from "../../gen/Problem";
import type { SignInArgs } from "../../gen/SignInArgs";
import type { SignInState } from "../../gen/SignInState";
import { CallError } from "../types";
import { added } from "./accounts";
import type { FakeState } from "./state";

type Names =
  | "sign_in_begin"
  | "sign_in_state"
  | "sign_in_cancel"
  | "sign_in_hand_back"
  | "sign_in_open"
  | "oauth_clients"
  | "oauth_client_put";

type Answers = { [K in Names]: (args: Commands[K]["args"]) => Commands[K]["result"] };

/** Ten minutes. */
const LIVES = 600_000;

const client = (provider: OauthClient["provider"], id: string | null): OauthClient => ({
  provider,
  client_id: id,
  has_secret: false,
  default: true,
  issuer: null,
  redirect_page: null,
  redirect: "loopback",
  deep_links: provider === "microsoft" || provider === "custom",
  scopes: ["openid", "email"],
  redirect_uris: provider === "yahoo" ? [] : ["http://127.0.0.1/"],
  guide_url: "https://example.org/credentials",
});

export function answers(state: FakeState): Answers {
  const attempts = new Map<string, { args: SignInArgs; state: SignInState }>();
  const clients = new Map<string, OauthClient>([
    ["google", client("google", "desk.apps.googleusercontent.com")],
    ["microsoft", client("microsoft", null)],
    ["yahoo", client("yahoo", null)],
    ["custom", client("custom", null)],
  ]);

  const known = (attempt: string) => {
    const found = attempts.get(attempt);
    if (!found) throw new CallError("not_found", "This sign-in is no longer known. Begin it again.");
    return found;
  };
  const tell = (attempt: string, over: Partial<SignInState>): SignInState => {
    const found = known(attempt);
    if (found.state.state === "waiting") {
      found.state = { ...found.state, ...over };
      state.emit({ kind: "sign_in", state: found.state });
    }
    return found.state;
  };
  const failed = (code: Problem["code"], message: string): Partial<SignInState> => ({
    state: "failed",
    problem: { code, message, said: null, remedy: "again", url: null, account_id: null },
  });

  function done(args: SignInArgs): Account {
    if (args.account_id) return state.setAccount(args.account_id, { state: "ok", detail: null });
    const address = args.address ?? "studio@gmail.com";
    const provider = args.use === "imap" ? "imap" : args.provider === "google" ? "gmail" : "graph";
    return added(state, { provider, address, name: args.name || address, oauth: args.provider });
  }

  return {
    sign_in_begin: (args) => {
      if (!args.client_id && !clients.get(args.provider)?.client_id) {
        const message = "Deskbell came without a client id for this provider.";
        throw new CallError("invalid", message, [{ field: "client_id", message }]);
      }
      const attempt = `sign-in-${attempts.size + 1}`;
      const begun: SignInState = { attempt, state: "waiting", account: null, problem: null };
      attempts.set(attempt, { args, state: begun });
      return {
        attempt,
        url: `https://accounts.example.org/authorize?state=${attempt}`,
        expires_at: state.now + LIVES,
        redirect: args.redirect ?? clients.get(args.provider)?.redirect ?? "loopback",
        unopened: null,
      };
    },
    sign_in_state: ({ attempt }) => known(attempt).state,
    sign_in_cancel: ({ attempt }) => tell(attempt, { state: "cancelled" }),
    sign_in_hand_back: ({ attempt, text }) => {
      if (text.includes("error=access_denied"))
        return tell(attempt, failed("denied", "Nothing was allowed."));
      if (!text.includes("code=")) {
        const message = "This is not the address the browser ended on.";
        throw new CallError("invalid", message, [{ field: "text", message }]);
      }
      return tell(attempt, { state: "done", account: done(known(attempt).args) });
    },
    sign_in_open: () => ({}),
    oauth_clients: () => ({ clients: [...clients.values()].map((one) => ({ ...one })) }),
    oauth_client_put: ({ provider, client_id, client_secret, issuer, redirect_page, redirect }) => {
      const before = client(provider, null);
      const put = {
        ...before,
        client_id: client_id || null,
        has_secret: Boolean(client_secret),
        default: !client_id,
        issuer: issuer ?? null,
        redirect_page: redirect_page ?? null,
        redirect: redirect_page ? ("page" as const) : (redirect ?? before.redirect),
      };
      clients.set(provider, put);
      return put;
    },
  };
}
