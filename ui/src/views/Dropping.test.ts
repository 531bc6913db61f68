/** What becomes of files that are dropped on the window, beside a message that is written. */
import { fireEvent } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { type OpenWindow, openWindow, until } from "../../test/window";

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

test.each([
  ["a mail", "Subject: x\n\nWords", "Angebot.eml", "Open “Angebot.eml” with Deskbell"],
  ["any other file", "%PDF-1.7", "prices.pdf", "“prices.pdf” is no mail"],
])("%s is said where it belongs, and nothing is left", async (_, text, name, words) => {
  const opened = await openWindow();
  expect(await drop(text, name)).toBe(true);
  await until(() => expect(said(opened)).toContain(words));
  expect(opened.desk.route.screen).toBe("mail");
});

test("what is dragged inside the window is nobody's business here", async () => {
  await openWindow();
  const main = document.getElementById("main") as HTMLElement;
  const dataTransfer = { types: ["text/plain"], files: [], items: [] };
  expect(await fireEvent.dragOver(main, { dataTransfer })).toBe(true);
  expect(await fireEvent.drop(main, { dataTransfer })).toBe(true);
});
