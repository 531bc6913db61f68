/**
 * What Health shows, kept true while it is open: asked again after changes, at most once a second, because a
 * first sync changes something all the time. The last answer stays on screen when a later one fails.
 */
import type { Health } from "../../gen/Health";
import { CallError, type Host } from "../../host/types";
import { Coalesced } from "../../stores/frame";

const GAP_MS = 1_000;

export class HealthStore {
  data = $state.raw<Health | null>(null);
  error = $state.raw<CallError | null>(null);

  constructor(private readonly host: Host) {}

  async refresh(): Promise<void> {
    try {
      this.data = await this.host.call("health", {});
      this.error = null;
    } catch (thrown) {
      this.error = CallError.from(thrown);
    }
  }

  /** Reads now and after every event; the answer ends it. */
  follow(): () => void {
    const again = new Coalesced(() => this.refresh(), GAP_MS);
    const stop = this.host.listen(() => again.ask());
    void this.refresh();
    return () => {
      stop();
      again.stop();
    };
  }
}
