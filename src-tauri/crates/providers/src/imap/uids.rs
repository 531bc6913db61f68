//! Sets of UIDs as IMAP writes them.
//!
//! Invariant: ranges are inclusive, 1 or higher, and never reversed.

use std::ops::RangeInclusive;

/// Ascending UIDs as a sequence set, runs of consecutive numbers joined.
pub(crate) fn sequence_set(uids: &[u32]) -> String {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for &uid in uids {
        match runs.last_mut() {
            Some((_, high)) if high.checked_add(1) == Some(uid) => *high = uid,
            _ => runs.push((uid, uid)),
        }
    }
    ranges_set(&runs)
}

/// Ranges as a sequence set.
pub(crate) fn ranges_set(ranges: &[(u32, u32)]) -> String {
    let words: Vec<String> = ranges
        .iter()
        .map(|(low, high)| if low == high { low.to_string() } else { format!("{low}:{high}") })
        .collect();
    words.join(",")
}

/// The set that names `chosen` (ascending) inside `ranges`, as short as possible: everything between the
/// lowest and the highest chosen UID of a range is chosen too or does not exist.
pub(crate) fn window_set(chosen: &[u32], ranges: &[(u32, u32)]) -> String {
    let mut windows = Vec::new();
    for (low, high) in ranges {
        let mut inside = chosen.iter().filter(|uid| (low..=high).contains(uid));
        if let Some(first) = inside.next() {
            windows.push((*first, *inside.next_back().unwrap_or(first)));
        }
    }
    windows.sort_unstable();
    ranges_set(&windows)
}

/// A range from a server, put in order; `None` where it names nobody, since no message has the number 0.
pub(crate) fn ordered(range: &RangeInclusive<u32>) -> Option<(u32, u32)> {
    let (a, b) = (*range.start(), *range.end());
    let (low, high) = (a.min(b).max(1), a.max(b));
    (low <= high).then_some((low, high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_joined_and_gaps_kept() {
        assert_eq!(sequence_set(&[1, 2, 3, 7, 9, 10]), "1:3,7,9:10");
        assert_eq!(sequence_set(&[u32::MAX - 1, u32::MAX]), "4294967294:4294967295");
        assert_eq!(sequence_set(&[]), "");
    }

    #[test]
    fn a_range_is_read_in_either_order_and_the_number_0_names_nobody() {
        assert_eq!(ordered(&(3..=7)), Some((3, 7)));
        #[allow(clippy::reversed_empty_ranges, reason = "a server may write it so")]
        let reversed = 7..=3;
        assert_eq!(ordered(&reversed), Some((3, 7)));
        assert_eq!(ordered(&(0..=2)), Some((1, 2)));
        assert_eq!(ordered(&(0..=0)), None);
    }

    #[test]
    fn a_page_is_named_by_its_ends_within_each_range() {
        assert_eq!(window_set(&[3, 9, 70, 72, 90], &[(60, 100), (1, 20)]), "3:9,70:90");
        assert_eq!(window_set(&[5], &[(1, 20)]), "5");
    }
}
