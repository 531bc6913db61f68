/** What became of a message at each of its recipients, and of it as a whole. Pure but for the words. */
import type { Outgoing } from "../../gen/Outgoing";
import { t } from "../../shared/i18n.svelte";
import { type Told, told } from "../../shared/said";

/** From the worst to the best; `left` is all that is known where nobody reports. */
export type Fate = "refused" | "failed" | "lost" | "waiting" | "delayed" | "left" | "delivered" | "read";

export interface Delivery {
  address: string;
  name: string | null;
  fate: Fate;
  /** What that means, in plain language; `null` where the fate says it all. */
  plain: string | null;
  /** What a server said of it, in its own words. */
  words: Told | null;
}

/** What a status code of a mail server means: the last two parts of RFC 3463's. */
const MEANINGS: [RegExp, string][] = [
  [/^1\.[016]$/, "no-mailbox"],
  [/^1\.(2|10)$/, "no-domain"],
  [/^1\.3$/, "bad-address"],
  [/^2\.1$/, "switched-off"],
  [/^2\.2$/, "full"],
  [/^(2\.3|3\.4)$/, "too-large"],
  [/^4\.7$/, "too-late"],
  [/^4\./, "no-way"],
  [/^6\./, "form"],
  [/^7\./, "rules"],
];

/** A server's words in plain language; `null` where they hold no code. */
export function meaning(words: string): string | null {
  const code = /\b[245]\.(\d{1,3}\.\d{1,3})\b/.exec(words)?.[1];
  const known = code && MEANINGS.find(([pattern]) => pattern.test(code))?.[1];
  return known ? t(`bounce-${known}`) : null;
}

/** Each recipient once, whom it did not reach first. */
export function deliveries(one: Outgoing): Delivery[] {
  const found = one.recipients.map(({ address, name }): Delivery => {
    const is = (other: { address: string }) => other.address === address;
    const [refused, waiting, report] = [one.refused.find(is), one.rest.find(is), one.reports.find(is)];
    const lost = one.lost.find(is);
    const known = { address, name, plain: null, words: null };
    if (report && (report.fate === "failed" || (report.fate === "delayed" && !refused))) {
      const words = told(null, report.reason);
      return { ...known, fate: report.fate, plain: meaning(report.reason), words };
    }
    if (refused) return { ...known, fate: "refused", words: told(refused.said, refused.reason) };
    if (lost && !report) return { ...known, fate: "lost", words: told(lost.said, lost.reason) };
    if (waiting) return { ...known, fate: "waiting", words: told(waiting.said, waiting.reason) };
    return { ...known, fate: report?.fate === "read" || report?.fate === "delivered" ? report.fate : "left" };
  });
  return found.sort((a, b) => Number(isGood(a.fate)) - Number(isGood(b.fate)));
}

const isGood = (fate: Fate) => fate === "left" || fate === "delivered" || fate === "read";

/** The message as a whole: what is worst, or the best that holds for all. */
export function overall(all: Delivery[]): { fate: Fate; label: string } {
  const count = (...fates: Fate[]) => all.filter((one) => fates.includes(one.fate)).length;
  const n = all.length;
  const of = (some: number) => ({ some, n });
  const missed = count("refused", "failed");
  if (missed > 0)
    return { fate: "failed", label: t(missed === n ? "delivery-none" : "delivery-some", of(missed)) };
  if (count("lost") > 0) return { fate: "lost", label: t("delivery-lost-some", of(count("lost"))) };
  if (count("waiting") > 0)
    return { fate: "waiting", label: t("delivery-waiting-some", of(count("waiting"))) };
  if (count("delayed") > 0) return { fate: "delayed", label: t("delivery-delayed") };
  const read = count("read");
  if (read > 0)
    return { fate: "read", label: read === n ? t("delivery-read") : t("delivery-read-some", of(read)) };
  const there = count("delivered");
  if (there === 0) return { fate: "left", label: t("delivery-left") };
  return {
    fate: "delivered",
    label: there === n ? t("delivery-delivered") : t("delivery-delivered-some", of(there)),
  };
}
