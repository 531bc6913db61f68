/** A message is written, given a file, planned and sent by keys alone: nothing here is clicked or put in place. */
import { screen } from "@testing-library/svelte";
import { expect, onTestFinished, test, vi } from "vitest";
import { line, prose, reach, tap, write } from "../../../test/hands";
import { compose } from "../../../test/letters";
import { press, until } from "../../../test/window";

/** Types into what has the focus. */
async function type(text: string): Promise<void> {
  await write(document.activeElement as HTMLElement, text);
}

async function written(subject: string): Promise<void> {
  await until(() => expect(document.activeElement).toBe(line("To")));
  await type("mara@voss.example");
  await tap("Enter");
  await reach(() => screen.getByLabelText("Subject"));
  await type(subject);
  // Text with formatting is typed by the browser itself; a plain entry shows what keys do here.
  await reach(() => screen.getByRole("button", { name: "Plain text only" }));
  await tap("Enter");
  await reach(() => screen.getByRole("textbox", { name: "Text of the message" }));
  await type("See you on Thursday.");
}

test("written, given a file, planned, written again and sent by keys alone", async () => {
  const { desk, host } = await compose();
  await written("Planned");
  await tap("A", { ctrlKey: true, shiftKey: true });
  await until(() => expect(desk.composer.draft?.files.map((file) => file.name)).toEqual(["prices 2026.pdf"]));
  await tap("Enter", { ctrlKey: true, shiftKey: true });
  await screen.findByRole("dialog", { name: "Send later" });
  await until(() => expect((document.activeElement as HTMLElement).dataset.first).toBeDefined());
  await tap("ArrowDown");
  await tap("Enter");
  await until(() => expect(desk.outbox.scheduled.map((one) => one.subject)).toEqual(["Planned"]));
  const planned = [...host.state.outbox.written.values()][0];
  expect(planned?.draft.files.map((file) => file.name)).toEqual(["prices 2026.pdf"]);

  (document.activeElement as HTMLElement | null)?.blur();
  press("c");
  await prose();
  await written("Sent at once");
  await tap("Enter", { ctrlKey: true });
  await until(() => expect(desk.outbox.waiting.map((one) => one.subject)).toEqual(["Sent at once"]));
  expect(desk.composer.draft).toBeNull();
});

test("what was typed into a line of people just before sending goes along", async () => {
  const { desk, host } = await compose();
  await written("For two");
  await reach(() => line("To"));
  await type("jonas@client.example");
  await tap("Enter", { ctrlKey: true });
  await until(() => expect(desk.outbox.waiting).toHaveLength(1));
  const sent = [...host.state.outbox.written.values()][0];
  expect(sent?.draft.content.to.map((person) => person.address)).toEqual([
    "mara@voss.example",
    "jonas@client.example",
  ]);
});

test("another time is chosen and a plan is sent at once from the Outbox by keys alone", async () => {
  // A Wednesday morning: on a Sunday evening there is no second time to choose.
  vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-11-18T09:05") });
  onTestFinished(() => void vi.useRealTimers());
  const { desk } = await compose();
  await written("Planned");
  await tap("Enter", { ctrlKey: true, shiftKey: true });
  await screen.findByRole("dialog", { name: "Send later" });
  await until(() => expect((document.activeElement as HTMLElement).dataset.first).toBeDefined());
  await tap("Enter");
  await until(() => expect(desk.outbox.scheduled).toHaveLength(1));
  desk.route.mail("outbox");
  await screen.findByRole("button", { name: "Another time" });
  const before = desk.outbox.scheduled[0]?.not_before;
  await reach(() => screen.getByRole("button", { name: "Another time" }));
  await tap("Enter");
  await screen.findByRole("dialog", { name: "Send later" });
  await until(() => expect((document.activeElement as HTMLElement).dataset.first).toBeDefined());
  await tap("ArrowDown");
  await tap("Enter");
  await until(() => expect(desk.outbox.scheduled[0]?.not_before).not.toBe(before));
  await reach(() => screen.getByRole("button", { name: "Send now" }));
  await tap("Enter");
  await until(() => expect(desk.outbox.waiting).toHaveLength(1));
});
