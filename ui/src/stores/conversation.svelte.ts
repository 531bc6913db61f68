/** The open conversation: its messages, which of them are unfolded, and their bodies as they arrive. */
import type { Conversation } from "../gen/Conversation";
import type { Message } from "../gen/Message";
import type { MessageBody } from "../gen/MessageBody";
import { CallError, type Host } from "../host/types";
import { t } from "../shared/i18n.svelte";

/** Looked at this long, it counts as read. */
export const READ_AFTER = 1_000;

export type Body =
  | { status: "loading"; body: MessageBody | null }
  | { status: "ready"; body: MessageBody }
  | { status: "error"; error: CallError };

export class OpenConversation {
  id = $state<string | null>(null);
  current = $state.raw<Conversation | null>(null);
  status = $state<"idle" | "loading" | "ready" | "gone" | "error">("idle");
  error = $state.raw<CallError | null>(null);
  unfolded = $state.raw<ReadonlySet<string>>(new Set());
  bodies = $state.raw<ReadonlyMap<string, Body>>(new Map());
  private readTimer: ReturnType<typeof setTimeout> | undefined;
  private images = new Set<string>();

  constructor(
    private readonly host: Host,
    private readonly theme: () => string,
    private readonly read: (id: string) => void,
  ) {}

  async open(id: string | null): Promise<void> {
    if (id === this.id) return;
    clearTimeout(this.readTimer);
    this.id = id;
    this.current = null;
    this.error = null;
    this.images.clear();
    this.unfolded = new Set();
    this.bodies = new Map();
    this.status = id === null ? "idle" : "loading";
    if (id !== null) await this.load();
  }

  /** Asks again, keeping what is unfolded; a new message at the end unfolds too. */
  async load(): Promise<void> {
    const id = this.id;
    if (id === null) return;
    try {
      const found = await this.host.call("conversation", { id });
      if (this.id !== id) return;
      const known = new Set(this.current?.messages.filter((m) => !(m.draft && m.own)).map((m) => m.id));
      const first = this.current === null;
      this.current = found;
      this.status = "ready";
      const open = found.messages.filter((m, i) => !known.has(m.id) && this.startsOpen(found, m, i, first));
      for (const message of open) this.unfold(message.id);
      for (const message of found.messages) this.fill(message);
      if (first) this.readSoon(found);
    } catch (thrown) {
      if (this.id !== id) return;
      this.error = CallError.from(thrown);
      if (this.error.code === "not_found") {
        this.current = null;
        this.status = "gone";
      } else if (this.current === null) this.status = "error";
    }
  }

  has(messageId: string): boolean {
    return this.current?.messages.some((message) => message.id === messageId) ?? false;
  }

  toggle(messageId: string): void {
    if (!this.unfolded.has(messageId)) {
      this.unfold(messageId);
      return;
    }
    const unfolded = new Set(this.unfolded);
    unfolded.delete(messageId);
    this.unfolded = unfolded;
  }

  get allUnfolded(): boolean {
    return (
      this.current?.messages.every((one) => this.unfolded.has(one.id) || (one.draft && one.own)) ?? false
    );
  }

  unfoldAll(): void {
    for (const one of this.current?.messages ?? []) if (!(one.draft && one.own)) this.unfold(one.id);
  }

  foldAll(): void {
    const last = this.current?.messages.findLast((one) => !(one.draft && one.own));
    this.unfolded = new Set(last ? [last.id] : []);
  }

  /** The person asked for the pictures that lie elsewhere; those still missing could not be fetched. */
  wantsImages(messageId: string): boolean {
    return this.images.has(messageId);
  }

  async showImages(messageId: string): Promise<void> {
    this.images.add(messageId);
    await this.loadBody(messageId);
  }

  /** The frames carry the theme's colours, so another theme asks for them anew. */
  async retheme(): Promise<void> {
    await Promise.all([...this.bodies.keys()].map((id) => this.loadBody(id)));
  }

  async loadBody(messageId: string): Promise<void> {
    const conversation = this.id;
    const before = this.bodies.get(messageId);
    const shown = before && before.status !== "error" ? before.body : null;
    this.setBody(messageId, { status: "loading", body: shown });
    try {
      const body = await this.host.call("message_body", {
        id: messageId,
        remote_images: this.images.has(messageId),
        theme: this.theme(),
        words: { show_quoted: t("frame-show-quoted"), cut: t("frame-cut") },
      });
      if (this.id === conversation) this.setBody(messageId, { status: "ready", body });
    } catch (thrown) {
      const error = CallError.from(thrown);
      if (this.id === conversation) this.setBody(messageId, { status: "error", error });
    }
  }

  stop(): void {
    clearTimeout(this.readTimer);
  }

  private startsOpen(found: Conversation, message: Message, index: number, first: boolean): boolean {
    // A draft is not read but written on: what it answers is what one wants to see.
    if (message.draft && message.own) return false;
    const last = index === found.messages.findLastIndex((one) => !(one.draft && one.own));
    return last || (first && !message.seen && found.messages.length - index <= 5);
  }

  private unfold(messageId: string): void {
    this.unfolded = new Set(this.unfolded).add(messageId);
    if (!this.bodies.has(messageId)) void this.loadBody(messageId);
  }

  /** A body that was missing is asked for again once the message says that it has come. */
  private fill(message: Message): void {
    const known = this.bodies.get(message.id);
    if (known?.status === "ready" && known.body.document === null && message.body === "full") {
      void this.loadBody(message.id);
    }
  }

  private readSoon(found: Conversation): void {
    if (found.row.unread === 0) return;
    this.readTimer = setTimeout(() => this.read(found.row.id), READ_AFTER);
  }

  private setBody(messageId: string, body: Body): void {
    this.bodies = new Map(this.bodies).set(messageId, body);
  }
}
