/** The words of writing: what is begun, where it stands, what it asks for. */
import type { NewDraftArgs } from "../gen/NewDraftArgs";

export type Kind = "new" | "reply" | "reply_all" | "forward" | "forward_attached";
/** `docked` below its conversation, `tall` over the whole pane, `strip` while the person looks elsewhere. */
export type Shape = "docked" | "tall" | "strip";
export type Asking = "later" | "template" | "plain" | "versions" | "link";

export interface Beginning extends Partial<Pick<NewDraftArgs, "to" | "cc" | "bcc" | "subject" | "text">> {
  messageId?: string;
  /** When that message was written. */
  date?: number;
}

/** What the composer asks of the rest of the window. */
export interface Surroundings {
  complain(thrown: unknown): void;
  say(text: string, action?: { label: string; run: () => void }): void;
  /** The message can be called back: `z` does it. */
  recallable(id: string): void;
}
