/**
 * Putting conversations off and labelling them. What is done shows when the store says so, which it does at once;
 * each of it can be taken back.
 */
import type { Edited } from "../gen/Edited";
import type { Host } from "../host/types";
import { moment } from "../shared/format";
import { t } from "../shared/i18n.svelte";
import type { Labels } from "./labels.svelte";
import { EDIT_MOST, type Mail } from "./mail.svelte";
import type { Route } from "./route.svelte";
import type { Toasts } from "./toasts.svelte";

interface Voice {
  done: (text: string, undo: () => Promise<void>) => void;
  failed: (thrown: unknown) => void;
}

export class Filing {
  constructor(
    private readonly host: Host,
    private readonly mail: Mail,
    private readonly labels: Labels,
    private readonly route: Route,
    private readonly voice: Voice,
  ) {}

  /** Puts conversations off until an instant, or with `null` until somebody answers. */
  snooze(until: number | null, ids = this.mail.targets): Promise<void> {
    const run = (some: string[]) => this.host.call("conversations_snooze", { ids: some, until });
    const note = (n: number) =>
      until === null ? t("snoozed-reply", { n }) : t("snoozed-until", { n, when: moment(until, Date.now()) });
    return this.change(ids, run, note, ["inbox", "unread"].includes(this.route.view));
  }

  /** Brings conversations back before their time. */
  wake(ids = this.mail.targets): Promise<void> {
    const run = (some: string[]) => this.host.call("conversations_wake", { ids: some });
    return this.change(ids, run, (n) => t("woken", { n }), this.route.view === "snoozed");
  }

  /** Puts a label on conversations, or takes it away. */
  label(id: string, value: boolean, ids = this.mail.targets): Promise<void> {
    const run = (some: string[]) => this.host.call("conversations_label", { ids: some, label_id: id, value });
    const name = this.labels.byId(id)?.name ?? "";
    const note = (n: number) => t(value ? "labelled" : "unlabelled", { n, name });
    return this.change(ids, run, note, !value && this.route.label === id);
  }

  /** A conversation that came back was opened: its badge has done its work. */
  looked(id: string | null): void {
    if (id !== null && this.mail.row(id)?.back) {
      this.host.call("snooze_seen", { id }).catch(() => {
        // The badge stays; the next look tries again.
      });
    }
  }

  /** A rule asks that the person be told. */
  notice(rule: string, open: () => void, toasts: Toasts): void {
    toasts.show(t("rule-notice", { rule }), { action: { label: t("rule-notice-open"), run: open } });
  }

  private async change(
    ids: string[],
    run: (some: string[]) => Promise<Edited>,
    note: (count: number) => string,
    leaves: boolean,
  ): Promise<void> {
    const done: Edited[] = [];
    try {
      for (let start = 0; start < ids.length; start += EDIT_MOST) {
        done.push(await run(ids.slice(start, start + EDIT_MOST)));
      }
    } catch (thrown) {
      this.voice.failed(thrown);
    }
    const tokens = done.flatMap((one) => one.undo ?? []).reverse();
    if (tokens.length === 0) return;
    if (leaves) this.mail.step(new Set(ids));
    const undo = async () => {
      for (const token of tokens) await this.host.call("undo", { undo: token });
    };
    this.voice.done(note(done.reduce((sum, one) => sum + one.changed, 0)), undo);
  }
}
