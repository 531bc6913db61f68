/** A filled template as it is looked at: variables that nothing is known for stand out. Pure. */
import { framed } from "./frame";

const VARIABLE = /\{\{\s*[\w.]+\s*\}\}/g;

/** A line of text, in parts. */
export function marked(text: string): { text: string; missing: boolean }[] {
  const parts: { text: string; missing: boolean }[] = [];
  let at = 0;
  for (const match of text.matchAll(VARIABLE)) {
    if (match.index > at) parts.push({ text: text.slice(at, match.index), missing: false });
    parts.push({ text: match[0], missing: true });
    at = match.index + match[0].length;
  }
  if (at < text.length) parts.push({ text: text.slice(at), missing: false });
  return parts;
}

/** The text as a document for the sandbox. */
export function preview(html: string, theme: "light" | "dark"): string {
  const stand = theme === "dark" ? "background:#33291a;color:#e8b04b" : "background:#faedd5;color:#8a4f00";
  return framed(
    html.replaceAll(VARIABLE, (name) => `<mark style="${stand};border-radius:2px">${name}</mark>`),
    theme,
    () => null,
  );
}
