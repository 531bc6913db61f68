/**
 * Every place is a few keys away, takes the focus where it must, and holds nothing that axe finds serious. Colours,
 * what Tab comes to, and what stands on the screen at twice its size need a real browser: `npm run look`. The large
 * screens are loaded here at first, for which a busy machine takes its time.
 */
import "../src/features/accounts/Accounts.svelte";
import "../src/features/composer/Composer.svelte";
import "../src/features/settings/Settings.svelte";
import "../src/shared/editor/engine";
import { fireEvent, screen } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { accounts } from "../src/host/fake/generate";
import type { FakeOptions } from "../src/host/fake/state";
import { key } from "./hands";
import { seriousFindings } from "./stage";
import { type OpenWindow, openWindow, press, until } from "./window";

/** Opens the palette and runs the command of this name. */
async function run(name: string): Promise<void> {
  press("ctrl+k");
  const search = await screen.findByRole("combobox", { name: "What do you want to do?" });
  await fireEvent.input(search, { target: { value: name } });
  await key(search, "Enter");
  await until(() => expect(screen.queryByRole("dialog")).toBeNull());
}

const main = () => document.getElementById("main") as HTMLElement;

/** Keys, or the command of the palette, and the heading that they lead to. */
const PAGES: [way: string[] | string, heading: string][] = [
  [["g", "h"], "Health"],
  [["g", "c"], "Accounts"],
  [["g", "s"], "Settings"],
  [["g", "o"], "Outbox"],
  ["Add an account", "Add a mail account"],
  ["Import mail", "Import mail"],
  ["Manage senders and signatures", "Senders and signatures"],
  ["Manage templates", "Templates"],
  ["Go to rules", "Rules"],
  ["Go to labels", "Labels"],
];

test.each(PAGES)("%s leads to %s", async (way, name) => {
  await openWindow();
  if (typeof way === "string") await run(way);
  else press(...way);
  await screen.findByRole("heading", { level: 1, name });
  expect(await seriousFindings(document.body)).toEqual([]);
});

const SHOWN: [what: string, go: (opened: OpenWindow) => Promise<unknown>][] = [
  ["the inbox", async () => screen.findByRole("grid", { name: "Conversations" })],
  [
    "a conversation",
    async ({ desk }) => {
      press("j", "o");
      await until(() => expect(desk.conversation.current).not.toBeNull());
      await screen.findByRole("toolbar", { name: "Answer" });
    },
  ],
  [
    "the composer",
    async () => {
      press("c");
      await screen.findByRole("region", { name: "New message" });
      await screen.findByRole("textbox", { name: "Text of the message" });
    },
  ],
  [
    "how each account sends",
    async ({ desk }) => {
      desk.route.go("settings", "sending");
      await screen.findByRole("heading", { level: 1, name: "Sending" });
    },
  ],
];

test.each(SHOWN)("%s is clear to a screen reader", async (_, go) => {
  await go(await openWindow());
  expect(await seriousFindings(document.body)).toEqual([]);
});

const DIALOGS: [what: string, keys: string[]][] = [
  ["of all commands", ["ctrl+k"]],
  ["of the shortcuts", ["?"]],
  ["to put off", ["j", "b"]],
  ["of labels", ["j", "l"]],
];

test.each(DIALOGS)("the dialog %s opens by its keys and takes the focus", async (_, keys) => {
  await openWindow();
  press(...keys);
  const dialog = await screen.findByRole("dialog");
  await until(() => expect(dialog.contains(document.activeElement), "the focus is inside").toBe(true));
  expect(await seriousFindings(document.body)).toEqual([]);
});

const STATES: [string, FakeOptions][] = [
  ["the first start", { accounts: [] }],
  ["an empty mailbox", { conversations: 0 }],
  ["a profile that another window holds", { readOnly: true, conversations: 20 }],
  [
    "accounts in trouble",
    {
      conversations: 20,
      notice: "A damaged file was set aside.",
      accounts: accounts(Date.now()).map((one, at) => ({
        ...one,
        state: ["sign_in_needed", "offline", "error"][at] ?? "ok",
        detail: "It failed.",
      })),
    },
  ],
];

test.each(STATES)("%s is as clear to a screen reader", async (_, options) => {
  await openWindow(options);
  await until(() => expect(main().children.length).toBeGreaterThan(0));
  expect(await seriousFindings(document.body)).toEqual([]);
});

test("what skips the rail leads to the content", async () => {
  await openWindow();
  await fireEvent.click(screen.getByRole("link", { name: "Skip to the content" }));
  expect(document.activeElement?.id).toBe("main");
});
