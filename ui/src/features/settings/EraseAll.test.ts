/** Everything is erased from the window: counted before, meant on purpose, and said plainly where it cannot be. */
import { fireEvent, screen, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { write } from "../../../test/hands";
import { seriousFindings, stage } from "../../../test/stage";
import { until } from "../../../test/window";
import { CallError } from "../../host/types";
import Settings from "./Settings.svelte";

async function asked() {
  const opened = await stage(Settings);
  await fireEvent.click(await screen.findByRole("button", { name: "Erase everything…" }));
  const dialog = await screen.findByRole("dialog", { name: "Erase everything on this computer?" });
  const erase = within(dialog).getByRole("button", { name: "Erase everything" });
  const told = () => opened.host.state.calls.filter(({ name }) => name === "profile_erase").length;
  return { ...opened, dialog, erase, told };
}

test("what goes is counted, and only the word lets it go", async () => {
  const { dialog, erase, told } = await asked();
  await until(() => expect(dialog.textContent).toMatch(/\d accounts, with all settings/));
  expect(dialog.textContent).toContain("Deskbell’s key in the system’s keychain");
  expect(dialog.textContent, "what stays").toContain("Nothing is deleted at your providers");
  expect(document.activeElement?.textContent?.trim(), "the harmless answer first").toBe("Cancel");
  expect(await seriousFindings(document.body)).toEqual([]);
  const word = within(dialog).getByLabelText("To go on, type “erase”");
  await write(word, "eras");
  expect((erase as HTMLButtonElement).disabled).toBe(true);
  await fireEvent.submit(word);
  expect(told()).toBe(0);
  await write(word, " Erase ");
  await fireEvent.click(erase);
  await until(() => expect(told()).toBe(1));
  expect(within(dialog).getByRole("status").textContent).toContain("starts anew");
  await fireEvent.click(within(dialog).getByRole("button", { name: "Cancel" }));
  expect(dialog.isConnected, "there is no way back by now").toBe(true);
});

test("a refusal is said, and nothing is pressed twice", async () => {
  const { host, dialog, erase } = await asked();
  host.state.fail("profile_erase", new CallError("storage", "The disk is full."));
  await write(within(dialog).getByLabelText(/^To go on/), "erase");
  await until(() => expect((erase as HTMLButtonElement).disabled).toBe(false));
  await fireEvent.click(erase);
  const alert = await within(dialog).findByRole("alert");
  expect(alert.textContent).toContain("Nothing was erased.");
  expect(alert.textContent).toContain("The disk is full.");
  await fireEvent.click(within(dialog).getByRole("button", { name: "Cancel" }));
  await until(() => expect(dialog.isConnected).toBe(false));
});
