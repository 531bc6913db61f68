import { screen } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { openWindow, press, until } from "../../../test/window";

async function withMail(): Promise<HTMLIFrameElement> {
  const { container } = await openWindow();
  press("j", "o");
  await until(() => expect(container.querySelector("iframe")).not.toBeNull());
  return container.querySelector("iframe") as HTMLIFrameElement;
}

test("a press into the mail leaves the keyboard with the window", async () => {
  const frame = await withMail();
  frame.tabIndex = 0;
  frame.focus();
  window.dispatchEvent(new Event("blur"));
  await until(() => expect(document.activeElement?.id).toBe("reading"));
});

test("Tab may go into the mail, to its links", async () => {
  const frame = await withMail();
  press("Tab");
  frame.tabIndex = 0;
  frame.focus();
  window.dispatchEvent(new Event("blur"));
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(document.activeElement).toBe(frame);
});

test("a failure to fetch the text offers to try again", async () => {
  const { desk, host } = await openWindow();
  const { CallError } = await import("../../host/types");
  host.state.fail("message_body", new CallError("storage", "The text could not be read from the disk."));
  desk.mail.open("1");
  const retry = await screen.findByRole("button", { name: "Try again" });
  expect(screen.getByText("The text could not be read from the disk.")).toBeTruthy();
  retry.click();
  await until(() => expect(screen.queryByText("The text could not be read from the disk.")).toBeNull());
});
