import { fireEvent, screen, within } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";
import { seriousFindings } from "../../test/stage";
import { listed, openWindow, press, until } from "../../test/window";
import { accounts } from "../host/fake/generate";
import { CallError } from "../host/types";

const NOW = Date.now();

describe("what the window says of its state", () => {
  test("without a connection it says how old the data is, and tries again when told", async () => {
    const offline = accounts(NOW).map((one) =>
      one.provider === "imap" ? { ...one, state: "offline", synced_at: NOW - 3_600_000 } : one,
    );
    const { host } = await openWindow({ accounts: offline });
    expect(screen.getByText(/No connection\. You see your mail as it was at/)).toBeTruthy();
    await fireEvent.click(screen.getByRole("button", { name: "Try now" }));
    expect(host.state.calls.at(-1)).toEqual({ name: "sync_now", args: { account_id: null } });
    expect(await seriousFindings(document.body)).toEqual([]);
  });

  test("sample data is named as such, and leaving it takes all of it away", async () => {
    const sample = accounts(NOW).map((one) => ({ ...one, sample: one.id !== "1" }));
    const { desk, host } = await openWindow({ accounts: sample });
    expect(screen.getByText(/Sample data: the people and mail/)).toBeTruthy();
    expect(await seriousFindings(document.body)).toEqual([]);
    await fireEvent.click(screen.getByRole("button", { name: "Leave the sample" }));
    await until(() => expect(desk.accounts.all).toHaveLength(1));
    expect(
      host.state.accounts.map((one) => one.id),
      "the person's own stay",
    ).toEqual(["1"]);
    await until(() => expect(screen.queryByText(/Sample data: the people and mail/)).toBeNull());
  });

  test("one account without connection among others is no reason for a banner", async () => {
    const mixed = accounts(NOW).map((one) => (one.id === "2" ? { ...one, state: "offline" } : one));
    await openWindow({ accounts: mixed });
    expect(screen.queryByText(/No connection/)).toBeNull();
    expect(screen.getByText("Offline"), "the rail says it").toBeTruthy();
  });

  test("without an account there is only the welcome, whatever place is asked for", async () => {
    const { desk } = await openWindow({ accounts: [] });
    expect(await screen.findByText("Welcome to Deskbell")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Sent" }), "no view is offered").toBeNull();
    desk.route.mail("sent");
    expect(await screen.findByText("Welcome to Deskbell")).toBeTruthy();
    expect(screen.queryByText("Nothing sent")).toBeNull();
  });

  test("a refused sign-in leads to the accounts", async () => {
    const refused = accounts(NOW).map((one) => (one.id === "2" ? { ...one, state: "sign_in_needed" } : one));
    const { desk } = await openWindow({ accounts: refused });
    await fireEvent.click(screen.getByRole("button", { name: "Sign in again" }));
    expect(desk.route.screen).toBe("accounts");
  });

  test("a first sync shows its counts and the time left, and ends", async () => {
    const fresh = accounts(NOW)
      .slice(0, 1)
      .map((one) => ({ ...one, state: "new", synced_at: null }));
    const { host } = await openWindow({ accounts: fresh });
    const progress = { account_id: "1", scope: "INBOX", done: 12_400, total: 50_000, eta_ms: 170_000 };
    host.state.emit({ kind: "progress", progress });
    expect(await screen.findByText("12,400 of 50,000")).toBeTruthy();
    expect(screen.getByText("about 3 min left")).toBeTruthy();
    expect(screen.getByRole("progressbar", { name: "Fetching Studio" })).toHaveProperty("value", 12_400);
    expect(await seriousFindings(document.body)).toEqual([]);
    host.state.emit({ kind: "idle", account_id: "1" });
    await until(() => expect(screen.queryByText("12,400 of 50,000")).toBeNull());
  });

  test("a list that cannot be read says why, and reads again when told", async () => {
    const { container } = await openWindow({}, (fake) =>
      fake.state.fail("inbox_page", new CallError("storage", "The mail file could not be read.")),
    );
    expect(screen.getByText("The mail file could not be read.")).toBeTruthy();
    expect(await seriousFindings(document.body)).toEqual([]);
    await fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    await until(() => expect(listed(container)[0]).toBe("Mara Voss"));
  });

  test("an empty inbox says the next step", async () => {
    await openWindow({ conversations: 0 });
    expect(screen.getByText("All done")).toBeTruthy();
    expect(screen.getByRole("button", { name: "Show all mail" })).toBeTruthy();
    expect(await seriousFindings(document.body)).toEqual([]);
  });

  test("without an account the first start welcomes", async () => {
    const { desk } = await openWindow({ accounts: [] });
    expect(desk.route.screen).toBe("welcome");
  });

  test("a message that could not be read says so in its place", async () => {
    const { host, desk } = await openWindow();
    const talk = host.state.talk("7");
    for (const message of talk.messages) {
      message.body = "quarantined";
      message.quarantine_reason = "Its parts are nested too deeply.";
    }
    desk.mail.open("7");
    expect(await screen.findByText("Its parts are nested too deeply.")).toBeTruthy();
    expect(screen.getByText(/Its source is kept/)).toBeTruthy();
    expect(await seriousFindings(document.body)).toEqual([]);
  });

  test("a conversation deleted elsewhere says so instead of staying", async () => {
    const { host, desk } = await openWindow();
    desk.mail.open("3");
    await until(() => expect(desk.conversation.status).toBe("ready"));
    host.state.talks.delete("3");
    host.state.changed([{ entity: "conversation", id: "3", deleted: true }]);
    expect(await screen.findByText("This conversation is no longer here")).toBeTruthy();
    expect(desk.mail.list.has("3"), "nor does its row").toBe(false);
  });

  test("panes are resized by keys and remembered", async () => {
    const { desk, host } = await openWindow();
    const edge = screen.getByRole("separator", { name: "Width of the list" });
    edge.focus();
    await fireEvent.keyDown(edge, { key: "ArrowRight" });
    expect(desk.appearance.panes.list).toBe(376);
    expect(host.preferences.get("panes", {})).toMatchObject({ list: 376 });
    await fireEvent.keyDown(edge, { key: "End" });
    expect(edge.getAttribute("aria-valuenow")).toBe("560");
  });

  test("new mail comes in on top while the cursor stays where it was", async () => {
    const { container, desk, host } = await openWindow();
    press("j", "j");
    const at = desk.mail.cursor;
    host.deliver({ name: "Ada New", address: "ada@new.example", subject: "Hello", text: "A first word" });
    await until(() => expect(listed(container)[0]).toBe("Ada New"));
    expect(desk.mail.cursor).toBe(at);
  });
});

test("an account that is signed out is said above the inbox, and one press leads to its sign-in", async () => {
  const { desk } = await openWindow({
    conversations: 5,
    accounts: accounts(Date.now()).map((one) =>
      one.id === "2" ? { ...one, provider: "gmail", oauth: "google", state: "sign_in_needed" } : one,
    ),
  });
  expect(await screen.findByText(/^Bookings is signed out/)).toBeTruthy();
  await fireEvent.click(screen.getByRole("button", { name: "Sign in again" }));
  expect([desk.route.screen, desk.route.detail]).toEqual(["accounts", "2"]);
  expect(await screen.findByRole("button", { name: "Sign in with Google" })).toBeTruthy();
});

test("an organisation that no longer allows Deskbell is said above the inbox, with the page for its administrator", async () => {
  const page = "https://login.microsoftonline.com/organizations/v2.0/adminconsent?client_id=1";
  const blocked = {
    ...{ provider: "graph", oauth: "microsoft" as const, state: "sign_in_needed", admin_page: page },
    detail: "Your organisation lets only its administrator allow Deskbell.",
    detail_said: { key: "oauth-blocked", parts: {} },
  };
  const { desk } = await openWindow({
    conversations: 5,
    accounts: accounts(Date.now()).map((one) => (one.id === "2" ? { ...one, ...blocked } : one)),
  });
  const words = /Your organisation lets only its administrator allow Deskbell\./;
  const banner = await screen.findByText(words);
  expect(banner.textContent, "whose account it is").toContain("Bookings");
  const copy = "Copy the page for your administrator";
  await fireEvent.click(screen.getByRole("button", { name: copy }));
  await until(async () => expect(await navigator.clipboard.readText()).toBe(page));
  await navigator.clipboard.writeText("");
  desk.route.go("accounts", "2");
  const notice = (await screen.findAllByRole("alert")).find((one) => words.test(one.textContent ?? ""));
  await fireEvent.click(within(notice as HTMLElement).getByRole("button", { name: copy }));
  await until(async () => expect(await navigator.clipboard.readText()).toBe(page));
  expect(screen.getByRole("button", { name: /^Sign in with/ }), "once it is allowed").toBeTruthy();
});
