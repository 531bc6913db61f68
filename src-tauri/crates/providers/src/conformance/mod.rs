//! What every provider must keep, as stories over the ports; each provider runs those that apply to it.
//!
//! The remote side is played by [`Remote`]: another client, or somebody with a file manager.

pub(crate) mod mirror;

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Waker};

use deskbell_domain::message::Flags;
use deskbell_domain::port::{MessageSource, Provider, StateSink};
use deskbell_domain::sync::{Cursor, PullOptions, RemoteKey, RemoteScope, StateEdit};
use deskbell_domain::{MailboxRole, ProviderError};

use self::mirror::{ALL, Mirror};

/// The other side of one scope. Subjects name messages.
pub(crate) trait Remote: Send {
    /// A message arrives.
    fn deliver(&mut self, subject: &str);
    /// Somebody else reads or stars a message; false if that cannot happen here.
    fn set_flags(&mut self, subject: &str, flags: Flags) -> bool;
    /// Somebody else removes a message; false if that cannot happen here.
    fn remove(&mut self, subject: &str) -> bool;
    /// What is there now, in any order.
    fn subjects(&mut self) -> Vec<String>;
}

/// One provider, one of its scopes, and the other side of it.
pub(crate) struct Stage<'a> {
    pub(crate) provider: &'a dyn Provider,
    pub(crate) scope: RemoteScope,
    pub(crate) remote: &'a mut dyn Remote,
}

impl Stage<'_> {
    fn source(&self) -> &dyn MessageSource {
        self.provider.messages().expect("the provider holds messages")
    }

    async fn sync(&self, mirror: &mut Mirror, options: PullOptions) {
        mirror.sync(self.source(), &self.scope, options).await;
    }

    fn assert_equal(&mut self, mirror: &Mirror, when: &str) {
        let mut here = mirror.subjects();
        let mut there = self.remote.subjects();
        here.sort();
        there.sort();
        assert_eq!(here, there, "{when}: both sides are equal");
    }
}

/// Runs every story of a source on one stage.
pub(crate) async fn source_keeps_its_promises(mut stage: Stage<'_>) {
    everything_comes_once(&mut stage).await;
    a_page_that_was_not_stored_comes_again(&mut stage).await;
    arrivals_between_pages_are_not_missed(&mut stage).await;
    what_others_change_appears(&mut stage).await;
    a_pull_dropped_anywhere_leaves_nothing_behind(&mut stage).await;
    bodies_come_for_those_that_are_there(&mut stage).await;
    a_cursor_that_cannot_be_read_is_lost_not_guessed(&stage).await;
}

async fn everything_comes_once(stage: &mut Stage<'_>) {
    for number in 1..=7 {
        stage.remote.deliver(&format!("first {number}"));
    }
    let mut mirror = Mirror::default();
    stage.sync(&mut mirror, PullOptions { max_messages: 3, ..ALL }).await;
    stage.assert_equal(&mirror, "after the first pull");
    let mut once = mirror.order.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), mirror.order.len(), "no message came twice");
    let before = mirror.order.len();
    stage.sync(&mut mirror, ALL).await;
    assert_eq!(mirror.order.len(), before, "nothing changed, so nothing comes");
    stage.assert_equal(&mirror, "after a pull without changes");
}

async fn a_page_that_was_not_stored_comes_again(stage: &mut Stage<'_>) {
    let options = PullOptions { max_messages: 2, ..ALL };
    let mut mirror = Mirror::default();
    loop {
        let lost = stage
            .source()
            .pull(&stage.scope, mirror.cursor.as_ref(), options)
            .await
            .expect("a page");
        drop(lost);
        let page = stage
            .source()
            .pull(&stage.scope, mirror.cursor.as_ref(), options)
            .await
            .expect("a page");
        if !mirror.apply(page) {
            break;
        }
    }
    stage.assert_equal(&mirror, "after every page was asked for twice");
}

async fn arrivals_between_pages_are_not_missed(stage: &mut Stage<'_>) {
    let options = PullOptions { max_messages: 2, ..ALL };
    let mut mirror = Mirror::default();
    for number in 1..=3 {
        let page = stage
            .source()
            .pull(&stage.scope, mirror.cursor.as_ref(), options)
            .await
            .expect("a page");
        mirror.apply(page);
        stage.remote.deliver(&format!("between {number}"));
    }
    stage.sync(&mut mirror, options).await;
    stage.sync(&mut mirror, options).await;
    stage.assert_equal(&mirror, "after mail arrived during the first pull");
}

async fn what_others_change_appears(stage: &mut Stage<'_>) {
    let mut mirror = Mirror::default();
    stage.sync(&mut mirror, ALL).await;
    let read = Flags { seen: true, starred: true, ..Flags::default() };
    if stage.remote.set_flags("first 2", read) {
        stage.sync(&mut mirror, ALL).await;
        assert_eq!(mirror.flags_of("first 2"), Some(read), "read and starred elsewhere");
        stage.remote.set_flags("first 2", Flags::default());
        stage.sync(&mut mirror, ALL).await;
        assert_eq!(mirror.flags_of("first 2"), Some(Flags::default()), "and undone elsewhere");
    }
    if !stage.provider.capabilities().receives {
        stage.remote.remove("first 3");
        stage.remote.deliver("in its place");
        stage.sync(&mut mirror, ALL).await;
        let here = mirror.subjects();
        let has = |subject: &str| here.iter().any(|one| *one == subject);
        assert!(has("first 3") && has("in its place"), "what was imported stays: {here:?}");
        return;
    }
    if stage.remote.remove("first 3") {
        stage.remote.deliver("in its place");
        stage.sync(&mut mirror, ALL).await;
        stage.assert_equal(&mirror, "after a removal and an arrival elsewhere");
        stage.remote.remove("first 4");
        stage.sync(&mut mirror, ALL).await;
        stage.assert_equal(&mirror, "after a removal elsewhere");
    }
}

async fn a_pull_dropped_anywhere_leaves_nothing_behind(stage: &mut Stage<'_>) {
    let mut mirror = Mirror::default();
    for polls in 1..30 {
        let source = stage.source();
        let mut pull = pin!(source.pull(&stage.scope, mirror.cursor.as_ref(), ALL));
        let mut context = Context::from_waker(Waker::noop());
        for _ in 0..polls {
            if pull.as_mut().poll(&mut context).is_ready() {
                break;
            }
            tokio::task::yield_now().await;
        }
    }
    stage.sync(&mut mirror, ALL).await;
    stage.assert_equal(&mirror, "after pulls were dropped half-way");
}

async fn bodies_come_for_those_that_are_there(stage: &mut Stage<'_>) {
    let mut mirror = Mirror::default();
    stage.sync(&mut mirror, PullOptions { bodies: false, ..ALL }).await;
    let there = mirror.key_of("first 1");
    let never = RemoteKey::from_uid(4_000_000_000);
    let bodies =
        stage.source().bodies(&stage.scope, None, &[there.clone(), never]).await.expect("bodies");
    assert_eq!(bodies.len(), 1, "the key that is not there is left out");
    let body = bodies.first().expect("one body");
    assert_eq!(body.key, there);
    assert!(
        body.source.windows(7).any(|word| word == b"first 1"),
        "it is the body that was asked for"
    );
    assert!(stage.source().bodies(&stage.scope, None, &[]).await.expect("no bodies").is_empty());
}

async fn a_cursor_that_cannot_be_read_is_lost_not_guessed(stage: &Stage<'_>) {
    for text in ["", "{}", "garbage", "[1,2,3]"] {
        let outcome = stage.source().pull(&stage.scope, Some(&Cursor(text.into())), ALL).await;
        assert!(matches!(outcome, Err(ProviderError::CursorLost(_))), "{text:?}: {outcome:?}");
    }
}

/// Runs every story of a state sink on one stage; `elsewhere` is the scope with the role `Archive`.
pub(crate) async fn sink_keeps_its_promises(mut stage: Stage<'_>, elsewhere: &RemoteScope) {
    let sink = stage.provider.state().expect("the provider takes edits");
    let mut mirror = Mirror::default();
    edits_arrive(&mut stage, &mut mirror).await;
    marks_are_kept(&stage, sink, &mut mirror, true).await;
    moves_and_erasures(stage, sink, mirror, elsewhere).await;
}

/// Runs every story of a state sink on a stage whose scope holds every mailbox: a move stays within it.
pub(crate) async fn pile_sink_keeps_its_promises(mut stage: Stage<'_>) {
    let sink = stage.provider.state().expect("the provider takes edits");
    let mut mirror = Mirror::default();
    edits_arrive(&mut stage, &mut mirror).await;
    marks_are_kept(&stage, sink, &mut mirror, false).await;
    let keys = [mirror.key_of("edit 1"), mirror.key_of("edit 3")];
    for to in [MailboxRole::Archive, MailboxRole::Trash, MailboxRole::Spam, MailboxRole::Inbox] {
        for _ in 0..2 {
            let moved = sink.apply(&stage.scope, None, &keys, &StateEdit::Move { to }).await;
            for (outcome, key) in moved.expect("the move is done").iter().zip(&keys) {
                let there = Some((stage.scope.key.clone(), key.clone()));
                assert_eq!((&outcome.key, &outcome.moved_to), (key, &there), "it keeps its name");
            }
        }
        stage.sync(&mut mirror, ALL).await;
        stage.assert_equal(&mirror, "after a move");
        assert_eq!(mirror.role_of("edit 1"), Some(to), "moved to {to:?}, twice");
        assert_eq!(mirror.role_of("edit 2"), Some(MailboxRole::Inbox), "and no other");
    }
    for name in ["VIP", "Clients/Rückruf nötig ★"] {
        for value in [true, true, false] {
            let edit = StateEdit::Label { keyword: "x".into(), name: name.into(), value };
            sink.apply(&stage.scope, None, &keys, &edit).await.expect("the label is taken");
            stage.sync(&mut mirror, ALL).await;
            let expected: &[&str] = if value { &[name] } else { &[] };
            assert_eq!(mirror.labels_of("edit 3"), expected, "labelled {name}: {value}");
        }
    }
    let gone = [mirror.key_of("edit 2")];
    for expected in [1, 0] {
        let erased = sink.apply(&stage.scope, None, &gone, &StateEdit::Erase).await;
        assert_eq!(erased.expect("erased").len(), expected, "erased once");
    }
    stage.sync(&mut mirror, ALL).await;
    stage.assert_equal(&mirror, "after an erasure");
}

async fn edits_arrive(stage: &mut Stage<'_>, mirror: &mut Mirror) {
    for number in 1..=4 {
        stage.remote.deliver(&format!("edit {number}"));
    }
    stage.sync(mirror, ALL).await;
}

/// Marks of reading, stars and answers, each set twice and taken back.
async fn marks_are_kept(
    stage: &Stage<'_>,
    sink: &dyn StateSink,
    mirror: &mut Mirror,
    answers: bool,
) {
    let key = mirror.key_of("edit 1");
    let keys = [key.clone(), RemoteKey::from_uid(4_000_000_000)];
    let edits = [
        (StateEdit::Seen { value: true }, Flags { seen: true, ..Flags::default() }),
        (
            StateEdit::Starred { value: true },
            Flags { seen: true, starred: true, ..Flags::default() },
        ),
        (StateEdit::Seen { value: false }, Flags { starred: true, ..Flags::default() }),
        (StateEdit::Starred { value: false }, Flags::default()),
        (StateEdit::Answered { value: true }, Flags { answered: true, ..Flags::default() }),
        (StateEdit::Answered { value: false }, Flags::default()),
    ];
    let kept = |edit: &StateEdit| answers || !matches!(edit, StateEdit::Answered { .. });
    for (edit, expected) in edits.into_iter().filter(|(edit, _)| kept(edit)) {
        for _ in 0..2 {
            let outcomes =
                sink.apply(&stage.scope, None, &keys, &edit).await.expect("the edit is taken");
            assert_eq!(outcomes.len(), 1, "{edit:?}: a copy that is not there is left out");
            assert_eq!(outcomes.first().map(|outcome| &outcome.key), Some(&key));
        }
        stage.sync(mirror, ALL).await;
        assert_eq!(mirror.flags_of("edit 1"), Some(expected), "after {edit:?}, twice");
    }
}

async fn moves_and_erasures(
    mut stage: Stage<'_>,
    sink: &dyn StateSink,
    mut mirror: Mirror,
    elsewhere: &RemoteScope,
) {
    let keys = [mirror.key_of("edit 1"), mirror.key_of("edit 3")];
    let edit = StateEdit::Move { to: MailboxRole::Archive };
    let outcomes = sink.apply(&stage.scope, None, &keys, &edit).await.expect("the move is done");
    assert_eq!(outcomes.len(), 2);
    let again =
        sink.apply(&stage.scope, None, &keys, &edit).await.expect("the move is done already");
    assert!(again.is_empty(), "copies that are not there any more are left out");
    stage.sync(&mut mirror, ALL).await;
    stage.assert_equal(&mirror, "after a move");
    let mut archive = Mirror::default();
    archive.sync(stage.source(), elsewhere, ALL).await;
    assert_eq!(archive.subjects(), ["edit 1", "edit 3"], "each moved once, in order");
    for outcome in outcomes {
        let Some((scope, key)) = outcome.moved_to else { continue };
        assert_eq!(scope, elsewhere.key);
        assert!(archive.held.contains_key(&key), "the new key is the one the archive tells");
    }
    let gone = [mirror.key_of("edit 2")];
    for expected in [1, 0] {
        let outcomes =
            sink.apply(&stage.scope, None, &gone, &StateEdit::Erase).await.expect("erased");
        assert_eq!(outcomes.len(), expected, "erased once");
    }
    stage.sync(&mut mirror, ALL).await;
    stage.assert_equal(&mirror, "after an erasure");
    assert!(!mirror.subjects().contains(&"edit 2".to_owned()));
}
