/** The form "Add a mail account" on its screen, and hands that fill it in. */
import { fireEvent, screen } from "@testing-library/svelte";
import Accounts from "../src/features/accounts/Accounts.svelte";
import type { FakeOptions } from "../src/host/fake/state";
import { type Staged, stage } from "./stage";

export async function open(options: FakeOptions = { accounts: [] }): Promise<Staged> {
  return stage(Accounts, options, (_, desk) => desk.route.go("accounts", "add"));
}

export function entry(label: RegExp): HTMLInputElement {
  return screen.getByLabelText(label) as HTMLInputElement;
}

export async function type(label: RegExp, value: string): Promise<void> {
  await fireEvent.input(entry(label), { target: { value } });
}

export async function press(name: RegExp): Promise<void> {
  await fireEvent.click(screen.getByRole("button", { name }));
}

/** The submit button is pressed as Enter in an entry does it. */
export async function submit(): Promise<void> {
  const form = document.querySelector("form");
  if (!form) throw new Error("no form on screen");
  await fireEvent.submit(form);
}
