/** What a draft is made of. */
import { expect, test } from "vitest";
import { beside, shows } from "./draft-parts";

test("an image is in the text by its whole name", () => {
  const html = '<p>"cid:gone"</p><img src="cid:abc" alt=""><img src="cid:a&amp;b@x">';
  expect(["ab", "abc", "a&b@x", "gone"].map((id) => shows(html, id))).toEqual([false, true, true, false]);
  const file = (content_id: string) => ({
    ...{ blob: content_id, name: content_id, media_type: "image/png", content_id, size: 1 },
    ...{ dangerous: false, missing: false },
  });
  const put = beside([file("ab"), file("abc")], html).map((one) => one.content_id);
  expect(put, "only what the text showed becomes a file of plain text").toEqual(["ab", null]);
});
