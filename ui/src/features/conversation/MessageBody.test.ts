import { screen } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { type OpenWindow, openWindow, until } from "../../../test/window";

async function withNewsletter(): Promise<OpenWindow> {
  const window = await openWindow();
  const { desk, host } = window;
  const talk = [...host.state.talks.values()].find((one) => one.newsletter);
  desk.mail.open(talk?.row.id ?? "");
  await until(() => expect(desk.conversation.status).toBe("ready"));
  desk.conversation.unfoldAll();
  return window;
}

test("pictures elsewhere are fetched once they are asked for", async () => {
  const { host } = await withNewsletter();
  (await screen.findByRole("button", { name: "Show them" })).click();
  await until(() => expect(screen.queryByText(/other servers/)).toBeNull());
  const asked = host.state.calls.filter((call) => call.name === "message_body").map((call) => call.args);
  expect(asked.map((args) => (args as { remote_images: boolean }).remote_images)).toEqual([false, true]);
});

test("pictures that could not be fetched are said, and can be asked for again", async () => {
  const { host } = await withNewsletter();
  const answer = host.call.bind(host);
  host.call = async (name, args) => {
    const found = await answer(name, args);
    return name === "message_body" ? { ...found, blocked_images: 2, blocked_hosts: 1 } : found;
  };
  (await screen.findByRole("button", { name: "Show them" })).click();
  expect(await screen.findByText("2 pictures from other servers could not be fetched")).toBeTruthy();
  expect(screen.getByRole("button", { name: "Try again" })).toBeTruthy();
});
