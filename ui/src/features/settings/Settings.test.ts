/** Settings take effect at once, are kept by the core, found by a word, and go back to their defaults. */
import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { expect, onTestFinished, test } from "vitest";
import { seriousFindings, stage } from "../../../test/stage";
import { CallError } from "../../host/types";
import { setLocale } from "../../shared/i18n.svelte";
import { announced, morning, ruled } from "./announcing";
import { assigned, holders, keysOf } from "./keeping";
import Settings from "./Settings.svelte";

test("the theme changes at once, is kept, and goes back by its own button", async () => {
  const { host, container } = await stage(Settings);
  const theme = within(screen.getByRole("radiogroup", { name: "Theme" }));
  expect((theme.getByLabelText("As the system") as HTMLInputElement).checked).toBe(true);
  expect(screen.queryByRole("button", { name: "Reset: Theme" }), "nothing to put back").toBeNull();
  await fireEvent.click(theme.getByLabelText("Dark"));
  expect(document.documentElement.dataset.theme).toBe("dark");
  await waitFor(() => expect(host.state.settings.now().values.theme).toBe("dark"));
  expect(host.preferences.get("theme", "system"), "known before the core answers next time").toBe("dark");
  expect(await seriousFindings(container)).toEqual([]);
  await fireEvent.click(await screen.findByRole("button", { name: "Reset: Theme" }));
  await waitFor(() => expect(document.documentElement.dataset.theme).toBeUndefined());
  await waitFor(() => expect(screen.queryByRole("button", { name: "Reset: Theme" })).toBeNull());
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

test("a setting the core refuses goes back to what it was, and says why", async () => {
  const { desk, host } = await stage(Settings);
  host.state.fail("setting_put", new CallError("storage", "The disk is full."));
  const box = screen.getByRole("switch", { name: "Hide the content" }) as HTMLInputElement;
  await fireEvent.click(box);
  await waitFor(() => expect(desk.toasts.shown.map((toast) => toast.tone)).toEqual(["bad"]));
  await waitFor(() => expect(box.checked).toBe(false));
});

test("a word finds its settings, and only those", async () => {
  await stage(Settings);
  const search = screen.getByRole("searchbox", { name: "Search the settings" });
  await fireEvent.input(search, { target: { value: "quiet" } });
  expect(screen.getByRole("switch", { name: "Quiet hours" })).toBeTruthy();
  expect(screen.queryByRole("radiogroup", { name: "Theme" })).toBeNull();
  expect(screen.getByRole("status").textContent).toContain("One setting found");
  await fireEvent.input(search, { target: { value: "archive" } });
  expect(
    screen.getByRole("button", { name: /^Keys of Archive:/ }),
    "shortcuts are found as well",
  ).toBeTruthy();
  await fireEvent.input(search, { target: { value: "xyzzy" } });
  expect(screen.getByText("No setting is called “xyzzy”.")).toBeTruthy();
  await fireEvent.keyDown(search, { key: "Escape" });
  await waitFor(() => expect(screen.getByRole("radiogroup", { name: "Theme" })).toBeTruthy());
});

test.each([
  ["en", "Search the settings", "signature", "Manage: Account “Studio”", "Manage: Senders and signatures"],
  ["en", "Search the settings", "colour studio", "Manage: Account “Studio”", null],
  ["en", "Search the settings", "schedule", "Manage: Account “Studio”", null],
  ["en", "Search the settings", "history", "Manage: Account “Studio”", null],
  ["en", "Search the settings", "remove", "Manage: Account “Studio”", null],
  ["en", "Search the settings", "order", "Manage: Account “Studio”", null],
  [
    "de",
    "Einstellungen durchsuchen",
    "signatur",
    "Verwalten: Konto „Studio“",
    "Verwalten: Absender und Signaturen",
  ],
  ["de", "Einstellungen durchsuchen", "zeitplan", "Verwalten: Konto „Studio“", null],
  ["de", "Einstellungen durchsuchen", "anhalten", "Verwalten: Konto „Studio“", null],
])("in %s, %s: “%s” finds what is set of an account", async (locale, field, words, found, beside) => {
  onTestFinished(() => setLocale("en"));
  const { desk, container } = await stage(Settings);
  setLocale(locale as "en" | "de");
  const search = await screen.findByRole("searchbox", { name: field });
  expect(
    screen.queryByRole("button", { name: found }),
    "unsought, accounts are a screen of their own",
  ).toBeNull();
  await fireEvent.input(search, { target: { value: words } });
  const manage = screen.getByRole("button", { name: found });
  if (beside) expect(screen.getByRole("button", { name: beside })).toBeTruthy();
  expect(await seriousFindings(container)).toEqual([]);
  await fireEvent.click(manage);
  expect([desk.route.screen, desk.route.detail]).toEqual(["accounts", "change-1"]);
});

test("what an account does not have is not found of it", async () => {
  await stage(Settings);
  const search = screen.getByRole("searchbox", { name: "Search the settings" });
  const archive = () => screen.queryByRole("button", { name: "Manage: Account “Old mail 2019”" });
  await fireEvent.input(search, { target: { value: "account" } });
  expect(archive()).toBeTruthy();
  await fireEvent.input(search, { target: { value: "schedule" } });
  expect(archive(), "imported mail is not looked for").toBeNull();
});

test("quiet hours are set by time and day; an account is announced only from people", async () => {
  const { host, container } = await stage(Settings);
  await fireEvent.click(screen.getByRole("switch", { name: "Quiet hours" }));
  await fireEvent.change(await screen.findByLabelText("From"), { target: { value: "21:30" } });
  await fireEvent.click(screen.getByRole("checkbox", { name: "Sunday" }));
  await fireEvent.change(screen.getByLabelText("Mail to Studio"), { target: { value: "people" } });
  await waitFor(() =>
    expect(host.state.settings.now().values).toMatchObject({
      quiet_hours: { on: true, from: "21:30", days: [1, 2, 3, 4, 5, 6] },
      notification_rules: [{ account_id: "1", channel: null, announce: "people" }],
    }),
  );
  expect(await seriousFindings(container)).toEqual([]);
});

test("notifications pause for an hour and go on by a press", async () => {
  const { host, desk } = await stage(Settings);
  await fireEvent.click(screen.getByRole("button", { name: "For 1 hour" }));
  await waitFor(() =>
    expect(host.state.settings.now().values.notifications_paused_until).toBeGreaterThan(desk.now),
  );
  await fireEvent.click(await screen.findByRole("button", { name: "Announce again" }));
  await waitFor(() => expect(host.state.settings.now().values.notifications_paused_until).toBeNull());
});

test("a command gets other keys; keys that belong to another are asked for first", async () => {
  const { desk, container } = await stage(Settings);
  await fireEvent.click(screen.getByRole("button", { name: "Show and change" }));
  const archive = screen.getByRole("button", { name: "Keys of Archive: E. Change" });
  await fireEvent.click(archive);
  await fireEvent.keyDown(archive, { key: "y" });
  await waitFor(() => expect(desk.settings.keys("archive")).toEqual(["y"]));
  const spam = screen.getByRole("button", { name: "Keys of Mark as spam: !. Change" });
  await fireEvent.click(spam);
  await fireEvent.keyDown(spam, { key: "s" });
  expect(await screen.findByText("S belongs to: Star or unstar. Take it from there?")).toBeTruthy();
  expect(desk.settings.keys("star"), "nothing is taken unasked").toEqual(["s"]);
  expect(await seriousFindings(container)).toEqual([]);
  await fireEvent.click(screen.getByRole("button", { name: "Take it" }));
  await waitFor(() => expect(desk.settings.keys("spam")).toEqual(["s"]));
  expect(desk.settings.keys("star")).toEqual([]);
  expect(desk.settings.hint("spam"), "tooltips follow").toBe("S");
  await fireEvent.click(screen.getByRole("button", { name: "Reset: All shortcuts" }));
  await waitFor(() => expect(desk.settings.keys("star")).toEqual(["s"]));
});

test("a sequence is taken in two steps, Escape takes nothing, the system's keys are refused", async () => {
  const { desk } = await stage(Settings);
  await fireEvent.click(screen.getByRole("button", { name: "Show and change" }));
  const rules = screen.getByRole("button", { name: "Keys of Go to rules: none. Change" });
  await fireEvent.click(rules);
  await fireEvent.keyDown(rules, { key: "Escape" });
  await fireEvent.click(rules);
  await fireEvent.keyDown(rules, { key: "c", ctrlKey: true });
  expect(await screen.findByText("These keys are needed by the system. Choose others.")).toBeTruthy();
  expect(desk.settings.keys("go-rules")).toEqual([]);
  await fireEvent.click(rules);
  await fireEvent.keyDown(rules, { key: "g" });
  await fireEvent.keyDown(rules, { key: "r" });
  await waitFor(() => expect(desk.settings.keys("go-rules")).toEqual(["g r"]));
});

test("everything goes back to its default after a question", async () => {
  const { desk, host } = await stage(Settings);
  await desk.set("density", "compact");
  await desk.set("badge", false);
  await fireEvent.click(screen.getByRole("button", { name: "Reset everything" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Reset everything" }));
  expect(dialog.getByText(/^2 settings go back/)).toBeTruthy();
  await fireEvent.click(dialog.getByRole("button", { name: "Reset" }));
  const { values, defaults } = host.state.settings.now();
  await waitFor(() => expect(host.state.settings.now().values).toEqual(defaults));
  expect(values).not.toBe(defaults);
});

test("settings say where the data lies, how much it is, and which version and licences these are", async () => {
  const { desk, container } = await stage(Settings);
  expect(screen.getByText("Deskbell 0.1.0")).toBeTruthy();
  expect(screen.getByText("/home/studio/.local/share/deskbell")).toBeTruthy();
  expect(await screen.findByText("260 MB")).toBeTruthy();
  await fireEvent.click(screen.getByRole("button", { name: "Copy the path" }));
  await waitFor(() => expect(desk.toasts.shown.map((toast) => toast.text)).toEqual(["Path copied"]));
  expect(await navigator.clipboard.readText()).toBe("/home/studio/.local/share/deskbell");
  await fireEvent.click(screen.getByRole("button", { name: "Read" }));
  await screen.findByRole("dialog", { name: "Parts and their licences" });
  expect(await seriousFindings(container)).toEqual([]);
});

test("settings lead to accounts, and a profile that cannot be told is admitted", async () => {
  const { desk } = await stage(Settings, {}, (host) =>
    host.state.fail("app_info", new CallError("internal", "No answer.")),
  );
  expect(screen.getAllByText("Version and profile could not be read.").length).toBeGreaterThan(0);
  const [manage] = screen.getAllByRole("button", { name: "Manage accounts" });
  await fireEvent.click(manage as HTMLElement);
  expect(desk.route.screen).toBe("accounts");
});

test("whoever loses keys keeps the others it has; one's own usual keys leave no trace", () => {
  const ids = ["trash", "star", "archive", "go-inbox"];
  expect(holders({}, "star", "#", ids)).toEqual(["trash"]);
  const taken = assigned({}, "star", "#", ids);
  expect(taken).toEqual({ star: "#", trash: "delete" });
  expect(keysOf(taken, "trash")).toEqual(["delete"]);
  expect(assigned({ archive: "y" }, "archive", "e", ids)).toEqual({});
  expect(holders({}, "star", "g", ids), "the beginning of a sequence").toEqual(["go-inbox"]);
  expect(assigned({}, "archive", "", ids)).toEqual({ archive: "" });
});

test("the usual needs no rule, and tomorrow begins at eight", () => {
  const place = { account_id: "2", channel: null };
  const rules = ruled([], place, "nothing");
  expect(announced(rules, place)).toBe("nothing");
  expect(announced(rules, { account_id: "3", channel: null })).toBe("everything");
  expect(ruled(rules, place, "everything")).toEqual([]);
  const next = new Date(morning(new Date(2026, 10, 30, 17, 5).getTime()));
  expect([next.getMonth(), next.getDate(), next.getHours(), next.getMinutes()]).toEqual([11, 1, 8, 0]);
});
