/** Theme and language as chosen or as the system says, and the widths of the panes. */
import type { Preferences } from "../host/types";
import { type Locale, pickLocale, setLocale } from "../shared/i18n.svelte";

export type ThemeChoice = "system" | "light" | "dark";
export type Pane = "rail" | "list" | "context";

/** Least, first and greatest width of each pane in px. */
export const PANES: Record<Pane, { min: number; start: number; max: number }> = {
  rail: { min: 168, start: 208, max: 320 },
  list: { min: 280, start: 360, max: 560 },
  context: { min: 208, start: 264, max: 420 },
};

/** The narrowest conversation that is still pleasant to read. */
const READING = 360;

export class Appearance {
  choice = $state<ThemeChoice>("system");
  language = $state<Locale | null>(null);
  contextShown = $state(true);
  panes = $state<Record<Pane, number>>({
    rail: PANES.rail.start,
    list: PANES.list.start,
    context: PANES.context.start,
  });
  private windowWidth = $state(window.innerWidth);
  private systemDark = $state(false);
  private readonly query: MediaQueryList;

  constructor(private readonly preferences: Preferences) {
    this.query = window.matchMedia("(prefers-color-scheme: dark)");
    this.systemDark = this.query.matches;
    this.query.addEventListener("change", this.follow);
    window.addEventListener("resize", this.measure);
    this.choice = preferences.get<ThemeChoice>("theme", "system");
    this.language = preferences.get<Locale | null>("language", null);
    this.contextShown = preferences.get("context", true);
    const widths = preferences.get<Partial<Record<Pane, number>>>("panes", {});
    for (const pane of Object.keys(PANES) as Pane[]) this.resize(pane, widths[pane] ?? PANES[pane].start);
    this.dress();
  }

  /** What is on the screen now. */
  get theme(): "light" | "dark" {
    if (this.choice !== "system") return this.choice;
    return this.systemDark ? "dark" : "light";
  }

  setTheme(choice: ThemeChoice): void {
    this.choice = choice;
    this.preferences.set("theme", choice);
    this.dress();
  }

  /** `null` follows the system. */
  async setLanguage(language: Locale | null): Promise<void> {
    this.language = language;
    this.preferences.set("language", language);
    await setLocale(pickLocale(language, navigator.languages));
  }

  showContext(shown: boolean): void {
    this.contextShown = shown;
    this.preferences.set("context", shown);
  }

  /** Narrower than the window itself can get: its contents were enlarged. */
  get narrow(): boolean {
    return this.windowWidth < 900;
  }

  /** Whether the details leave the conversation room to be read. */
  get contextFits(): boolean {
    return this.windowWidth - this.panes.rail - PANES.list.min - this.panes.context >= READING;
  }

  resize(pane: Pane, width: number): void {
    const { min, max } = PANES[pane];
    this.panes[pane] = Math.round(Math.min(max, Math.max(min, width)));
  }

  keepPanes(): void {
    this.preferences.set("panes", $state.snapshot(this.panes));
  }

  stop(): void {
    this.query.removeEventListener("change", this.follow);
    window.removeEventListener("resize", this.measure);
  }

  private dress(): void {
    const root = document.documentElement;
    if (this.choice === "system") delete root.dataset.theme;
    else root.dataset.theme = this.choice;
  }

  private readonly measure = (): void => {
    this.windowWidth = window.innerWidth;
  };

  private readonly follow = (event: MediaQueryListEvent): void => {
    this.systemDark = event.matches;
  };
}
