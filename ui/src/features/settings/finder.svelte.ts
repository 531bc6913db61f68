/** Finds settings by a few words: what is typed, and which lines there are to be found. */
import { createContext } from "svelte";
import { SvelteMap } from "svelte/reactivity";
import { holds } from "../../shared/fold";

export class Finder {
  query = $state("");
  /** What each line is found by. */
  private readonly lines = new SvelteMap<string, string>();

  add(id: string, words: string): () => void {
    this.lines.set(id, words);
    return () => this.lines.delete(id);
  }

  shows(words: string): boolean {
    return this.query.trim() === "" || holds(words, this.query.trim());
  }

  get active(): boolean {
    return this.query.trim() !== "";
  }

  get found(): number {
    return [...this.lines.values()].filter((words) => this.shows(words)).length;
  }
}

export const [getFinder, setFinder] = createContext<Finder>();
