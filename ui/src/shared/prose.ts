/**
 * The text of a message being written, as HTML and as plain text: what stands above the quoted original, the
 * signature inside it, and how one form becomes the other. Needs a DOM parser, runs nothing, fetches nothing.
 */

/** A text and the original quoted below it, which is carried along as it is. */
export interface Split {
  head: string;
  quote: string;
}

function parsed(html: string): HTMLElement {
  return new DOMParser().parseFromString(html, "text/html").body;
}

export function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

function isQuote(element: Element, last: boolean): boolean {
  if (element.matches("[data-quote], blockquote[type=cite], .gmail_quote")) return true;
  return last && (element.matches("blockquote") || element.querySelector("blockquote[type=cite]") !== null);
}

/** "On Monday, Mara wrote:" right above a quote goes with it. */
function introduces(element: Element | undefined): boolean {
  if (!element || element.matches("[data-signature]")) return false;
  const text = element.textContent?.trim() ?? "";
  return text.endsWith(":") && text.length < 400;
}

export function splitHtml(html: string): Split {
  const children = [...parsed(html).children];
  let at = children.findIndex((child, index) => isQuote(child, index === children.length - 1));
  if (at < 0) return { head: html, quote: "" };
  if (introduces(children[at - 1])) at -= 1;
  const all = (from: number, to?: number) =>
    children
      .slice(from, to)
      .map((child) => child.outerHTML)
      .join("");
  return { head: all(0, at), quote: all(at) };
}

/** Lines marked `>` at the end, with the line that introduces them. */
export function splitText(text: string): Split {
  const lines = text.split("\n");
  let at = lines.length;
  while (at > 0 && /^(>|\s*$)/.test(lines[at - 1] ?? "")) at -= 1;
  while (at < lines.length && !lines[at]?.startsWith(">")) at += 1;
  if (at === lines.length) return { head: text, quote: "" };
  if (at > 0 && lines[at - 1]?.trim().endsWith(":")) at -= 1;
  return { head: lines.slice(0, at).join("\n").trimEnd(), quote: lines.slice(at).join("\n") };
}

export function joinHtml({ head, quote }: Split): string {
  return head + quote;
}

export function joinText({ head, quote }: Split): string {
  return quote === "" ? head : `${head.trimEnd()}\n\n${quote}`;
}

/** The text with this signature in place of the one that is there; an empty one takes it out. */
export function signed(html: string, id: string, signature: string): string {
  const body = parsed(html);
  const old = body.querySelector("[data-signature]");
  if (signature.trim() === "") {
    old?.remove();
    return body.innerHTML;
  }
  const made = old ?? body.ownerDocument.createElement("div");
  made.setAttribute("data-signature", id);
  made.innerHTML = signature;
  if (!old) {
    if (!/<p><\/p>$/.test(html)) body.append(body.ownerDocument.createElement("p"));
    body.append(made);
  }
  return body.innerHTML;
}

/** The same in plain text, below the usual mark "-- ". */
export function signedText(text: string, before: string, signature: string): string {
  const mark = (words: string) => `-- \n${words}`;
  const old = htmlToText(before);
  const made = htmlToText(signature);
  const bare = old !== "" && text.includes(mark(old)) ? text.replace(mark(old), "").trimEnd() : text;
  return made === "" ? bare : `${bare.trimEnd()}\n\n${mark(made)}`;
}

/** A text, rich or plain, signed by someone else than before. */
export function resigned(
  rich: boolean,
  text: string,
  before: string,
  sender: { id: string; signature: string },
): string {
  return rich ? signed(text, sender.id, sender.signature) : signedText(text, before, sender.signature);
}

const BLOCKS = new Set([
  "P",
  "DIV",
  "UL",
  "OL",
  "LI",
  "BLOCKQUOTE",
  "PRE",
  "H1",
  "H2",
  "H3",
  "H4",
  "TABLE",
  "TR",
  "HR",
]);

function spell(node: Node): string {
  if (node.nodeType === Node.TEXT_NODE) return (node.textContent ?? "").replaceAll(/[ \t\r\n]+/g, " ");
  if (!(node instanceof Element)) return "";
  if (node.tagName === "BR") return "\n";
  if (node.tagName === "HR") return "\n---\n";
  if (node.tagName === "IMG") return node.getAttribute("alt") ?? "";
  if (node.tagName === "STYLE" || node.tagName === "SCRIPT") return "";
  const inside = [...node.childNodes].map(spell).join("");
  switch (node.tagName) {
    case "A": {
      const href = node.getAttribute("href") ?? "";
      return href === "" || href.includes(inside.trim()) ? inside : `${inside} <${href}>`;
    }
    case "LI": {
      const list = node.parentElement;
      const nth = list?.tagName === "OL" ? `${[...list.children].indexOf(node) + 1}. ` : "- ";
      return `\n${nth}${inside.trim().replaceAll("\n", "\n  ")}`;
    }
    case "BLOCKQUOTE":
      return `\n\n${quoted(inside.trim().replaceAll(/\n{3,}/g, "\n\n"))}\n\n`;
    case "UL":
    case "OL":
      return `\n${inside}\n\n`;
    case "P":
      return `\n${inside.trim()}\n`;
  }
  return BLOCKS.has(node.tagName) ? `\n${inside}\n` : inside;
}

function quoted(text: string): string {
  return text
    .split("\n")
    .map((line) => (line.startsWith(">") ? `>${line}` : `> ${line}`.trimEnd()))
    .join("\n");
}

/** What the HTML says, with lists, links and quotes as they are written in plain mail. */
export function htmlToText(html: string): string {
  const body = parsed(html);
  for (const one of body.querySelectorAll("[data-signature]"))
    one.prepend("-- ", document.createElement("br"));
  return [...body.childNodes]
    .map(spell)
    .join("")
    .replaceAll(/[ \t]+\n/g, "\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim()
    .replaceAll(/^--$/gm, "-- ");
}

/** Plain text as HTML: paragraphs at empty lines, breaks at the others. */
export function textToHtml(text: string): string {
  const paragraphs = text.replaceAll("\r\n", "\n").split(/\n{2,}/);
  return paragraphs.map((part) => `<p>${escaped(part).replaceAll("\n", "<br>")}</p>`).join("");
}

/** Lines marked `>` as a quote in HTML. */
export function textToQuote(text: string): string {
  return `<blockquote type="cite">${textToHtml(text.replaceAll(/^> ?/gm, ""))}</blockquote>`;
}

const BLOCK = "p, div, ul, ol, blockquote, pre, h1, h2, h3, h4, hr";

/** A quoted original as an editor without tables can hold it: each row a line, or each cell a part of its own. */
export function editable(html: string): string {
  const body = parsed(html);
  // Tables within tables first.
  for (const table of [...body.querySelectorAll("table")].reverse()) {
    const made = body.ownerDocument.createElement("div");
    for (const row of table.querySelectorAll("tr")) {
      const cells = [...row.children].filter(
        (cell) => cell.textContent?.trim() || cell.querySelector("img") !== null,
      );
      const parts = cells.some((cell) => cell.querySelector(BLOCK) !== null)
        ? cells.map((cell) => `<div>${cell.innerHTML}</div>`)
        : [`<p>${cells.map((cell) => cell.innerHTML.trim()).join(" | ")}</p>`];
      if (cells.length > 0) made.insertAdjacentHTML("beforeend", parts.join(""));
    }
    table.replaceWith(made);
  }
  return body.innerHTML;
}

/** Whether plain text would lose something: emphasis, lists, links with words of their own, images. */
export function isFormatted(html: string): boolean {
  const body = parsed(html);
  for (const one of body.querySelectorAll("[data-signature]")) one.remove();
  return (
    body.querySelector("b, strong, i, em, u, s, ul, ol, blockquote, h1, h2, h3, pre, code, img, a") !== null
  );
}
