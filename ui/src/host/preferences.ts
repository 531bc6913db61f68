/** Preferences in localStorage, one JSON value a key. A full or forbidden store costs memory, never an error. */
import type { Platform, Preferences } from "./types";

const PREFIX = "deskbell.";

export function storedPreferences(storage: Storage): Preferences {
  return {
    get<T>(key: string, fallback: T): T {
      try {
        const text = storage.getItem(PREFIX + key);
        return text === null ? fallback : (JSON.parse(text) as T);
      } catch {
        return fallback;
      }
    },
    set(key, value) {
      try {
        storage.setItem(PREFIX + key, JSON.stringify(value));
      } catch {
        // The store is full or forbidden: the choice holds until the window closes.
      }
    },
  };
}

export function platformOf(userAgent: string): Platform {
  if (/Mac OS X|Macintosh/.test(userAgent)) return "mac";
  return /Windows/.test(userAgent) ? "windows" : "linux";
}
