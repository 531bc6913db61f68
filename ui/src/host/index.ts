/** Picks the host this window runs in; the other one is never loaded. */
import type { Host } from "./types";

export async function openHost(): Promise<Host> {
  if ("__TAURI_INTERNALS__" in window) return (await import("./tauri")).tauriHost();
  return (await import("./fake")).fakeHost();
}
