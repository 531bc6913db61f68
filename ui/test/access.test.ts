/**
 * Every screen by the keyboard alone: reached by keys, each of its controls reached and named, nothing that axe
 * finds serious. Colours and what stands on the screen at twice its size are looked at in a browser (npm run look).
 */
import "../src/features/composer/Composer.svelte";
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

/** What Tab reaches, in its order. */
function stops(): HTMLElement[] {
  const all = document.querySelectorAll<HTMLElement>(
    "a[href], button, input, select, textarea, summary, [tabindex], [contenteditable=true]",
  );
  const dialog = document.querySelector("dialog");
  return [...all].filter(
    (one) =>
      one.tabIndex >= 0 &&
      !one.matches(":disabled, [hidden], iframe") &&
      (!dialog || dialog.contains(one)) &&
      !one.closest("details:not([open]) > :not(summary)"),
  );
}

/** What a screen reader calls it. */
function nameOf(one: HTMLElement): string {
  const by = one.getAttribute("aria-labelledby")?.split(" ") ?? [];
  const labels = one instanceof HTMLInputElement || one instanceof HTMLSelectElement ? one.labels : null;
  const words = [
    one.getAttribute("aria-label"),
    ...by.map((id) => document.getElementById(id)?.textContent),
    ...[...(labels ?? [])].map((label) => label.textContent),
    one.textContent,
    one.getAttribute("title"),
    one.getAttribute("placeholder"),
  ];
  return words.find((word) => word?.trim())?.trim() ?? "";
}

/** Walks over everything that takes the focus: each holds it, each has a name, none jumps the queue. */
function walk(): void {
  const all = stops();
  expect(all.length, "there is something to do here").toBeGreaterThan(1);
  for (const one of all) {
    one.focus();
    expect(document.activeElement === one, `takes the focus: ${one.outerHTML.slice(0, 120)}`).toBe(true);
    expect(nameOf(one), `has a name: ${one.outerHTML.slice(0, 120)}`).not.toBe("");
    expect(one.tabIndex, "the order on the screen is the order of Tab").toBe(0);
  }
  (document.activeElement as HTMLElement | null)?.blur();
}

const main = () => document.getElementById("main") as HTMLElement;
const heading = (name: string) => screen.findByRole("heading", { level: 1, name });

const SCREENS: [string, (opened: OpenWindow) => Promise<unknown>][] = [
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
    "the outbox",
    async () => {
      press("g", "o");
      await screen.findByRole("region", { name: "Outbox" });
    },
  ],
  [
    "what became of a message",
    async ({ desk, host }) => {
      const { outbox } = host.state;
      const words = { wrote: "", forwarded: "", fields: [] };
      const draft = await host.call("draft_new", {
        ...{ kind: "new", account_id: "1", message_id: null, subject: "Visit", words },
        to: ["later@x.example", "mara@voss.example"],
      });
      await host.call("draft_send", { id: draft.id, at: null, confirmed: [{ kind: "empty", detail: "" }] });
      outbox.tick(host.state.now + 20_000);
      outbox.tick(host.state.now + 21_000);
      outbox.report(draft.id, "mara@voss.example", "read");
      desk.route.mail("sent", null, draft.conversation_id);
      const ticks = await screen.findByRole("button", { name: "1 of 2 only later" });
      ticks.focus();
      await fireEvent.click(ticks);
      await screen.findByRole("group", { name: "What became of this message" });
    },
  ],
  [
    "Health",
    async () => {
      press("g", "h");
      await heading("Health");
    },
  ],
  [
    "the accounts",
    async () => {
      press("g", "c");
      await heading("Accounts");
    },
  ],
  [
    "an account being changed",
    async () => {
      press("g", "c");
      await heading("Accounts");
      const [edit] = screen.getAllByRole("button", { name: "Edit…" });
      edit?.focus();
      await fireEvent.click(edit as HTMLElement);
    },
  ],
  [
    "adding an account",
    async () => {
      await run("Add an account");
      await heading("Add a mail account");
    },
  ],
  [
    "importing mail",
    async () => {
      await run("Import mail");
      await heading("Import mail");
    },
  ],
  [
    "the settings",
    async () => {
      press("g", "s");
      await heading("Settings");
    },
  ],
  [
    "everything being taken out",
    async ({ host }) => {
      press("g", "s");
      await fireEvent.click(await screen.findByRole("button", { name: "Export…" }));
      host.state.exporting.move(10);
      await screen.findByRole("progressbar");
    },
  ],
  [
    "how each account sends",
    async ({ desk }) => {
      press("g", "s");
      await heading("Settings");
      desk.route.go("settings", "sending");
      await heading("Sending");
    },
  ],
  [
    "the shortcuts being changed",
    async () => {
      press("g", "s");
      await heading("Settings");
      await fireEvent.click(screen.getByRole("button", { name: "Show and change" }));
    },
  ],
  [
    "the senders",
    async () => {
      await run("Manage senders and signatures");
      await heading("Senders and signatures");
    },
  ],
  [
    "the templates",
    async () => {
      await run("Manage templates");
      await heading("Templates");
    },
  ],
  [
    "the rules",
    async () => {
      await run("Go to rules");
      await heading("Rules");
    },
  ],
  [
    "the labels",
    async () => {
      await run("Go to labels");
      await heading("Labels");
    },
  ],
  [
    "the palette",
    async () => {
      press("ctrl+k");
      await screen.findByRole("dialog", { name: "All commands" });
    },
  ],
  [
    "the sheet of shortcuts",
    async () => {
      press("?");
      await screen.findByRole("dialog");
    },
  ],
  [
    "the choice of a time to put off",
    async () => {
      press("j", "b");
      const dialog = await screen.findByRole("dialog");
      await until(() => expect(dialog.contains(document.activeElement)).toBe(true));
    },
  ],
  [
    "the choice of labels",
    async () => {
      press("j", "l");
      await screen.findByRole("combobox");
    },
  ],
];

test.each(SCREENS)("%s is reached, walked over and named by the keyboard alone", async (_, go) => {
  const opened = await openWindow();
  await go(opened);
  await until(() => expect(main().children.length).toBeGreaterThan(0));
  expect(await seriousFindings(document.body)).toEqual([]);
  if (document.querySelector("dialog")) {
    expect(document.querySelector("dialog")?.contains(document.activeElement), "the focus is inside").toBe(
      true,
    );
    for (const one of stops()) expect(nameOf(one)).not.toBe("");
  } else walk();
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

test.each(STATES)("%s is walked over and named as well", async (_, options) => {
  await openWindow(options);
  await until(() => expect(main().children.length).toBeGreaterThan(0));
  expect(await seriousFindings(document.body)).toEqual([]);
  walk();
});

test("the first Tab skips the rail", async () => {
  await openWindow();
  const [first] = stops();
  expect(nameOf(first as HTMLElement)).toBe("Skip to the content");
  await fireEvent.click(first as HTMLElement);
  expect(document.activeElement?.id).toBe("main");
});
