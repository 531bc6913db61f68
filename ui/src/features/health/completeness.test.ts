/** The verdict over server and local counts is never better than what is known. */
import { expect, test } from "vitest";
import type { ScopeHealth } from "../../gen/ScopeHealth";
import { inReadingOrder, judge, judgeScope } from "./completeness";

function scope(local: number, remote: number | null, over: Partial<ScopeHealth> = {}): ScopeHealth {
  return { id: "1", name: "INBOX", role: "inbox", local, remote, bodies_missing: 0, synced_at: 1, ...over };
}

test("a gap in one mailbox is not hidden by a surplus in another", () => {
  expect(judge([scope(8, 10), scope(14, 10)])).toEqual({ kind: "missing", missing: 2, total: 20 });
});

test("everything is here only when every mailbox was counted", () => {
  expect(judge([scope(10, 10), scope(0, null)])).toEqual({ kind: "unknown", count: 1 });
  expect(judge([scope(10, 10), scope(0, 0)])).toEqual({ kind: "complete", count: 2 });
  expect(judge([])).toEqual({ kind: "empty" });
});

test("listed messages without their text are not complete", () => {
  expect(judgeScope(scope(10, 10, { bodies_missing: 3 }))).toEqual({ kind: "bodies", count: 3 });
  expect(judge([scope(10, 10, { bodies_missing: 3 }), scope(5, 5, { bodies_missing: 1 })])).toEqual({
    kind: "bodies",
    count: 4,
  });
});

test("messages gone from the server are counted as extra", () => {
  expect(judgeScope(scope(12, 10))).toEqual({ kind: "extra", count: 2 });
  expect(judge([scope(12, 10)])).toEqual({ kind: "extra", count: 2 });
});

test("mailboxes with a gap come first then the well known ones", () => {
  const mailboxes = [
    scope(1, 1, { name: "Trash", role: "trash" }),
    scope(1, 1, { name: "Job 10", role: "other" }),
    scope(1, 1, { name: "Job 9", role: "a_role_of_tomorrow" }),
    scope(1, 1),
    scope(1, 3, { name: "Spam", role: "spam" }),
  ];
  expect(inReadingOrder(mailboxes, "en").map((one) => one.name)).toEqual([
    "Spam",
    "INBOX",
    "Job 9",
    "Job 10",
    "Trash",
  ]);
});
