/** Beginnings of messages: an answer, an empty one, and a whole letter ready to go. */
import "../src/shared/editor/engine";
import "../src/features/composer/Composer.svelte";
import { screen } from "@testing-library/svelte";
import { expect } from "vitest";
import { key, line, prose, write } from "./hands";
import { type OpenWindow, openWindow, press, until } from "./window";

/** What the recipients' chips read. */
export const chips = () =>
  [...document.querySelectorAll("[data-chip]")].map((one) => one.textContent?.trim());

/** What was asked of the core under this name. */
export const calls = ({ host }: OpenWindow, name: string) =>
  host.state.calls.filter((call) => call.name === name);

/** An answer begun to the first conversation. */
export async function reply(): Promise<OpenWindow> {
  const opened = await openWindow();
  press("j", "o");
  await until(() => expect(opened.desk.conversation.current?.row.id).toBe("1"));
  press("r");
  await prose();
  return opened;
}

/** An empty message. */
export async function compose(
  options = {},
  prepare = (_host: OpenWindow["host"]) => {},
): Promise<OpenWindow> {
  const opened = await openWindow(options, prepare);
  press("c");
  await prose();
  await until(() => expect(document.activeElement).toBe(line("To")));
  return opened;
}

/** A whole message to Mara, ready to go. */
export async function letter(text = "See you on Thursday.", to = "mara@voss.example"): Promise<OpenWindow> {
  const opened = await compose();
  await write(line("To"), to);
  await key(line("To"), "Enter");
  await write(screen.getByLabelText("Subject"), "Your visit");
  opened.desk.composer.draft?.replace(`<p>${text}</p>`);
  return opened;
}
