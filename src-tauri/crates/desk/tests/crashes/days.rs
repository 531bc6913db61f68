//! Bad days by chance: several messages, several faults, several crashes, wherever they fall.

use deskbell_domain::time::SECOND;
use deskbell_testbed::{Dovecot, DovecotOptions, Fault, Moment, unless_missing};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::blade::Cut;
use crate::desk::Letter;
use crate::life::{Lives, beginning};
use crate::mailbox::{Keeper, Mailbox};
use crate::verdict::settle;

/// Days that are played.
const DAYS: u32 = 40;

/// What a bad day is made of.
#[derive(Clone, Debug)]
struct Day {
    keeper: Keeper,
    /// The conversation of each message.
    messages: Vec<u8>,
    faults: Vec<(Moment, Fault)>,
    /// Where each life ends.
    cuts: Vec<Cut>,
}

fn keeper() -> impl Strategy<Value = Keeper> {
    prop_oneof![
        Just(Keeper::Nobody),
        Just(Keeper::Server { told: true }),
        Just(Keeper::Server { told: false }),
        Just(Keeper::Deskbell { told: true }),
        Just(Keeper::Deskbell { told: false }),
    ]
}

fn fault() -> impl Strategy<Value = (Moment, Fault)> {
    let said = |moment: Moment, words: &str| (moment, Fault::Reply(words.into()));
    prop_oneof![
        4 => prop::sample::select(Moment::EVERY.to_vec()).prop_map(|moment| (moment, Fault::Drop)),
        1 => Just((Moment::Verdict, Fault::Garbage)),
        1 => prop::sample::select(vec![Moment::Mail, Moment::Rcpt, Moment::Data, Moment::End])
            .prop_map(move |moment| said(moment, "451 4.3.0 not now")),
        1 => prop::sample::select(vec![Moment::Greeting, Moment::Mail, Moment::Data])
            .prop_map(move |moment| said(moment, "421 4.3.2 going down")),
    ]
}

fn cut() -> impl Strategy<Value = Cut> {
    // The first commits of a life are the ones most often met.
    (1_usize..18, any::<bool>())
        .prop_map(|(at, before)| if before { Cut::Before(at) } else { Cut::After(at) })
}

fn day() -> impl Strategy<Value = Day> {
    let messages = prop::collection::vec(0_u8..2, 1..5);
    let faults = prop::collection::vec(fault(), 0..7);
    let cuts = prop::collection::vec(cut(), 0..5);
    (keeper(), messages, faults, cuts).prop_map(|(keeper, messages, faults, cuts)| Day {
        keeper,
        messages,
        faults,
        cuts,
    })
}

#[test]
fn whatever_the_server_does_and_wherever_the_program_ends_each_arrives_once() {
    let Some(dovecot) = unless_missing(Dovecot::start(DovecotOptions::default())).unwrap() else {
        return;
    };
    let (user, beginning) = (std::cell::Cell::new(0), beginning());
    let config = ProptestConfig { cases: DAYS, failure_persistence: None, ..Default::default() };
    let played = TestRunner::new(config).run(&day(), |day| {
        user.set(user.get() + 1);
        let name = format!("u{}@studio.example", user.get());
        play(&day, Lives::new(beginning.path(), Mailbox::open(&dovecot, &name, day.keeper)));
        Ok(())
    });
    if let Err(error) = played {
        panic!("{error}");
    }
}

fn play(day: &Day, mut lives: Lives<'_>) {
    for (moment, fault) in &day.faults {
        lives.mailbox.smtp.fault(*moment, fault.clone());
    }
    let letters: Vec<Letter> =
        day.messages.iter().enumerate().map(|(n, thread)| Letter::new(n, *thread)).collect();
    for cut in &day.cuts {
        lives.live(Some(*cut), async |desk| {
            desk.write_all(&letters).await;
            desk.work(&desk.engine()).await;
        });
        lives.clock.advance(7 * SECOND);
    }
    settle(&mut lives, &letters, &format!("{day:?}"));
}

/// A copy of our own that is met again after a crash is no sign that the server makes them.
#[test]
fn a_copy_made_just_before_the_end_does_not_pass_for_the_servers_own() {
    let Some(dovecot) = unless_missing(Dovecot::start(DovecotOptions::default())).unwrap() else {
        return;
    };
    let beginning = beginning();
    let keeper = Keeper::Deskbell { told: false };
    let letters = [Letter::new(0, 0), Letter::new(1, 1)];
    for at in 1..16 {
        let name = format!("own{at}@studio.example");
        let mut lives = Lives::new(beginning.path(), Mailbox::open(&dovecot, &name, keeper));
        lives.live(Some(Cut::Before(at)), async |desk| {
            desk.write_all(&letters[..1]).await;
            desk.work(&desk.engine()).await;
        });
        lives.clock.advance(7 * SECOND);
        // The second one leaves only when all of the first is settled.
        lives.live(None, async |desk| {
            desk.write_all(&letters[..1]).await;
            desk.work(&desk.engine()).await;
        });
        settle(&mut lives, &letters, &format!("ended before its commit {at}"));
    }
}
