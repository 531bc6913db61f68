/** The address a person means when naming where words should lead. Pure. */

const SAFE = new Set(["http:", "https:", "mailto:", "tel:"]);

/** The whole address; `null` where it is none that may be sent. */
export function linkTo(typed: string): string | null {
  const text = typed.trim();
  if (text === "" || /\s/.test(text)) return null;
  if (/^[^/:@]+@[^/:@]+\.[^/:@]+$/.test(text)) return `mailto:${text}`;
  const whole = /^[a-z][a-z0-9+.-]*:/i.test(text) && !/^[\w.-]+:\d/.test(text) ? text : `https://${text}`;
  try {
    const url = new URL(whole);
    if (!SAFE.has(url.protocol)) return null;
    return url.protocol.startsWith("http") && !url.hostname.includes(".") ? null : url.href;
  } catch {
    return null;
  }
}
