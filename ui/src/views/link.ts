/** What a person should see of a link before opening it. Pure. */
export interface LinkTarget {
  /** The part that says who is behind it. */
  host: string;
  openable: boolean;
  warning: "plain" | "lookalike" | "unknown" | null;
}

export function linkTarget(href: string): LinkTarget {
  let url: URL;
  try {
    url = new URL(href);
  } catch {
    return { host: "", openable: false, warning: "unknown" };
  }
  if (url.protocol === "mailto:" || url.protocol === "tel:") {
    return { host: decoded(url.pathname), openable: true, warning: null };
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return { host: url.protocol, openable: false, warning: "unknown" };
  }
  // Letters of other scripts can imitate a known name; the parser shows them as xn--.
  const lookalike = url.hostname.split(".").some((label) => label.startsWith("xn--")) || url.username !== "";
  const warning = lookalike ? "lookalike" : url.protocol === "http:" ? "plain" : null;
  return { host: url.host, openable: true, warning };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
