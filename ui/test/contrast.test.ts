/** Every text on every ground it may stand on: at least 4.5:1, by day and by night (WCAG 2.2, 1.4.3). */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const css = readFileSync("src/shared/tokens.css", "utf8");

/** A token's two colours; one value serves both. */
function token(name: string): [string, string] {
  const pair = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\);`).exec(css);
  if (pair?.[1] && pair[2]) return [pair[1], pair[2]];
  const single = new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(css);
  if (single?.[1]) return [single[1], single[1]];
  throw new Error(`--${name} is no plain colour in tokens.css`);
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const GROUNDS = ["bg", "surface", "sunken", "raised", "hover", "sel", "accent-soft"];
const PAIRS: [string, string[]][] = [
  ["text", [...GROUNDS, "ok-soft", "warn-soft", "bad-soft"]],
  ["muted", GROUNDS],
  ["faint", GROUNDS],
  ["accent", GROUNDS],
  ["ok", ["bg", "surface", "raised", "ok-soft"]],
  ["warn", [...GROUNDS, "warn-soft"]],
  ["bad", [...GROUNDS, "bad-soft"]],
  ["on-accent", ["accent"]],
  ["on-mark", ["mark"]],
  ["on-inverse", ["inverse"]],
  ["inverse-accent", ["inverse"]],
  ["on-face", ["face-0", "face-1", "face-2", "face-3", "face-4", "face-5", "face-6", "face-7"]],
];

describe.each([
  ["light", 0],
  ["dark", 1],
] as const)("in the %s theme", (_theme, index) => {
  test.each(PAIRS.flatMap(([text, grounds]) => grounds.map((ground) => [text, ground] as const)))(
    "%s can be read on %s",
    (text, ground) => {
      expect(contrast(token(text)[index], token(ground)[index])).toBeGreaterThanOrEqual(4.5);
    },
  );

  test.each(["line-strong", "focus"].flatMap((mark) => GROUNDS.map((ground) => [mark, ground] as const)))(
    "the mark %s can be seen on %s (3:1, WCAG 1.4.11)",
    (mark, ground) => {
      expect(contrast(token(mark)[index], token(ground)[index])).toBeGreaterThanOrEqual(3);
    },
  );
});
