/**
 * The geometry of the duration chart: how high each bar is and which lines lie behind it. A first sync takes
 * minutes and a resync milliseconds, so the axis is logarithmic, with lines at the round numbers people know.
 * Pure shares of the height, 0 to 1; the component draws them.
 */
import type { SyncRun } from "../../gen/SyncRun";

export interface Bar {
  run: SyncRun;
  height: number;
  failed: boolean;
}

export interface Line {
  ms: number;
  height: number;
}

export interface Chart {
  /** Oldest first. */
  bars: Bar[];
  lines: Line[];
}

const STEPS = [10, 100, 1_000, 10_000, 60_000, 600_000, 3_600_000, 36_000_000, 360_000_000];
/** Shorter runs share the lowest line: below it nothing differs that a person could feel. */
const LOWEST = 10;
const FAILED: readonly string[] = ["error", "offline", "sign_in_needed"];

/** Below this share a bar could not be seen or pointed at. */
const LEAST = 0.04;

export function isFailed(run: SyncRun): boolean {
  return FAILED.includes(run.outcome);
}

/** `runs` come newest first, as Health has them; a run still under way has no length yet. */
export function chart(runs: readonly SyncRun[]): Chart {
  const done = runs.flatMap((run) =>
    run.duration_ms === null ? [] : [{ run, ms: Math.max(LOWEST, run.duration_ms) }],
  );
  if (done.length === 0) return { bars: [], lines: [] };
  const least = Math.min(...done.map((one) => one.ms));
  const most = Math.max(...done.map((one) => one.ms));
  const floor = STEPS.findLast((step) => step <= least) ?? LOWEST;
  const ceiling = STEPS.find((step) => step >= most && step > floor) ?? most;
  const span = Math.log(ceiling / floor);
  const height = (ms: number) => Math.log(ms / floor) / span;
  return {
    bars: done
      .map(({ run, ms }) => ({ run, height: Math.max(LEAST, height(ms)), failed: isFailed(run) }))
      .reverse(),
    lines: STEPS.filter((step) => step >= floor && step <= ceiling).map((ms) => ({ ms, height: height(ms) })),
  };
}

/** The middle of the runs that went through; `null` while none has. */
export function usualDuration(runs: readonly SyncRun[]): number | null {
  const times = runs
    .flatMap((run) => (run.outcome === "ok" && run.duration_ms !== null ? [run.duration_ms] : []))
    .sort((a, b) => a - b);
  return times[Math.floor((times.length - 1) / 2)] ?? null;
}
