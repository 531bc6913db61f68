//! Since when a message has been tried in vain, or the rest of its recipients.
//!
//! Invariant: only time counts in which it really was tried. Of a stretch in which nothing was, because the machine slept
//! or its clock was set forward, a day counts at most; a clock set back adds nothing.

use deskbell_domain::Millis;
use deskbell_domain::time::DAY;

use crate::table::outgoing::Outgoing;

/// Since when the message fails, with the try at `now`.
pub fn since(row: &Outgoing, now: Millis) -> Millis {
    counted(row.failing_since, row.next_try, now)
}

/// Since when the rest of its recipients do not get it, with the try at `now`.
pub fn rest_since(row: &Outgoing, now: Millis) -> Millis {
    counted(row.failing_since.or(row.left_at), row.rest_next, now)
}

/// `due` is when the try at `now` was to be made.
fn counted(since: Option<Millis>, due: Millis, now: Millis) -> Millis {
    let Some(since) = since else { return now };
    let untried = (now - due.max(since) - DAY).max(0);
    (since + untried).min(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Millis = 1_795_176_000_000;

    #[test]
    fn a_stretch_without_a_try_counts_for_a_day_at_most() {
        assert_eq!(counted(None, 0, NOON), NOON, "the first try that fails");
        let tried = counted(Some(NOON), NOON + 1_000, NOON + 5_000);
        assert_eq!(tried, NOON, "tried all the time");
        let jumped = counted(Some(NOON), NOON + 1_000, NOON + 6 * DAY);
        assert_eq!(NOON + 6 * DAY - jumped, DAY + 1_000, "six days, and only one of them counts");
        let back = counted(Some(NOON), NOON + 1_000, NOON - 30 * DAY);
        assert_eq!(back, NOON - 30 * DAY, "nothing began in the future");
        assert_eq!(counted(Some(NOON), Millis::MAX, NOON + DAY), NOON, "held until a person acts");
    }
}
