/**
 * What is on its way out and has not arrived: the list, its clock, and the one that can still be called back.
 * The engine moves the items; this store shows where they are and hands on what a person decides.
 */
import type { Draft } from "../gen/Draft";
import type { Outgoing } from "../gen/Outgoing";
import { CallError, type Host } from "../host/types";

const MOST = 200;
/** How long the note that something has left stays. */
const LEFT_FOR = 3_000;

export class Outbox {
  items = $state.raw<Outgoing[]>([]);
  status = $state<"loading" | "ready" | "error">("loading");
  error = $state.raw<CallError | null>(null);
  /** The message given over last in this window: it can be called back, and says when it has left. */
  last = $state.raw<Outgoing | null>(null);
  /** The present, for countdowns; it runs only while one is shown. */
  now = $state(Date.now());
  private timer: ReturnType<typeof setInterval> | undefined;
  private gone: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly host: Host) {}

  async refresh(): Promise<void> {
    try {
      const { items } = await this.host.call("outbox", { account_id: null, states: [], limit: MOST });
      this.items = items;
      this.status = "ready";
      this.error = null;
      await this.follow();
      this.run();
    } catch (thrown) {
      this.error = CallError.from(thrown);
      if (this.status === "loading") this.status = "error";
    }
  }

  get waiting(): Outgoing[] {
    return this.items.filter((one) => one.state === "queued" && !one.scheduled);
  }

  get scheduled(): Outgoing[] {
    return this.items.filter((one) => one.state === "queued" && one.scheduled);
  }

  /** Refused, or of unknown fate: a person has to decide. */
  get troubled(): Outgoing[] {
    return this.items.filter((one) => one.state === "rejected" || one.state === "unknown");
  }

  ofMessage(messageId: string): Outgoing | undefined {
    return this.items.find((one) => one.message_id === messageId);
  }

  ofConversation(conversationId: string): Outgoing[] {
    return this.items.filter((one) => one.conversation_id === conversationId);
  }

  /** Milliseconds until it leaves; 0 where it may go at any moment. */
  left(one: Outgoing): number {
    return Math.max(0, (one.next_try ?? one.not_before) - this.now);
  }

  /** The message that was just given over and can still be called back without a word. */
  get recallable(): Outgoing | null {
    const { last } = this;
    return last && last.state === "queued" && !last.scheduled && last.attempts === 0 ? last : null;
  }

  given(outgoing: Outgoing): void {
    clearTimeout(this.gone);
    this.last = outgoing;
    this.put(outgoing);
  }

  forget(): void {
    clearTimeout(this.gone);
    this.last = null;
    this.run();
  }

  async cancel(id: string): Promise<Draft> {
    const draft = await this.host.call("outbox_cancel", { id });
    if (this.last?.id === id) this.forget();
    this.items = this.items.filter((one) => one.id !== id);
    return draft;
  }

  async retry(id: string): Promise<void> {
    this.put(await this.host.call("outbox_retry", { id }));
  }

  async settle(id: string): Promise<void> {
    await this.host.call("outbox_settle", { id });
    this.items = this.items.filter((one) => one.id !== id);
  }

  stop(): void {
    clearInterval(this.timer);
    clearTimeout(this.gone);
  }

  private put(outgoing: Outgoing): void {
    const others = this.items.filter((one) => one.id !== outgoing.id);
    this.items = [...others, outgoing].sort((a, b) => a.not_before - b.not_before);
    this.run();
  }

  /** Follows the one given over last until it has left or needs the person. */
  private async follow(): Promise<void> {
    const { last } = this;
    if (!last || last.left_at !== null) return;
    const listed = this.items.find((one) => one.id === last.id);
    let found = listed;
    try {
      found ??= await this.host.call("outgoing", { id: last.id });
    } catch {
      // It was discarded or belongs to no one any more: nothing is left to follow.
    }
    if (this.last?.id !== last.id) return;
    if (!found || ["draft", "rejected", "unknown"].includes(found.state)) {
      this.forget();
      return;
    }
    this.last = found;
    if (found.left_at !== null) this.gone = setTimeout(() => this.forget(), LEFT_FOR);
  }

  private run(): void {
    this.now = Date.now();
    const counting = this.items.some((one) => one.state === "queued") || this.last !== null;
    if (counting && this.timer === undefined) {
      this.timer = setInterval(() => (this.now = Date.now()), 500);
    } else if (!counting) {
      clearInterval(this.timer);
      this.timer = undefined;
    }
  }
}
