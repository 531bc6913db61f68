/** The face of someone without a picture: letters and a colour that stay the same for the same name. Pure. */
const FACES = 8;

export function initials(name: string): string {
  const words = name.split(",")[0]?.trim().split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)) ?? [];
  const first = letter(words[0]);
  const last = words.length > 1 ? letter(words.at(-1)) : "";
  return (first + last).toLocaleUpperCase() || "?";
}

function letter(word: string | undefined): string {
  return word?.match(/[\p{L}\p{N}]/u)?.[0] ?? "";
}

/** The custom property that holds the colour. */
export function faceColor(name: string): string {
  let sum = 0;
  for (const char of name.split(",")[0] ?? "") sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 9973;
  return `var(--face-${sum % FACES})`;
}

export function accountColor(index: number): string {
  return `var(--account-${index % 6})`;
}
