/**
 * Where the window is. The address after `#` is the truth, so that back, forward and a restart of the page
 * keep the place; screens read the fields and never the address.
 */
export const VIEWS = [
  "inbox",
  "unread",
  "starred",
  "sent",
  "drafts",
  "outbox",
  "snoozed",
  "archived",
  "spam",
  "trash",
  "all",
] as const;
/** `label` is the list of the label in {@link Route.label}. */
export type View = (typeof VIEWS)[number] | "label";

export type Screen = "mail" | "health" | "accounts" | "settings" | "rules" | "labels" | "welcome";
const SCREENS: readonly string[] = ["mail", "health", "accounts", "settings", "rules", "labels", "welcome"];

export class Route {
  screen = $state<Screen>("mail");
  view = $state<View>("inbox");
  /** Whose list is shown in the view `label`; else `null`. */
  label = $state<string | null>(null);
  /** Only this account's conversations; `null` for all. */
  account = $state<string | null>(null);
  /** What follows the screen's name: `add` or `import` in accounts, an account's id in health. */
  detail = $state<string | null>(null);
  /** The conversation to open in mail. */
  conversation = $state<string | null>(null);

  constructor(private readonly target: Window = window) {
    this.read();
    target.addEventListener("hashchange", this.read);
  }

  stop(): void {
    this.target.removeEventListener("hashchange", this.read);
  }

  go(screen: Screen, detail: string | null = null): void {
    this.write(detail ? `${screen}/${encodeURIComponent(detail)}` : screen);
  }

  mail(view: View, account: string | null = this.account, conversation: string | null = null): void {
    const list = view === "label" && this.label ? `label-${encodeURIComponent(this.label)}` : view;
    const place = conversation ? `${list}/${encodeURIComponent(conversation)}` : list;
    this.write(`mail/${place}${account ? `?account=${encodeURIComponent(account)}` : ""}`);
  }

  /** The conversations that carry a label. */
  toLabel(id: string): void {
    const account = this.account ? `?account=${encodeURIComponent(this.account)}` : "";
    this.write(`mail/label-${encodeURIComponent(id)}${account}`);
  }

  private write(place: string): void {
    this.target.location.hash = `/${place}`;
    // hashchange comes later; whoever went there may look at once.
    this.read();
  }

  private readonly read = (): void => {
    const [path = "", query = ""] = this.target.location.hash.replace(/^#\/?/, "").split("?");
    const [screen = "", first = "", second = ""] = path.split("/").map(decode);
    this.screen = SCREENS.includes(screen) ? (screen as Screen) : "mail";
    if (this.screen !== "mail") {
      this.detail = first || null;
      return;
    }
    this.label = first.startsWith("label-") ? first.slice("label-".length) : null;
    this.view = this.label ? "label" : (VIEWS.find((view) => view === first) ?? "inbox");
    this.account = new URLSearchParams(query).get("account");
    this.conversation = second || null;
  };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}
