/** Health in words and measures: outcomes, operations, durations. */
import type { Breaker } from "../../gen/Breaker";
import type { SyncRun } from "../../gen/SyncRun";
import type { Tone } from "../../shared/account-state";
import { locale, t } from "../../shared/i18n.svelte";

/** How a run ended; an outcome this window does not know counts as failed. */
export function outcome(run: SyncRun): { tone: Tone; label: string } {
  switch (run.outcome) {
    case "ok":
      return { tone: "ok", label: t("health-run-ok") };
    case "running":
      return { tone: "busy", label: t("health-run-running") };
    case "offline":
      return { tone: "warn", label: t("health-run-offline") };
    case "stopped":
      return { tone: "quiet", label: t("health-run-stopped") };
    case "sign_in_needed":
      return { tone: "bad", label: t("health-run-sign-in") };
    default:
      return { tone: "bad", label: t("health-run-error") };
  }
}

/** The operation a breaker holds back; the bare name where it is new to this window. */
export function operation(breaker: Breaker): string {
  switch (breaker.operation) {
    case "imap_pull":
      return t("health-breaker-pull");
    case "imap_edit":
      return t("health-breaker-edit");
    default:
      return breaker.operation;
  }
}

function unit(value: number, name: string, digits = 0): string {
  return new Intl.NumberFormat(locale(), {
    style: "unit",
    unit: name,
    unitDisplay: "short",
    maximumFractionDigits: digits,
  }).format(value);
}

/** How long something took, in two units at most: "85 ms", "1.4 s", "2 min 5 s", "1 h 12 min". */
export function took(ms: number): string {
  if (ms < 1_000) return unit(Math.round(ms), "millisecond");
  if (ms < 9_950) return unit(ms / 1_000, "second", 1);
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return unit(seconds, "second");
  if (seconds < 3_600) return pair(unit(Math.floor(seconds / 60), "minute"), seconds % 60, "second");
  const minutes = Math.round(seconds / 60);
  return pair(unit(Math.floor(minutes / 60), "hour"), minutes % 60, "minute");
}

function pair(large: string, rest: number, name: string): string {
  return rest === 0 ? large : `${large} ${unit(rest, name)}`;
}
