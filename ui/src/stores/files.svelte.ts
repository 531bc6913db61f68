/**
 * The files of messages: what is looked at, what is being asked, what calendar parts say. Opening and saving go
 * through the host, by message and part; what could run is opened only after the person was warned.
 */
import type { AttachmentInfo } from "../gen/AttachmentInfo";
import type { FileText } from "../gen/FileText";
import type { Invitation } from "../gen/Invitation";
import type { Message } from "../gen/Message";
import type { Risk } from "../gen/Risk";
import { CallError, type Host } from "../host/types";
import { t } from "../shared/i18n.svelte";
import type { Toasts } from "./toasts.svelte";

export interface FileOf {
  message: Message;
  file: AttachmentInfo;
}

export type Read =
  | { status: "loading" }
  | { status: "ready"; read: FileText }
  | { status: "error"; error: CallError };

/** What the window itself can show, large. */
export function isShown(file: AttachmentInfo): boolean {
  return file.kind === "picture" || file.kind === "text" || file.kind === "mail";
}

export class Files {
  /** The file that is looked at. */
  shown = $state.raw<FileOf | null>(null);
  /** The text of it, where it is one. */
  text = $state.raw<Read | null>(null);
  /** A file that could do harm, and waits for the person's word. */
  asked = $state.raw<(FileOf & { risk: Risk; choose: boolean }) | null>(null);
  /** What is being saved or opened. */
  busy = $state.raw<string | null>(null);
  private cards = $state.raw<ReadonlyMap<string, Invitation | null>>(new Map());

  constructor(
    private readonly host: Host,
    private readonly toasts: Toasts,
    private readonly complain: (thrown: unknown) => void,
  ) {}

  static key({ message, file }: FileOf): string {
    return `${message.id}-${file.part}`;
  }

  /** Where a picture is served. */
  picture({ message, file }: FileOf): string {
    return this.host.picture(message.id, file.part);
  }

  /** The files that can be looked at one after the other. */
  beside({ message }: FileOf): AttachmentInfo[] {
    return message.attachments.filter((file) => !file.inline && isShown(file));
  }

  /** Shows a file: in the window where it can, else in the system's program for it. */
  async press(one: FileOf): Promise<void> {
    if (!isShown(one.file)) return this.open(one);
    this.shown = one;
    this.text = null;
    if (one.file.kind !== "picture") await this.read(one);
  }

  /** Looks at the next or the one before; past the ends nothing happens. */
  step(by: 1 | -1): void {
    if (!this.shown) return;
    const all = this.beside(this.shown);
    const part = this.shown.file.part;
    const file = all[all.findIndex((one) => one.part === part) + by];
    if (file) void this.press({ message: this.shown.message, file });
  }

  close(): void {
    this.shown = null;
    this.text = null;
  }

  async read(one: FileOf): Promise<void> {
    this.text = { status: "loading" };
    let found: Read;
    try {
      const read = await this.host.call("attachment_text", name(one));
      found = { status: "ready", read };
    } catch (thrown) {
      found = { status: "error", error: CallError.from(thrown) };
    }
    if (this.shown === one) this.text = found;
  }

  async save(one: FileOf): Promise<void> {
    await this.during(one, async () => {
      const { path } = await this.host.call("attachment_save", name(one));
      if (path !== null) this.toasts.show(t("attachment-saved", { path }));
    });
  }

  /**
   * Hands a file to the system's program, or to one that the person chooses; `despite` the risk only once the person
   * was told of it.
   */
  async open(one: FileOf, { despite = false, choose = false } = {}): Promise<void> {
    await this.during(one, async () => {
      const args = { ...name(one), despite_risk: despite };
      const { opened, risk } = await this.host.call(
        choose ? "attachment_open_with" : "attachment_open",
        args,
      );
      if (!opened && risk) this.asked = { ...one, risk, choose };
      else if (opened && !choose) this.toasts.show(t("attachment-opened", { name: one.file.name }));
    });
  }

  /** The person drags a file out of the window; the host takes it from there. */
  async drag(one: FileOf): Promise<void> {
    await this.during(one, async () => {
      await this.host.call("attachment_drag", name(one));
    });
  }

  /** What a calendar part says, once it was read; `null` where it cannot be. */
  invitation(one: FileOf): Invitation | null | undefined {
    return this.cards.get(Files.key(one));
  }

  async loadInvitation(one: FileOf): Promise<void> {
    const key = Files.key(one);
    if (this.cards.has(key)) return;
    let card: Invitation | null = null;
    try {
      card = (await this.host.call("attachment_invitation", name(one))).invitation;
    } catch {
      // Without a card it stays a file like any other, to be opened or saved.
    }
    this.cards = new Map(this.cards).set(key, card);
  }

  private async during(one: FileOf, work: () => Promise<void>): Promise<void> {
    const key = Files.key(one);
    if (this.busy === key) return;
    this.busy = key;
    try {
      await work();
    } catch (thrown) {
      this.complain(thrown);
    } finally {
      this.busy = null;
    }
  }
}

function name({ message, file }: FileOf): { message_id: string; part: number } {
  return { message_id: message.id, part: file.part };
}
