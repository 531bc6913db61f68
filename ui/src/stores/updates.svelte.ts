/** New versions of Deskbell: looked for once a day where this build may, installed only when the person says so. */
import type { NewVersion } from "../gen/NewVersion";
import type { Host } from "../host/types";

const DAY = 24 * 60 * 60 * 1_000;

export class Updates {
  found = $state.raw<NewVersion | null>(null);
  /** A look has ended, and there was nothing newer. */
  newest = $state(false);
  looking = $state(false);
  installing = $state(false);
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly host: Host,
    private readonly complain: (thrown: unknown) => void,
  ) {}

  /** Looks now and once a day from now on; what fails is tried again the next day, and said to nobody. */
  start(): void {
    void this.ask().catch(() => {});
    this.timer = setInterval(() => void this.ask().catch(() => {}), DAY);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** The person asks. */
  async look(): Promise<void> {
    try {
      await this.ask();
    } catch (thrown) {
      this.complain(thrown);
    }
  }

  async install(): Promise<void> {
    if (this.installing) return;
    this.installing = true;
    try {
      await this.host.call("update_install", {});
    } catch (thrown) {
      this.complain(thrown);
    } finally {
      this.installing = false;
    }
  }

  private async ask(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    this.newest = false;
    try {
      this.found = (await this.host.call("update_look", {})).found;
      this.newest = this.found === null;
    } finally {
      this.looking = false;
    }
  }
}
