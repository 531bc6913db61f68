/** The quoted original as a document of its own: nothing in it runs, and nothing is fetched from elsewhere for it. */

const COLOURS = {
  light: { text: "#5f5a52", ground: "#ffffff", line: "#8a8378" },
  dark: { text: "#aca59a", ground: "#282622", line: "#7b746a" },
};

/** Pictures that travel with the message come from this machine; all others are left out, their words kept. */
function pictured(html: string, source: (contentId: string) => string | null): string {
  const { body } = new DOMParser().parseFromString(html, "text/html");
  for (const image of body.querySelectorAll("img")) {
    const src = image.getAttribute("src") ?? "";
    const found = src.startsWith("cid:") ? source(src.slice("cid:".length)) : null;
    image.removeAttribute("srcset");
    if (found) image.setAttribute("src", found);
    else image.replaceWith(image.getAttribute("alt") ?? "");
  }
  return body.innerHTML;
}

/** `source`: where the picture of a Content-ID is found here. */
export function framed(
  html: string,
  theme: "light" | "dark",
  source: (contentId: string) => string | null,
): string {
  const { text, ground, line } = COLOURS[theme];
  const images = "img-src data: attachment: http://attachment.localhost";
  const policy = `default-src 'none'; style-src 'unsafe-inline'; ${images}`;
  return `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><style>
body{margin:2px 10px;font:13px/1.5 system-ui,sans-serif;color:${text};background:${ground};overflow-wrap:anywhere}
p{margin:0 0 8px}blockquote{margin:0;padding-left:10px;border-left:2px solid ${line}}img{max-width:100%}</style>${pictured(html, source)}`;
}
