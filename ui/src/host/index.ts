/** Picks the host this window runs in. The pretend desk is for a development browser only: no build holds it. */
import type { Host } from "./types";

export async function openHost(): Promise<Host> {
  if (import.meta.env.DEV && !("__TAURI_INTERNALS__" in window)) return (await import("./fake")).fakeHost();
  return (await import("./tauri")).tauriHost();
}
