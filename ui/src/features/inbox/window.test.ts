import { describe, expect, test } from "vitest";
import { hold, ROW, reveal, visible } from "./window";

const HIT = 77;

const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => String(from + i));

describe("the rows that exist", () => {
  test("are a screenful and a little more, however long the list", () => {
    const { start, end } = visible(500_000 * ROW, 800, 1_000_000);
    expect(end - start).toBeLessThan(40);
    expect(start).toBeLessThanOrEqual(500_000);
    expect(end).toBeGreaterThan(500_000 + 800 / ROW);
  });

  test("never leave the list", () => {
    expect(visible(0, 800, 3)).toEqual({ start: 0, end: 3 });
    expect(visible(9_999, 800, 0)).toEqual({ start: 0, end: 0 });
  });
});

describe("scrolling", () => {
  test("goes no further than a row needs to be seen", () => {
    expect(reveal(5, 0, 800)).toBe(0);
    expect(reveal(0, 200, 800)).toBe(0);
    expect(reveal(20, 0, 800)).toBe(21 * ROW - 800);
  });

  test("taller rows are counted in their own height", () => {
    expect(reveal(20, 0, 800, HIT)).toBe(21 * HIT - 800);
    expect(visible(10 * HIT, 2 * HIT, 100, HIT)).toEqual({ start: 4, end: 18 });
    expect(hold(["a", "b", "c"], ["n", "a", "b", "c"], HIT, HIT)).toBe(2 * HIT);
  });

  test("new rows above leave the person where they were", () => {
    const before = ids(10, 60);
    expect(hold(before, ["8", "9", ...before], 20 * ROW + 7)).toBe(22 * ROW + 7);
  });

  test("rows gone from above do too, even when the first one seen is gone", () => {
    const before = ids(0, 50);
    const after = before.filter((id) => Number(id) % 2 === 1);
    expect(hold(before, after, 20 * ROW)).toBe(9 * ROW);
  });

  test("at the very top new mail pushes in", () => {
    expect(hold(ids(1, 9), ids(0, 9), 0)).toBe(0);
  });
});
