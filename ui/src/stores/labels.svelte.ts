/** The labels there are, and what a person does with them. Kept by events; asked for once at the start. */
import type { Label } from "../gen/Label";
import type { Host } from "../host/types";

export class Labels {
  all = $state.raw<Label[]>([]);

  constructor(private readonly host: Host) {}

  async refresh(): Promise<void> {
    try {
      this.all = (await this.host.call("labels", {})).labels;
    } catch {
      // The list beside it says what is wrong; the last known labels stay.
    }
  }

  byId(id: string): Label | undefined {
    return this.all.find((label) => label.id === id);
  }

  /** Those of a row that are known, in the order of their names. */
  of(ids: readonly string[]): Label[] {
    return ids.flatMap((id) => this.byId(id) ?? []);
  }

  /** Makes or changes a label. Rejects with a `CallError` naming the field. */
  async put(id: string | null, name: string, color: number | null): Promise<Label> {
    const made = await this.host.call("label_put", { id, name, color });
    await this.refresh();
    return made;
  }

  async remove(id: string): Promise<void> {
    await this.host.call("label_remove", { id });
    await this.refresh();
  }
}
