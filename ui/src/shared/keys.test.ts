import { expect, test } from "vitest";
import { initials } from "./face";
import { caps, stepOf } from "./keys";

test("a sign counts as itself whether or not the keyboard needs Shift for it", () => {
  const press = (init: KeyboardEventInit) => stepOf(new KeyboardEvent("keydown", init), "linux");
  expect(press({ key: "#", shiftKey: true })).toBe("#");
  expect(press({ key: "#" })).toBe("#");
  expect(press({ key: "J", shiftKey: true })).toBe("shift+j");
  expect(press({ key: "ArrowDown", shiftKey: true })).toBe("shift+arrowdown");
  expect(press({ key: "k", ctrlKey: true })).toBe("mod+k");
});

test("the Mac's command key is not the other systems' control key", () => {
  const control = new KeyboardEvent("keydown", { key: "k", ctrlKey: true });
  const command = new KeyboardEvent("keydown", { key: "k", metaKey: true });
  expect([stepOf(control, "mac"), stepOf(command, "mac")]).toEqual(["k", "mod+k"]);
  expect(caps("mod+k", "mac")).toEqual(["⌘K"]);
  expect(caps("g i", "linux")).toEqual(["G", "I"]);
});

test("initials come from whoever is named first, in any script", () => {
  expect(["Mara Voss", "Elif Şahin, Marc", "+44 7700", "", "李 雷", "a@b.example"].map(initials)).toEqual([
    "MV",
    "EŞ",
    "47",
    "?",
    "李雷",
    "A",
  ]);
});
