/** Where a message on its way is, in plain words, and what a person can do about it. Pure but for the words. */
import type { Outgoing } from "../../gen/Outgoing";
import { messageTime } from "../../shared/format";
import { t } from "../../shared/i18n.svelte";
import { type Told, told } from "../../shared/said";

export type Tone = "wait" | "plan" | "busy" | "ask" | "bad";
/** What the buttons do: the first is the one that most likely helps. */
export type Act = "edit" | "retry" | "settle" | "cancel" | "change" | "now";

export interface Standing {
  tone: Tone;
  /** A few words. */
  label: string;
  /** The sentence that says why and what to do. */
  detail: string | null;
  /** What the provider said. */
  reason: Told | null;
  acts: Act[];
}

/** "8 s", "4 min": how long until something happens. */
export function countdown(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  if (seconds < 90) return t("lasts-seconds", { n: seconds });
  return t("lasts-minutes", { n: Math.ceil(seconds / 60) });
}

/** Whom the server refused, and what to do; `null` for nobody. */
function refusedNames(one: Outgoing): string | null {
  const n = one.refused.length;
  if (n === 0) return null;
  return t("outgoing-refused-names", { names: one.refused.map((r) => r.address).join(", "), n });
}

/** A server's refusal, or what kept a message here before any server was asked. */
function refusal({ error_code }: Outgoing): string {
  const here = ["file", "message", "no_sender", "expired"].includes(error_code ?? "");
  return here ? "outgoing-unsent-text" : "outgoing-rejected-text";
}

/** Who gets it only later, and when it is tried again; `null` for nobody. */
function restNames(one: Outgoing, now: number): string | null {
  const n = one.rest.length;
  if (n === 0) return null;
  const names = one.rest.map((waiting) => waiting.address).join(", ");
  const left = (one.rest_next ?? 0) - now;
  return left > 0
    ? t("outgoing-rest-names", { names, n, left: countdown(left) })
    : t("outgoing-rest-now", { names, n });
}

/** Of whom nobody knows whether it reached them; `null` for nobody. */
function lostNames(one: Outgoing): string | null {
  const n = one.lost.length;
  if (n === 0) return null;
  return t("outgoing-lost-names", { names: one.lost.map((l) => l.address).join(", "), n });
}

/** `left`: ms until it is tried next; `now`: the present. */
export function standing(one: Outgoing, left: number, now: number): Standing {
  const say = (tone: Tone, label: string, detail: string | null, acts: Act[]): Standing => ({
    tone,
    label,
    detail,
    reason: told(one.error_said, one.error),
    acts,
  });
  switch (one.state) {
    case "queued":
      if (one.attempts > 0) {
        const label = left > 0 ? t("outgoing-again", { left: countdown(left) }) : t("outgoing-again-now");
        return say("wait", label, t("outgoing-again-text"), ["retry", "edit"]);
      }
      if (one.scheduled) {
        const when = messageTime(one.not_before, now);
        return say("plan", t("outgoing-scheduled", { when }), null, ["change", "now", "edit"]);
      }
      return left > 0
        ? say("wait", t("outgoing-leaves", { left: countdown(left) }), null, ["cancel"])
        : say("wait", t("outgoing-waits"), t("outgoing-waits-text"), ["cancel"]);
    case "sending":
      return say("busy", t("outgoing-sending"), null, []);
    case "unknown":
      return say("ask", t("outgoing-unknown"), t("outgoing-unknown-text"), ["settle", "retry"]);
    case "rejected":
      return say("bad", t("outgoing-rejected"), refusedNames(one) ?? t(refusal(one)), ["edit", "retry"]);
    default: {
      const names = refusedNames(one);
      const rest = restNames(one, now);
      const lost = lostNames(one);
      if (names === null && rest === null && lost === null) return say("busy", t("outgoing-left"), null, []);
      // Why, of each, stands behind the ticks; of one alone there is room for it here.
      const some = [...one.refused, ...one.rest];
      const alone = some.length === 1 && lost === null ? some[0] : undefined;
      const reason = alone ? told(alone.said, alone.reason) : null;
      const detail = [names, lost, rest].filter((text) => text !== null).join(" ");
      if (names !== null) return { ...say("bad", t("outgoing-partly"), detail, []), reason };
      if (lost !== null) return { ...say("ask", t("outgoing-lost"), detail, []), reason };
      return { ...say("wait", t("outgoing-rest"), detail, []), reason };
    }
  }
}
