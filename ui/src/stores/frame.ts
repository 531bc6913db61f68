/**
 * Runs a task once a frame however often it is asked for, never twice at the same time, and not again before
 * `gap` ms have passed: a first sync sends thousands of events, and the window must stay free to paint.
 */
export class Coalesced {
  private asked = false;
  private running = false;
  private stopped = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly task: () => Promise<void>,
    private readonly gap = 0,
  ) {}

  ask(): void {
    if (this.asked || this.stopped) return;
    this.asked = true;
    if (!this.running) requestAnimationFrame(() => void this.run());
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private async run(): Promise<void> {
    if (this.running || this.stopped) return;
    this.running = true;
    this.asked = false;
    try {
      await this.task();
    } finally {
      const next = () => {
        this.running = false;
        if (this.asked && !this.stopped) requestAnimationFrame(() => void this.run());
      };
      if (this.gap > 0 && !this.stopped) this.timer = setTimeout(next, this.gap);
      else next();
    }
  }
}
