/** How shortcuts are written down and shown: steps parted by blanks, `mod` for ⌘ or Ctrl. Pure. */
import type { Platform } from "../host/types";

const NAMES: Record<string, string> = {
  enter: "↵",
  escape: "Esc",
  delete: "Del",
  arrowup: "↑",
  arrowdown: "↓",
  shift: "⇧",
  space: "␣",
};

/** The caps to draw for a shortcut. */
export function caps(keys: string, platform: Platform): string[] {
  return keys.split(" ").map((step) =>
    step
      .split("+")
      .map((key) => {
        if (key === "mod") return platform === "mac" ? "⌘" : "Ctrl ";
        return NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key);
      })
      .join(""),
  );
}

/** What a key press is called in the table of commands: "mod+k", "shift+j", "#", "enter". */
export function stepOf(event: KeyboardEvent, platform: Platform): string {
  const mod = platform === "mac" ? event.metaKey : event.ctrlKey;
  const key = event.key === " " ? "space" : event.key.toLowerCase();
  // Signs such as # and ? need Shift on some keyboards and not on others: the sign is what counts.
  const shift = event.shiftKey && (/^[a-z]$/.test(key) || key.length > 1);
  return `${mod ? "mod+" : ""}${shift ? "shift+" : ""}${key}`;
}

/** A name with its key, as a tooltip gives it. */
export function titled(label: string, hint: string | undefined): string {
  return hint ? `${label} (${hint})` : label;
}
