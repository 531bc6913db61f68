/** Labels and putting off on the pretend desk. */
import type { ConversationPage } from "../../gen/ConversationPage";
import type { Edited } from "../../gen/Edited";
import type { Label } from "../../gen/Label";
import type { LabelArgs } from "../../gen/LabelArgs";
import type { LabelForm } from "../../gen/LabelForm";
import type { LabelPageArgs } from "../../gen/LabelPageArgs";
import type { SnoozeArgs } from "../../gen/SnoozeArgs";
import type { SnoozeChoices } from "../../gen/SnoozeChoices";
import { CallError } from "../types";
import type { Talk } from "./generate";
import type { FakeState } from "./state";

const HOUR = 3_600_000;

export class FakeLabels {
  private labels: Label[] = ["Deposit paid", "Regulars", "To call"].map((name, index) => ({
    id: String(index + 1),
    name,
    color: index * 3,
    keyword: name.replaceAll(" ", "_"),
    total: 0,
    unread: 0,
  }));

  constructor(private readonly state: FakeState) {}

  /** Gives a few conversations something to show. */
  seed(): void {
    const inbox = this.state.newestFirst.filter((one) => one.row.views.includes("inbox"));
    for (const [at, labels] of [
      [1, ["2"]],
      [3, ["1", "3"]],
      [6, ["2"]],
    ] as const) {
      const one = inbox[at];
      if (one) one.row.labels = [...labels];
    }
  }

  list(): Label[] {
    return this.labels.map((label) => {
      const rows = [...this.state.talks.values()].map((one) => one.row);
      const carrying = rows.filter((row) => row.labels.includes(label.id) && row.views.includes("all"));
      return { ...label, total: carrying.length, unread: carrying.filter((row) => row.unread > 0).length };
    });
  }

  put(form: LabelForm): Label {
    const name = form.name.trim();
    const bad = (message: string) => {
      throw new CallError("invalid", message, [{ field: "name", message }]);
    };
    if (name === "") bad("Give the label a name.");
    const same = (label: Label) => label.name.toLowerCase() === name.toLowerCase() && label.id !== form.id;
    if (this.labels.some(same)) bad(`There is a label “${name}” already; choose another name.`);
    const known = this.labels.find((label) => label.id === form.id);
    const id = known?.id ?? String(Math.max(0, ...this.labels.map((label) => Number(label.id))) + 1);
    const color = form.color ?? known?.color ?? this.labels.length % 10;
    const made = { id, name, color, keyword: name.replaceAll(" ", "_"), total: 0, unread: 0 };
    this.labels = [...this.labels.filter((label) => label.id !== id), made].sort((a, b) =>
      a.name.localeCompare(b.name),
    );
    this.tell(id);
    return made;
  }

  remove(id: string): void {
    this.labels = this.labels.filter((label) => label.id !== id);
    for (const one of this.state.talks.values()) {
      one.row.labels = one.row.labels.filter((label) => label !== id);
    }
    this.state.changed([{ entity: "label", id, deleted: true }], true);
  }

  page(args: LabelPageArgs): ConversationPage {
    const rows = this.state.newestFirst
      .map((one) => one.row)
      .filter((row) => row.labels.includes(args.label_id) && row.views.includes("all"))
      .filter((row) => args.account_id === null || row.account_id === args.account_id);
    return { rows: rows.slice(0, args.limit).map((row) => ({ ...row })), next: null };
  }

  set(args: LabelArgs): Edited {
    return this.change(args.ids, (one) => {
      const others = one.row.labels.filter((id) => id !== args.label_id);
      one.row.labels = args.value ? [...others, args.label_id] : others;
      this.tell(args.label_id);
    });
  }

  choices(): SnoozeChoices {
    const { now } = this.state;
    const morning = (days: number) => {
      const day = new Date(now);
      day.setDate(day.getDate() + days);
      return day.setHours(9, 0, 0, 0);
    };
    const monday = 8 - (new Date(now).getDay() || 7);
    return {
      choices: [
        { kind: "later_today", at: now + 3 * HOUR },
        { kind: "tomorrow_morning", at: morning(1) },
        { kind: "next_week", at: morning(monday) },
      ],
    };
  }

  snooze(args: SnoozeArgs): Edited {
    if (args.until !== null && args.until < this.state.now) {
      const message = "This time has passed; choose one in the future.";
      throw new CallError("invalid", message, [{ field: "until", message }]);
    }
    return this.change(args.ids, (one) => {
      const views = one.row.views.filter((view) => view !== "inbox" && view !== "unread");
      Object.assign(one.row, { snoozed: true, snoozed_until: args.until, views: [...views, "snoozed"] });
    });
  }

  wake(ids: string[]): Edited {
    return this.change(ids, (one) => {
      if (!one.row.snoozed) return;
      const views = one.row.views.filter((view) => view !== "snoozed");
      const back = one.row.unread > 0 ? ["inbox", "unread"] : ["inbox"];
      Object.assign(one.row, { snoozed: false, snoozed_until: null, views: [...views, ...back] });
    });
  }

  seen(id: string): void {
    this.state.talk(id).row.back = false;
    this.state.changed([{ entity: "conversation", id, deleted: false }]);
  }

  private tell(id: string): void {
    this.state.changed([{ entity: "label", id, deleted: false }]);
  }

  private change(ids: string[], job: (one: Talk) => void): Edited {
    const found = ids.flatMap((id) => this.state.talks.get(id) ?? []);
    const before = found.map((one) => structuredClone(one.row));
    for (const one of found) job(one);
    const changed = found.filter((one, i) => JSON.stringify(one.row) !== JSON.stringify(before[i])).length;
    if (changed === 0) return { changed, undo: null };
    const tell = () =>
      this.state.changed(found.map((one) => ({ entity: "conversation", id: one.row.id, deleted: false })));
    const token = `undo-${this.state.undos.size + 1}`;
    this.state.undos.set(token, () => {
      for (const [i, one] of found.entries()) Object.assign(one.row, before[i]);
      tell();
    });
    tell();
    return { changed, undo: token };
  }
}
