import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { expect, onTestFinished, test } from "vitest";
import { seriousFindings, stage } from "../../../test/stage";
import { CallError } from "../../host/types";
import { setLocale } from "../../shared/i18n.svelte";
import Settings from "./Settings.svelte";

test("the_theme_changes_at_once_and_is_remembered", async () => {
  const { host, container } = await stage(Settings);
  expect(
    (screen.getByLabelText("As the system", { selector: "[name=theme]" }) as HTMLInputElement).checked,
  ).toBe(true);
  await fireEvent.click(screen.getByLabelText("Dark"));
  expect(document.documentElement.dataset.theme).toBe("dark");
  expect(host.preferences.get("theme", "system")).toBe("dark");
  expect(await seriousFindings(container)).toEqual([]);
  await fireEvent.click(screen.getByLabelText("As the system", { selector: "[name=theme]" }));
  expect(document.documentElement.dataset.theme).toBeUndefined();
});

test("the_language_changes_every_word_and_back", async () => {
  onTestFinished(() => setLocale("en"));
  const { host } = await stage(Settings);
  await fireEvent.click(screen.getByLabelText("Deutsch"));
  expect(await screen.findByText("Darstellung")).toBeTruthy();
  expect(document.documentElement.lang).toBe("de");
  expect(host.preferences.get("language", null)).toBe("de");
  await fireEvent.click(screen.getByLabelText("English"));
  expect(await screen.findByText("Appearance")).toBeTruthy();
});

test("settings_say_where_the_data_lies_and_which_version_this_is", async () => {
  const { desk } = await stage(Settings);
  expect(screen.getByText("Deskbell 0.1.0")).toBeTruthy();
  expect(screen.getByText("/home/studio/.local/share/deskbell")).toBeTruthy();
  await fireEvent.click(screen.getByRole("button", { name: "Copy the path" }));
  await waitFor(() => expect(desk.toasts.shown.map((toast) => toast.text)).toEqual(["Path copied"]));
  expect(await navigator.clipboard.readText()).toBe("/home/studio/.local/share/deskbell");
});

test("settings_lead_to_accounts_and_shortcuts", async () => {
  const { desk } = await stage(Settings);
  await fireEvent.click(screen.getByRole("button", { name: "Show" }));
  expect(desk.overlay).toBe("shortcuts");
  await fireEvent.click(screen.getByRole("button", { name: "Manage accounts" }));
  expect(desk.route.screen).toBe("accounts");
});

test("a_profile_that_cannot_be_told_is_admitted", async () => {
  await stage(Settings, {}, (host) => host.state.fail("app_info", new CallError("internal", "No answer.")));
  expect(screen.getByText("Version and profile could not be read.")).toBeTruthy();
});
