/** Marked text cut so that what was found is seen on one line, however far into the text it stands. Pure. */
import type { Fragment } from "../../gen/Fragment";

/** Shortens what stands before the first match to about `most` letters, from the beginning of a word on. */
export function withMatchNear(fragments: Fragment[], most: number): Fragment[] {
  const first = fragments.findIndex((part) => part.hit);
  if (first < 1) return fragments;
  const before = fragments
    .slice(0, first)
    .map((part) => part.text)
    .join("");
  const letters = [...before];
  if (letters.length <= most) return fragments;
  const tail = letters.slice(-most).join("");
  const word = tail.search(/\s\S/);
  const kept = word < 0 ? tail : tail.slice(word + 1);
  return [{ text: `… ${kept}`, hit: false }, ...fragments.slice(first)];
}

/** The text without its marks. */
export function plain(fragments: Fragment[]): string {
  return fragments.map((part) => part.text).join("");
}
