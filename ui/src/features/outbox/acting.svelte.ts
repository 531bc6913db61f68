/** What a person does to a message on its way: one thing at a time, its failure said aloud. */
import type { Outgoing } from "../../gen/Outgoing";
import { t } from "../../shared/i18n.svelte";
import type { Desk } from "../../stores/desk.svelte";
import type { Act } from "./words";

export class Acting {
  busy = $state<string | null>(null);
  /** The message another time is being chosen for. */
  changing = $state.raw<Outgoing | null>(null);

  constructor(private readonly desk: Desk) {}

  async run(act: Act, one: Outgoing): Promise<void> {
    if (act === "change") {
      this.changing = one;
      return;
    }
    if (this.busy) return;
    this.busy = one.id;
    const { outbox, composer } = this.desk;
    try {
      if (act === "edit" || act === "cancel") await composer.recall(one.id);
      else if (act === "retry") await outbox.retry(one.id);
      else if (act === "settle") await outbox.settle(one.id);
      else await this.send(one, null);
    } catch (thrown) {
      this.desk.complain(thrown);
    } finally {
      this.busy = null;
    }
  }

  async change(at: number): Promise<void> {
    const one = this.changing;
    this.changing = null;
    if (!one) return;
    try {
      await this.send(one, at);
    } catch (thrown) {
      this.desk.complain(thrown);
    }
  }

  /** Gives it over again for another instant. What was confirmed once is confirmed. */
  private async send(one: Outgoing, at: number | null): Promise<void> {
    const { host, outbox } = this.desk;
    const draft = await outbox.cancel(one.id);
    const confirmed = ["forgotten_attachment", "no_subject", "many_recipients", "dangerous_file", "empty"];
    try {
      const { outgoing } = await host.call("draft_send", { id: draft.id, at, confirmed });
      if (outgoing) outbox.given(outgoing);
    } catch (thrown) {
      // It is a draft now and must not be forgotten as one.
      await this.desk.composer.edit(draft.message_id);
      throw thrown;
    }
    if (at !== null) this.desk.toasts.show(t("outgoing-rescheduled"));
  }
}
