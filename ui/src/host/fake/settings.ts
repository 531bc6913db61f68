/** Settings of the pretend desk: known keys only, and `null` puts one back. */
import type { Settings } from "../../gen/Settings";
import type { SettingsNow } from "../../gen/SettingsNow";
import { CallError } from "../types";
import type { FakeState } from "./state";

export const DEFAULTS: Settings = {
  language: "system",
  theme: "system",
  density: "comfortable",
  close_to_tray: false,
  start_hidden: false,
  autostart: false,
  badge: true,
  notifications: true,
  notifications_paused_until: null,
  quiet_hours: { on: false, from: "20:00", to: "07:00", days: [1, 2, 3, 4, 5, 6, 7] },
  notifications_hide_content: false,
  notification_rules: [],
  spell_check: true,
  spell_languages: [],
  shortcuts: {},
};

export class FakeSettings {
  private values: Settings = structuredClone(DEFAULTS);

  constructor(private readonly state: FakeState) {}

  now(): SettingsNow {
    return { values: structuredClone(this.values), defaults: structuredClone(DEFAULTS) };
  }

  put(key: string, value: unknown): SettingsNow {
    if (!(key in DEFAULTS)) {
      const message = `There is no setting “${key}”.`;
      const said = { key: "setting-unknown", parts: { key } };
      throw new CallError("invalid", message, [{ field: "key", message, said }], said);
    }
    const wanted = value ?? DEFAULTS[key as keyof Settings];
    this.values = { ...this.values, [key]: structuredClone(wanted) };
    const id = String(Object.keys(DEFAULTS).indexOf(key) + 1);
    this.state.changed([{ entity: "setting", id, deleted: value === null }]);
    return this.now();
  }
}
