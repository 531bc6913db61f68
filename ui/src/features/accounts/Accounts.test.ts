/** The accounts: how each stands in words, and what can be done about it. */
import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { seriousFindings, stage } from "../../../test/stage";
import type { Account } from "../../gen/Account";
import type { FakeHost } from "../../host/fake";
import { account, accounts } from "../../host/fake/generate";
import { CallError } from "../../host/types";
import type { Desk } from "../../stores/desk.svelte";
import Accounts from "./Accounts.svelte";

const NOW = Date.now();

function one(over: Partial<Account> = {}): Account {
  const first = accounts(NOW).find((account) => account.provider === "imap");
  if (!first) throw new Error("the pretend desk has no mail account");
  return { ...first, id: "1", name: "Studio", ...over };
}

const here = (_: FakeHost, desk: Desk) => desk.route.go("accounts");

function card(name = "Studio"): HTMLElement {
  return screen.getByRole("listitem", { name });
}

function button(name: RegExp, within_: HTMLElement = card()): HTMLButtonElement {
  return within(within_).getByRole("button", { name }) as HTMLButtonElement;
}

test("each account says in words how it stands", async () => {
  const states: [string, RegExp][] = [
    ["ok", /Up to date/],
    ["new", /Waiting to sync/],
    ["offline", /Offline/],
    ["paused", /Paused/],
    ["storage_full", /The disk is full/],
    ["sign_in_needed", /New password needed/],
    ["a_state_of_tomorrow", /Needs attention/],
  ];
  const { container } = await stage(
    Accounts,
    {
      accounts: states.map(([state], at) =>
        one({ id: String(at + 1), name: `Studio ${at}`, state, detail: null }),
      ),
    },
    here,
  );
  for (const [at, [state, words]] of states.entries()) {
    expect(within(card(`Studio ${at}`)).getAllByText(words).length, state).toBeGreaterThan(0);
  }
  expect(await seriousFindings(container)).toEqual([]);
});

test("the way to what is set of an account opens its form, and only its", async () => {
  const two = [one(), one({ id: "2", name: "Shop" })];
  await stage(Accounts, { accounts: two }, (_, desk) => desk.route.go("accounts", "change-2"));
  const name = within(card("Shop")).getByLabelText("Name") as HTMLInputElement;
  await waitFor(() => expect(document.activeElement).toBe(name));
  expect(name.value).toBe("Shop");
  expect(within(card()).queryByLabelText("Name")).toBeNull();
});

test("a paused account goes on when asked", async () => {
  const { desk } = await stage(Accounts, { accounts: [one()] }, here);
  await fireEvent.click(button(/^Pause$/));
  await waitFor(() => expect(button(/^Go on$/).getAttribute("aria-busy")).toBeNull());
  expect(desk.accounts.byId("1")?.state).toBe("paused");
  await fireEvent.click(button(/^Go on$/));
  await waitFor(() => expect(button(/^Pause$/)).toBeTruthy());
});

test("sync now asks for this account and says why it failed", async () => {
  const { host } = await stage(Accounts, { accounts: [one()] }, here);
  host.state.fail("sync_now", new CallError("offline", "The server cannot be reached."));
  await fireEvent.click(button(/Sync now/));
  expect((await screen.findByRole("alert")).textContent).toContain("The server cannot be reached.");
  await fireEvent.click(button(/Sync now/));
  await waitFor(() => expect(screen.queryByRole("alert"), "the next try clears the old failure").toBeNull());
  const asked = host.state.calls.filter((call) => call.name === "sync_now");
  expect(asked.map((call) => call.args)).toEqual([{ account_id: "1" }, { account_id: "1" }]);
});

test("a refused account takes a new password and goes on", async () => {
  const { container } = await stage(Accounts, { accounts: [one({ state: "sign_in_needed" })] }, (_, desk) =>
    desk.route.go("accounts", "1"),
  );
  const entry = screen.getByLabelText(/New password for Studio/) as HTMLInputElement;
  expect(document.activeElement, "Fix leads right into the entry").toBe(entry);
  expect(await seriousFindings(container)).toEqual([]);

  await fireEvent.input(entry, { target: { value: "wrong" } });
  await fireEvent.click(button(/Sign in/));
  expect(await screen.findByText(/The server refused this password/)).toBeTruthy();
  expect(entry.getAttribute("aria-invalid")).toBe("true");

  await fireEvent.input(entry, { target: { value: "right" } });
  await fireEvent.click(button(/Sign in/));
  await waitFor(() => expect(within(card()).getByText("Up to date")).toBeTruthy());
  expect(screen.queryByLabelText(/New password/)).toBeNull();
});

test("a sync under way is counted and never guessed", async () => {
  const { host } = await stage(Accounts, { accounts: [one({ state: "new", synced_at: null })] }, here);
  const progress = { account_id: "1", scope: "INBOX", done: 1200, total: null, eta_ms: null };
  host.state.emit({ kind: "progress", progress });
  const bar = (await screen.findByRole("progressbar")) as HTMLProgressElement;
  expect(bar.hasAttribute("value"), "without a total nothing is claimed").toBe(false);
  host.state.emit({ kind: "progress", progress: { ...progress, total: 5000, eta_ms: 15_200 } });
  expect(await screen.findByText(/1,200 of 5,000 messages · about 16 s left/)).toBeTruthy();
  expect(bar.value).toBe(1200);
  expect(within(card()).getByText("Fetching mail")).toBeTruthy();
});

test("removing says what is erased and erases only when confirmed", async () => {
  const { desk, container } = await stage(
    Accounts,
    { accounts: [one({ pending_edits: 2 })], conversations: 12 },
    here,
  );
  await fireEvent.click(button(/Remove/));
  const dialog = screen.getByRole("dialog", { name: "Remove Studio?" });
  expect(dialog.textContent).toContain("12 conversations");
  expect(dialog.textContent).toContain("2 changes that were not yet written back");
  expect(dialog.textContent).toContain("Nothing is deleted on the server");
  expect(await seriousFindings(container)).toEqual([]);
  await fireEvent.click(within(dialog).getByRole("button", { name: "Keep it" }));
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(desk.accounts.all).toHaveLength(1);

  await fireEvent.click(button(/Remove/));
  await fireEvent.click(screen.getByRole("button", { name: "Erase from this computer" }));
  await screen.findByText("Studio was removed");
  expect(screen.getByRole("dialog").textContent, "what is gone is said").toMatch(/12 messages, 48 kB/);
  await waitFor(() => expect(document.activeElement?.textContent).toBe("Close"));
  await fireEvent.click(screen.getByRole("button", { name: "Close" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(desk.accounts.all).toHaveLength(0);
  expect(screen.getByText("No account yet")).toBeTruthy();
});

test("a removal that fails says so and keeps the account", async () => {
  const { host, desk } = await stage(Accounts, { accounts: [one()] }, here);
  host.state.fail("account_remove", new CallError("storage", "The database is busy. Try again."));
  await fireEvent.click(button(/Remove/));
  await fireEvent.click(screen.getByRole("button", { name: "Erase from this computer" }));
  expect((await screen.findByRole("alert")).textContent).toContain("The database is busy");
  expect(desk.accounts.all).toHaveLength(1);
});

test("imported mail has no server no pause and no password", async () => {
  const archive = one({ provider: "archive", address: "/home/studio/mail.mbox", writes_back: false });
  await stage(Accounts, { accounts: [archive] }, here);
  expect(within(card()).getByText("Imported")).toBeTruthy();
  expect(button(/Read again/)).toBeTruthy();
  expect(within(card()).queryByRole("button", { name: /Pause/ })).toBeNull();
  await fireEvent.click(button(/Remove/));
  const dialog = screen.getByRole("dialog");
  expect(dialog.textContent).toContain("The imported files stay where they are.");
  expect(dialog.textContent).not.toContain("keychain");
});

test("a read only profile shows everything and changes nothing", async () => {
  await stage(Accounts, { accounts: [one({ state: "sign_in_needed" })], readOnly: true }, here);
  for (const found of screen.getAllByRole("button")) {
    expect((found as HTMLButtonElement).disabled, found.textContent ?? "").toBe(true);
  }
});

test("accounts that cannot be read can be asked for again", async () => {
  await stage(Accounts, { accounts: [one()] }, (host, desk) => {
    desk.route.go("accounts");
    host.state.fail("accounts", new CallError("storage", "The database cannot be opened."));
  });
  expect(screen.getByRole("alert").textContent).toContain("The database cannot be opened.");
  await fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  await waitFor(() => expect(card()).toBeTruthy());
});

test("whose mail an archive is can be put right, and a wrong entry says so", async () => {
  const archive = account(
    "9",
    { provider: "archive", name: "Old", own_address: null, writes_back: false },
    NOW,
  );
  const { host } = await stage(Accounts, { accounts: [archive] });
  expect(await screen.findByText(/none of it counts as written by you/)).toBeTruthy();
  await fireEvent.click(screen.getByRole("button", { name: "Change" }));
  const entry = screen.getByLabelText("Your address in this mail");
  await fireEvent.input(entry, { target: { value: "studio" } });
  await fireEvent.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText(/whole mail address/)).toBeTruthy();
  await fireEvent.input(entry, { target: { value: "studio@inkwell.example" } });
  await fireEvent.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText(/Your address in it: studio@inkwell\.example/)).toBeTruthy();
  expect(host.state.account("9").own_address).toBe("studio@inkwell.example");
});
