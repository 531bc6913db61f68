/** The document of a pretend message, shaped as the real one is: complete HTML, no script, links to a new window. */
import type { BodyArgs } from "../../gen/BodyArgs";
import type { MessageBody } from "../../gen/MessageBody";
import type { Talk } from "./generate";

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** What stands around a text in a frame of this theme. */
export function framed(theme: string, html: string): string {
  const colours = theme === "dark" ? "#ece8e0;background:#1e1d1a" : "#1d1b18;background:#fff";
  return `<!doctype html><meta charset="utf-8"><meta name="color-scheme" content="${theme}"><style>body{margin:4px 2px;font:13px/1.55 system-ui,sans-serif;color:${colours}}p{margin:0 0 10px}summary{opacity:.7}</style>${html}`;
}

const NEWSLETTER = (images: boolean) => `
  <table width="100%" style="border-collapse:collapse"><tr><td style="padding:16px;background:#7d5b12;color:#fff;font-size:20px">Studio Collective</td></tr>
  <tr><td style="padding:16px">${images ? '<div style="height:120px;background:linear-gradient(90deg,#b98f3a,#6b8f83)"></div>' : ""}
  <h2>New pigments, softer tones</h2><p>Eleven colours, mixed in small batches. Free delivery this week.</p>
  <p><a target="_blank" href="https://track.bulletin.example/r?x=81">www.studiocollective.example</a></p></td></tr></table>`;

/** What `message_body` answers for a message of this talk. */
export function bodyOf(talk: Talk, args: BodyArgs): MessageBody {
  const message = talk.messages.find((one) => one.id === args.id);
  const empty: MessageBody = {
    document: null,
    blocked_images: 0,
    blocked_hosts: 0,
    suspicious_links: [],
    missing: null,
    missing_said: null,
  };
  if (message?.body === "missing") return { ...empty, missing: "The text has not been fetched yet." };
  if (message?.body === "quarantined") {
    return { ...empty, missing: message.quarantine_reason ?? "The message could not be read." };
  }
  const [first = "", ...rest] = escaped(talk.texts.get(args.id) ?? "").split("\n\n");
  const earlier = talk.messages.findIndex((one) => one.id === args.id) > 0;
  const quoted = earlier
    ? `<details><summary>${escaped(args.words.show_quoted)}</summary><blockquote>…</blockquote></details>`
    : "";
  const words = `<p>${[first, ...rest].map((part) => part.replaceAll("\n", "<br>")).join("</p><p>")}</p>${quoted}`;
  const document = framed(args.theme, talk.newsletter ? NEWSLETTER(args.remote_images) : words);
  if (!talk.newsletter) return { ...empty, document };
  return {
    ...empty,
    document,
    blocked_images: args.remote_images ? 0 : 3,
    blocked_hosts: args.remote_images ? 0 : 2,
    suspicious_links: [
      { text: "www.studiocollective.example", href: "https://track.bulletin.example/r?x=81" },
    ],
  };
}
