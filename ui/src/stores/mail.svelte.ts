/**
 * The list in front of the person: a view or the hits of a search, the row the keys act on, what is chosen,
 * and the edits. An edit shows at once and is taken back on the screen if the store refuses it.
 */
import type { Change } from "../gen/Change";
import type { ConversationRow } from "../gen/ConversationRow";
import type { Edit } from "../gen/Edit";
import { CallError, type Host } from "../host/types";
import { edited, moves } from "./edits";
import type { Route } from "./route.svelte";
import { PagedRows } from "./rows.svelte";
import { Search } from "./search.svelte";

/** Rows asked for one by one; above it a page is cheaper. */
const ONE_BY_ONE = 12;
/** Conversations that one command takes. */
export const EDIT_MOST = 1_000;

export interface EditReport {
  edit: Edit;
  count: number;
  /** Takes it back. */
  undo: () => Promise<void>;
}

export class Mail {
  readonly list: PagedRows;
  readonly search: Search;
  /** The row the keys act on. */
  cursor = $state<string | null>(null);
  checked = $state.raw<ReadonlySet<string>>(new Set());
  private anchor: string | null = null;
  private place: string | null = null;
  private pending = new Map<string, Edit[]>();

  constructor(
    private readonly host: Host,
    private readonly route: Route,
  ) {
    this.list = new PagedRows({
      fetch: (cursor, limit) => {
        const page = { account_id: route.account, cursor, limit };
        return route.label
          ? host.call("label_page", { label_id: route.label, ...page })
          : host.call("inbox_page", { view: route.view, ...page });
      },
      admit: (row) => this.admit(row, true),
    });
    this.search = new Search(
      host,
      () => route.account,
      (row) => this.admit(row, false),
    );
  }

  /** Shows the route's view; asks only when it is another one than before. */
  show(): void {
    const place = `${this.route.label ?? this.route.view}/${this.route.account ?? ""}`;
    if (place === this.place) return;
    this.place = place;
    this.cursor = this.opened;
    this.anchor = null;
    this.uncheck();
    void this.list.load();
    if (this.search.active) void this.search.run();
  }

  /** The list that is shown. */
  get shown(): PagedRows {
    return this.search.active ? this.search.rows : this.list;
  }

  get opened(): string | null {
    return this.route.conversation;
  }

  /** What a key or button acts on: the chosen rows, else the open conversation, else the row in front. */
  get targets(): string[] {
    if (this.checked.size > 0) return [...this.checked];
    const one = this.opened ?? this.cursor;
    return one ? [one] : [];
  }

  row(id: string): ConversationRow | undefined {
    return this.shown.rows.find((row) => row.id === id);
  }

  /** Moves the cursor; an open conversation follows it. */
  move(step: number): void {
    const rows = this.shown.rows;
    const at = rows.findIndex((row) => row.id === this.cursor);
    const to = rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? 0 : at + step))];
    if (!to) return;
    this.cursor = to.id;
    this.anchor = to.id;
    if (this.opened) this.open(to.id);
    if (rows.indexOf(to) > rows.length - 15) void this.shown.loadMore();
  }

  /** Puts the cursor on the row with this index, or on the last. */
  stand(index: number): void {
    const rows = this.shown.rows;
    const to = rows[Math.min(rows.length - 1, index)];
    if (!to) return;
    this.cursor = to.id;
    this.anchor = to.id;
  }

  open(id: string): void {
    this.cursor = id;
    this.anchor = id;
    if (this.opened !== id) this.route.mail(this.route.view, this.route.account, id);
  }

  close(): void {
    const left = this.opened;
    if (!left) return;
    this.route.mail(this.route.view, this.route.account, null);
    const row = this.list.rows.find((one) => one.id === left);
    if (row) this.list.put(left, row);
  }

  toggle(id: string): void {
    const checked = new Set(this.checked);
    if (!checked.delete(id)) checked.add(id);
    this.checked = checked;
    this.cursor = id;
    this.anchor = id;
  }

  /** Chooses everything between the row last chosen and this one. */
  extendTo(id: string): void {
    const rows = this.shown.rows;
    const from = rows.findIndex((row) => row.id === (this.anchor ?? this.cursor ?? id));
    const to = rows.findIndex((row) => row.id === id);
    if (to < 0) return;
    const [low, high] = from < 0 ? [to, to] : [Math.min(from, to), Math.max(from, to)];
    this.checked = new Set(rows.slice(low, high + 1).map((row) => row.id));
    this.cursor = id;
  }

  extend(step: number): void {
    const rows = this.shown.rows;
    const at = rows.findIndex((row) => row.id === this.cursor);
    const to = rows[Math.max(0, Math.min(rows.length - 1, at + step))];
    if (to) this.extendTo(to.id);
  }

  checkAll(): void {
    this.checked = new Set(this.shown.rows.map((row) => row.id));
  }

  uncheck(): void {
    if (this.checked.size > 0) this.checked = new Set();
  }

  /** Edits the conversations; `null` when nothing changed. Rejects with a {@link CallError} after putting things back. */
  async edit(ids: string[], edit: Edit): Promise<EditReport | null> {
    if (ids.length === 0) return null;
    const touched = new Set(ids);
    const change = (inView: boolean) => (row: ConversationRow) =>
      touched.has(row.id) ? this.placed(edited(row, edit), inView) : row;
    if (moves(edit)) this.step(touched);
    const takeBack = [this.list.rewrite(change(true)), this.search.rows.rewrite(change(false))];
    for (const id of ids) this.pending.set(id, [...(this.pending.get(id) ?? []), edit]);
    try {
      const tokens: string[] = [];
      let count = 0;
      for (let start = 0; start < ids.length; start += EDIT_MOST) {
        const some = ids.slice(start, start + EDIT_MOST);
        const done = await this.host.call("conversations_edit", { ids: some, edit });
        count += done.changed;
        if (done.undo !== null) tokens.unshift(done.undo);
      }
      if (tokens.length === 0) return null;
      const undo = async () => {
        for (const token of tokens) await this.host.call("undo", { undo: token });
      };
      return { edit, count, undo };
    } catch (thrown) {
      for (const back of takeBack) back();
      throw CallError.from(thrown);
    } finally {
      for (const id of ids) {
        const left = (this.pending.get(id) ?? []).filter((one) => one !== edit);
        if (left.length > 0) this.pending.set(id, left);
        else this.pending.delete(id);
      }
    }
  }

  /** Brings what is shown up to date after a commit: single rows where their place is known, else the pages. */
  async apply(changes: Change[] | null): Promise<void> {
    const ids = new Set(changes?.filter((c) => c.entity === "conversation").map((c) => c.id));
    const known = [...ids].filter((id) => this.list.has(id) || this.search.rows.has(id));
    const listed = [...ids].every((id) => this.list.has(id));
    if (changes === null || known.length > ONE_BY_ONE || (!listed && !this.search.active)) {
      await Promise.all([this.list.refresh(), this.search.rows.refresh()]);
      return;
    }
    const before = new Map(this.list.rows.map((row) => [row.id, row.last_at]));
    const rows = await Promise.all(known.map((id) => this.fetchRow(id)));
    let reordered = !listed;
    for (const [index, id] of known.entries()) {
      const row = rows[index];
      if (row === undefined) continue;
      if (row && before.has(id) && before.get(id) !== row.last_at) reordered = true;
      this.list.put(id, row);
      this.search.rows.put(id, row);
    }
    if (reordered) await this.list.refresh();
  }

  /** `null` when the row is gone, `undefined` when it could not be asked for. */
  private async fetchRow(id: string): Promise<ConversationRow | null | undefined> {
    try {
      return await this.host.call("conversation_row", { id });
    } catch (thrown) {
      return CallError.from(thrown).code === "not_found" ? null : undefined;
    }
  }

  /** Leaves the rows that are about to go: on to the next one below, or above where none is. */
  step(going: ReadonlySet<string>): void {
    const { rows } = this.shown;
    const last = this.opened ?? this.cursor;
    const at = rows.findIndex((row) => row.id === last);
    this.uncheck();
    if (!last || !going.has(last) || at < 0) return;
    const stays = (row: ConversationRow) => !going.has(row.id);
    const to = rows.slice(at).find(stays) ?? rows.slice(0, at).findLast(stays) ?? null;
    this.cursor = to?.id ?? null;
    if (this.opened) this.route.mail(this.route.view, this.route.account, to?.id ?? null);
  }

  private admit(row: ConversationRow, inView: boolean): ConversationRow | null {
    const now = (this.pending.get(row.id) ?? []).reduce(edited, row);
    return this.placed(now, inView);
  }

  /** An open conversation stays in "Unread" until it is left, although opening it has made it read. */
  private placed(row: ConversationRow, inView: boolean): ConversationRow | null {
    const { label } = this.route;
    if (label) return !inView || row.labels.includes(label) ? row : null;
    if (!inView || row.views.includes(this.route.view)) return row;
    const place = ["spam", "trash"].some((view) => row.views.includes(view));
    return this.route.view === "unread" && !place && row.id === this.opened ? row : null;
  }
}
