import { describe, expect, onTestFinished, test, vi } from "vitest";
import { type OpenWindow, openWindow, until } from "../../test/window";
import { accounts } from "../host/fake/generate";
import { CallError } from "../host/types";

/** What the core was told, in order. */
function told({ host }: OpenWindow): string[][] {
  const calls = host.state.calls.filter((call) => call.name === "accounts_attend");
  return calls.map((call) => (call.args as { ids: string[] }).ids);
}

async function lookedAt(opened: OpenWindow, ids: string[], rule: string): Promise<void> {
  await until(() => expect(told(opened).at(-1), rule).toEqual(ids));
}

/** The window comes to the front, or is left for another. */
function stand(front: boolean): void {
  vi.spyOn(document, "hasFocus").mockReturnValue(front);
  window.dispatchEvent(new Event(front ? "focus" : "blur"));
}

const paused = (id: string) =>
  accounts(Date.now()).map((one) => (one.id === id ? { ...one, state: "paused" } : one));

describe("whom the person looks at", () => {
  test("is who is in the list: all accounts that are not paused, or one", async () => {
    const opened = await openWindow({ accounts: paused("3") });
    await lookedAt(opened, ["1", "2"], "the inbox of all");
    opened.desk.route.mail("archived", "2");
    await lookedAt(opened, ["2"], "a list of one account");
    opened.desk.route.mail("inbox", "3");
    await lookedAt(opened, [], "nobody waits for news of one that is paused");
    await opened.host.call("account_pause", { id: "3", paused: false });
    await lookedAt(opened, ["3"], "until it goes on");
  });

  test("is nobody on screens that are not of mail", async () => {
    const opened = await openWindow();
    for (const screen of ["settings", "health", "accounts", "rules", "labels"] as const) {
      opened.desk.route.go(screen);
      await lookedAt(opened, [], screen);
      opened.desk.route.mail("inbox", null);
      await lookedAt(opened, ["1", "2", "3"], `back from ${screen}`);
    }
  });

  test("is nobody while the window is behind another, hidden, or gone", async () => {
    const opened = await openWindow();
    await lookedAt(opened, ["1", "2", "3"], "in front");
    stand(false);
    await lookedAt(opened, [], "another window has the focus");
    stand(true);
    await lookedAt(opened, ["1", "2", "3"], "in front again");
    const shown = vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
    document.dispatchEvent(new Event("visibilitychange"));
    await lookedAt(opened, [], "put away");
    shown.mockReturnValue("visible");
    document.dispatchEvent(new Event("visibilitychange"));
    await lookedAt(opened, ["1", "2", "3"], "fetched back");
  });

  test("is seen also where the focus went from the text of a mail, of which no event tells", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    onTestFinished(() => void vi.useRealTimers());
    const opened = await openWindow();
    await lookedAt(opened, ["1", "2", "3"], "in front");
    vi.spyOn(document, "hasFocus").mockReturnValue(false);
    vi.advanceTimersByTime(3_000);
    await lookedAt(opened, [], "it is looked up");
  });

  test("is told one after the other, and the last is what holds", async () => {
    const opened = await openWindow();
    await lookedAt(opened, ["1", "2", "3"], "the inbox of all");
    const before = told(opened).length;
    const release = opened.host.state.hold("accounts_attend");
    opened.desk.route.mail("inbox", "1");
    await lookedAt(opened, ["1"], "on its way");
    opened.desk.route.mail("inbox", "2");
    await until(() => expect(opened.desk.mail.list.status).toBe("ready"));
    opened.desk.route.mail("inbox", "3");
    await until(() => expect(opened.desk.mail.list.status).toBe("ready"));
    expect(told(opened).length, "nothing overtakes it").toBe(before + 1);
    release();
    await lookedAt(opened, ["3"], "what is shown by then");
    expect(told(opened).length, "what was shown meanwhile is past").toBe(before + 2);
  });

  test("is told again with the next change where it could not be", async () => {
    const opened = await openWindow();
    await lookedAt(opened, ["1", "2", "3"], "the inbox of all");
    opened.host.state.fail("accounts_attend", new CallError("not_found", "No such account."));
    opened.desk.route.mail("inbox", "1");
    await lookedAt(opened, ["1"], "refused");
    opened.desk.route.mail("inbox", null);
    await lookedAt(opened, ["1", "2", "3"], "told, although it was told before");
    expect(opened.desk.toasts.shown, "and it is nobody's trouble").toEqual([]);
  });
});
