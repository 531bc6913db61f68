/** The app's host: commands and events over Tauri's bridge. The only file that may import `@tauri-apps`. */
import { convertFileSrc, invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { Event } from "../gen/Event";
import type { Wish } from "../gen/Wish";
import { platformOf, storedPreferences } from "./preferences";
import { CallError, type Commands, type Host } from "./types";

/**
 * `listen` answers later than it is asked; a stop that comes first must still stop it. `hears` is settled once what
 * happens is heard.
 */
function subscribe<T>(
  channel: string,
  handler: (payload: T) => void,
): { stop: () => void; hears: Promise<void> } {
  let stopped = false;
  const ear = listen<T>(channel, (event) => {
    if (!stopped) handler(event.payload);
  });
  const stop = () => {
    stopped = true;
    void ear.then((end) => end());
  };
  const heard = () => {};
  return { stop, hears: ear.then(heard, heard) };
}

/** Wishes are kept outside until they are fetched, so that none is lost that comes before the page listens. */
function subscribeWishes(handler: (wish: Wish) => void): () => void {
  let stopped = false;
  const fetch = async () => {
    if (stopped) return;
    for (const wish of await invoke<Wish[]>("wishes")) handler(wish);
  };
  const stop = listen("deskbell-wish", () => void fetch().catch(() => {}));
  void stop.then(fetch).catch(() => {});
  return () => {
    stopped = true;
    void stop.then((end) => end());
  };
}

export function tauriHost(): Host {
  /** What is read before changes are heard would stay as it was read, if it changed in between. */
  let hears = Promise.resolve();
  return {
    async call<K extends keyof Commands>(name: K, args: Commands[K]["args"]) {
      await hears;
      try {
        return await invoke<Commands[K]["result"]>("call", { name, args });
      } catch (thrown) {
        throw CallError.from(thrown);
      }
    },
    picture: (messageId, part) => convertFileSrc(`${messageId}-${part}`, "attachment"),
    listen(handler) {
      const changes = subscribe<Event>("deskbell", handler);
      hears = changes.hears;
      return changes.stop;
    },
    onLink: (handler) => subscribe<string>("deskbell-link", handler).stop,
    onWish: subscribeWishes,
    print() {
      invoke("print").catch(() => {});
    },
    painted() {
      // A measuring point only: whether it arrives changes nothing for the person.
      invoke("painted").catch(() => {});
    },
    preferences: storedPreferences(localStorage),
    platform: platformOf(navigator.userAgent),
  };
}
