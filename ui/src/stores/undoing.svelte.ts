/**
 * What can be taken back: the latest edit first, else the latest message that has not left. Owns the way back of the
 * latest edit; the messages' own way lies with the outbox.
 */
import { failureText } from "../shared/failure";
import { t } from "../shared/i18n.svelte";
import type { Outbox } from "./outbox.svelte";
import type { Toasts } from "./toasts.svelte";

export interface WayBack {
  run: () => Promise<void>;
  /** The note that offers it. */
  toast: number | null;
  /** Whether it can still be gone, where that ends by itself. */
  still?: () => boolean;
}

export class Undoing {
  private last = $state.raw<WayBack | null>(null);

  constructor(
    private readonly outbox: Outbox,
    private readonly toasts: Toasts,
    private readonly recall: (id: string) => Promise<void>,
  ) {}

  get possible(): boolean {
    return this.latest !== null || this.outbox.recallable !== null;
  }

  /** Remembers the way back from what was just done, in place of the one before. */
  put(run: () => Promise<void>, toast: number | null = null): void {
    this.last = { run, toast };
  }

  /** A message was given over: it can be called back until it leaves. */
  sent(id: string): void {
    this.last = {
      run: () => this.recall(id),
      toast: null,
      still: () => this.outbox.isRecallable(id),
    };
  }

  async run(): Promise<void> {
    const last = this.latest;
    const { recallable } = this.outbox;
    this.last = null;
    if (!last) {
      if (recallable) await this.recall(recallable.id);
      return;
    }
    if (last.toast !== null) this.toasts.drop(last.toast);
    try {
      await last.run();
      if (!last.still) this.toasts.show(t("undone"));
    } catch (thrown) {
      this.toasts.show(failureText(thrown), { tone: "bad" });
    }
  }

  private get latest(): WayBack | null {
    return this.last?.still?.() === false ? null : this.last;
  }
}
