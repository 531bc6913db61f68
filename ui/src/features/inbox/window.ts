/** Which rows of a long list of equal heights have to exist. Heights are px; `row` is that of one row. Pure. */
export const ROW = 57;
/** Rows that stand close. */
export const CLOSE = 44;
/** A hit of a search has a line of its own for the words that were found; so much taller it is. */
export const HIT = 20;
const OVERSCAN = 6;

export interface Slice {
  start: number;
  end: number;
}

/** `height` 0 means that nothing has been laid out yet: a screenful is assumed. */
export function visible(top: number, height: number, count: number, row = ROW): Slice {
  const tall = height > 0 ? height : 800;
  const start = Math.max(0, Math.min(count, Math.floor(top / row) - OVERSCAN));
  const end = Math.min(count, Math.ceil((top + tall) / row) + OVERSCAN);
  return { start, end: Math.max(start, end) };
}

/** The first row that is seen from its upper edge on. */
export function firstWhole(top: number, row = ROW): number {
  return Math.ceil(top / row);
}

/** Where to scroll so that a row is wholly seen; the same place where it is already. */
export function reveal(index: number, top: number, height: number, row = ROW): number {
  if (height <= 0) return top;
  if (index * row < top) return index * row;
  const bottom = (index + 1) * row;
  return bottom > top + height ? bottom - height : top;
}

/**
 * Where to scroll after the rows have changed, so that the person keeps looking at the same ones: the first
 * of the rows seen before that is still there stays where it was. At the very top new rows may push in.
 */
export function hold(before: string[], after: string[], top: number, row = ROW): number {
  if (top < row / 2) return top;
  const first = Math.floor(top / row);
  for (let index = first; index < before.length; index++) {
    const id = before[index];
    const now = id === undefined ? -1 : after.indexOf(id);
    if (now >= 0) return Math.max(0, top + (now - index) * row);
  }
  return top;
}
