/** Signing in in the browser: waiting, handing back, every failure with its one way on, and client ids of one's own. */
import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { write } from "../../../test/hands";
import { type Staged, seriousFindings, stage } from "../../../test/stage";
import type { Account } from "../../gen/Account";
import type { Problem } from "../../gen/Problem";
import { accounts } from "../../host/fake/generate";
import { CallError } from "../../host/types";
import Accounts from "./Accounts.svelte";

const NOW = Date.now();

async function gmail(): Promise<Staged> {
  const staged = await stage(Accounts, { accounts: [] }, (_, desk) => desk.route.go("accounts", "add"));
  await write(screen.getByLabelText("Mail address"), "studio@gmail.com");
  await screen.findByRole("radio", { name: /sign in with Google in the browser/ });
  return staged;
}

async function waiting(): Promise<Staged> {
  const staged = await gmail();
  await fireEvent.click(screen.getByRole("button", { name: "Sign in with Google" }));
  await screen.findByText(/^Go on in the browser/);
  return staged;
}

/** The core tells that the attempt failed. */
function fail({ desk, host }: Staged, problem: Partial<Problem>): void {
  const attempt = desk.signingIn.attempt?.attempt ?? "";
  const whole: Problem = {
    code: "other",
    message: "It failed.",
    said: null,
    remedy: "again",
    url: null,
    account_id: null,
    ...problem,
  };
  host.state.emit({ kind: "sign_in", state: { attempt, state: "failed", account: null, problem: whole } });
}

const calls = ({ host }: Staged, name: string) => host.state.calls.filter((call) => call.name === name);

test("the best way comes first and is one button; no password is asked for", async () => {
  const { container } = await gmail();
  const ways = within(screen.getByRole("radiogroup", { name: "Ways to add it" })).getAllByRole("radio");
  expect((ways[0] as HTMLInputElement).checked).toBe(true);
  expect(ways).toHaveLength(4);
  expect(screen.queryByLabelText("Password")).toBeNull();
  expect(await seriousFindings(container)).toEqual([]);
});

test("while the browser is open there is a countdown, the page again, the link, and a way out", async () => {
  const staged = await waiting();
  expect(screen.getByText(/left$/).textContent).toMatch(/10 min/);
  expect(await seriousFindings(staged.container)).toEqual([]);
  await fireEvent.click(screen.getByRole("button", { name: "Open the page again" }));
  await waitFor(() => expect(calls(staged, "sign_in_open")).toHaveLength(1));
  await fireEvent.click(screen.getByRole("button", { name: "Copy the link" }));
  await waitFor(async () =>
    expect(await navigator.clipboard.readText()).toBe(
      "https://accounts.example.org/authorize?state=sign-in-1",
    ),
  );
  const [cancel] = screen.getAllByRole("button", { name: "Cancel" });
  await fireEvent.click(cancel as HTMLElement);
  const again = await screen.findByRole("button", { name: "Sign in with Google" });
  await waitFor(() => expect(document.activeElement, "the keyboard goes on there").toBe(again));
  expect(calls(staged, "sign_in_cancel")).toHaveLength(1);
});

test("the address the browser ended on is handed back; a wrong one is refused at the entry", async () => {
  const { desk } = await waiting();
  await fireEvent.click(screen.getByRole("button", { name: "Go on with it" }));
  expect(await screen.findByText(/^Paste the address of the page/)).toBeTruthy();
  await write(screen.getByLabelText("Address of the page it ended on"), "https://accounts.example.org/");
  await fireEvent.click(screen.getByRole("button", { name: "Go on with it" }));
  expect(await screen.findByText("This is not the address the browser ended on.")).toBeTruthy();
  await write(
    screen.getByLabelText("Address of the page it ended on"),
    "http://127.0.0.1:4000/?state=sign-in-1&code=abc",
  );
  await fireEvent.click(screen.getByRole("button", { name: "Go on with it" }));
  await waitFor(() => expect(desk.route.screen).toBe("mail"));
  expect(desk.accounts.all.map((one) => [one.address, one.oauth])).toEqual([["studio@gmail.com", "google"]]);
});

test("an attempt goes on while the person looks elsewhere", async () => {
  const staged = await waiting();
  staged.desk.route.go("accounts");
  await screen.findByText("No account yet");
  staged.desk.route.go("accounts", "add");
  await write(await screen.findByLabelText("Mail address"), "studio@gmail.com");
  expect(await screen.findByText(/^Go on in the browser/)).toBeTruthy();
  expect(calls(staged, "sign_in_begin")).toHaveLength(1);
});

test.each<[string, Partial<Problem>, string]>([
  ["a refusal", { code: "denied", remedy: "again" }, "Sign in again"],
  ["ten minutes passed", { code: "expired", remedy: "again" }, "Sign in again"],
  ["a wrong clock", { code: "clock", remedy: "check_clock" }, "The clock is right now: sign in again"],
  ["another mailbox than the account's", { code: "wrong_account", remedy: "again" }, "Sign in again"],
  ["an answer to another sign-in", { code: "foreign", remedy: "again" }, "Sign in again"],
  ["a box left unticked", { code: "missing_scope", remedy: "again" }, "Sign in again"],
  ["no connection", { code: "offline", remedy: "check_network" }, "The network is there: sign in again"],
  ["a portal", { code: "portal", remedy: "check_network" }, "The network is there: sign in again"],
  ["an unknown client", { code: "client", remedy: "client_id" }, "Enter a client id"],
  ["an organisation without a page", { code: "consent_blocked", remedy: "ask_admin" }, "Sign in again"],
])("%s is one sentence and one button", async (_, problem, button) => {
  const staged = await waiting();
  fail(staged, { message: "This is what happened.", ...problem });
  const notice = await screen.findByRole("alert");
  expect(notice.textContent).toContain("This is what happened.");
  const buttons = within(notice).getAllByRole("button");
  expect(buttons.map((one) => one.textContent?.trim())).toEqual([button]);
  expect(await seriousFindings(staged.container)).toEqual([]);
  await fireEvent.click(buttons[0] as HTMLElement);
  if (problem.remedy === "client_id") expect(staged.desk.route.detail).toBe("clients");
  else await waitFor(() => expect(calls(staged, "sign_in_begin")).toHaveLength(2));
});

test("an administrator gets the page for them, and a mailbox that is here is shown", async () => {
  const staged = await waiting();
  fail(staged, {
    code: "consent_blocked",
    remedy: "ask_admin",
    url: "https://login.example.org/adminconsent",
  });
  await fireEvent.click(await screen.findByRole("button", { name: "Copy the page for your administrator" }));
  await waitFor(async () =>
    expect(await navigator.clipboard.readText()).toBe("https://login.example.org/adminconsent"),
  );
  staged.desk.signingIn.forget();
  await fireEvent.click(await screen.findByRole("button", { name: "Sign in with Google" }));
  await screen.findByText(/^Go on in the browser/);
  fail(staged, { code: "duplicate", remedy: "show_account", account_id: "7" });
  await fireEvent.click(await screen.findByRole("button", { name: "Show the account" }));
  expect(staged.desk.route.detail).toBe("7");
});

test("a foreign attempt changes nothing", async () => {
  const { host, desk } = await waiting();
  const state = { attempt: "another", state: "failed" as const, account: null, problem: null };
  host.state.emit({ kind: "sign_in", state });
  expect(desk.signingIn.stage).toBe("waiting");
});

test("an account whose sign-in has ended signs in again in the browser and keeps everything", async () => {
  const [first] = accounts(NOW);
  const ended = {
    ...(first as Account),
    provider: "gmail",
    oauth: "google" as const,
    state: "sign_in_needed",
  };
  const staged = await stage(Accounts, { accounts: [ended] }, (_, desk) =>
    desk.route.go("accounts", ended.id),
  );
  expect(screen.queryByLabelText(/New password/), "a password is of no use").toBeNull();
  await fireEvent.click(await screen.findByRole("button", { name: "Sign in with Google" }));
  await screen.findByText(/^Go on in the browser/);
  expect(calls(staged, "sign_in_begin")[0]?.args).toMatchObject({ account_id: ended.id, use: "api" });
  await write(screen.getByLabelText("Address of the page it ended on"), "?code=abc&state=x");
  await fireEvent.click(screen.getByRole("button", { name: "Go on with it" }));
  await waitFor(() => expect(staged.desk.accounts.byId(ended.id)?.state).toBe("ok"));
  expect(staged.desk.toasts.shown.map((toast) => toast.text)).toEqual([`Signed in to ${ended.name}`]);
});

test("a build without a client says how to make one, and goes on once it is entered", async () => {
  const [first] = accounts(NOW);
  const ended = {
    ...(first as Account),
    provider: "graph",
    oauth: "microsoft" as const,
    state: "sign_in_needed",
  };
  const staged = await stage(Accounts, { accounts: [ended] }, (_, desk) => desk.route.go("accounts"));
  // It may have one of its own, which only the core can tell.
  await fireEvent.click(await screen.findByRole("button", { name: "Sign in with Microsoft" }));
  expect(await screen.findByText("This build has no client of its own")).toBeTruthy();
  const form = within(screen.getByRole("form", { name: "Client id for Microsoft" }));
  expect(await seriousFindings(staged.container)).toEqual([]);
  await fireEvent.click(form.getByRole("button", { name: "Copy: Redirect addresses" }));
  await waitFor(async () => expect(await navigator.clipboard.readText()).toBe("http://127.0.0.1/"));
  await fireEvent.click(form.getByRole("button", { name: "Open the page" }));
  expect(calls(staged, "link_open")[0]?.args).toEqual({ href: "https://example.org/credentials" });
  await write(form.getByLabelText("Client id"), " 1234-abcd ");
  await fireEvent.click(form.getByRole("button", { name: "Save" }));
  expect(await screen.findByRole("button", { name: "Sign in with Microsoft" })).toBeTruthy();
  expect(calls(staged, "oauth_client_put")[0]?.args).toMatchObject({ client_id: "1234-abcd" });
});

test("client ids are listed, changed and put back to what came with Deskbell", async () => {
  const staged = await stage(Accounts, {}, (_, desk) => desk.route.go("accounts", "clients"));
  const google = within(await screen.findByRole("listitem", { name: "Google" }));
  expect(google.getByText("came with Deskbell")).toBeTruthy();
  await fireEvent.click(google.getByRole("button", { name: "Change Google" }));
  await write(google.getByLabelText("Client id"), "mine");
  await fireEvent.click(google.getByRole("button", { name: "Save" }));
  expect(await google.findByText("your own")).toBeTruthy();
  expect(await seriousFindings(staged.container)).toEqual([]);
});

test("a mailbox that is here by another way is named, and one press shows it", async () => {
  const { host, desk } = await stage(Accounts, {}, (_, desk) => desk.route.go("accounts", "add"));
  await write(screen.getByLabelText("Mail address"), "desk@studio.example");
  await write(screen.getByLabelText("Password"), "pencil");
  const message = "desk@studio.example is here already, as “Studio”.";
  host.state.fail(
    "account_add_imap",
    new CallError("duplicate", message, [
      { field: "address", message },
      { field: "account_id", message: "1" },
    ]),
  );
  await fireEvent.submit(document.querySelector("form") as HTMLFormElement);
  expect(await screen.findByText("This mailbox is here already.")).toBeTruthy();
  await fireEvent.click(screen.getByRole("button", { name: "Show the account" }));
  expect(desk.route.detail).toBe("1");
});

test("a changed certificate is trusted again only after its fingerprint was seen", async () => {
  const [first] = accounts(NOW);
  const why = { key: "cert-other", parts: {} };
  const changed = {
    ...(first as Account),
    state: "error",
    detail: "Another certificate.",
    detail_said: { key: "not-safe", parts: { why } },
  };
  const { host, container } = await stage(Accounts, { accounts: [changed] }, (_, desk) =>
    desk.route.go("accounts"),
  );
  const fields = [{ field: "pin_certificate", message: "AB:CD" }];
  host.state.fail("account_trust", new CallError("certificate", "Another certificate.", fields));
  await fireEvent.click(screen.getByRole("button", { name: "Look at the new certificate…" }));
  const fingerprint = await screen.findByText(/AB:CD/);
  await waitFor(() => expect(document.activeElement).toBe(fingerprint));
  expect(await seriousFindings(container)).toEqual([]);
  await fireEvent.click(screen.getByRole("button", { name: "Trust this certificate" }));
  await waitFor(() => expect(host.state.account(changed.id).state).toBe("ok"));
  const asked = host.state.calls.filter((call) => call.name === "account_trust");
  expect(asked.map((call) => call.args)).toEqual([
    { id: changed.id },
    { id: changed.id, pin_certificate: "AB:CD" },
  ]);
});

test("Yahoo is told of no address that it would refuse: it wants a page of one's own", async () => {
  const staged = await stage(Accounts, {}, (_, desk) => desk.route.go("accounts", "clients"));
  const yahoo = within(await screen.findByRole("listitem", { name: /Yahoo/ }));
  await fireEvent.click(yahoo.getByRole("button"));
  expect(yahoo.getByText(/takes redirect addresses under https only/)).toBeTruthy();
  expect(yahoo.queryByRole("button", { name: "Copy: Redirect addresses" })).toBeNull();
  expect(await seriousFindings(staged.container)).toEqual([]);
});
