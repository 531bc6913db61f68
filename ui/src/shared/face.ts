/** The face of someone without a picture: letters and a colour that stay the same for the same name. Pure. */
const FACES = 8;

export function initials(name: string): string {
  const words =
    name
      .split(",")[0]
      ?.trim()
      .split(/\s+/)
      .filter((word) => /[\p{L}\p{N}]/u.test(word)) ?? [];
  const first = letter(words[0]);
  const last = words.length > 1 ? letter(words.at(-1)) : "";
  return (first + last).toLocaleUpperCase() || "?";
}

function letter(word: string | undefined): string {
  return word?.match(/[\p{L}\p{N}]/u)?.[0] ?? "";
}

/** The custom property that holds the colour. */
export function faceColor(name: string): string {
  // FNV-1a: similar names must not end in the same colour.
  let hash = 0x811c9dc5;
  for (const char of name.split(",")[0] ?? "") {
    hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  }
  return `var(--face-${((hash ^ (hash >>> 15)) >>> 0) % FACES})`;
}

export function accountColor(index: number): string {
  return `var(--account-${index % 8})`;
}
