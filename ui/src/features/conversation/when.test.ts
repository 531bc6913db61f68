import { expect, test } from "vitest";
import type { Invitation } from "../../gen/Invitation";
import { dayOf, foreignZone, stretch } from "./when";

function card(over: Partial<Invitation>): Invitation {
  return {
    method: "request",
    cancelled: false,
    summary: "",
    location: "",
    start: { kind: "day", date: "2026-12-24" },
    end: null,
    zone: null,
    organiser: null,
    repeats: null,
    more: 0,
    ...over,
  };
}

test("a day is the same day in every zone", () => {
  expect(dayOf({ kind: "day", date: "2026-12-24" })).toMatchObject({ day: "24" });
  expect(stretch(card({}))).toContain("24");
  expect(stretch(card({}))).not.toMatch(/\d:\d\d/);
});

test("days are a stretch up to their last one", () => {
  const words = stretch(card({ end: { kind: "day", date: "2026-12-26" } }));
  expect(words).toContain("24");
  expect(words).toContain("26");
});

test("a wall clock is read as it was written, and its zone is named", () => {
  const floating = card({ start: { kind: "floating", clock: "2026-11-24T18:00" }, zone: "Back Room" });
  expect(stretch(floating)).toMatch(/6:00|18:00/);
  expect(foreignZone(floating)).toEqual({ name: "Back Room", known: false });
});

test("a moment in another zone says so, in one's own it does not", () => {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const start = { kind: "instant", at: 1_795_539_600_000 } as const;
  expect(foreignZone(card({ start, zone: "Pacific/Auckland" }))).toEqual({
    name: "Pacific/Auckland",
    known: true,
  });
  expect(foreignZone(card({ start, zone: here }))).toBeNull();
});

test("an end before its start is no end", () => {
  const start = { kind: "instant", at: 1_795_539_600_000 } as const;
  const ended = card({ start, end: { kind: "instant", at: start.at - 60_000 } });
  expect(stretch(ended)).toBe(stretch(card({ start })));
});
