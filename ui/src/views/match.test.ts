import { expect, test } from "vitest";
import { linkTarget } from "./link";
import { matching, score } from "./match";

const labels = (query: string) =>
  matching(
    ["Go to Archived", "Archive", "Mark as read", "Search"].map((label) => ({ label })),
    query,
  ).map(({ label }) => label);

test("what begins so comes before what contains it", () => {
  expect(labels("arch")).toEqual(["Archive", "Go to Archived", "Search"]);
});

test("beginnings of words find a command in any order, accents aside", () => {
  expect(labels("re ma")).toEqual(["Mark as read"]);
  expect(score("Geöffnet lassen", "geoff")).toBeGreaterThan(0);
  expect(labels("qqq")).toEqual([]);
});

test.each([
  ["https://studio.example/a", "studio.example", true, null],
  ["http://studio.example/a", "studio.example", true, "plain"],
  ["https://xn--pypal-4ve.example/", "xn--pypal-4ve.example", true, "lookalike"],
  ["https://bank.example@evil.example/", "evil.example", true, "lookalike"],
  ["mailto:mara@voss.example", "mara@voss.example", true, null],
  ["javascript:alert(1)", "javascript:", false, "unknown"],
  ["file:///etc/passwd", "file:", false, "unknown"],
  ["not a link", "", false, "unknown"],
])("the target of %s is shown as %s", (href, host, openable, warning) => {
  expect(linkTarget(href)).toEqual({ host, openable, warning });
});

test("a broken mail address is shown as it is", () => {
  expect(linkTarget("mailto:%E0%A4%A").openable).toBe(true);
});
