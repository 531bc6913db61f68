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

/** Refused, or of unknown fate: a person has to decide. */
export function isTroubled(one: Outgoing): boolean {
  return one.state === "rejected" || one.state === "unknown";
}

export class Outbox {
  items = $state.raw<Outgoing[]>([]);
  status = $state<"loading" | "ready" | "error">("loading");
  error = $state.raw<CallError | null>(null);
  /** The messages given over just now, oldest first: each can be called back, and says when it has left. */
  recent = $state.raw<Outgoing[]>([]);
  /** The present, for countdowns; it runs only while one is shown. */
  now = $state(Date.now());
  private timer: ReturnType<typeof setInterval> | undefined;
  private readonly gone = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(private readonly host: Host) {}

  async refresh(): Promise<void> {
    try {
      const { items } = await this.host.call("outbox", { account_id: null, states: [], limit: MOST });
      const failed = items.filter((one) => isTroubled(one) && this.wasLeaving(one.id));
      this.items = items;
      for (const one of failed)
        if (!this.recent.some(({ id }) => id === one.id)) this.recent = [...this.recent, one];
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
    return this.items.filter(isTroubled);
  }

  /** Left for some of its recipients; the others get it later. */
  get partly(): Outgoing[] {
    return this.items.filter((one) => one.left_at !== null && one.rest.length > 0);
  }

  ofMessage(messageId: string): Outgoing | undefined {
    return this.items.find((one) => one.message_id === messageId);
  }

  /** Those of a conversation that have not left. */
  ofConversation(conversationId: string): Outgoing[] {
    return this.items.filter((one) => one.conversation_id === conversationId && one.left_at === null);
  }

  /** Milliseconds until it leaves; 0 where it may go at any moment. */
  left(one: Outgoing): number {
    return Math.max(0, (one.next_try ?? one.not_before) - this.now);
  }

  /** Whether it was given over just now and can still be called back without a word. */
  isRecallable(id: string): boolean {
    const one = this.recent.find((given) => given.id === id);
    return one !== undefined && one.state === "queued" && !one.scheduled && one.attempts === 0;
  }

  /** The latest of those that can be called back. */
  get recallable(): Outgoing | null {
    return this.recent.findLast((one) => this.isRecallable(one.id)) ?? null;
  }

  given(outgoing: Outgoing): void {
    this.forget(outgoing.id);
    this.recent = [...this.recent, outgoing];
    this.put(outgoing);
  }

  forget(id: string): void {
    clearTimeout(this.gone.get(id));
    this.gone.delete(id);
    this.recent = this.recent.filter((one) => one.id !== id);
    this.run();
  }

  async cancel(id: string): Promise<Draft> {
    const draft = await this.host.call("outbox_cancel", { id });
    this.forget(id);
    this.items = this.items.filter((one) => one.id !== id);
    return draft;
  }

  async retry(id: string): Promise<void> {
    this.put(await this.host.call("outbox_retry", { id }));
  }

  /** Another instant for one that waits; `null`: as soon as nobody can call it back any more. */
  async reschedule(id: string, at: number | null): Promise<void> {
    const moved = await this.host.call("outbox_reschedule", { id, at });
    if (at === null) this.given(moved);
    else this.put(moved);
  }

  async settle(id: string): Promise<void> {
    await this.host.call("outbox_settle", { id });
    this.forget(id);
    this.items = this.items.filter((one) => one.id !== id);
  }

  stop(): void {
    clearInterval(this.timer);
    for (const timer of this.gone.values()) clearTimeout(timer);
  }

  private put(outgoing: Outgoing): void {
    const others = this.items.filter((one) => one.id !== outgoing.id);
    this.items = [...others, outgoing].sort((a, b) => a.not_before - b.not_before);
    this.run();
  }

  /** Follows those given over just now until they have left or need the person. */
  private async follow(): Promise<void> {
    const going = this.recent.filter((one) => one.left_at === null);
    await Promise.all(going.map((one) => this.followOne(one.id)));
  }

  private async followOne(id: string): Promise<void> {
    let found = this.items.find((one) => one.id === id);
    try {
      found ??= await this.host.call("outgoing", { id });
    } catch {
      // It was discarded or belongs to no one any more: nothing is left to follow.
    }
    if (!this.recent.some((one) => one.id === id)) return;
    if (!found || found.state === "draft") {
      this.forget(id);
      return;
    }
    const now = found;
    this.recent = this.recent.map((one) => (one.id === id ? now : one));
    // Who does not get it must be read: that stays until it was.
    if (now.left_at !== null && now.refused.length === 0 && now.lost.length === 0)
      this.gone.set(
        id,
        setTimeout(() => this.forget(id), LEFT_FOR),
      );
  }

  private wasLeaving(id: string): boolean {
    const before = this.items.find((one) => one.id === id)?.state;
    return before === "queued" || before === "sending";
  }

  private run(): void {
    this.now = Date.now();
    const counting = this.items.some((one) => one.state === "queued") || this.recent.length > 0;
    if (counting && this.timer === undefined) {
      this.timer = setInterval(() => (this.now = Date.now()), 500);
    } else if (!counting) {
      clearInterval(this.timer);
      this.timer = undefined;
    }
  }
}
