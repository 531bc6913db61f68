/** What becomes of files that are dropped on the window, beside a message that is written. */
import { fireEvent, screen, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { type OpenWindow, openWindow, until } from "../../test/window";
import { CallError } from "../host/types";

/** Drops it on the list, and answers whether the webview was kept from going to the file. */
async function drop(text: string, name: string, folder = false): Promise<boolean> {
  const files = [new File([text], name)];
  const items = [{ webkitGetAsEntry: () => ({ isDirectory: folder }) }];
  const dataTransfer = { types: ["Files"], files, items };
  const main = document.getElementById("main") as HTMLElement;
  await fireEvent.dragEnter(main, { dataTransfer });
  expect(document.body.hasAttribute("data-carried"), "no mail's text takes it").toBe(true);
  const over = await fireEvent.dragOver(main, { dataTransfer });
  return !over && !(await fireEvent.drop(main, { dataTransfer }));
}

const said = ({ desk }: OpenWindow) => desk.toasts.shown.map((toast) => toast.text).join();

test.each([
  ["an mbox", "From a@b.example Sat\nSubject: x\n\n", "old.mbox", false, "Choose “old.mbox” here"],
  ["a folder", "", "Maildir", true, "Choose the folder “Maildir” here"],
])("%s leads to the form for imports", async (_, text, name, folder, words) => {
  const opened = await openWindow();
  expect(await drop(text, name, folder)).toBe(true);
  await until(() => expect(opened.desk.route.detail).toBe("import"));
  expect(said(opened)).toContain(words);
  expect(document.body.hasAttribute("data-carried")).toBe(false);
});

test("a mail is read as one that is opened with Deskbell, and nothing of it is kept", async () => {
  const { host } = await openWindow();
  expect(await drop("Subject: x\n\nWords", "Angebot.eml")).toBe(true);
  const dialog = await screen.findByRole("dialog", { name: "Angebot.eml" });
  expect(await within(dialog).findByText("From a file")).toBeTruthy();
  const call = host.state.calls.find((one) => one.name === "given_bytes");
  expect(call?.args).toEqual({ name: "Angebot.eml", base64: btoa("Subject: x\n\nWords") });
  expect(host.state.calls.some((one) => one.name === "given_import")).toBe(false);
  expect(await drop("Subject: y\n\n", "other.eml"), "first what is asked is answered").toBe(true);
  expect(host.state.calls.filter((one) => one.name === "given_bytes")).toHaveLength(1);
});

test("a mail that cannot be read says so", async () => {
  const opened = await openWindow();
  opened.host.state.fail("given_bytes", new CallError("storage", "“x.eml” could not be read."));
  await drop("Subject: x\n\n", "x.eml");
  await until(() => expect(said(opened)).toContain("“x.eml” could not be read."));
});

test("of any other file is said where it belongs", async () => {
  const opened = await openWindow();
  expect(await drop("%PDF-1.7", "prices.pdf")).toBe(true);
  await until(() => expect(said(opened)).toContain("“prices.pdf” is no mail"));
  expect(opened.desk.route.screen).toBe("mail");
});

test("what is dragged inside the window is nobody's business here", async () => {
  await openWindow();
  const main = document.getElementById("main") as HTMLElement;
  const dataTransfer = { types: ["text/plain"], files: [], items: [] };
  expect(await fireEvent.dragOver(main, { dataTransfer })).toBe(true);
  expect(await fireEvent.drop(main, { dataTransfer })).toBe(true);
});
