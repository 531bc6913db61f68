/** Mail addresses as people type and paste them: one, or a list of any length. Pure. */
import type { Person } from "../gen/Person";

/** Why an address cannot be written to. */
export type Problem = "no-at" | "incomplete" | "no-dot" | "odd" | "long";

/** Longest address that can travel (RFC 5321, 4.5.3.1.3, without the brackets). */
const LONGEST = 254;

/** What is wrong with an address; `null` where nothing can be seen from here. */
export function problemOf(address: string): Problem | null {
  if (address.length > LONGEST) return "long";
  const at = address.lastIndexOf("@");
  if (at < 0) return "no-at";
  const [local, domain] = [address.slice(0, at), address.slice(at + 1)];
  if (local === "" || domain === "") return "incomplete";
  if (/[\s\p{Cc}<>()[\],;:\\"]/u.test(address) || /@/.test(local)) return "odd";
  if (/^\.|\.$|\.\./.test(local) || /^[.-]|[.-]$|\.\./.test(domain)) return "odd";
  return domain.includes(".") || domain === "localhost" ? null : "no-dot";
}

/** Parts at commas, semicolons, tabs and line ends, unless they stand in quotes or brackets. */
function pieces(text: string): string[] {
  const found: string[] = [];
  let piece = "";
  let quoted = false;
  let deep = 0;
  for (const char of text) {
    if (char === '"') quoted = !quoted;
    else if (char === "<") deep += 1;
    else if (char === ">") deep = Math.max(0, deep - 1);
    const ends = (!quoted && deep === 0 && (char === "," || char === ";")) || /[\n\r\t]/.test(char);
    if (ends) {
      found.push(piece);
      piece = "";
      // What was opened and never closed must not swallow the next line.
      if (/[\n\r]/.test(char)) [quoted, deep] = [false, 0];
    } else piece += char;
  }
  found.push(piece);
  return found.map((one) => one.trim()).filter((one) => one !== "");
}

function unquoted(name: string): string | null {
  const bare = name
    .trim()
    .replace(/^"(.*)"$|^'(.*)'$/, "$1$2")
    .replaceAll(/\\(.)/g, "$1")
    .trim();
  return bare === "" ? null : bare;
}

function read(piece: string): Person[] {
  const named = /^(.*?)\s*<([^<>]*)>\s*$/s.exec(piece);
  if (named) return [{ name: unquoted(named[1] ?? ""), address: bare(named[2] ?? "") }];
  const words = piece.split(/\s+/);
  // Addresses parted by nothing but blanks.
  if (words.length > 1 && words.every((word) => word.includes("@"))) {
    return words.map((word) => ({ name: null, address: bare(word) }));
  }
  return [{ name: null, address: bare(piece) }];
}

function bare(address: string): string {
  return address
    .trim()
    .replace(/^mailto:/i, "")
    .replace(/[.,;]+$/, "");
}

/**
 * The people in a text: `a@b.example`, `Mara Voss <m@v.example>`, `"Voss, Mara" <…>`, parted by commas,
 * semicolons, blanks or lines. What is no address stays as it was typed, for the person to see and mend.
 */
export function parseAddresses(text: string): Person[] {
  const found: string[] = [];
  let waiting: string | null = null;
  for (const piece of pieces(text)) {
    // "Voss, Mara <m@v.example>" without quotes: a name with a comma was cut in two.
    if (waiting !== null && /^[^@<]+<[^<>]*>$/.test(piece)) {
      found.push(`${waiting}, ${piece}`);
      waiting = null;
      continue;
    }
    if (waiting !== null) found.push(waiting);
    waiting = null;
    if (/[@<]/.test(piece)) found.push(piece);
    else waiting = piece;
  }
  if (waiting !== null) found.push(waiting);
  return found.flatMap(read);
}

/** Both lists as one, each address once; whoever was there first stays. */
export function merged(people: Person[], more: Person[]): Person[] {
  const seen = new Set<string>();
  return [...people, ...more].filter(({ address }) => {
    const key = address.toLowerCase();
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** As a person would write it into a field to change it. */
export function written(person: Person): string {
  if (!person.name) return person.address;
  const name = /[,;<>"@]/.test(person.name) ? `"${person.name.replaceAll('"', "'")}"` : person.name;
  return `${name} <${person.address}>`;
}
