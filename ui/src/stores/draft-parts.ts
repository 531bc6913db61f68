/** What a draft is made of: its recipients' lines, its text in either form, its files. Pure; needs a DOM parser. */
import type { DraftContent } from "../gen/DraftContent";
import type { DraftFile } from "../gen/DraftFile";
import {
  htmlToText,
  joinHtml,
  joinText,
  splitHtml,
  splitText,
  textToHtml,
  textToQuote,
} from "../shared/prose";

export type Field = "to" | "cc" | "bcc";
export const FIELDS: readonly Field[] = ["to", "cc", "bcc"];

export interface Words {
  rich: boolean;
  /** HTML above the quoted original; the plain text where it is not rich. */
  body: string;
  quote: string;
}

export function read({ html, text }: Pick<DraftContent, "html" | "text">): Words {
  const { head, quote } = html === null ? splitText(text) : splitHtml(html);
  return { rich: html !== null, body: head, quote };
}

export function written({ rich, body: head, quote }: Words): Pick<DraftContent, "html" | "text"> {
  return rich
    ? { html: joinHtml({ head, quote }), text: "" }
    : { html: null, text: joinText({ head, quote }) };
}

/** From rich to plain text and back. */
export function switched({ rich, body, quote }: Words): Words {
  const other = rich ? htmlToText : textToHtml;
  return { rich: !rich, body: other(body), quote: quote && (rich ? htmlToText(quote) : textToQuote(quote)) };
}

/** Plain text shows no images: those of the person's own go along as files. */
export function beside(files: DraftFile[], body: string): DraftFile[] {
  const own = (file: DraftFile) => file.content_id !== null && shows(body, file.content_id);
  return once(files.map((file) => (own(file) ? { ...file, content_id: null } : file)));
}

/** Whether HTML shows the image of this Content-ID: by its whole name, as a DOM writes attributes. */
export function shows(html: string, contentId: string): boolean {
  return html.includes(`src="cid:${contentId.replaceAll("&", "&amp;")}"`);
}

/** Each file once; an image inside the text is another one each time it is put in. */
export function once(files: DraftFile[]): DraftFile[] {
  const placed = (file: DraftFile) => `${file.blob} ${file.content_id ?? ""} ${file.name}`;
  return [...new Map(files.map((file) => [placed(file), file])).values()];
}

/** What stays of the files when others come: one that is lost gives way to the file of its name. */
export function replaced(files: DraftFile[], by: DraftFile[]): DraftFile[] {
  const again = (file: DraftFile) =>
    file.missing && file.content_id === null && by.some(({ name }) => name === file.name);
  return files.filter((file) => !again(file));
}
