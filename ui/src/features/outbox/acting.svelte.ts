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
      else await outbox.reschedule(one.id, null);
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
      await this.desk.outbox.reschedule(one.id, at);
      this.desk.toasts.show(t("outgoing-rescheduled"));
    } catch (thrown) {
      this.desk.complain(thrown);
    }
  }
}
