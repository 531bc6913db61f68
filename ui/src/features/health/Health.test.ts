/** Health says what is true, what is missing, and leads to what fixes it. */
import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { seriousFindings, stage } from "../../../test/stage";
import type { Account } from "../../gen/Account";
import type { Health } from "../../gen/Health";
import type { FakeHost } from "../../host/fake";
import { health as healthOf } from "../../host/fake/accounts";
import { accounts } from "../../host/fake/generate";
import { CallError } from "../../host/types";
import HealthScreen from "./Health.svelte";

const NOW = Date.now();

function one(over: Partial<Account> = {}): Account {
  const first = accounts(NOW).find((account) => account.provider === "imap");
  if (!first) throw new Error("the pretend desk has no mail account");
  return { ...first, id: "1", name: "Studio", ...over };
}

/** Lets Health say something else than the pretend desk does. */
function saying(change: (health: Health) => void): (host: FakeHost) => void {
  return (host) => {
    const answer = host.call;
    host.call = async (name, args) => {
      const said = await answer(name, args);
      if (name === "health") change(said as Health);
      return said;
    };
  };
}

function scopesOf(health: Health): Health["accounts"][number] {
  const [first] = health.accounts;
  if (!first) throw new Error("no account in Health");
  return first;
}

const section = () => screen.findByRole("region", { name: "Studio" });

test("health shows counts runs and what is still missing", async () => {
  const { host, container } = await stage(HealthScreen, { accounts: [one()], conversations: 40 });
  const studio = await section();
  const expected = healthOf(host.state);
  expect(screen.getByText("Conversations").nextElementSibling?.textContent).toBe("40");
  expect(within(studio).getByText(/4 of \d+ messages are still to come/)).toBeTruthy();
  expect(within(studio).getByText("4 to come")).toBeTruthy();
  const runs = scopesOf(expected).runs;
  expect(within(studio).getByText(`Show the ${runs.length} runs as a table`)).toBeTruthy();
  expect(within(studio).getByText("The server did not answer within 30 seconds.")).toBeTruthy();
  expect(studio.querySelectorAll("rect")).toHaveLength(runs.length);
  expect(screen.getByText("Everything works; mail is still arriving.")).toBeTruthy();
  expect(await seriousFindings(container)).toEqual([]);
});

test("everything here is said only when it is", async () => {
  await stage(
    HealthScreen,
    { accounts: [one()] },
    saying((health) => {
      for (const scope of scopesOf(health).scopes)
        Object.assign(scope, { remote: scope.local, bodies_missing: 0 });
    }),
  );
  expect(await screen.findByText("Everything is here and up to date.")).toBeTruthy();
  expect(screen.getByText(/Yes. All 6 mailboxes match the server/)).toBeTruthy();
});

test("an uncounted mailbox is unknown and never complete", async () => {
  await stage(
    HealthScreen,
    { accounts: [one()] },
    saying((health) => {
      for (const scope of scopesOf(health).scopes)
        Object.assign(scope, { remote: scope.local, bodies_missing: 0 });
      Object.assign(scopesOf(health).scopes[0] ?? {}, { remote: null });
    }),
  );
  expect(await screen.findByText("One mailbox has not been counted yet.")).toBeTruthy();
  expect(screen.getByText("not counted")).toBeTruthy();
});

test("each trouble has the button that fixes it", async () => {
  const { desk, host } = await stage(HealthScreen, {
    accounts: [
      one({ state: "sign_in_needed", detail: "The server refused the password." }),
      one({ id: "2", name: "Bookings", state: "paused" }),
      one({ id: "3", name: "Orders", state: "offline" }),
    ],
  });
  await section();
  expect(screen.getByText("One account needs you.")).toBeTruthy();
  const order = screen
    .getAllByRole("region")
    .map((one) => within(one).getByRole("heading", { level: 2 }).textContent);
  expect(order, "who needs the person stands first").toEqual(["Studio", "Orders", "Bookings"]);
  expect(screen.getByText("The server refused the password.")).toBeTruthy();
  await fireEvent.click(screen.getByRole("button", { name: "Go on" }));
  await waitFor(() => expect(desk.accounts.byId("2")?.state).toBe("ok"));
  await fireEvent.click(screen.getByRole("button", { name: "Try now" }));
  expect(host.state.calls.filter((call) => call.name === "sync_now").map((call) => call.args)).toEqual([
    { account_id: "3" },
  ]);
  expect(screen.getByText(/failed 3 times in a row/)).toBeTruthy();

  await fireEvent.click(screen.getByRole("button", { name: "Enter new password" }));
  expect([desk.route.screen, desk.route.detail]).toEqual(["accounts", "1"]);
});

test("a message that could not be read leads to its conversation", async () => {
  const { desk } = await stage(
    HealthScreen,
    { accounts: [one()] },
    saying((health) => {
      const reason = "Its parts are nested too deeply.";
      scopesOf(health).unreadable = 1;
      scopesOf(health).quarantined = [
        { message_id: "7-1", conversation_id: "7", reason, reason_said: null, at: NOW },
      ];
    }),
  );
  await section();
  expect(screen.getByText("One message could not be read")).toBeTruthy();
  await fireEvent.click(screen.getByRole("button", { name: /nested too deeply/ }));
  expect([desk.route.screen, desk.route.view, desk.route.conversation]).toEqual(["mail", "all", "7"]);
});

test("thousands of unreadable messages do not bury the page", async () => {
  await stage(
    HealthScreen,
    { accounts: [one()] },
    saying((health) => {
      scopesOf(health).unreadable = 1_240;
      scopesOf(health).quarantined = Array.from({ length: 40 }, (_, at) => ({
        message_id: String(at),
        conversation_id: String(at),
        reason: `Reason ${at}`,
        reason_said: null,
        at: NOW,
      }));
    }),
  );
  await section();
  expect(screen.getAllByText(/^Reason/)).toHaveLength(10);
  expect(screen.getByText("1,240 messages could not be read")).toBeTruthy();
  await fireEvent.click(screen.getByRole("button", { name: "Show the last 40" }));
  expect(screen.getAllByText(/^Reason/)).toHaveLength(40);
  expect(screen.getByText("These are 40 of 1,240, those that came last.")).toBeTruthy();
});

test("health follows what happens while it is open", async () => {
  const { host } = await stage(HealthScreen, { accounts: [one()] });
  await section();
  host.state.setAccount("1", { state: "offline", detail: null });
  expect(await screen.findByText("One account is offline. What was fetched can be read.")).toBeTruthy();
});

test("an answer that fails can be asked for again", async () => {
  await stage(HealthScreen, { accounts: [one()] }, (host) =>
    host.state.fail("health", new CallError("storage", "The database is busy.")),
  );
  expect((await screen.findByRole("alert")).textContent).toContain("The database is busy.");
  await fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await section()).toBeTruthy();
  expect(screen.queryByRole("alert")).toBeNull();
});

test("waiting is announced and an empty desk says the next step", async () => {
  let release = () => {};
  const { desk } = await stage(HealthScreen, { accounts: [] }, (host) => {
    release = host.state.hold("health");
  });
  expect(screen.getByRole("status").textContent).toContain("Loading");
  release();
  await fireEvent.click(await screen.findByRole("button", { name: "Add a mail account" }));
  expect([desk.route.screen, desk.route.detail]).toEqual(["accounts", "add"]);
});

test("imported mail is not measured against a server", async () => {
  await stage(HealthScreen, { accounts: [one({ provider: "archive", writes_back: false })] });
  const studio = await section();
  expect(within(studio).getByText("Everything read from the files is here.")).toBeTruthy();
  expect(within(studio).queryByText("On the server")).toBeNull();
  expect(within(studio).queryByText("Next sync")).toBeNull();
});
