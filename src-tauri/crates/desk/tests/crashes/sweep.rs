//! One message, every fault, and a crash before and after every commit.

use deskbell_domain::outgoing::OutgoingState;
use deskbell_testbed::{Dovecot, DovecotOptions, Fault, Moment, unless_missing};

use crate::blade::Cut;
use crate::desk::Letter;
use crate::life::{Lives, beginning};
use crate::mailbox::{Keeper, Mailbox};
use crate::verdict::{Settled, settle};

#[test]
fn with_a_server_that_keeps_what_it_sends_nothing_is_ever_asked() {
    sweep(Keeper::Server { told: true }, &every_fault());
}

#[test]
fn our_own_copy_among_the_sent_ones_is_made_once() {
    sweep(Keeper::Deskbell { told: true }, &[None, Some(Moment::Rcpt), Some(Moment::Verdict)]);
}

#[test]
fn with_a_bare_server_what_nobody_can_know_is_asked_and_nothing_else() {
    let faults = [Moment::Ehlo, Moment::Data, Moment::Body, Moment::End, Moment::Verdict];
    let faults: Vec<_> = [None].into_iter().chain(faults.map(Some)).collect();
    sweep(Keeper::Nobody, &faults);
}

fn every_fault() -> Vec<Option<Moment>> {
    [None].into_iter().chain(Moment::EVERY.map(Some)).collect()
}

fn sweep(keeper: Keeper, faults: &[Option<Moment>]) {
    let Some(dovecot) = unless_missing(Dovecot::start(DovecotOptions::default())).unwrap() else {
        return;
    };
    let (mut user, beginning) = (0, beginning());
    let mut lives = |fault: Option<Moment>| {
        user += 1;
        let mailbox = Mailbox::open(&dovecot, &format!("u{user}@studio.example"), keeper);
        if let Some(moment) = fault {
            mailbox.smtp.fault(moment, Fault::Drop);
        }
        Lives::new(beginning.path(), mailbox)
    };
    for fault in faults {
        let commits = rehearse(lives(*fault));
        // Written, queued, leaving, accepted: fewer would mean that the blade hangs over nothing.
        let writing = commits.iter().filter(|wrote| **wrote).count();
        assert!(writing >= 4, "{keeper:?} {fault:?}: {commits:?}");
        for (at, _) in commits.iter().enumerate().filter(|(_, wrote)| **wrote) {
            for cut in [Cut::Before(at + 1), Cut::After(at + 1)] {
                crash(lives(*fault), *fault, cut);
            }
        }
    }
}

/// The commits of a life without a crash.
fn rehearse(mut lives: Lives<'_>) -> Vec<bool> {
    lives
        .live(None, async |desk| {
            desk.write_all(&[Letter::new(0, 0)]).await;
            desk.work(&desk.engine()).await;
        })
        .commits
}

fn crash(mut lives: Lives<'_>, fault: Option<Moment>, cut: Cut) {
    let letters = [Letter::new(0, 0)];
    let keeper = lives.mailbox.keeper;
    let what = format!("{keeper:?}, {fault:?}, {cut:?}");
    let lived = lives.live(Some(cut), async |desk| {
        desk.write_all(&letters).await;
        desk.work(&desk.engine()).await;
    });
    assert!(lived.told.is_none(), "{what}: the life is cut short: {:?}", lived.commits);
    let Settled { left, unknown } = settle(&mut lives, &letters, &what);
    let left = left.first().map(|row| row.state);
    let departed = matches!(left, Some(OutgoingState::Sending | OutgoingState::Unknown));
    let may_be_lost = matches!(fault, Some(Moment::Body | Moment::End | Moment::Verdict));
    assert!(
        unknown.is_empty() || departed || may_be_lost,
        "{what}: what had not departed is never of unknown fate"
    );
    assert!(
        unknown.is_empty() || !matches!(keeper, Keeper::Server { .. }),
        "{what}: who keeps what it sends can always tell"
    );
}
