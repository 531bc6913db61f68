/** What is asked from outside is shown as if it had been pressed inside. */
import { screen, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { openWindow, until } from "../../test/window";

test("a link to a conversation shows it", async () => {
  const { host, desk } = await openWindow();
  const [talk] = host.state.newestFirst;
  host.state.wish({ kind: "conversation", id: talk?.row.id ?? "" });
  await until(() => expect(desk.conversation.id).toBe(talk?.row.id));
  expect(desk.route.screen).toBe("mail");
});

test("a link to write begins a message with all it says, and sends nothing", async () => {
  const { host, desk } = await openWindow();
  host.state.wish({
    kind: "compose",
    to: ["mara@client.example"],
    cc: ["ben@client.example"],
    bcc: [],
    subject: "Saturday",
    body: "Could I\n<b>come</b>?",
  });
  await until(() => expect(desk.composer.draft).not.toBeNull());
  const call = host.state.calls.find((one) => one.name === "draft_new");
  expect(call?.args).toMatchObject({
    kind: "new",
    to: ["mara@client.example"],
    cc: ["ben@client.example"],
    subject: "Saturday",
    text: "Could I\n<b>come</b>?",
  });
  expect(host.state.calls.filter((one) => one.name === "draft_send")).toEqual([]);
});

test("a mail in a file is shown and nothing of it is kept", async () => {
  const { host } = await openWindow();
  host.state.wish({ kind: "mail", token: "picked-1", name: "Greetings.eml" });
  const dialog = await screen.findByRole("dialog", { name: "Greetings.eml" });
  expect(await within(dialog).findByText("From a file")).toBeTruthy();
  within(dialog).getByRole("button", { name: "Dismiss" }).click();
  await until(() => expect(screen.queryByRole("dialog")).toBeNull());
  const kept = ["account_add_archive", "given_import"];
  expect(host.state.calls.filter((one) => kept.includes(one.name))).toEqual([]);
});

test("an archive handed over from outside waits in the form for the person's word", async () => {
  const { host, desk } = await openWindow();
  // A busy machine takes long to load a screen for the first time.
  await import("../features/accounts/Accounts.svelte");
  host.state.wish({
    kind: "import",
    token: "picked-2",
    path: "/home/a/old.mbox",
    own_address: "a@b.example",
  });
  await until(() => expect(screen.getByText("/home/a/old.mbox")).toBeTruthy());
  expect(desk.route.screen).toBe("accounts");
  expect(screen.getByDisplayValue("a@b.example")).toBeTruthy();
  expect(host.state.calls.filter((one) => one.name === "account_add_archive")).toEqual([]);
});

test("an answer asked for by a notification opens below its conversation", async () => {
  const { host, desk } = await openWindow();
  const [talk] = host.state.newestFirst;
  const message = talk?.messages.at(-1);
  const conversation = talk?.row.id ?? "";
  host.state.wish({ kind: "reply", conversation_id: conversation, message_id: message?.id ?? "" });
  await until(() => expect(desk.composer.draft).not.toBeNull());
  expect(desk.route.conversation).toBe(conversation);
  const call = host.state.calls.find((one) => one.name === "draft_new");
  expect(call?.args).toMatchObject({ kind: "reply", message_id: message?.id });
});
