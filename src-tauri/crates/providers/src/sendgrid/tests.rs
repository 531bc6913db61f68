//! SendGrid against its fake.

use std::time::Duration;

use deskbell_domain::ProviderError;
use deskbell_domain::outgoing::{Composition, Found, SendOutcome};
use deskbell_domain::port::MessageSink as _;
use deskbell_domain::secret::Secret;
use deskbell_simulator::{Fault, Simulator, Strike};

use super::{Api, SendGridProvider, map};
use crate::http::support::{Gate, PATIENCE, SILENCE, full, mail, person};

const KEY: &str = "SG.test";
const SEND: &str = "POST /v3/mail/send";

fn simulator() -> Simulator {
    let simulator = Simulator::start().expect("a simulator");
    let mut world = simulator.world();
    let scopes = ["mail.send", "suppression.read", "messages.read"].map(str::to_owned);
    world.sendgrid.keys.insert(KEY.into(), scopes.to_vec());
    world.sendgrid.senders.insert("ada@studio.example".into());
    drop(world);
    simulator
}

fn account(simulator: &Simulator) -> SendGridProvider {
    with_key(simulator, KEY)
}

fn with_key(simulator: &Simulator, key: &str) -> SendGridProvider {
    waiting(simulator, key, PATIENCE)
}

/// Waits so long for an answer.
fn waiting(simulator: &Simulator, key: &str, silence: Duration) -> SendGridProvider {
    let base = simulator.base_url("sendgrid");
    SendGridProvider::with(Api::with_silence(&base, Secret::new(key), silence).expect("an API"))
}

async fn send(account: &SendGridProvider, token: &str) -> SendOutcome {
    account.send(&mail(token, &["mara@client.example"]), &Gate::default()).await
}

#[test]
fn a_mail_is_written_as_sendgrid_wants_it_and_watches_nobody() {
    let mail = map::mail(&full("one@studio.example"), &[]).expect("a mail");
    insta::assert_json_snapshot!(mail);
}

#[tokio::test]
async fn a_message_is_taken_and_called_by_a_name() {
    let simulator = simulator();
    let outcome = account(&simulator).send(&full("one@studio.example"), &Gate::default()).await;
    let SendOutcome::Accepted { remote_id, refused } = &outcome else { panic!("{outcome:?}") };
    assert!(refused.is_empty());
    let world = simulator.world();
    assert_eq!(remote_id.as_ref(), Some(&world.delivered[0].id));
    assert_eq!(
        world.delivered[0].to,
        ["mara@client.example", "tom@client.example", "book@studio.example"]
    );
}

#[tokio::test]
async fn blind_copies_alone_do_not_see_each_other() {
    let simulator = simulator();
    let mut message = mail("one@x", &[]);
    message.composition = Composition {
        bcc: vec![person(None, "a@x.example"), person(None, "b@x.example")],
        ..message.composition
    };
    message.recipients = vec!["a@x.example".into(), "b@x.example".into()];
    message.composition.subject = String::new();
    message.composition.text = String::new();
    let outcome = account(&simulator).send(&message, &Gate::default()).await;
    assert!(matches!(outcome, SendOutcome::Accepted { .. }), "{outcome:?}");
    let world = simulator.world();
    let each: Vec<_> = world.delivered.iter().map(|delivery| delivery.to.join(",")).collect();
    assert_eq!(each, ["a@x.example", "b@x.example"]);
}

#[tokio::test]
async fn a_lost_answer_is_an_unknown_fate_and_nothing_is_sent_again() {
    for (fault, reached) in [(Fault::lost(SEND), 1), (Fault::swallowed(SEND), 0)] {
        let simulator = simulator();
        let account = account(&simulator);
        simulator.fault(fault);
        let outcome = send(&account, "one@x").await;
        assert!(matches!(outcome, SendOutcome::Unknown(_)), "{outcome:?}");
        assert_eq!(
            account.find("one@x", None).await.expect("asked"),
            Found::CannotTell,
            "not bought"
        );
        simulator.world().sendgrid.activity = true;
        assert_eq!(account.find("one@x", None).await.expect("asked"), Found::CannotTell, "it lags");
        simulator.advance(2 * 60_000);
        let found = account.find("one@x", None).await.expect("asked");
        assert_eq!(matches!(found, Found::Yes(Some(_))), reached == 1, "{found:?}");
        assert_eq!(simulator.world().delivered.len(), reached);
    }
    let simulator = simulator();
    simulator.fault(Fault { at: SEND.into(), carried_out: true, strike: Strike::Never });
    let outcome = send(&waiting(&simulator, KEY, SILENCE), "two@x").await;
    assert!(matches!(outcome, SendOutcome::Unknown(_)), "{outcome:?}");
}

#[tokio::test]
async fn a_message_is_found_by_the_name_it_was_given() {
    let simulator = simulator();
    let account = account(&simulator);
    let outcome = send(&account, "one@x").await;
    let SendOutcome::Accepted { remote_id: Some(id), .. } = &outcome else { panic!("{outcome:?}") };
    simulator.world().sendgrid.activity = true;
    simulator.advance(2 * 60_000);
    let found = account.find("one@x", Some(id)).await.expect("asked");
    assert!(matches!(&found, Found::Yes(Some(name)) if name.starts_with(id.as_str())), "{found:?}");
}

#[tokio::test]
async fn refusals_are_told_in_plain_words() {
    let simulator = simulator();
    let account = account(&simulator);
    let reset = [("date", "Sat, 21 Nov 2026 07:00:00 GMT"), ("x-ratelimit-reset", "1795244430")];
    simulator.fault(Fault::refused(SEND, 429, &reset, "{}"));
    let paused = send(&account, "one@x").await;
    let SendOutcome::Retry { after, .. } = &paused else { panic!("{paused:?}") };
    assert_eq!(*after, Some(Duration::from_secs(30)));
    for (status, unknown) in [(500, true), (502, true), (503, false)] {
        simulator.fault(Fault::refused(SEND, status, &[], "<html>Bad gateway</html>"));
        let broken = send(&account, "two@x").await;
        assert_eq!(matches!(broken, SendOutcome::Unknown(_)), unknown, "{status}: {broken:?}");
    }
    simulator.fault(Fault::refused(
        SEND,
        400,
        &[],
        r#"{"errors":[{"message":"Bad","field":"subject"}]}"#,
    ));
    let invalid = send(&account, "three@x").await;
    assert!(
        matches!(&invalid, SendOutcome::Rejected { message, .. } if message.contains("subject: Bad")),
        "{invalid:?}"
    );
    simulator.fault(Fault::refused(
        SEND,
        200,
        &[("content-type", "text/html")],
        "<html>hotel</html>",
    ));
    let page = send(&account, "four@x").await;
    assert!(matches!(page, SendOutcome::Retry { .. }), "{page:?}");
    simulator.world().sendgrid.senders.clear();
    let foreign = send(&account, "five@x").await;
    assert!(
        matches!(&foreign, SendOutcome::Rejected { message, .. } if message.contains("verify the sender")),
        "{foreign:?}"
    );
    let stranger = send(&with_key(&simulator, "SG.other"), "six@x").await;
    assert!(matches!(stranger, SendOutcome::SignIn(_)), "{stranger:?}");
    let mut empty = mail("seven@x", &["mara@client.example"]);
    empty.files = full("x@x").files;
    empty.files[0].1 = bytes::Bytes::new();
    let empty = account.send(&empty, &Gate::default()).await;
    assert!(
        matches!(&empty, SendOutcome::Rejected { message, .. } if message.contains("plan.pdf")),
        "{empty:?}"
    );
    assert!(simulator.world().delivered.is_empty(), "none of them left");
}

#[tokio::test]
async fn whom_sendgrid_would_drop_is_told_before() {
    let simulator = simulator();
    {
        let mut world = simulator.world();
        world.sendgrid.bounced.insert("gone@client.example".into());
        world.sendgrid.unsubscribed.insert("quiet@client.example".into());
    }
    let account = account(&simulator);
    let some =
        mail("one@x", &["Gone@client.example", "mara@client.example", "quiet@client.example"]);
    let outcome = account.send(&some, &Gate::default()).await;
    let SendOutcome::Accepted { refused, .. } = &outcome else { panic!("{outcome:?}") };
    assert_eq!(refused.len(), 2, "{refused:?}");
    assert!(refused[0].reason.contains("came back before"), "{refused:?}");
    assert!(refused[1].reason.contains("wants no more mail"), "{refused:?}");
    assert_eq!(simulator.world().delivered[0].to, ["mara@client.example"]);
    let all = account.send(&mail("two@x", &["quiet@client.example"]), &Gate::default()).await;
    assert!(matches!(&all, SendOutcome::Rejected { code, .. } if code == "suppressed"), "{all:?}");
    simulator.world().sendgrid.keys.insert(KEY.into(), vec!["mail.send".into()]);
    let blind = send(&account, "three@x").await;
    assert!(
        matches!(blind, SendOutcome::Accepted { .. }),
        "a key that may only send, sends: {blind:?}"
    );
}

#[tokio::test]
async fn every_list_is_looked_at_of_few_recipients_and_of_many() {
    let people: Vec<String> = (0..20).map(|n| format!("p{n}@client.example")).collect();
    let named = [
        "back@x.example",
        "wall@x.example",
        "cross@x.example",
        "typo@x.example",
        "quiet@x.example",
    ];
    let few: Vec<&str> = named.into_iter().chain(["mara@client.example"]).collect();
    let many: Vec<&str> = few.iter().copied().chain(people.iter().map(String::as_str)).collect();
    for to in [few, many] {
        let simulator = simulator();
        {
            let world = &mut simulator.world().sendgrid;
            // A thousand others stand before them.
            for number in 0..1_000 {
                world.bounced.insert(format!("a{number}@old.example"));
            }
            world.bounced.insert(named[0].into());
            world.blocked.insert(named[1].into());
            world.spam.insert(named[2].into());
            world.spam.insert(format!("{}.org", named[2]));
            world.invalid.insert(named[3].into());
            world.unsubscribed.insert(named[4].into());
        }
        let account = account(&simulator);
        let outcome = account.send(&mail("one@x", &to), &Gate::default()).await;
        let SendOutcome::Accepted { refused, .. } = &outcome else { panic!("{outcome:?}") };
        let told: Vec<&str> = refused.iter().map(|one| one.address.as_str()).collect();
        assert_eq!(told, named, "of {} recipients", to.len());
        let why = |at: usize| refused[at].reason.as_str();
        assert!(why(2).contains("spam") && why(3).contains("no such mailbox"), "{refused:?}");
        let reached = simulator.world().delivered[0].to.len();
        assert_eq!(reached, to.len() - named.len(), "the others get it");
        if to.len() > 10 {
            let asked = || simulator.world().journal.len();
            let before = asked();
            account.send(&mail("two@x", &to), &Gate::default()).await;
            assert_eq!(asked(), before + 1, "the lists hold for some minutes");
        }
    }
}

#[tokio::test]
async fn where_the_lists_cannot_be_read_now_nothing_leaves_unseen() {
    let simulator = simulator();
    let lists = "GET /v3/suppression";
    for (status, headers) in [(429, vec![("retry-after", "3")]), (500, Vec::new())] {
        simulator.fault(Fault::refused(lists, status, &headers, "{}"));
        let outcome = send(&account(&simulator), "one@x").await;
        assert!(matches!(outcome, SendOutcome::Retry { .. }), "{status}: {outcome:?}");
    }
    assert!(simulator.world().delivered.is_empty(), "none of them left");
}

#[tokio::test]
async fn a_check_looks_at_the_key_and_its_rights() {
    let simulator = simulator();
    assert!(account(&simulator).check().await.is_ok());
    assert!(matches!(with_key(&simulator, "SG.no").check().await, Err(ProviderError::Auth(_))));
    simulator.world().sendgrid.keys.insert("SG.stats".into(), vec!["stats.read".into()]);
    let weak = with_key(&simulator, "SG.stats").check().await;
    assert!(
        matches!(&weak, Err(ProviderError::Rejected { code, .. }) if code == "settings.key"),
        "{weak:?}"
    );
}
