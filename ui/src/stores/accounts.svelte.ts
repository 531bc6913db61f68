/** The accounts, their state and the syncs under way, as Rust last told them. */
import type { Account } from "../gen/Account";
import type { SyncProgress } from "../gen/SyncProgress";
import { CallError, type Host } from "../host/types";

export class Accounts {
  all = $state.raw<Account[]>([]);
  status = $state<"loading" | "ready" | "error">("loading");
  error = $state.raw<CallError | null>(null);
  /** Syncs under way, by account. */
  progress = $state.raw<ReadonlyMap<string, SyncProgress>>(new Map());

  constructor(private readonly host: Host) {}

  async refresh(): Promise<void> {
    try {
      const { accounts } = await this.host.call("accounts", {});
      this.all = accounts;
      this.progress = new Map(accounts.flatMap((a) => (a.progress ? [[a.id, a.progress]] : [])));
      this.status = "ready";
      this.error = null;
    } catch (thrown) {
      this.error = CallError.from(thrown);
      if (this.status === "loading") this.status = "error";
    }
  }

  /** Puts an account at another place of the list: shown at once, put back where the core refuses. */
  async move(id: string, to: number): Promise<void> {
    const before = this.all;
    const moved = before.filter((one) => one.id !== id);
    const one = this.byId(id);
    const place = Math.max(0, Math.min(moved.length, to));
    if (!one || before.indexOf(one) === place) return;
    moved.splice(place, 0, one);
    this.all = moved;
    try {
      const { accounts } = await this.host.call("accounts_order", {
        ids: moved.map((account) => account.id),
      });
      this.all = accounts;
    } catch (thrown) {
      this.all = before;
      throw CallError.from(thrown);
    }
  }

  byId(id: string): Account | undefined {
    return this.all.find((account) => account.id === id);
  }

  /** There is certainly no account: nothing to look at but the welcome. */
  get none(): boolean {
    return this.status === "ready" && this.all.length === 0;
  }

  /** The sample workspace is open. */
  get sample(): boolean {
    return this.all.some((account) => account.sample);
  }

  advance(progress: SyncProgress): void {
    this.progress = new Map(this.progress).set(progress.account_id, progress);
  }

  finish(accountId: string): void {
    const left = new Map(this.progress);
    if (left.delete(accountId)) this.progress = left;
  }

  /** The accounts that ask for the person: sign in, free space, look at an error. */
  get troubled(): Account[] {
    return this.all.filter((a) => ["sign_in_needed", "storage_full", "error"].includes(a.state));
  }

  /** Those without connection, and how old their data is; `null` while at least one connects. */
  get offline(): { since: number | null } | null {
    const live = this.all.filter((a) => a.provider !== "archive" && a.state !== "paused");
    if (live.length === 0 || live.some((a) => a.state !== "offline")) return null;
    const times = live.map((a) => a.synced_at);
    return { since: times.reduce((a, b) => (a === null || b === null ? null : Math.min(a, b))) ?? null };
  }

  /** When the oldest account was last known to be complete; `null` where one never was. */
  get fresh(): number | null {
    const live = this.all.filter((a) => a.provider !== "archive");
    if (live.length === 0 || live.some((a) => a.synced_at === null)) return null;
    return Math.min(...live.map((a) => a.synced_at ?? 0));
  }
}
