/** The chart's geometry and the words for durations. */
import { expect, test } from "vitest";
import type { SyncRun } from "../../gen/SyncRun";
import { chart, usualDuration } from "./durations";
import { took } from "./words";

let id = 0;
function run(duration_ms: number | null, outcome = "ok"): SyncRun {
  id += 1;
  return {
    id: String(id),
    started_at: 0,
    duration_ms,
    outcome,
    error: null,
    error_said: null,
    added: 0,
    changed: 0,
    removed: 0,
  };
}

test("bars go from old to new and leave out the run under way", () => {
  const { bars } = chart([run(null, "running"), run(2_000), run(500, "offline")]);
  expect(bars.map((bar) => bar.run.duration_ms)).toEqual([500, 2_000]);
  expect(bars.map((bar) => bar.failed)).toEqual([true, false]);
});

test("a minute and a millisecond both fit and can be seen", () => {
  const { bars, lines } = chart([run(60_000), run(0)]);
  for (const bar of bars) {
    expect(bar.height).toBeGreaterThan(0);
    expect(bar.height).toBeLessThanOrEqual(1);
  }
  expect(lines[0]).toEqual({ ms: 10, height: 0 });
  expect(lines.at(-1)).toEqual({ ms: 60_000, height: 1 });
});

test("equal runs still have a scale", () => {
  const { bars, lines } = chart([run(100), run(100)]);
  expect(lines.map((line) => line.ms)).toEqual([100, 1_000]);
  expect(bars.every((bar) => Number.isFinite(bar.height))).toBe(true);
  expect(chart([])).toEqual({ bars: [], lines: [] });
});

test("the usual duration is the middle of what went through", () => {
  expect(usualDuration([run(100), run(90_000), run(300), run(5, "error"), run(null, "running")])).toBe(300);
  expect(usualDuration([run(5, "error")])).toBeNull();
});

test("durations read as people say them", () => {
  expect(took(85)).toBe("85 ms");
  expect(took(1_400)).toBe("1.4 sec");
  expect(took(59_700)).toBe("1 min");
  expect(took(125_000)).toBe("2 min 5 sec");
  expect(took(4_320_000)).toBe("1 hr 12 min");
});
