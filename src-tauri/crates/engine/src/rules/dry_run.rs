//! What rules would have done: a look at mail that is here, step by step, newest first, writing nothing.
//!
//! Invariant: a step looks at a bounded number of messages, so whoever asks can stop between two of them.

use std::collections::BTreeSet;

use deskbell_domain::Millis;
use deskbell_domain::rule::{Action, Rule, RuleSet};
use deskbell_domain::time::DAY;
use deskbell_store::queries::rules;
use deskbell_store::table::account;
use deskbell_store::table::message::Message;
use deskbell_store::{Connection, Packer, StoreError};

use super::{answer, describe, header, settled};

/// How far back a dry run looks.
pub const LOOKS_BACK: Millis = 31 * DAY;
/// Messages looked at in one step.
const STEP: u32 = 1_000;

/// A message that rules would touch.
#[derive(Clone, Debug)]
pub struct Touched {
    /// Which.
    pub message: Message,
    /// The rules that match, by their place in the list.
    pub rules: Vec<usize>,
    /// What would be done to it.
    pub actions: Vec<Action>,
}

/// What one step came to.
#[derive(Clone, Debug, Default)]
pub struct DryRun {
    /// Messages looked at.
    pub looked_at: u64,
    /// Those that rules would touch.
    pub touched: Vec<Touched>,
    /// Go on below this; `None` at the end.
    pub next: Option<i64>,
}

/// Looks at the next messages below `below`, received after `since`.
///
/// An answer is counted once per person and day within a step, and not at all where RFC 3834 forbids one.
pub fn dry_run(
    c: &Connection,
    packer: &Packer,
    wanted: &[Rule],
    since: Millis,
    below: Option<i64>,
) -> Result<DryRun, StoreError> {
    let set = RuleSet::new(wanted);
    let candidates = rules::candidates(c, since, below, STEP)?;
    let mut run = DryRun { looked_at: candidates.len() as u64, ..DryRun::default() };
    if candidates.len() == STEP as usize {
        run.next = candidates.last().map(|last| last.sort_key);
    }
    let mut answered: BTreeSet<(i64, String, i64)> = BTreeSet::new();
    for m in candidates {
        let matched = set.judge(&describe(c, packer, &m, &set)?).matched;
        if matched.is_empty() {
            continue;
        }
        let actions =
            matched.iter().filter_map(|index| wanted.get(*index)).flat_map(|rule| &rule.actions);
        let mut actions = settled(actions);
        if actions.iter().any(|action| matches!(action, Action::AutoReply { .. })) {
            let account = account::get(c, m.account)?;
            let said = header(c, packer, m.id)?;
            let to = answer::recipient(c, &m, &account, &said)?;
            let first = to
                .is_some_and(|to| answered.insert((m.account.0, to.key(), m.date.div_euclid(DAY))));
            actions.retain(|action| first || !matches!(action, Action::AutoReply { .. }));
        }
        run.touched.push(Touched { message: m, rules: matched, actions });
    }
    Ok(run)
}
