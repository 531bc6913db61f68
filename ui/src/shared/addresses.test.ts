import { expect, test } from "vitest";
import { merged, parseAddresses, problemOf, written } from "./addresses";

test.each([
  ["mara@voss.example", [["", "mara@voss.example"]]],
  ["Mara Voss <mara@voss.example>", [["Mara Voss", "mara@voss.example"]]],
  ['"Voss, Mara" <mara@voss.example>', [["Voss, Mara", "mara@voss.example"]]],
  ["Voss, Mara <mara@voss.example>", [["Voss, Mara", "mara@voss.example"]]],
  ["mailto:mara@voss.example.", [["", "mara@voss.example"]]],
  [
    "a@x.example; B <b@x.example>\nc@x.example\td@x.example e@x.example",
    [
      ["", "a@x.example"],
      ["B", "b@x.example"],
      ["", "c@x.example"],
      ["", "d@x.example"],
      ["", "e@x.example"],
    ],
  ],
  [
    '"never closed\nmara@voss.example',
    [
      ["", '"never closed'],
      ["", "mara@voss.example"],
    ],
  ],
  [
    "mara, jonas@okafor.example",
    [
      ["", "mara"],
      ["", "jonas@okafor.example"],
    ],
  ],
  [" ,; \n", []],
])("%j is read as a person would", (text, people) => {
  expect(parseAddresses(text).map((one) => [one.name ?? "", one.address])).toEqual(people);
});

test("a list of a thousand is read whole and in order", () => {
  const list = Array.from({ length: 1_000 }, (_, n) => `Guest ${n} <guest${n}@list.example>`).join(",\n");
  const people = parseAddresses(list);
  expect(people).toHaveLength(1_000);
  expect(people[999]).toEqual({ name: "Guest 999", address: "guest999@list.example" });
});

test.each([
  ["mara@voss.example", null],
  ["jörg@münchen.example", null],
  ["用户@例子.example", null],
  ["mara", "no-at"],
  ["@voss.example", "incomplete"],
  ["mara@", "incomplete"],
  ["mara@voss", "no-dot"],
  ["root@localhost", null],
  ["mara voss@voss.example", "odd"],
  ["mara@voss..example", "odd"],
  ["a@b@c.example", "odd"],
  [`${"x".repeat(250)}@voss.example`, "long"],
])("%s: %s", (address, problem) => {
  expect(problemOf(address)).toBe(problem);
});

test("nobody stands twice, however the address is spelled", () => {
  const one = { name: "Mara", address: "Mara@voss.example" };
  expect(merged([one], [{ name: null, address: "mara@VOSS.example" }])).toEqual([one]);
});

test("what is written is read back", () => {
  const person = { name: "Voss, Mara", address: "mara@voss.example" };
  expect(parseAddresses(written(person))).toEqual([person]);
});
