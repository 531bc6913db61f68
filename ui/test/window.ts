/** The whole window on the pretend host, and hands to use it with. */
import { render } from "@testing-library/svelte";
import { onTestFinished, vi } from "vitest";
import { type FakeHost, fakeHost } from "../src/host/fake";
import type { FakeOptions } from "../src/host/fake/state";
import { Desk } from "../src/stores/desk.svelte";
import Window from "../src/views/Window.svelte";

export interface OpenWindow {
  desk: Desk;
  host: FakeHost;
  container: HTMLElement;
}

export async function openWindow(
  options: FakeOptions = {},
  prepare: (host: FakeHost) => void = () => {},
): Promise<OpenWindow> {
  const host = fakeHost(options);
  prepare(host);
  const desk = new Desk(host);
  onTestFinished(() => desk.stop());
  const started = desk.start();
  const { container } = render(Window, { desk });
  await started;
  await until(() => {
    if (desk.route.screen === "mail" && desk.mail.shown.status === "loading")
      throw new Error("still loading");
  });
  return { desk, host, container };
}

/** Waits until a check passes; the deadline is for a busy machine only. */
export function until(check: () => unknown): Promise<unknown> {
  return vi.waitFor(check, { timeout: 8_000, interval: 20 });
}

/** Presses keys one after the other, as the person's keyboard would: "j", "shift+j", "ctrl+k", "#". */
export function press(...keys: string[]): void {
  for (const written of keys) {
    const parts = written.split("+");
    const key = parts.pop() ?? "";
    const event = new KeyboardEvent("keydown", {
      key: parts.includes("shift") && key.length === 1 ? key.toUpperCase() : key,
      ctrlKey: parts.includes("ctrl"),
      shiftKey: parts.includes("shift"),
      bubbles: true,
      cancelable: true,
    });
    (document.activeElement ?? document.body).dispatchEvent(event);
  }
}

/** The people of the rows on the screen, top to bottom. */
export function listed(container: HTMLElement): string[] {
  return [...container.querySelectorAll("[role=grid] .people bdi")].map((one) => one.textContent ?? "");
}
