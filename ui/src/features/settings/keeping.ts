/** Keys of the person's own: what a change makes of them, and which other commands would lose theirs. Pure. */
import { DEFAULT_KEYS } from "../../shared/default-keys";

/** By command; empty: none. A command that is not named has its usual keys. */
export type Own = Readonly<Record<string, string | undefined>>;

/** What the system and every entry needs. */
const RESERVED = ["tab", "shift+tab", "mod+c", "mod+v", "mod+x"];

export function keysOf(own: Own, command: string): readonly string[] {
  const chosen = own[command];
  if (chosen === undefined) return DEFAULT_KEYS[command] ?? [];
  return chosen === "" ? [] : [chosen];
}

/** Both could not be told apart: the same, or one is the beginning of the other. */
function clash(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other} `) || other.startsWith(`${one} `);
}

export function isReserved(keys: string): boolean {
  return RESERVED.includes(keys);
}

/** The other commands that these keys belong to. */
export function holders(own: Own, command: string, keys: string, all: readonly string[]): string[] {
  if (keys === "") return [];
  return all.filter((id) => id !== command && keysOf(own, id).some((held) => clash(held, keys)));
}

/** The person's keys once `command` has these; whoever held them keeps what else it has, or has none. */
export function assigned(
  own: Own,
  command: string,
  keys: string,
  all: readonly string[],
): Record<string, string> {
  const next: Record<string, string> = {};
  for (const [id, held] of Object.entries(own)) if (held !== undefined) next[id] = held;
  for (const id of holders(own, command, keys, all)) {
    next[id] = keysOf(own, id).find((held) => !clash(held, keys)) ?? "";
  }
  const usual = DEFAULT_KEYS[command] ?? [];
  if (keys === (usual[0] ?? "")) delete next[command];
  else next[command] = keys;
  return next;
}
