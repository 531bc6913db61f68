/** The quoted original as a document of its own: nothing in it runs, and nothing is fetched for it. Pure. */

const COLOURS = {
  light: { text: "#5f5a52", ground: "#ffffff", line: "#8a8378" },
  dark: { text: "#aca59a", ground: "#282622", line: "#7b746a" },
};

export function framed(html: string, theme: "light" | "dark"): string {
  const { text, ground, line } = COLOURS[theme];
  const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
  return `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><style>
body{margin:2px 10px;font:13px/1.5 system-ui,sans-serif;color:${text};background:${ground};overflow-wrap:anywhere}
p{margin:0 0 8px}blockquote{margin:0;padding-left:10px;border-left:2px solid ${line}}img{max-width:100%}</style>${html}`;
}
