/**
 * What can be done to an account: sync, pause, a new password, its name and colour, whose mail it is, removal. Owns which of them is under way and
 * which one failed, account by account; the account itself stays with {@link Accounts}.
 */
import type { AccountChange } from "../gen/AccountChange";
import type { Commands } from "../gen/commands";
import type { Removed } from "../gen/Removed";
import { CallError, type Host } from "../host/types";
import type { Accounts } from "./accounts.svelte";

export type Doing = "sync" | "pause" | "password" | "owner" | "change" | "remove";

/** What did not work, and why. */
export interface Failed {
  doing: Doing;
  error: CallError;
}

export class AccountActions {
  private doing = $state.raw<ReadonlyMap<string, Doing>>(new Map());
  private failures = $state.raw<ReadonlyMap<string, Failed>>(new Map());

  constructor(
    private readonly host: Host,
    private readonly accounts: Accounts,
  ) {}

  /** What is under way for this account. */
  busy(id: string): Doing | null {
    return this.doing.get(id) ?? null;
  }

  /** Why one of these things, asked for last, did not work. */
  failed(id: string, ...among: Doing[]): CallError | null {
    const failed = this.failures.get(id);
    return failed && among.includes(failed.doing) && !this.doing.has(id) ? failed.error : null;
  }

  forget(id: string): void {
    this.failures = without(this.failures, id);
  }

  sync(id: string): Promise<boolean> {
    return this.run("sync", id, "sync_now", { account_id: id });
  }

  pause(id: string, paused: boolean): Promise<boolean> {
    return this.run("pause", id, "account_pause", { id, paused });
  }

  password(id: string, password: string): Promise<boolean> {
    return this.run("password", id, "account_password", { id, password });
  }

  ownAddress(id: string, address: string): Promise<boolean> {
    return this.run("owner", id, "account_own_address", { id, own_address: address });
  }

  change(change: AccountChange): Promise<boolean> {
    return this.run("change", change.id, "account_change", change);
  }

  /** Answers what was erased, `null` where it failed. */
  remove(id: string): Promise<Removed | null> {
    return this.ask("remove", id, "account_remove", { id });
  }

  private async run<K extends keyof Commands>(
    doing: Doing,
    id: string,
    name: K,
    args: Commands[K]["args"],
  ): Promise<boolean> {
    return (await this.ask(doing, id, name, args)) !== null;
  }

  private async ask<K extends keyof Commands>(
    doing: Doing,
    id: string,
    name: K,
    args: Commands[K]["args"],
  ): Promise<Commands[K]["result"] | null> {
    if (this.doing.has(id)) return null;
    this.forget(id);
    this.doing = new Map(this.doing).set(id, doing);
    try {
      const answer = await this.host.call(name, args);
      await this.accounts.refresh();
      return answer;
    } catch (thrown) {
      this.failures = new Map(this.failures).set(id, { doing, error: CallError.from(thrown) });
      return null;
    } finally {
      this.doing = without(this.doing, id);
    }
  }
}

function without<V>(map: ReadonlyMap<string, V>, id: string): ReadonlyMap<string, V> {
  const left = new Map(map);
  left.delete(id);
  return left;
}
