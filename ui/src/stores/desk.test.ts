import { describe, expect, onTestFinished, test, vi } from "vitest";
import { until } from "../../test/window";
import { type FakeHost, fakeHost } from "../host/fake";
import type { FakeOptions } from "../host/fake/state";
import { CallError } from "../host/types";
import { READ_AFTER } from "./conversation.svelte";
import { Desk } from "./desk.svelte";
import { edited } from "./edits";

async function open(options: FakeOptions = {}): Promise<{ desk: Desk; host: FakeHost }> {
  const host = fakeHost(options);
  const desk = new Desk(host);
  onTestFinished(() => desk.stop());
  await desk.start();
  desk.mail.show();
  await until(() => expect(desk.mail.list.status).toBe("ready"));
  return { desk, host };
}

function asked(host: FakeHost, name: string): number {
  return host.state.calls.filter((call) => call.name === name).length;
}

describe("events", () => {
  test("a change of a shown row asks for that row alone", async () => {
    const { desk, host } = await open();
    const pages = asked(host, "inbox_page");
    host.state.talk("4").row.preview = "Changed elsewhere";
    host.state.changed([{ entity: "conversation", id: "4", deleted: false }]);
    await until(() => expect(desk.mail.row("4")?.preview).toBe("Changed elsewhere"));
    expect(asked(host, "inbox_page"), "no page for one row").toBe(pages);
    expect(asked(host, "conversation_row")).toBe(1);
  });

  test("new mail brings the newest page, and the counters follow", async () => {
    const { desk, host } = await open();
    const before = desk.counters.of("unread", null)?.total ?? 0;
    const id = host.deliver({ name: "Ada", address: "ada@new.example", subject: "Hi", text: "Hello" });
    await until(() => expect(desk.mail.list.rows[0]?.id).toBe(id));
    await until(() => expect(desk.counters.of("unread", null)?.total).toBe(before + 1));
  });

  test("a storm of events asks a few times, not once each", async () => {
    const { desk, host } = await open();
    const before = asked(host, "inbox_page");
    for (let i = 0; i < 500; i++) host.state.emit({ kind: "changes", changes: [], everything: true });
    const id = host.deliver({ name: "Ada", address: "ada@new.example", subject: "Hi", text: "Hello" });
    await until(() => expect(desk.mail.list.rows[0]?.id, "and nothing is missed").toBe(id));
    expect(asked(host, "inbox_page") - before).toBeLessThan(5);
  });

  test("a row archived by another program leaves the inbox", async () => {
    const { desk, host } = await open();
    const talk = host.state.talk("2");
    talk.row.views = ["archived", "all"];
    host.state.changed([{ entity: "conversation", id: "2", deleted: false }]);
    await until(() => expect(desk.mail.list.has("2")).toBe(false));
  });
});

describe("edits", () => {
  test("show before the store has answered, and stay when it has", async () => {
    const { desk, host } = await open();
    const release = host.state.hold("conversations_edit");
    const done = desk.edit("archive", ["1"]);
    expect(desk.mail.list.has("1"), "gone at once").toBe(false);
    host.state.emit({ kind: "changes", changes: [], everything: true });
    await until(() => expect(asked(host, "inbox_page")).toBeGreaterThan(1));
    expect(desk.mail.list.has("1"), "a refresh in between does not bring it back").toBe(false);
    release();
    await done;
    expect(desk.mail.list.has("1")).toBe(false);
    expect(desk.undoing.possible).toBe(true);
  });

  test("a refused one is put back", async () => {
    const { desk, host } = await open();
    host.state.fail("conversations_edit", new CallError("storage", "The disk is full."));
    const before = desk.mail.list.rows.map((row) => row.id);
    await desk.edit("trash", ["1", "3"]);
    expect(desk.mail.list.rows.map((row) => row.id)).toEqual(before);
    expect(desk.toasts.shown.at(-1)).toMatchObject({ tone: "bad", text: "The disk is full." });
  });

  test("only the last one is undone, once", async () => {
    const { desk, host } = await open();
    await desk.edit("archive", ["1"]);
    await desk.edit("archive", ["2"]);
    await desk.undo();
    await desk.undo();
    expect(host.state.talk("1").row.views).toContain("archived");
    expect(host.state.talk("2").row.views).toContain("inbox");
    expect(asked(host, "undo")).toBe(1);
  });

  test("more than one command takes are sent in parts, and undone together", async () => {
    const { desk, host } = await open({ conversations: 20 });
    const ids = [...Array.from({ length: 1_500 }, (_, i) => `gone-${i}`), "1", "2"];
    await desk.edit("archive", ids);
    const sent = host.state.calls.filter((call) => call.name === "conversations_edit");
    expect(sent.map((call) => (call.args as { ids: string[] }).ids.length)).toEqual([1_000, 502]);
    await desk.undo();
    expect(host.state.talk("1").row.views).toContain("inbox");
  });

  test("what an edit is expected to do is what the store does", async () => {
    const { host } = await open();
    for (const edit of ["read", "unread", "star", "unstar", "archive", "trash", "spam", "inbox"] as const) {
      const expected = edited({ ...host.state.talk("1").row }, edit);
      await host.call("conversations_edit", { ids: ["1"], edit });
      const { views, unread, starred } = host.state.talk("1").row;
      expect(unread, edit).toBe(expected.unread);
      expect(starred, edit).toBe(expected.starred);
      expect(views.includes("inbox"), edit).toBe(expected.views.includes("inbox"));
      expect(views.includes("trash"), edit).toBe(expected.views.includes("trash"));
    }
  });
});

describe("accounts", () => {
  test("when the one looked at is removed, all are shown; when the last goes, the first start is back", async () => {
    const { desk, host } = await open();
    desk.route.mail("inbox", "2");
    await host.call("account_remove", { id: "2" });
    await until(() => expect(desk.route.account).toBeNull());
    for (const id of ["1", "3"]) await host.call("account_remove", { id });
    await until(() => expect(desk.route.screen).toBe("welcome"));
  });
});

describe("the open conversation", () => {
  test("counts as read only after it has been open for a second", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const host = fakeHost({});
    const desk = new Desk(host);
    onTestFinished(() => desk.stop());
    await desk.start();
    const talk = host.state.newestFirst.find((one) => one.row.unread > 0 && one.row.views.includes("inbox"));
    const id = talk?.row.id ?? "";
    await desk.conversation.open(id);
    await vi.advanceTimersByTimeAsync(READ_AFTER - 1);
    expect(host.state.talk(id).row.unread, "not a moment before").toBe(1);
    await vi.advanceTimersByTimeAsync(2);
    expect(host.state.talk(id).row.unread).toBe(0);
  });

  test("left within the second it stays unread", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const host = fakeHost({});
    const desk = new Desk(host);
    onTestFinished(() => desk.stop());
    await desk.start();
    const id = host.state.newestFirst.find((one) => one.row.unread > 0)?.row.id ?? "";
    await desk.conversation.open(id);
    await vi.advanceTimersByTimeAsync(READ_AFTER - 100);
    await desk.conversation.open(null);
    await vi.advanceTimersByTimeAsync(READ_AFTER * 3);
    expect(host.state.talk(id).row.unread).toBe(1);
  });

  test("in Unread it stays in sight until it is left", async () => {
    const { desk } = await open();
    desk.route.mail("unread");
    desk.mail.show();
    await until(() => expect(desk.mail.list.status).toBe("ready"));
    const first = desk.mail.list.rows[0]?.id ?? "";
    desk.mail.open(first);
    await desk.edit("read", [first], "quiet");
    await until(() => expect(desk.mail.row(first)?.unread).toBe(0));
    desk.mail.close();
    expect(desk.mail.list.has(first)).toBe(false);
  });

  test("a body that arrives later takes the place of its note", async () => {
    const { desk, host } = await open();
    const message = host.state.talk("8").messages.at(-1);
    if (!message) throw new Error("conversation 8 has messages");
    message.body = "missing";
    await desk.conversation.open("8");
    await until(() => expect(desk.conversation.bodies.get(message.id)?.status).toBe("ready"));
    expect(desk.conversation.bodies.get(message.id)).toMatchObject({ body: { document: null } });
    message.body = "full";
    host.state.changed([{ entity: "message", id: message.id, deleted: false }]);
    await until(() => {
      const held = desk.conversation.bodies.get(message.id);
      expect(held?.status === "ready" && held.body.document).toContain("<!doctype html>");
    });
  });
});

describe("searching", () => {
  test("only the last of the letters typed in one go is asked for", async () => {
    const { desk, host } = await open();
    for (const typed of ["b", "bo", "bot", "bota"]) desk.mail.search.type(typed);
    await until(() => expect(desk.mail.search.answered).toBe("bota"));
    expect(asked(host, "search")).toBe(1);
    expect(host.state.calls.at(-1)?.args).toMatchObject({ query: "bota", typing: true, cursor: null });
  });

  test("an answer to an older query does not replace a newer one", async () => {
    const { desk, host } = await open();
    const release = host.state.hold("search");
    const late = desk.mail.search.run("parking");
    release();
    await desk.mail.search.run("botanical");
    await late;
    expect(desk.mail.search.answered).toBe("botanical");
    expect(desk.mail.search.rows.rows.every((row) => row.subject.startsWith("Botanical"))).toBe(true);
  });
});
