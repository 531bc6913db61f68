/**
 * The pretend outbox: drafts and messages on their way, with a clock that a test moves by hand and a browser
 * lets run. An address that begins with `bounce`, `lost` or `slow` is refused, answered with silence, put off;
 * one that begins with `partly` is refused alone, and the others get the message; one that begins with `later` is
 * put off alone. What reports say of those who got it, {@link FakeOutbox.report} plays.
 */
import type { Draft } from "../../gen/Draft";
import type { OutboxArgs } from "../../gen/OutboxArgs";
import type { OutboxList } from "../../gen/OutboxList";
import type { Outgoing } from "../../gen/Outgoing";
import { CallError } from "../types";
import { unsent } from "./outgoing";
import type { FakeState } from "./state";
import { everyone, show, tell, type Written } from "./written";

/** How long a message waits for a change of mind. */
export const UNDO_MS = 10_000;
const OPEN = ["queued", "sending", "unknown", "rejected"];

export class FakeOutbox {
  readonly written = new Map<string, Written>();
  /** The present of the outbox. */
  now: number;
  private next = 1;

  constructor(private readonly state: FakeState) {
    this.now = state.now;
  }

  get(id: string): Written {
    const found = this.written.get(id);
    if (!found || found.discarded) throw new CallError("not_found", "This message is not here any more.");
    return found;
  }

  add(draft: Omit<Draft, "id" | "message_id" | "saved_at" | "revision" | "versions">): Written {
    const id = `o${this.next++}`;
    const made: Draft = {
      ...draft,
      id,
      message_id: `${draft.conversation_id}-${id}`,
      revision: 1,
      saved_at: this.now,
      versions: [],
    };
    const outgoing = unsent(made);
    const one = { draft: made, outgoing, discarded: false };
    this.written.set(id, one);
    this.show(one);
    return one;
  }

  /** Brings the conversation up to what was written, and tells of it. */
  show(one: Written): void {
    show(this.state, one, this.written.values());
  }

  tell(one: Written): void {
    tell(this.state, one);
  }

  list(args: OutboxArgs): OutboxList {
    const states = args.states.length > 0 ? args.states : OPEN;
    // Without a choice of states also what has left for some and still waits for the rest.
    const partly = (one: Outgoing) => args.states.length === 0 && one.rest.length > 0;
    const items = [...this.written.values()]
      .filter((one) => !one.discarded && (states.includes(one.outgoing.state) || partly(one.outgoing)))
      .filter((one) => args.account_id === null || one.draft.account_id === args.account_id)
      .map((one) => ({ ...one.outgoing }))
      .sort((a, b) => a.not_before - b.not_before);
    return { items: items.slice(0, args.limit) };
  }

  queue(one: Written, at: number | null): void {
    const queued = { state: "queued", error: null, error_code: null, refused: [], attempts: 0 };
    const not_before = at ?? this.now + UNDO_MS;
    Object.assign(one.outgoing, queued, { not_before, scheduled: at !== null, next_try: not_before });
    this.show(one);
  }

  cancel(id: string): Draft {
    const one = this.get(id);
    if (!["queued", "rejected"].includes(one.outgoing.state)) {
      throw new CallError("invalid", "This message has left already and cannot be taken back.");
    }
    Object.assign(one.outgoing, { state: "draft", scheduled: false, next_try: null, error: null });
    this.show(one);
    return structuredClone(one.draft);
  }

  retry(id: string): Outgoing {
    const one = this.get(id);
    this.queue(one, null);
    Object.assign(one.outgoing, { scheduled: false, not_before: this.now, next_try: this.now });
    return { ...one.outgoing };
  }

  reschedule(id: string, at: number | null): Outgoing {
    if (at !== null) this.mustBeAhead(at);
    this.queue(this.get(id), at);
    return { ...this.get(id).outgoing };
  }

  mustBeAhead(at: number): void {
    const fault = { field: "at", message: "This time has passed; choose one in the future.", said: null };
    if (at <= this.now) throw new CallError("invalid", fault.message, [fault]);
  }

  settle(id: string): Outgoing {
    const one = this.get(id);
    this.leave(one);
    return { ...one.outgoing };
  }

  /** Lets what is due go a step further, as the engine would by this instant. */
  tick(now: number): void {
    this.now = Math.max(this.now, now);
    for (const one of this.written.values()) {
      const { outgoing } = one;
      if (outgoing.state === "sending") this.answer(one);
      else if (outgoing.state === "queued" && (outgoing.next_try ?? 0) <= this.now) {
        Object.assign(outgoing, { state: "sending", attempts: outgoing.attempts + 1 });
        this.show(one);
      }
    }
  }

  /** A report comes back: RFC 3464 for its delivery, RFC 8098 for its reading. */
  report(id: string, address: string, fate: "delayed" | "failed" | "delivered" | "read", reason = ""): void {
    const one = this.get(id);
    const others = one.outgoing.reports.filter((report) => report.address !== address);
    one.outgoing.reports = [...others, { address, fate, reason }];
    this.show(one);
  }

  private answer(one: Written): void {
    const to = everyone(one.draft.content).find(({ address }) => /^(bounce|lost|slow)/.test(address));
    const kind = to?.address.match(/^(bounce|lost|slow)/)?.[0];
    if (!to || !kind) {
      this.leave(one);
      return;
    }
    if (kind === "bounce") {
      const reason = `The mailbox ${to.address} does not exist.`;
      const error = {
        error: reason,
        error_code: "550 5.1.1",
        refused: [{ address: to.address, reason, said: null }],
      };
      Object.assign(one.outgoing, { state: "rejected", next_try: null, ...error });
    } else if (kind === "lost") {
      const error = "The connection broke after the message was handed over.";
      Object.assign(one.outgoing, { state: "unknown", next_try: null, error });
    } else {
      const error = "The server asks to try again later.";
      Object.assign(one.outgoing, { state: "queued", next_try: this.now + 300_000, error });
    }
    this.show(one);
  }

  private leave(one: Written): void {
    const whose = (word: string, reason: string) =>
      everyone(one.draft.content)
        .filter(({ address }) => address.startsWith(word))
        .map(({ address }) => ({ address, reason, said: null }));
    one.outgoing.refused = whose("partly", "There is no such mailbox.");
    one.outgoing.rest = whose("later", "Greylisted, try again in five minutes.");
    one.outgoing.rest_next = one.outgoing.rest.length > 0 ? this.now + 300_000 : null;
    Object.assign(one.outgoing, { state: "accepted", left_at: this.now, error: null, next_try: null });
    this.show(one);
  }
}
