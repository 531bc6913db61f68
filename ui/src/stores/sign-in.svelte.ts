/**
 * Signing in in the browser: one attempt at a time, how far it is, and what the person can do meanwhile. It outlives
 * the screen that began it: whoever looks elsewhere and comes back finds it as it is.
 */
import type { SignIn } from "../gen/SignIn";
import type { SignInArgs } from "../gen/SignInArgs";
import type { SignInStage } from "../gen/SignInStage";
import type { SignInState } from "../gen/SignInState";
import { CallError, type Host } from "../host/types";

export class SigningIn {
  attempt = $state.raw<SignIn | null>(null);
  /** What it was begun with. */
  args = $state.raw<SignInArgs | null>(null);
  /** How far it is, as last told. */
  told = $state.raw<SignInState | null>(null);
  /** Why it could not even begin. */
  refusal = $state.raw<CallError | null>(null);
  beginning = $state(false);
  /** The present, for the countdown; it runs only while one is shown. */
  now = $state(Date.now());
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly host: Host,
    private readonly done: (state: SignInState) => Promise<void>,
  ) {}

  /** `idle` before the first attempt and after a cancelled one. */
  get stage(): SignInStage | "idle" {
    if (!this.attempt) return "idle";
    const stage = this.told?.state ?? "waiting";
    return stage === "cancelled" ? "idle" : stage;
  }

  get left(): number {
    return Math.max(0, (this.attempt?.expires_at ?? 0) - this.now);
  }

  /** Whether the attempt is about this account; `null`: about a new one. */
  isFor(accountId: string | null): boolean {
    return (this.args?.account_id ?? null) === accountId;
  }

  async begin(args: SignInArgs): Promise<void> {
    if (this.beginning) return;
    await this.cancel();
    this.args = args;
    this.beginning = true;
    try {
      this.attempt = await this.host.call("sign_in_begin", args);
      this.run(true);
    } catch (thrown) {
      this.refusal = CallError.from(thrown);
    } finally {
      this.beginning = false;
    }
  }

  again(): Promise<void> {
    return this.args ? this.begin(this.args) : Promise.resolve();
  }

  /** Ends the attempt; nothing was changed by it. */
  async cancel(): Promise<void> {
    const { attempt, stage } = this;
    this.forget();
    if (!attempt || (stage !== "waiting" && stage !== "working")) return;
    try {
      await this.host.call("sign_in_cancel", { attempt: attempt.attempt });
    } catch {
      // It ends by itself after its ten minutes; nobody waits for it any more.
    }
  }

  /** Opens the page once more. Rejects with a {@link CallError}. */
  async open(): Promise<void> {
    if (this.attempt) await this.host.call("sign_in_open", { attempt: this.attempt.attempt });
  }

  /** Takes what the browser ended on. Rejects with a {@link CallError}. */
  async handBack(text: string): Promise<void> {
    if (!this.attempt) return;
    this.hear(await this.host.call("sign_in_hand_back", { attempt: this.attempt.attempt, text }));
  }

  /** Asks how it goes: an event may have been missed while the window slept. */
  async look(): Promise<void> {
    const { attempt, stage } = this;
    if (!attempt || (stage !== "waiting" && stage !== "working")) return;
    try {
      this.hear(await this.host.call("sign_in_state", { attempt: attempt.attempt }));
    } catch {
      // The attempt says so itself when it is over.
    }
  }

  hear(state: SignInState): void {
    if (state.attempt !== this.attempt?.attempt || this.told?.state === "done") return;
    this.told = state;
    if (state.state === "waiting" || state.state === "working") return;
    this.run(false);
    if (state.state === "done") void this.done(state);
  }

  forget(): void {
    this.run(false);
    this.attempt = null;
    this.told = null;
    this.refusal = null;
  }

  stop(): void {
    this.run(false);
  }

  private run(counting: boolean): void {
    clearInterval(this.timer);
    this.now = Date.now();
    if (!counting) return;
    this.timer = setInterval(() => {
      this.now = Date.now();
      if (this.left === 0) void this.look();
    }, 1_000);
  }
}
