/** The search: what is typed, what was found, and how the words that match are marked. */
import type { SearchHit } from "../gen/SearchHit";
import type { Host } from "../host/types";
import { PagedRows, type RowsSource } from "./rows.svelte";

/** Long enough to skip letters typed in one go, short enough to feel like none. */
const DEBOUNCE = 60;

export class Search {
  query = $state("");
  /** The query the hits answer. */
  answered = $state<string | null>(null);
  suggestion = $state<string | null>(null);
  problem = $state<string | null>(null);
  notSearched = $state(0);
  hits = $state.raw<ReadonlyMap<string, SearchHit>>(new Map());
  readonly rows: PagedRows;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private typing = true;

  constructor(
    private readonly host: Host,
    private readonly account: () => string | null,
    admit: RowsSource["admit"],
  ) {
    this.rows = new PagedRows({ admit, fetch: (cursor, limit) => this.fetch(cursor, limit) });
  }

  get active(): boolean {
    return this.query.trim() !== "";
  }

  /** Takes what has been typed so far; the last word may be unfinished. */
  type(query: string): void {
    this.query = query;
    this.typing = true;
    clearTimeout(this.timer);
    if (!this.active) {
      this.forget();
      return;
    }
    this.timer = setTimeout(() => void this.rows.load(this.rows.status !== "idle"), DEBOUNCE);
  }

  /** Searches at once for exactly these words. */
  async run(query = this.query): Promise<void> {
    clearTimeout(this.timer);
    this.query = query;
    this.typing = false;
    if (this.active) await this.rows.load(this.rows.status !== "idle");
    else this.forget();
  }

  clear(): void {
    clearTimeout(this.timer);
    this.query = "";
    this.forget();
  }

  private forget(): void {
    this.rows.clear();
    this.hits = new Map();
    this.answered = null;
    this.suggestion = null;
    this.problem = null;
    this.notSearched = 0;
  }

  private async fetch(cursor: string | null, limit: number) {
    const query = this.query.trim();
    const page = await this.host.call("search", {
      query,
      account_id: this.account(),
      cursor,
      limit,
      typing: this.typing,
    });
    if (query === this.query.trim()) {
      const found = page.hits.map((hit) => [hit.row.id, hit] as const);
      this.hits = new Map(cursor === null ? found : [...this.hits, ...found]);
      this.answered = query;
      this.suggestion = page.suggestion;
      this.problem = page.problem;
      this.notSearched = page.not_searched;
    }
    return { rows: page.hits.map((hit) => hit.row), next: page.next };
  }
}
