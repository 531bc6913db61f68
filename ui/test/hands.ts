/** Hands to write with: text into entries and into the editor, keys where the focus is. */
import { fireEvent, screen } from "@testing-library/svelte";
import { until } from "./window";

/** Writes into an entry as if it had been typed to the end. */
export async function write(entry: HTMLElement, text: string): Promise<void> {
  entry.focus();
  await fireEvent.input(entry, { target: { value: text } });
}

/** Presses one key in an entry. */
export async function key(entry: Element, name: string, over: KeyboardEventInit = {}): Promise<void> {
  await fireEvent.keyDown(entry, { key: name, bubbles: true, cancelable: true, ...over });
}

/** The line of recipients of this name. */
export function line(name: string): HTMLInputElement {
  return screen.getByRole("combobox", { name }) as HTMLInputElement;
}

/** The text of the message, once its editor is there. */
export async function prose(): Promise<HTMLElement> {
  await until(() => screen.getByRole("textbox", { name: "Text of the message" }));
  return screen.getByRole("textbox", { name: "Text of the message" });
}

/** Pastes text into an entry. */
export async function paste(entry: Element, text: string): Promise<void> {
  const data = { getData: () => text, files: [], types: ["text/plain"] };
  await fireEvent.paste(entry, { clipboardData: data });
}
