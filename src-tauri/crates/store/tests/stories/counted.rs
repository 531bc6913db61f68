//! Numbers on the screen are counted: whatever pages, edits, cleaning and erasing do, in any order, every
//! counter equals the rows it stands for, also after an older file was brought up to date.

use deskbell_domain::conversation::ConversationEdit;
use deskbell_domain::ingested::{IngestedChange, IngestedPage};
use deskbell_domain::message::BodyState;
use deskbell_domain::{AccountId, ConversationId, MailboxRole, ScopeId};
use deskbell_store::queries::health;
use deskbell_store::sync;
use deskbell_store::table::{account, held, scope};
use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence, RngSeed};

use crate::bodies::lines;
use crate::support::{Desk, gone, held as counted, key, letter, mailbox, new_account};

const ROLES: [MailboxRole; 2] = [MailboxRole::Inbox, MailboxRole::Archive];
const STATES: [BodyState; 4] =
    [BodyState::Missing, BodyState::Full, BodyState::Quarantined, BodyState::TooLarge];

#[derive(Clone, Debug)]
enum Step {
    /// A page with a letter, of which so much is here, under a key that may be taken.
    Bring {
        scope: usize,
        key: u32,
        letter: u32,
        state: BodyState,
        file: usize,
    },
    Gone {
        scope: usize,
        key: u32,
    },
    Unavailable {
        scope: usize,
        key: u32,
    },
    Edit(usize, ConversationEdit),
    Round(usize),
    Empty(usize),
    Sweep,
}

fn step() -> impl Strategy<Value = Step> {
    let scope = 0..ROLES.len() * 2;
    let keys = 1..6_u32;
    let states = prop::sample::select(STATES.to_vec());
    let files = prop::sample::select(vec![0_usize, 0, 9_000, 12_000]);
    let edits = prop::sample::select(vec![
        ConversationEdit::Read,
        ConversationEdit::Archive,
        ConversationEdit::Trash,
        ConversationEdit::Inbox,
    ]);
    prop_oneof![
        8 => (scope.clone(), keys.clone(), 0..8_u32, states, files).prop_map(
            |(scope, key, letter, state, file)| Step::Bring { scope, key, letter, state, file }
        ),
        3 => (scope.clone(), keys.clone()).prop_map(|(scope, key)| Step::Gone { scope, key }),
        1 => (scope.clone(), keys).prop_map(|(scope, key)| Step::Unavailable { scope, key }),
        2 => (any::<usize>(), edits).prop_map(|(which, edit)| Step::Edit(which, edit)),
        2 => (0..2_usize).prop_map(Step::Round),
        1 => scope.prop_map(Step::Empty),
        1 => Just(Step::Sweep),
    ]
}

/// Two accounts, each with the same mailboxes.
struct World {
    desk: Desk,
    accounts: [AccountId; 2],
    scopes: Vec<Option<ScopeId>>,
}

impl World {
    fn new() -> Self {
        let mut desk = Desk::with(&ROLES);
        let first = desk.account;
        let second = desk
            .write(|w| {
                let id = account::insert(w, &new_account("second@studio.example"))?;
                scope::adopt(w, id, &ROLES.map(mailbox))?;
                Ok(id)
            })
            .expect("a second account");
        let accounts = [first, second];
        let scopes = accounts
            .iter()
            .flat_map(|id| desk.read(|c| scope::list(c, *id)))
            .map(|row| Some(row.id))
            .collect();
        Self { desk, accounts, scopes }
    }

    fn take(&mut self, step: &Step) {
        match *step {
            Step::Bring { scope, key: number, letter: which, state, file } => {
                let Some(scope) = self.scopes[scope] else { return };
                let mut written = letter(&format!("{which}@x.example"), i64::from(which));
                written.body = matches!(state, BodyState::Full | BodyState::Quarantined);
                let mut message = written.ingested(&key(number));
                message.body_state = state;
                if let Some(body) = &mut message.body {
                    let attached: Vec<u8> = (0..file).map(|n| ((n * 31) >> 3) as u8).collect();
                    body.source = [&*body.source, &lines(&attached, 76, true)].concat().into();
                }
                let page = IngestedPage {
                    changes: vec![IngestedChange::Message(Box::new(message))],
                    ..Default::default()
                };
                let page = sync::prepare(&self.desk.store.packer(), page).expect("packs");
                self.desk.write(move |w| sync::apply(w, scope, &page)).expect("is applied");
            }
            Step::Gone { scope, key } => {
                let Some(scope) = self.scopes[scope] else { return };
                let page = IngestedPage { changes: vec![gone(key)], ..Default::default() };
                let page = sync::prepare(&self.desk.store.packer(), page).expect("packs");
                self.desk.write(move |w| sync::apply(w, scope, &page)).expect("is applied");
            }
            Step::Unavailable { scope, key: number } => {
                let Some(scope) = self.scopes[scope] else { return };
                let key = key(number);
                self.desk.write(move |w| sync::body_unavailable(w, scope, &key)).expect("is noted");
            }
            Step::Edit(which, edit) => {
                let all: Vec<i64> = self.desk.read(|c| {
                    let mut statement = c.prepare("SELECT id FROM conversation ORDER BY id")?;
                    let ids = statement.query_map([], |row| row.get(0))?;
                    Ok(ids.collect::<Result<_, _>>()?)
                });
                if !all.is_empty() {
                    let group = self.desk.write(sync::new_group).expect("a name");
                    self.desk.edit(ConversationId(all[which % all.len()]), edit, &group);
                }
            }
            Step::Round(which) => {
                let (id, began) = (self.accounts[which], self.desk.now);
                self.desk.write(move |w| sync::close_round(w, id, began)).expect("is closed");
            }
            Step::Empty(which) => {
                if let Some(scope) = self.scopes[which].take() {
                    self.desk.write(move |w| sync::empty_scope(w, scope)).expect("is emptied");
                }
            }
            Step::Sweep => {
                let swept = sync::sweep_blobs(&self.desk.store, self.desk.now);
                self.desk.runtime.block_on(swept).expect("is swept");
            }
        }
    }

    fn erase(&mut self, which: usize) {
        self.desk.now += 1_000;
        let erased = sync::erase(&self.desk.store, self.accounts[which], self.desk.now, &|_| {});
        self.desk.runtime.block_on(erased).expect("it is erased");
    }

    fn holds(&self) -> Result<(), TestCaseError> {
        self.desk.read(|c| Ok(counted::check(c))).map_err(TestCaseError::fail)?;
        let faults = self.desk.read(health::integrity);
        prop_assert!(faults.is_empty(), "`bell doctor` finds the same: {faults:?}");
        Ok(())
    }
}

proptest! {
    #![proptest_config(Config {
        cases: 64,
        rng_seed: RngSeed::Fixed(20_261_121),
        failure_persistence: Some(Box::new(FileFailurePersistence::Off)),
        ..Config::default()
    })]

    #[test]
    fn every_counter_equals_its_rows_whatever_happens(steps in prop::collection::vec(step(), 1..40)) {
        let mut world = World::new();
        for step in &steps {
            world.take(step);
            world.holds()?;
        }
        world.erase(1);
        world.holds()?;
        world.erase(0);
        world.holds()?;
        let sizes = world.desk.read(health::sizes);
        prop_assert_eq!(
            (sizes.messages, sizes.quarantined, sizes.blob_bytes, sizes.conversations),
            (0, 0, 0, 0),
            "nothing is left of what was erased"
        );
    }
}

#[test]
fn a_counter_that_is_wrong_is_found_by_the_doctor() {
    let mut desk = Desk::with(&ROLES);
    desk.receive(MailboxRole::Inbox, 1, &letter("one@x.example", 1));
    for (sql, what) in [
        ("UPDATE message_counter SET total = total + 1", "messages"),
        ("UPDATE blob_counter SET bytes = bytes + 1", "bytes of attachments"),
        ("UPDATE scope SET bodies_missing = bodies_missing + 1", "copies in a mailbox"),
        ("UPDATE counter SET total = total + 1", "conversations"),
    ] {
        desk.write(move |w| Ok(w.execute_batch(sql)?)).expect("is spoilt");
        let faults = desk.read(health::integrity);
        assert!(faults.iter().any(|fault| fault.contains(what)), "{what}: {faults:?}");
    }
}

#[test]
fn what_is_shown_of_an_account_is_its_own() {
    let mut world = World::new();
    let first = Step::Bring { scope: 0, key: 1, letter: 1, state: BodyState::Quarantined, file: 0 };
    world.take(&first);
    world.take(&Step::Bring { scope: 2, key: 1, letter: 2, state: BodyState::Missing, file: 0 });
    let [one, two] = world.accounts;
    let of = |id, state| world.desk.read(|c| held::of_account(c, id, state));
    assert_eq!(of(one, BodyState::Quarantined), 1);
    assert_eq!(of(two, BodyState::Quarantined), 0);
    assert_eq!(of(two, BodyState::Missing), 1);
    assert_eq!(world.desk.read(health::not_searchable), 1, "of all accounts");
    let missing: Vec<i64> = [one, two]
        .iter()
        .map(|id| world.desk.read(|c| scope::list(c, *id)).iter().map(|s| s.bodies_missing).sum())
        .collect();
    assert_eq!(missing, [0, 1], "a mailbox says how many bodies are still to come");
}
