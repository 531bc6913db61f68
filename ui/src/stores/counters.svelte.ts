/** How many conversations each view holds, as counted by the store. */
import type { Counter } from "../gen/Counter";
import type { Host } from "../host/types";

export class Counters {
  private counters = $state.raw<ReadonlyMap<string, Counter>>(new Map());

  constructor(private readonly host: Host) {}

  async refresh(): Promise<void> {
    try {
      const { counters } = await this.host.call("counters", {});
      this.counters = new Map(counters.map((c) => [`${c.view}/${c.account_id ?? ""}`, c]));
    } catch {
      // The list beside it says what is wrong; the last counted numbers stay.
    }
  }

  /** `null` until counted. */
  of(view: string, account: string | null): Counter | null {
    return this.counters.get(`${view}/${account ?? ""}`) ?? null;
  }
}
