/** The pretend export: a folder is chosen at once, and a test or a browser's clock moves it on. */
import type { ExportNow } from "../../gen/ExportNow";
import type { ExportState } from "../../gen/ExportState";
import { CallError } from "../types";
import type { FakeState } from "./state";

export class FakeExport {
  state: ExportState | null = null;
  /** The folder the person chooses next; `null`: none. */
  folder: string | null = "/home/studio/Documents/Deskbell 2026-11-21";
  /** Messages whose text is not here. */
  withoutBody = 0;

  constructor(private readonly desk: FakeState) {}

  now(): ExportNow {
    return { export: this.state && { ...this.state } };
  }

  begin(): ExportNow {
    if (this.state?.stage === "running")
      throw new CallError("invalid", "An export is under way already; wait for its end, or cancel it first.");
    if (this.folder === null) return { export: null };
    const talks = [...this.desk.talks.values()];
    const total = talks.reduce((sum, talk) => sum + talk.messages.length, 0);
    const counts = { done: 0, total, without_body: 0, files: 2, problem: null };
    this.state = { stage: "running", path: this.folder, ...counts };
    return this.now();
  }

  /** Goes through so many messages more, and ends with the last. */
  move(messages: number): void {
    const { state } = this;
    if (state?.stage !== "running") return;
    state.done = Math.min(state.total, state.done + messages);
    if (state.done === state.total) {
      state.stage = "done";
      state.without_body = this.withoutBody;
    }
    this.tell();
  }

  cancel(): ExportNow {
    if (this.state?.stage === "running") {
      this.state.stage = "cancelled";
      queueMicrotask(() => this.tell());
    }
    return this.now();
  }

  /** Comes to a stop, as on a full disk. */
  fail(message: string): void {
    if (!this.state) return;
    Object.assign(this.state, {
      stage: "failed",
      problem: { code: "storage", message, said: null, fields: [] },
    });
    this.tell();
  }

  private tell(): void {
    if (this.state) this.desk.emit({ kind: "export", state: { ...this.state } });
  }
}
