/**
 * Is everything here? Compares what the provider counts with what lies in the store.
 * Owns the verdict only; the words are the screen's. A mailbox the provider has not counted yet makes
 * the whole verdict "unknown": an unproven "yes" would be a lie.
 */
import type { ScopeHealth } from "../../gen/ScopeHealth";

/** What is known about one mailbox. */
export type ScopeVerdict =
  | { kind: "complete" }
  | { kind: "missing"; count: number }
  | { kind: "extra"; count: number }
  | { kind: "bodies"; count: number }
  | { kind: "unknown" };

/** What is known about an account as a whole, the least reassuring first. */
export type Verdict =
  | { kind: "empty" }
  | { kind: "unknown"; count: number }
  | { kind: "missing"; missing: number; total: number }
  | { kind: "extra"; count: number }
  | { kind: "bodies"; count: number }
  | { kind: "complete"; count: number };

export function judgeScope(scope: ScopeHealth): ScopeVerdict {
  if (scope.remote === null) return { kind: "unknown" };
  if (scope.local < scope.remote) return { kind: "missing", count: scope.remote - scope.local };
  if (scope.local > scope.remote) return { kind: "extra", count: scope.local - scope.remote };
  if (scope.bodies_missing > 0) return { kind: "bodies", count: scope.bodies_missing };
  return { kind: "complete" };
}

/** Sums over mailboxes; a gap in one is never hidden by a surplus in another. */
export function judge(scopes: ScopeHealth[]): Verdict {
  if (scopes.length === 0) return { kind: "empty" };
  let unknown = 0;
  let missing = 0;
  let extra = 0;
  let bodies = 0;
  let total = 0;
  for (const scope of scopes) {
    bodies += scope.bodies_missing;
    if (scope.remote === null) {
      unknown += 1;
      continue;
    }
    total += scope.remote;
    missing += Math.max(0, scope.remote - scope.local);
    extra += Math.max(0, scope.local - scope.remote);
  }
  if (missing > 0) return { kind: "missing", missing, total };
  if (unknown > 0) return { kind: "unknown", count: unknown };
  if (bodies > 0) return { kind: "bodies", count: bodies };
  if (extra > 0) return { kind: "extra", count: extra };
  return { kind: "complete", count: scopes.length };
}

const ROLE_ORDER = ["inbox", "sent", "drafts", "archive", "all", "other", "spam", "trash"];

/** Mailboxes as a person looks for them: what has a gap first, then by role, then by name. */
export function inReadingOrder(scopes: ScopeHealth[], locale: string): ScopeHealth[] {
  const collator = new Intl.Collator(locale, { numeric: true });
  const rank = (scope: ScopeHealth) => {
    const role = ROLE_ORDER.indexOf(scope.role);
    return role < 0 ? ROLE_ORDER.indexOf("other") : role;
  };
  const gap = (scope: ScopeHealth) => (judgeScope(scope).kind === "complete" ? 1 : 0);
  return [...scopes].sort((a, b) => gap(a) - gap(b) || rank(a) - rank(b) || collator.compare(a.name, b.name));
}
