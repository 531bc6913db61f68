import { describe, expect, test } from "vitest";
import { plain, withMatchNear } from "./fragments";

const marked = (...parts: string[]) => parts.map((text, index) => ({ text, hit: index % 2 === 1 }));

describe("a match stands near the beginning of its line", () => {
  test("what comes long before it is cut at a word", () => {
    const cut = withMatchNear(marked("the second draft is lovely, the line at the ", "wrist", " is not"), 18);
    expect(plain(cut)).toBe("… the line at the wrist is not");
    expect(cut.find((part) => part.hit)?.text).toBe("wrist");
  });

  test("what fits is left whole", () => {
    const near = marked("a thinner ", "wrist");
    expect(withMatchNear(near, 18)).toBe(near);
    const none = marked("nothing is marked here, however long the sentence may be");
    expect(withMatchNear(none, 18)).toBe(none);
  });

  test("scripts without blanks are cut between letters", () => {
    const cut = withMatchNear(marked("来週の土曜日の午前中に予約をお願いしたいのですが", "肩"), 8);
    expect(plain(cut)).toBe("… いしたいのですが肩");
  });
});
