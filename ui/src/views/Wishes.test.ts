/** What is asked from outside is shown as if it had been pressed inside. */
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
