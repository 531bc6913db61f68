/**
 * Theme, language and density as chosen or as the system says, and the widths of the panes. The choices are the
 * core's; this window remembers the last it was told, so that the first paint is right before the core answers.
 */
import type { Density } from "../gen/Density";
import type { LanguageChoice } from "../gen/LanguageChoice";
import type { ThemeChoice } from "../gen/ThemeChoice";
import type { Preferences } from "../host/types";
import { type Locale, pickLocale, setLocale } from "../shared/i18n.svelte";

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
  density = $state<Density>("comfortable");
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
    this.density = preferences.get<Density>("density", "comfortable");
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

  /** Shows what was chosen, and remembers it for the next start. */
  wear({
    theme,
    language,
    density,
  }: {
    theme: ThemeChoice;
    language: LanguageChoice;
    density: Density;
  }): void {
    this.choice = theme;
    this.density = density;
    this.preferences.set("theme", theme);
    this.preferences.set("density", density);
    this.dress();
    const spoken = language === "system" ? null : language;
    if (spoken === this.language) return;
    this.language = spoken;
    this.preferences.set("language", spoken);
    void setLocale(pickLocale(spoken, navigator.languages));
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
    root.dataset.density = this.density;
  }

  private readonly measure = (): void => {
    this.windowWidth = window.innerWidth;
  };

  private readonly follow = (event: MediaQueryListEvent): void => {
    this.systemDark = event.matches;
  };
}
