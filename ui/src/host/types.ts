/**
 * What the window asks of the program around it. Owns the only door to Rust: every read, write and event
 * passes through {@link Host}. Two hosts exist: `tauri.ts` in the app, `fake.ts` in tests and in a browser.
 */
import type { ApiError } from "../gen/ApiError";
import type { Code } from "../gen/Code";
import type { Commands } from "../gen/commands";
import type { Event } from "../gen/Event";
import type { FieldError } from "../gen/FieldError";
import type { Said } from "../gen/Said";
import type { Wish } from "../gen/Wish";

export type { Commands } from "../gen/commands";

/** A wrong entry; `said` is absent where the words are nobody's own. */
export type FieldFault = Pick<FieldError, "field" | "message"> & Partial<FieldError>;

/**
 * A failed command: `code` is for deciding, `message` is for the person, in English, `said` the same for any
 * language, `fields` names wrong entries.
 */
export class CallError extends Error {
  constructor(
    readonly code: Code,
    message: string,
    readonly fields: FieldFault[] = [],
    readonly said: Said | null = null,
  ) {
    super(message);
    this.name = "CallError";
  }

  /** Wraps whatever a host rejected with; anything that is no `ApiError` counts as `internal`. */
  static from(thrown: unknown): CallError {
    if (thrown instanceof CallError) return thrown;
    if (typeof thrown === "object" && thrown !== null && "code" in thrown && "message" in thrown) {
      const { code, message, fields, said } = thrown as Pick<ApiError, "code" | "message"> &
        Partial<ApiError>;
      return new CallError(code, message, fields ?? [], said ?? null);
    }
    return new CallError("internal", thrown instanceof Error ? thrown.message : String(thrown));
  }
}

/** Which keys a person expects: ⌘ on a Mac, Ctrl elsewhere. */
export type Platform = "mac" | "windows" | "linux";

/** Small values that belong to this window and not to the mail: theme, language, pane widths. */
export interface Preferences {
  /** The stored value, or `fallback` where nothing (readable) is stored. */
  get<T>(key: string, fallback: T): T;
  set(key: string, value: unknown): void;
}

export interface Host {
  /** Runs a command. Rejects with a {@link CallError}. */
  call<K extends keyof Commands>(name: K, args: Commands[K]["args"]): Promise<Commands[K]["result"]>;
  /** Where the picture in a part of a message is served; names nothing but the two. */
  picture(messageId: string, part: number): string;
  /** Hears every event; the answer ends it. */
  listen(handler: (event: Event) => void): () => void;
  /** Hears of links pressed inside a mail frame; the answer ends it. */
  onLink(handler: (href: string) => void): () => void;
  /** Hears what is asked of the window from outside it, also what came before it; the answer ends it. */
  onWish(handler: (wish: Wish) => void): () => void;
  /** Prints what the window shows. */
  print(): void;
  /** Says once that the first list stands on the screen. */
  painted(): void;
  readonly preferences: Preferences;
  readonly platform: Platform;
}
