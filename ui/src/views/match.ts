/** How well a few typed letters name a command. Pure. */
import { fold } from "../shared/fold";

/** Higher is better, 0 is no match: a beginning beats the beginning of a word, that an inside, that scattered letters. */
export function score(label: string, query: string): number {
  const text = fold(label);
  const wanted = fold(query.trim());
  if (wanted === "") return 1;
  if (text.startsWith(wanted)) return 100;
  const words = wanted.split(/\s+/);
  const starts = text.split(/[^\p{L}\p{N}]+/u);
  if (words.every((word) => starts.some((start) => start.startsWith(word)))) return 60;
  if (words.every((word) => text.includes(word))) return 40;
  let at = 0;
  for (const letter of wanted.replaceAll(" ", "")) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return 0;
  }
  // Letters scattered over a long label are hardly meant.
  return wanted.length >= 3 ? Math.max(1, 20 - Math.floor((at - wanted.length) / 3)) : 5;
}

/** The best matches first; equals keep their order. */
export function matching<T extends { label: string }>(all: T[], query: string): T[] {
  return all
    .map((entry) => ({ entry, points: score(entry.label, query) }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points)
    .map(({ entry }) => entry);
}
