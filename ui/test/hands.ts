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

/** What Tab reaches, in order. There is no layout here: what only a style hides is not known. */
function stops(): HTMLElement[] {
  const dialogs = document.querySelectorAll<HTMLElement>("dialog[open], [role=dialog]");
  const root = [...dialogs].at(-1) ?? document.body;
  const kinds = "a[href], button, input, select, textarea, [tabindex], [contenteditable=true]";
  return [...root.querySelectorAll<HTMLElement>(kinds)].filter(
    (one) => one.tabIndex >= 0 && !one.matches(":disabled") && !one.closest("[inert], [hidden]"),
  );
}

/** Presses a key where the focus is, and does what a browser does where nobody else wants it. */
export async function tap(name: string, over: KeyboardEventInit = {}): Promise<void> {
  const at = (document.activeElement ?? document.body) as HTMLElement;
  const wanted = await fireEvent.keyDown(at, { key: name, bubbles: true, cancelable: true, ...over });
  if (!wanted || over.ctrlKey || over.altKey) return;
  const presses = at.matches("button, summary") || (name === "Enter" && at.matches("a[href]"));
  if (name === "Tab") {
    const all = stops();
    all[(all.indexOf(at) + 1) % all.length]?.focus();
  } else if ((name === "Enter" || name === " ") && presses) await fireEvent.click(at);
  else if (name === " " && at.matches("input[type=checkbox]")) await fireEvent.click(at);
  else if (name === "Enter" && at instanceof HTMLInputElement && at.form) await fireEvent.submit(at.form);
}

/** Presses Tab until the focus is there; fails where Tab never gets there. */
export async function reach(find: () => HTMLElement): Promise<HTMLElement> {
  for (let step = 0; step < 200; step += 1) {
    if (document.activeElement === find()) return find();
    await tap("Tab");
  }
  throw new Error(`Tab never reaches ${find().outerHTML.slice(0, 80)}`);
}

/** Reaches a list of choices and walks it with the arrow to this one, as a browser does. */
export async function select(find: () => HTMLElement, value: string): Promise<void> {
  const list = (await reach(find)) as HTMLSelectElement;
  const at = [...list.options].findIndex((one) => one.value === value);
  if (at < 0) throw new Error(`there is no choice ${value}`);
  while (list.selectedIndex !== at) {
    const step = list.selectedIndex < at ? 1 : -1;
    await tap(step > 0 ? "ArrowDown" : "ArrowUp");
    list.selectedIndex += step;
  }
  await fireEvent.change(list);
}
