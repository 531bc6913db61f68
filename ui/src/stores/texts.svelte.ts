/** Who a person can write as, and the texts kept for use again. Asked for when first needed. */
import type { Person } from "../gen/Person";
import type { Sender } from "../gen/Sender";
import type { Template } from "../gen/Template";
import { CallError, type Host } from "../host/types";

export class Texts {
  senders = $state.raw<Sender[]>([]);
  templates = $state.raw<Template[]>([]);
  /** Every variable a template may name. */
  variables = $state.raw<string[]>([]);
  status = $state<"idle" | "loading" | "ready" | "error">("idle");
  error = $state.raw<CallError | null>(null);

  constructor(private readonly host: Host) {}

  /** Asks once; later calls cost nothing. */
  async need(): Promise<void> {
    if (this.status === "idle" || this.status === "error") await this.refresh();
  }

  async refresh(): Promise<void> {
    if (this.status !== "ready") this.status = "loading";
    try {
      const [{ senders }, { templates, variables }] = await Promise.all([
        this.host.call("senders", {}),
        this.host.call("templates", {}),
      ]);
      this.senders = senders;
      this.templates = templates;
      this.variables = variables;
      this.status = "ready";
      this.error = null;
    } catch (thrown) {
      this.error = CallError.from(thrown);
      if (this.status === "loading") this.status = "error";
    }
  }

  /** Asks again only where someone looks. */
  changed(): Promise<void> | null {
    return this.status === "idle" ? null : this.refresh();
  }

  /** Who stands in From: one address may have several names, and several accounts. Those of this account first. */
  speaker(from: Person | null, accountId: string): Sender | undefined {
    const of = this.senders.filter((one) => one.account_id === accountId);
    if (!from) return of.find((one) => one.first) ?? of[0];
    const same = (one: Sender) => one.address.toLowerCase() === from.address.toLowerCase();
    const named = (one: Sender) => same(one) && one.name === (from.name ?? "");
    return of.find(named) ?? of.find(same) ?? this.senders.find(named) ?? this.senders.find(same);
  }
}
