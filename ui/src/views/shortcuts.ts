/** Turns key presses into commands. Keys typed into a field or a dialog are left alone, save those with Ctrl or ⌘. */
import { stepOf } from "../shared/keys";
import { type Command, commands } from "../stores/commands";
import type { Desk } from "../stores/desk.svelte";

/** A started sequence such as `g` waits this long for its second key. */
const WAITS = 1_200;
const WORDS = "input, textarea, select, [contenteditable]";
/** These mean something on their own to whatever holds the focus. */
const OWN = "button, a, summary, [role=separator], [role=option]";

export function shortcuts(desk: Desk): (event: KeyboardEvent) => void {
  let first: { step: string; at: number } | null = null;
  const find = (all: Command[], keys: string) => all.find((c) => c.keys.includes(keys) && c.usable());

  return (event) => {
    const modified = event.ctrlKey || event.metaKey || event.altKey;
    if (event.defaultPrevented || event.isComposing || isModifier(event.key)) return;
    const target = event.target instanceof Element ? event.target : null;
    // A press beside its controls leaves the focus outside the dialog, which the keys belong to all the same.
    if (target?.closest("dialog") || document.querySelector("dialog[open]")) return;
    const step = stepOf(event, desk.host.platform);
    const typing = target?.closest(WORDS) ?? null;
    if (typing && (!modified || step === "mod+a" || step === "mod+z")) return;
    if (target?.closest(OWN) && ["enter", "space", "arrowdown", "arrowup"].includes(step)) return;

    const all = commands(desk);
    const keys = first && event.timeStamp - first.at < WAITS ? `${first.step} ${step}` : step;
    first = null;
    const command = find(all, keys) ?? find(all, step);
    if (command) {
      event.preventDefault();
      command.run();
    } else if (all.some((one) => one.keys.some((k) => k.startsWith(`${step} `)))) {
      first = { step, at: event.timeStamp };
    }
  };
}

function isModifier(key: string): boolean {
  return key === "Shift" || key === "Control" || key === "Alt" || key === "Meta";
}
