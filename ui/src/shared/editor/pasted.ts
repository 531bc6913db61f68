/** What was copied: files, or a text that brings a picture of itself along. Needs a DOM parser, runs nothing. */

function words(html: string): string {
  const { body } = new DOMParser().parseFromString(html, "text/html");
  for (const one of body.querySelectorAll("style, script")) one.remove();
  return (body.textContent ?? "").trim();
}

/**
 * The files that are meant. Word and Excel add a picture of what was copied: there the words are meant. A picture
 * copied in a browser brings nothing but its own tag along: there the picture is.
 */
export function filesMeant(data: DataTransfer | null): File[] {
  const files = [...(data?.files ?? [])];
  if (files.length === 0 || !data?.types.includes("text/html")) return files;
  return words(data.getData("text/html")) === "" ? files : [];
}
