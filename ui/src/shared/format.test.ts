import { afterEach, describe, expect, test, vi } from "vitest";
import { age, bytes, daysBetween, duration, listTime, messageTime, number } from "./format";
import { pickLocale, setLocale, t } from "./i18n.svelte";

const NOW = new Date(2026, 10, 24, 9, 5).getTime();
const at = (...parts: [number, number, number, number, number]) => new Date(...parts).getTime();

afterEach(() => setLocale("en"));

describe("times in a list", () => {
  test.each([
    ["today", at(2026, 10, 24, 8, 51), /^0?8:51/],
    ["yesterday", at(2026, 10, 23, 23, 59), /^Yesterday$/],
    ["this week", at(2026, 10, 20, 12, 0), /^Fri$/],
    ["a week ago", at(2026, 10, 17, 12, 0), /17/],
    ["another year", at(2024, 10, 17, 12, 0), /24/],
  ])("%s", (_name, time, expected) => {
    expect(listTime(time, NOW)).toMatch(expected);
  });

  test("a message from the future shows its date instead of a weekday", () => {
    expect(listTime(at(2026, 10, 26, 9, 0), NOW)).toMatch(/26/);
  });

  test("days are counted by midnights, not by hours", () => {
    expect(daysBetween(at(2026, 10, 23, 23, 59), at(2026, 10, 24, 0, 1))).toBe(1);
    expect(daysBetween(at(2026, 10, 24, 0, 1), at(2026, 10, 24, 23, 59))).toBe(0);
  });

  test("a message's head names the day in words where it can", () => {
    expect(messageTime(at(2026, 10, 24, 8, 51), NOW)).toMatch(/^Today, /);
    expect(messageTime(at(2025, 0, 4, 8, 51), NOW)).toMatch(/2025/);
  });
});

describe("numbers", () => {
  test("ages are short", () => {
    expect([5_000, 240_000, 7_200_000, 259_200_000].map((ms) => age(NOW - ms, NOW))).toEqual([
      "now",
      "4 min",
      "2 h",
      "3 d",
    ]);
  });

  test("time left is never promised too short", () => {
    expect([200, 61_000, 3_660_000].map(duration)).toEqual(["1 s", "2 min", "1 h 1 min"]);
  });

  test("sizes have the unit that fits", () => {
    expect([999, 61_000, 1_240_000].map(bytes)).toEqual(["999 bytes", "61 kB", "1.2 MB"]);
  });

  test("German writes them the German way", async () => {
    vi.spyOn(navigator, "languages", "get").mockReturnValue(["de-DE"]);
    await setLocale("de");
    expect(number(12_400)).toBe("12.400");
    expect(t("sync-count", { done: "12.400", total: "50.000" })).toBe("12.400 von 50.000");
    expect(listTime(NOW - 86_400_000, NOW)).toBe("Gestern");
  });
});

describe("the language", () => {
  test.each([
    [null, ["fr-FR", "de-AT", "en"], "de"],
    [null, ["fr-FR"], "en"],
    ["en", ["de-DE"], "en"],
    ["xx", ["de-DE"], "de"],
  ] as const)("chosen %s, wanted %j gives %s", (choice, wanted, expected) => {
    expect(pickLocale(choice, wanted)).toBe(expected);
  });
});
