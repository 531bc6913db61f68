//! What rules would have done: a look at mail that is here, step by step, oldest first as it came, writing nothing.
//!
//! Invariant: a step looks at a bounded number of messages, so whoever asks can stop between two of them; whom an
//! answer would have gone to is carried from step to step.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

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

/// Rules to be tried, made ready once for all steps.
#[derive(Clone, Debug)]
pub struct Trial {
    rules: Vec<Rule>,
    set: RuleSet,
}

impl Trial {
    /// Makes rules ready.
    pub fn new(rules: Vec<Rule>) -> Self {
        Self { set: RuleSet::new(&rules), rules }
    }

    /// The rules, in their order.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }
}

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
    /// Go on from here; `None` at the end.
    pub next: Option<Position>,
}

/// Where a dry run goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Behind this sort key.
    after: i64,
    /// Who would have been answered within the last day, and when.
    answered: Vec<(String, Millis)>,
}

/// Looks at the next messages received after `since`, behind those a step before looked at.
///
/// An answer counts once per person and 24 hours, as rules give it, and not at all where RFC 3834 forbids one: a
/// message to which nothing else would be done is not touched then. Answers before `since` are not known here.
pub fn dry_run(
    c: &Connection,
    packer: &Packer,
    trial: &Trial,
    since: Millis,
    position: Option<Position>,
) -> Result<DryRun, StoreError> {
    let Trial { rules: wanted, set } = trial;
    let after = position.as_ref().map(|position| position.after);
    let answered = position.map(|position| position.answered).unwrap_or_default();
    let mut answered: BTreeMap<String, Millis> = answered.into_iter().collect();
    let candidates = rules::candidates(c, since, after, STEP)?;
    let full = candidates.len() == STEP as usize;
    let last = candidates.last().filter(|_| full).map(|last| (last.sort_key, last.date));
    let mut run = DryRun { looked_at: candidates.len() as u64, ..DryRun::default() };
    for m in candidates {
        let matched = set.judge(&describe(c, packer, &m, set)?).matched;
        let actions =
            matched.iter().filter_map(|index| wanted.get(*index)).flat_map(|rule| &rule.actions);
        let mut actions = settled(actions);
        if actions.iter().any(is_answer) && !is_answered(c, packer, &m, &mut answered)? {
            actions.retain(|action| !is_answer(action));
        }
        if !actions.is_empty() {
            run.touched.push(Touched { message: m, rules: matched, actions });
        }
    }
    run.next = last.map(|(after, date)| {
        answered.retain(|_, at| date - *at < DAY);
        Position { after, answered: answered.into_iter().collect() }
    });
    Ok(run)
}

fn is_answer(action: &Action) -> bool {
    matches!(action, Action::AutoReply { .. })
}

/// Whether a message would have been answered; notes it.
fn is_answered(
    c: &Connection,
    packer: &Packer,
    m: &Message,
    answered: &mut BTreeMap<String, Millis>,
) -> Result<bool, StoreError> {
    let account = account::get(c, m.account)?;
    let said = header(c, packer, m.id)?;
    let Some(to) = answer::recipient(c, m, &account, &said)? else { return Ok(false) };
    let keys = answer::remembered(m, &to);
    if keys.iter().any(|key| answered.get(key).is_some_and(|at| m.date - at < DAY)) {
        return Ok(false);
    }
    answered.extend(keys.map(|key| (key, m.date)));
    Ok(true)
}
