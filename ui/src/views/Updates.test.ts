/** New versions are said of only where this build may ask for them, and installed only when the person says so. */
import { screen } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { openWindow, until } from "../../test/window";

const asked = (calls: { name: string }[], name: string) => calls.filter((call) => call.name === name).length;

test("a build without a key says nothing of new versions", async () => {
  const { host, desk } = await openWindow();
  desk.route.go("settings");
  await screen.findByText("Deskbell 0.1.0");
  expect(screen.queryByText("New versions")).toBeNull();
  expect(asked(host.state.calls, "update_look")).toBe(0);
});

test("a new version is offered with its notes, and installed by a press", async () => {
  const newer = { version: "0.2.0", notes: "Calendars." };
  const { host, desk } = await openWindow({ newer });
  (await screen.findByRole("button", { name: "What is new" })).click();
  await until(() => expect(desk.route.screen).toBe("settings"));
  expect(await screen.findByText("Deskbell 0.2.0 is there.")).toBeTruthy();
  expect(screen.getByText("Calendars.")).toBeTruthy();
  expect(asked(host.state.calls, "update_install"), "nothing is installed unasked").toBe(0);
  screen.getByRole("button", { name: "Install and start again" }).click();
  await until(() => expect(asked(host.state.calls, "update_install")).toBe(1));
});

test("who has the newest version is told so when asking", async () => {
  const { host, desk } = await openWindow({ newer: null });
  desk.route.go("settings");
  (await screen.findByRole("button", { name: "Check for updates" })).click();
  expect(await screen.findByText("This is the newest version.")).toBeTruthy();
  expect(asked(host.state.calls, "update_look"), "at the start, and by the press").toBe(2);
});
