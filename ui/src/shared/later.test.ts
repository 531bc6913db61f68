import { expect, test } from "vitest";
import { choices, dateEntry, instant } from "./later";

const at = (text: string) => new Date(text).getTime();
const said = (now: string) =>
  choices(at(now)).map(({ key, at: then }) => [key, new Date(then).toString().slice(0, 21)]);

test("on a Wednesday morning there is later today, tomorrow and Monday", () => {
  expect(said("2026-11-18T09:05")).toEqual([
    ["today", "Wed Nov 18 2026 18:00"],
    ["tomorrow", "Thu Nov 19 2026 08:00"],
    ["monday", "Mon Nov 23 2026 08:00"],
  ]);
});

test("in the evening today is over", () => {
  expect(said("2026-11-18T17:30").map(([key]) => key)).toEqual(["tomorrow", "monday"]);
});

test("on a Sunday Monday is tomorrow, on a Monday it is a week away", () => {
  expect(said("2026-11-22T09:00").map(([key]) => key)).toEqual(["today", "tomorrow"]);
  expect(said("2026-11-23T09:00").at(-1)).toEqual(["monday", "Mon Nov 30 2026 08:00"]);
});

test("every choice lies ahead, at any hour of any day", () => {
  const start = at("2026-03-25T00:00");
  for (let hour = 0; hour < 24 * 14; hour++) {
    const now = start + hour * 3_600_000;
    for (const choice of choices(now)) expect(choice.at).toBeGreaterThan(now);
  }
});

test("date and time are read as this computer's clock has them", () => {
  expect(instant("2026-11-23", "08:30")).toBe(at("2026-11-23T08:30"));
  expect(dateEntry(at("2026-01-05T08:30"))).toBe("2026-01-05");
});

test.each([
  ["2026-02-30", "08:00"],
  ["2026-11-23", "24:00"],
  ["23.11.2026", "08:00"],
  ["2026-11-23", ""],
])("%s %s is no instant", (date, time) => {
  expect(instant(date, time)).toBeNull();
});
