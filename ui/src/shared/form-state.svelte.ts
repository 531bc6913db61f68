/** A form on its way to the core: that it is busy, and which entries the core sent back. */
import { CallError } from "../host/types";
import { sentence } from "./said";

export class FormState {
  busy = $state(false);
  errors = $state.raw<Readonly<Record<string, string>>>({});
  /** What was refused without naming an entry. */
  failure = $state<string | null>(null);

  /** Runs it; whether it went through. `known`: the entries this form shows. */
  async run(known: readonly string[], task: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.errors = {};
    this.failure = null;
    try {
      await task();
      return true;
    } catch (thrown) {
      const error = CallError.from(thrown);
      const named = error.fields.map(({ field, message, said }) => {
        const last = field.split(".").at(-1) ?? field;
        return [last, said ? sentence(said) : message] as const;
      });
      this.errors = Object.fromEntries(named.filter(([field]) => known.includes(field)));
      const other = named.find(([field]) => !known.includes(field));
      if (other) this.failure = other[1];
      else if (named.length === 0) this.failure = error.said ? sentence(error.said) : error.message;
      return false;
    } finally {
      this.busy = false;
    }
  }

  clear(field: string): void {
    const { [field]: _gone, ...left } = this.errors;
    this.errors = left;
  }
}
