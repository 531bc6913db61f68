import { screen } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { seriousFindings } from "../../../test/stage";
import { type OpenWindow, openWindow, press, until } from "../../../test/window";

/** The talk that carries a file of every kind, opened whole. */
async function withFiles(): Promise<OpenWindow> {
  const window = await openWindow();
  const { desk, host } = window;
  const talk = [...host.state.talks.values()].find((one) => one.row.attachments > 3);
  if (!talk) throw new Error("a talk with files");
  desk.mail.open(talk.row.id);
  await until(() => expect(desk.conversation.status).toBe("ready"));
  desk.conversation.unfoldAll();
  await screen.findByRole("button", { name: "Look at wrist-sketch.png" });
  return window;
}

const calls = ({ host }: OpenWindow, name: string) =>
  host.state.calls
    .filter((call) => call.name === name)
    .map((call) => call.args as { despite_risk?: boolean });

test("a file is saved where the host asks, and the window says where", async () => {
  const window = await withFiles();
  screen.getByRole("button", { name: "Save notes.pdf" }).click();
  expect(await screen.findByText(/Saved to \/home\/studio\/Downloads/)).toBeTruthy();
  expect(calls(window, "attachment_save")).toEqual([{ message_id: expect.any(String), part: 4 }]);
});

test("pictures are looked at large, one after the other, by the keyboard alone", async () => {
  const { container, desk } = await withFiles();
  screen.getByRole("button", { name: "Look at wrist-sketch.png" }).click();
  await screen.findByRole("dialog", { name: "wrist-sketch.png" });
  expect(screen.getByAltText("wrist-sketch.png")).toBeTruthy();
  expect(await seriousFindings(container)).toEqual([]);
  press("ArrowRight", "ArrowRight");
  await screen.findByRole("dialog", { name: "sizes.txt" });
  expect(await screen.findByText(/What stands in sizes\.txt/)).toBeTruthy();
  press("ArrowRight");
  expect(desk.files.shown?.file.name, "there is nothing behind the last").toBe("sizes.txt");
  screen.getByRole("button", { name: "Dismiss" }).click();
  await until(() => expect(screen.queryByRole("dialog")).toBeNull());
});

test("a picture that is none becomes a file, which can be saved", async () => {
  const { container } = await withFiles();
  container.querySelector(".pictures img")?.dispatchEvent(new Event("error"));
  await until(() => expect(container.querySelectorAll(".pictures img").length).toBe(1));
  expect(screen.getByRole("button", { name: "Save wrist-sketch.png" })).toBeTruthy();
});

test("a document opens in its own program at once", async () => {
  const window = await withFiles();
  screen.getByRole("button", { name: "Open notes.pdf" }).click();
  expect(await screen.findByText(/notes\.pdf is opened in its program/)).toBeTruthy();
  expect(calls(window, "attachment_open").map((args) => args.despite_risk)).toEqual([false]);
});

test("what could do harm opens only after a warning", async () => {
  const window = await withFiles();
  screen.getByRole("button", { name: "Open consent form.docm" }).click();
  await screen.findByRole("dialog", { name: "Open this file?" });
  expect(screen.getByText(/brings macros/)).toBeTruthy();
  expect(document.activeElement?.textContent?.trim(), "the harmless answer comes first").toBe("Leave it");
  expect(await seriousFindings(window.container)).toEqual([]);
  screen.getByRole("button", { name: "Open it anyway" }).click();
  expect(await screen.findByText(/consent form\.docm is opened/)).toBeTruthy();
  expect(calls(window, "attachment_open").map((args) => args.despite_risk)).toEqual([false, true]);
});

test("a calendar part is a card that says what, when, where and who asks", async () => {
  await withFiles();
  const card = await screen.findByRole("region", { name: "Invitation" });
  for (const words of ["First aid in the studio", "Academy, Canal Street 22", "Academy for Studio Hygiene"]) {
    expect(card.textContent).toContain(words);
  }
});

test("a file is opened in a program of the person's choice with the same caution", async () => {
  const window = await withFiles();
  screen.getByRole("button", { name: "Choose a program for consent form.docm" }).click();
  await screen.findByRole("dialog", { name: "Open this file?" });
  screen.getByRole("button", { name: "Open it anyway" }).click();
  await until(() =>
    expect(calls(window, "attachment_open_with").map((args) => args.despite_risk)).toEqual([false, true]),
  );
});

test("a file that is dragged is the host's to drag, by message and part", async () => {
  const window = await withFiles();
  const chip = screen.getByRole("button", { name: "Open notes.pdf" }).closest("li");
  const drag = new Event("dragstart", { bubbles: true, cancelable: true });
  chip?.dispatchEvent(drag);
  expect(drag.defaultPrevented, "the page drags nothing itself").toBe(true);
  await until(() =>
    expect(calls(window, "attachment_drag")).toEqual([{ message_id: expect.any(String), part: 4 }]),
  );
});
