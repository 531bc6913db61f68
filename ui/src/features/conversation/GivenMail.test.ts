/** A mail that lies in a file: its text in the frame of all mail, its files at hand, imported by a press. */
import { screen, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { seriousFindings } from "../../../test/stage";
import { type OpenWindow, openWindow, until } from "../../../test/window";

const FILE = "Greetings.eml";

/** The window with the mail of a file before it. */
async function looking(prepare?: Parameters<typeof openWindow>[1]): Promise<OpenWindow> {
  const window = await openWindow({}, prepare);
  // A busy machine takes long to load a screen for the first time.
  await import("./GivenMail.svelte");
  window.host.state.wish({ kind: "mail", token: "picked-1", name: FILE });
  await screen.findByRole("dialog", { name: FILE });
  await screen.findByRole("button", { name: "Look at fern.png" });
  return window;
}

const calls = ({ host }: OpenWindow, name: string) => host.state.calls.filter((call) => call.name === name);

test("its text stands in the frame of all mail, and pictures elsewhere wait for a press", async () => {
  const window = await looking();
  const { container } = window;
  await until(() => expect(container.querySelector("dialog iframe")).toBeTruthy());
  const frame = container.querySelector<HTMLIFrameElement>("dialog iframe");
  expect(frame?.getAttribute("sandbox")).toBe("allow-same-origin allow-popups");
  expect(frame?.srcdoc).toContain("What stands in the file picked-1.");
  screen.getByRole("button", { name: "Show them" }).click();
  await until(() => expect(calls(window, "message_body").length).toBe(2));
  expect(calls(window, "message_body").map(({ args }) => args)).toMatchObject([
    { id: "picked-1", remote_images: false },
    { id: "picked-1", remote_images: true },
  ]);
  expect(await seriousFindings(container)).toEqual([]);
});

test("its files are looked at, saved, and opened with the same caution as any", async () => {
  const window = await looking();
  screen.getByRole("button", { name: "Look at fern.png" }).click();
  const preview = await screen.findByRole("dialog", { name: "fern.png" });
  within(preview).getByRole("button", { name: "Save fern.png" }).click();
  await until(() => expect(calls(window, "attachment_save").length).toBe(1));
  expect(calls(window, "attachment_save")[0]?.args).toEqual({ message_id: "picked-1", part: 2 });
  within(preview).getByRole("button", { name: "Dismiss" }).click();
  await until(() => expect(screen.queryByRole("dialog", { name: "fern.png" })).toBeNull());
  screen.getByRole("button", { name: "Open setup.exe" }).click();
  await until(() => expect(window.desk.files.asked?.risk).toBe("program"));
});

test("it is imported into a new collection, and the next one into the same", async () => {
  const window = await looking();
  const { desk, host } = window;
  screen.getByRole("button", { name: "Import…" }).click();
  const form = await screen.findByRole("form", { name: "Import into" });
  expect(within(form).getByDisplayValue("Imported mail")).toBeTruthy();
  within(form).getByRole("button", { name: "Import" }).click();
  await until(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(calls(window, "given_import")[0]?.args).toEqual({
    token: "picked-1",
    account_id: null,
    name: "Imported mail",
    own_address: "",
  });
  const added = host.state.accounts.at(-1);
  expect(desk.route.account, "what was imported is shown").toBe(added?.id);

  host.state.wish({ kind: "mail", token: "picked-2", name: "Second.eml" });
  await screen.findByRole("dialog", { name: "Second.eml" });
  (await screen.findByRole("button", { name: "Import…" })).click();
  const again = await screen.findByRole("form", { name: "Import into" });
  expect(again.querySelector("#given-name"), "the collection that is there is proposed").toBeNull();
  within(again).getByRole("button", { name: "Import" }).click();
  await until(() => expect(calls(window, "given_import").length).toBe(2));
  expect(calls(window, "given_import")[1]?.args).toMatchObject({ token: "picked-2", account_id: added?.id });
});

test("a file that cannot be shown says why, and can be imported all the same", async () => {
  const { host } = await openWindow();
  const { CallError } = await import("../../host/types");
  host.state.failures.set("given_mail", [new CallError("invalid", "“Huge.eml” is too large to be shown.")]);
  host.state.wish({ kind: "mail", token: "picked-1", name: "Huge.eml" });
  expect(await screen.findByText(/too large to be shown/)).toBeTruthy();
  expect(screen.getByRole("button", { name: "Import…" })).toBeTruthy();
});
