import { describe, expect, test } from "vitest";
import type { ConversationRow } from "../gen/ConversationRow";
import { CallError } from "../host/types";
import { PAGE, PagedRows, type RowsPage } from "./rows.svelte";

function row(n: number, over: Partial<ConversationRow> = {}): ConversationRow {
  return {
    id: String(n),
    account_id: "1",
    channel: "email",
    people: `Person ${n}`,
    subject: "",
    preview: "",
    last_at: n * 1000,
    messages: 1,
    unread: 0,
    starred: false,
    attachments: 0,
    last_is_own: false,
    quarantined: false,
    labels: [],
    snoozed: false,
    snoozed_until: null,
    back: false,
    pending: false,
    views: ["inbox"],
    ...over,
  };
}

/** A server of `count` rows, newest first, paged by their time. */
class Shelf {
  rows: ConversationRow[];
  asked = 0;
  fail: CallError | null = null;

  constructor(count: number) {
    this.rows = Array.from({ length: count }, (_, i) => row(count - i));
  }

  readonly list = new PagedRows({
    fetch: async (cursor, limit) => this.page(cursor, limit),
    admit: (one) => (one.views.includes("inbox") ? one : null),
  });

  private page(cursor: string | null, limit: number): RowsPage {
    this.asked += 1;
    if (this.fail) throw this.fail;
    const rest = cursor === null ? this.rows : this.rows.filter((one) => one.last_at < Number(cursor));
    const rows = rest.slice(0, limit);
    return { rows, next: rest.length > limit ? String(rows.at(-1)?.last_at) : null };
  }

  get ids(): number[] {
    return this.list.rows.map((one) => Number(one.id));
  }
}

describe("a paged list", () => {
  test("loads page after page to the end, each row once", async () => {
    const shelf = new Shelf(120);
    await shelf.list.load();
    expect(shelf.ids).toHaveLength(PAGE);
    await Promise.all([shelf.list.loadMore(), shelf.list.loadMore()]);
    expect(shelf.asked, "a page on its way is not asked for twice").toBe(2);
    await shelf.list.loadMore();
    await shelf.list.loadMore();
    expect(shelf.ids).toEqual(Array.from({ length: 120 }, (_, i) => 120 - i));
    expect(shelf.list.more).toBe(false);
  });

  test("new rows on top leave the pages below as they were", async () => {
    const shelf = new Shelf(400);
    await shelf.list.load();
    while (shelf.ids.length < 300) await shelf.list.loadMore();
    shelf.rows = [row(402), row(401), ...shelf.rows];
    await shelf.list.refresh();
    expect(shelf.ids.slice(0, 3)).toEqual([402, 401, 400]);
    expect(new Set(shelf.ids).size, "none twice").toBe(shelf.ids.length);
    expect(shelf.ids.length, "none lost").toBe(302);
    await shelf.list.loadMore();
    expect(shelf.ids).toEqual(Array.from({ length: 352 }, (_, i) => 402 - i));
  });

  test("rows gone from the newest stretch go, and the list shrinks when all is known", async () => {
    const shelf = new Shelf(40);
    await shelf.list.load();
    shelf.rows = shelf.rows.filter((one) => Number(one.id) % 2 === 0);
    await shelf.list.refresh();
    expect(shelf.ids).toEqual(Array.from({ length: 20 }, (_, i) => 40 - i * 2));
  });

  test("an answer that comes after the list was started over is not taken", async () => {
    const shelf = new Shelf(60);
    const late = shelf.list.load();
    shelf.rows = [row(1)];
    await shelf.list.load();
    await late;
    expect(shelf.ids).toEqual([1]);
  });

  test("what comes while the first page is on its way is there once it is here", async () => {
    const shelf = new Shelf(3);
    const read = shelf.list.load();
    shelf.rows = [row(4), ...shelf.rows];
    await shelf.list.refresh();
    await read;
    expect(shelf.ids).toEqual([4, 3, 2, 1]);
    expect(shelf.asked, "asked again, and only once").toBe(2);

    const again = shelf.list.load(true);
    shelf.rows = shelf.rows.map((one) => (one.id === "2" ? row(2, { unread: 1 }) : one));
    shelf.list.put("2", row(2, { unread: 1 }));
    await again;
    expect(shelf.list.rows.find((one) => one.id === "2")?.unread).toBe(1);
  });

  test("a failure keeps what is shown, and is an error only where nothing is", async () => {
    const shelf = new Shelf(60);
    shelf.fail = new CallError("storage", "no");
    await shelf.list.load();
    expect(shelf.list.status).toBe("error");
    shelf.fail = null;
    await shelf.list.load();
    shelf.fail = new CallError("storage", "no");
    await shelf.list.loadMore();
    expect(shelf.list.status).toBe("ready");
    expect(shelf.list.error?.code).toBe("storage");
    expect(shelf.ids).toHaveLength(PAGE);
  });

  test("a rewrite can be taken back, by asking again where the list has moved on since", async () => {
    const shelf = new Shelf(5);
    await shelf.list.load();
    const back = shelf.list.rewrite((one) => (one.id === "3" ? null : one));
    expect(shelf.ids).toEqual([5, 4, 2, 1]);
    back();
    expect(shelf.ids).toEqual([5, 4, 3, 2, 1]);
    const again = shelf.list.rewrite((one) => (one.id === "3" ? null : one));
    shelf.list.put("5", row(5, { unread: 1 }));
    again();
    await Promise.resolve();
    await Promise.resolve();
    expect(shelf.ids).toEqual([5, 4, 3, 2, 1]);
  });

  test("a row that no longer belongs is taken out, a stranger is not put in", async () => {
    const shelf = new Shelf(3);
    await shelf.list.load();
    shelf.list.put("2", row(2, { views: ["archived"] }));
    shelf.list.put("99", row(99));
    shelf.list.put("1", null);
    expect(shelf.ids).toEqual([3]);
  });
});
