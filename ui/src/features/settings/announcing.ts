/** Whose mail is announced: which rule holds for a place, and the rules after a change. Pure. */
import type { Announce } from "../../gen/Announce";
import type { NotificationRule } from "../../gen/NotificationRule";

/** An account, a channel, or both. */
export type Place = Pick<NotificationRule, "account_id" | "channel">;

const same = (one: Place, other: Place) =>
  one.account_id === other.account_id && one.channel === other.channel;

/** What is announced of this place; what no rule names is announced whole. */
export function announced(rules: readonly NotificationRule[], place: Place): Announce {
  return rules.find((rule) => same(rule, place))?.announce ?? "everything";
}

/** The rules once this one holds; the usual needs none. */
export function ruled(
  rules: readonly NotificationRule[],
  { account_id, channel }: Place,
  announce: Announce,
): NotificationRule[] {
  const place = { account_id, channel };
  const others = rules.filter((rule) => !same(rule, place));
  return announce === "everything" ? others : [...others, { ...place, announce }];
}

/** Eight in the morning of the next day. */
export function morning(now: number): number {
  const day = new Date(now);
  day.setDate(day.getDate() + 1);
  return day.setHours(8, 0, 0, 0);
}
