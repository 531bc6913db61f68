/**
 * What the person set for all of Deskbell: asked of the core, shown at once when it is changed, put back when the
 * core refuses it. Owns the values and the keys of commands; {@link Appearance} wears what is about looks.
 */
import type { Settings as Values } from "../gen/Settings";
import { CallError, type Host } from "../host/types";
import { DEFAULT_KEYS } from "../shared/default-keys";
import { caps } from "../shared/keys";

export type SettingKey = keyof Values;

export class Settings {
  values = $state.raw<Values | null>(null);
  defaults = $state.raw<Values | null>(null);
  error = $state.raw<CallError | null>(null);
  /** Grows with each answer asked for: an older one must not undo a newer choice. */
  private asked = 0;

  constructor(
    private readonly host: Host,
    private readonly wear: (values: Values) => void,
  ) {}

  async refresh(): Promise<void> {
    const asked = ++this.asked;
    try {
      const now = await this.host.call("settings", {});
      if (asked !== this.asked) return;
      this.defaults = now.defaults;
      this.error = null;
      this.take(now.values);
    } catch (thrown) {
      this.error = CallError.from(thrown);
    }
  }

  /** Sets a key, `null` to its default. Rejects with a {@link CallError} after putting the old value back. */
  async put<K extends SettingKey>(key: K, value: Values[K] | null): Promise<void> {
    const asked = ++this.asked;
    const before = this.values;
    const wanted = value ?? this.defaults?.[key];
    if (before && wanted !== undefined) this.take({ ...before, [key]: wanted });
    try {
      const now = await this.host.call("setting_put", { key, value });
      if (asked === this.asked) this.take(now.values);
    } catch (thrown) {
      if (asked === this.asked && before) this.take(before);
      throw CallError.from(thrown);
    }
  }

  /** The person chose something else than what is usual. */
  differs(key: SettingKey): boolean {
    return JSON.stringify(this.values?.[key]) !== JSON.stringify(this.defaults?.[key]);
  }

  /** The keys of a command: the person's own, or the usual ones. */
  keys(command: string): readonly string[] {
    const own = this.values?.shortcuts[command];
    if (own === undefined) return DEFAULT_KEYS[command] ?? [];
    return own === "" ? [] : [own];
  }

  /** The keys as a tooltip shows them; `undefined` where there are none. */
  hint(command: string): string | undefined {
    const [first] = this.keys(command);
    return first ? caps(first, this.host.platform).join(" ").replace("  ", " ") : undefined;
  }

  private take(values: Values): void {
    this.values = values;
    this.wear(values);
  }
}
