/** Settings take effect at once and are remembered. */
import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { expect, onTestFinished, test } from "vitest";
import { seriousFindings, stage } from "../../../test/stage";
import { CallError } from "../../host/types";
import { setLocale } from "../../shared/i18n.svelte";
import Settings from "./Settings.svelte";

test("the theme changes at once and is remembered", async () => {
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

test("the language changes every word and back", async () => {
  onTestFinished(() => setLocale("en"));
  const { host } = await stage(Settings);
  await fireEvent.click(screen.getByLabelText("Deutsch"));
  expect(await screen.findByText("Darstellung")).toBeTruthy();
  expect(document.documentElement.lang).toBe("de");
  expect(host.preferences.get("language", null)).toBe("de");
  await fireEvent.click(screen.getByLabelText("English"));
  expect(await screen.findByText("Appearance")).toBeTruthy();
});

test("settings say where the data lies and which version this is", async () => {
  const { desk } = await stage(Settings);
  expect(screen.getByText("Deskbell 0.1.0")).toBeTruthy();
  expect(screen.getByText("/home/studio/.local/share/deskbell")).toBeTruthy();
  await fireEvent.click(screen.getByRole("button", { name: "Copy the path" }));
  await waitFor(() => expect(desk.toasts.shown.map((toast) => toast.text)).toEqual(["Path copied"]));
  expect(await navigator.clipboard.readText()).toBe("/home/studio/.local/share/deskbell");
});

test("settings lead to accounts and shortcuts", async () => {
  const { desk } = await stage(Settings);
  await fireEvent.click(screen.getByRole("button", { name: "Show" }));
  expect(desk.overlay).toBe("shortcuts");
  await fireEvent.click(screen.getByRole("button", { name: "Manage accounts" }));
  expect(desk.route.screen).toBe("accounts");
});

test("a profile that cannot be told is admitted", async () => {
  await stage(Settings, {}, (host) => host.state.fail("app_info", new CallError("internal", "No answer.")));
  expect(screen.getByText("Version and profile could not be read.")).toBeTruthy();
});
