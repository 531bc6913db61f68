/**
 * Everything taken out into a folder: how far it is, and what a person does about it. It outlives the screen that
 * began it; what another window or an earlier one began is shown as well.
 */
import type { ExportNow } from "../gen/ExportNow";
import type { ExportState } from "../gen/ExportState";
import { CallError, type Host } from "../host/types";

export class Exporting {
  /** As last told; `null` where nothing was exported yet. */
  told = $state.raw<ExportState | null>(null);
  /** The folder is being chosen. */
  choosing = $state(false);
  /** The person ended it, and it has not stopped yet. */
  ending = $state(false);
  /** Why it could not even begin. */
  refusal = $state.raw<CallError | null>(null);

  constructor(private readonly host: Host) {}

  get running(): boolean {
    return this.told?.stage === "running";
  }

  /** Asks how it goes: it may have been begun before this window was there. */
  async look(): Promise<void> {
    try {
      this.hear((await this.host.call("export_state", {})).export);
    } catch {
      // Then it is told with its next event.
    }
  }

  /** Lets the person choose a folder, and begins. */
  async begin(): Promise<void> {
    if (this.choosing || this.running) return;
    this.choosing = true;
    this.refusal = null;
    await this.ask("export_begin");
    this.choosing = false;
  }

  async cancel(): Promise<void> {
    this.ending = true;
    await this.ask("export_cancel");
  }

  /** Shows the folder in the system's program for folders. Rejects with a {@link CallError}. */
  async show(): Promise<void> {
    await this.host.call("export_show", {});
  }

  hear(state: ExportState | null): void {
    if (!state) return;
    this.told = state;
    if (!this.running) this.ending = false;
  }

  private async ask(name: "export_begin" | "export_cancel"): Promise<void> {
    try {
      const now: ExportNow = await this.host.call(name, {});
      this.hear(now.export);
    } catch (thrown) {
      this.refusal = CallError.from(thrown);
      this.ending = false;
    }
  }
}
