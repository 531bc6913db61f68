/**
 * A list of conversations, fetched page by page by key, newest first. Owns what is loaded and in which order;
 * it never holds a row twice, and a refresh never loses the pages a person has already scrolled through.
 */
import type { ConversationRow } from "../gen/ConversationRow";
import { CallError } from "../host/types";

export const PAGE = 50;
const REFRESH_MOST = 200;

export interface RowsPage {
  rows: ConversationRow[];
  next: string | null;
}

export interface RowsSource {
  fetch(cursor: string | null, limit: number): Promise<RowsPage>;
  /** What this list shows of a row that has come in: edits still on their way applied, or `null` to leave it out. */
  admit(row: ConversationRow): ConversationRow | null;
}

export class PagedRows {
  rows = $state.raw<ConversationRow[]>([]);
  status = $state<"idle" | "loading" | "ready" | "error">("idle");
  error = $state.raw<CallError | null>(null);
  loadingMore = $state(false);
  private next: string | null = null;
  private generation = 0;
  /** A first page is on its way; it may have been read before what is told meanwhile. */
  private coming = false;
  private behind = false;

  constructor(private readonly source: RowsSource) {}

  get more(): boolean {
    return this.next !== null;
  }

  has(id: string): boolean {
    return this.rows.some((row) => row.id === id);
  }

  /** Starts over with the first page; `keep` leaves the old rows on the screen until it is here. */
  async load(keep = false): Promise<void> {
    const generation = ++this.generation;
    this.loadingMore = false;
    this.coming = true;
    this.behind = false;
    if (!keep) {
      this.rows = [];
      this.status = "loading";
    }
    await this.take(generation, null, PAGE, (page) => {
      this.rows = page.rows;
      this.next = page.next;
    });
    if (generation !== this.generation) return;
    this.coming = false;
    if (this.behind) await this.refresh();
  }

  /** Fetches the next page, if there is one and none is on its way. */
  async loadMore(): Promise<void> {
    if (this.next === null || this.loadingMore || this.status !== "ready") return;
    this.loadingMore = true;
    await this.take(this.generation, this.next, PAGE, (page) => {
      const known = new Set(this.rows.map((row) => row.id));
      this.rows = [...this.rows, ...page.rows.filter((row) => !known.has(row.id))];
      this.next = page.next;
    });
    this.loadingMore = false;
  }

  /** Asks again for the newest rows. What lies below them stays; they are the truth for their stretch. */
  async refresh(): Promise<void> {
    if (this.status === "idle") return;
    if (this.coming) {
      this.behind = true;
      return;
    }
    const wanted = Math.min(REFRESH_MOST, Math.max(PAGE, this.rows.length));
    const before = this.next;
    await this.take(this.generation, null, wanted, (page) => {
      const last = page.rows.at(-1);
      if (page.next === null || !last || this.rows.length <= page.rows.length) {
        this.rows = page.rows;
        this.next = page.next;
        return;
      }
      const fresh = new Set(page.rows.map((row) => row.id));
      const below = this.rows.filter((row) => row.last_at <= last.last_at && !fresh.has(row.id));
      this.rows = [...page.rows, ...below];
      this.next = below.length > 0 ? before : page.next;
    });
  }

  /** Puts a row that changed in its place, or takes it out. */
  put(id: string, row: ConversationRow | null): void {
    if (this.coming) this.behind = true;
    const admitted = row && this.source.admit(row);
    const index = this.rows.findIndex((one) => one.id === id);
    if (index < 0) return;
    const rows = [...this.rows];
    if (admitted) rows[index] = admitted;
    else rows.splice(index, 1);
    this.rows = rows;
  }

  /** Applies an edit to every row at once, and answers how to take exactly that back. */
  rewrite(change: (row: ConversationRow) => ConversationRow | null): () => void {
    const before = this.rows;
    const generation = this.generation;
    this.rows = before.flatMap((row) => change(row) ?? []);
    const written = this.rows;
    return () => {
      if (this.rows === written && this.generation === generation) this.rows = before;
      else void this.refresh();
    };
  }

  clear(): void {
    this.generation += 1;
    this.coming = false;
    this.rows = [];
    this.next = null;
    this.status = "idle";
    this.loadingMore = false;
  }

  private async take(
    generation: number,
    cursor: string | null,
    limit: number,
    accept: (page: RowsPage) => void,
  ): Promise<void> {
    try {
      const page = await this.source.fetch(cursor, limit);
      if (generation !== this.generation) return;
      accept({ next: page.next, rows: page.rows.flatMap((row) => this.source.admit(row) ?? []) });
      this.status = "ready";
      this.error = null;
    } catch (thrown) {
      if (generation !== this.generation) return;
      this.error = CallError.from(thrown);
      if (this.rows.length === 0) this.status = "error";
    }
  }
}
