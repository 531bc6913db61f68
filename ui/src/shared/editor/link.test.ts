import { expect, test } from "vitest";
import { linkTo } from "./link";

test.each([
  ["studio.example", "https://studio.example/"],
  ["http://studio.example/a?b=1", "http://studio.example/a?b=1"],
  ["studio.example:8080/x", "https://studio.example:8080/x"],
  ["mara@voss.example", "mailto:mara@voss.example"],
  ["tel:+4930123", "tel:+4930123"],
  ["javascript:alert(1)", null],
  ["data:text/html,x", null],
  ["not a link", null],
  ["studio", null],
  ["", null],
])("%j leads to %j", (typed, address) => {
  expect(linkTo(typed)).toBe(address);
});
