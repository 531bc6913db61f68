//! Waiting for news: IDLE, STATUS, and the gap between a pull and a wait.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use deskbell_domain::port::{MessageSource as _, StateSink as _};
use deskbell_domain::sync::{PullOptions, RemoteKey, StateEdit};
use deskbell_domain::{MailboxRole, ProviderError};
use deskbell_testbed::{Capabilities, ScriptedServer};
use tokio::time::timeout;

use super::conformance::Phone;
use super::support::{
    ALL, Mirror, PATIENCE, dovecot, inbox, mail, quick, rungs, scope, scripted, signed_in,
    with_pace,
};
use crate::attention::Attention;
use crate::conformance::Remote as _;
use crate::imap::pace::Pace;

const HOUR: Duration = Duration::from_secs(3_600);

#[tokio::test]
async fn mail_that_arrives_ends_the_wait_with_and_without_idle() {
    let without_idle = Capabilities::Only("IMAP4rev1 UIDPLUS".into());
    for capabilities in rungs().into_iter().chain([without_idle]) {
        let Some(server) = dovecot(capabilities.clone()) else { return };
        let account = with_pace(&server, quick());
        let scopes = account.scopes().await.expect("scopes");
        let mut mirror = Mirror::default();
        for scope in &scopes {
            Mirror::default().sync(&account, scope, ALL).await;
        }
        mirror.sync(&account, &inbox(), ALL).await;
        let mut wait = account.watch(&scopes);
        let early = timeout(Duration::from_millis(300), &mut wait).await;
        assert!(early.is_err(), "{capabilities:?}: nothing happened yet: {early:?}");
        server.deliver(server.user(), &mail(1)).unwrap();
        let changed = timeout(PATIENCE, wait).await.expect("in time").expect("news");
        assert_eq!(changed, ["INBOX"], "{capabilities:?}");
        mirror.sync(&account, &inbox(), ALL).await;
        assert_eq!(mirror.subjects(), ["mail 1"]);
    }
}

#[tokio::test]
async fn an_account_signs_in_three_times_at_most_whatever_goes_on_at_once() {
    let Some(server) = dovecot(rungs()[0].clone()) else { return };
    for number in 1..=20 {
        server.deliver(server.user(), &mail(number)).unwrap();
    }
    let account = with_pace(&server, quick());
    let scopes = account.scopes().await.expect("scopes");
    let keys: Vec<RemoteKey> = (1..=20).map(RemoteKey::from_uid).collect();
    let few = PullOptions { max_messages: 3, ..ALL };
    let syncing = async {
        for scope in &scopes {
            Mirror::default().sync(&account, scope, few).await;
        }
    };
    let reading = async {
        for key in &keys {
            let one = std::slice::from_ref(key);
            let given = account.bodies(&inbox(), None, one).await.expect("a person reads");
            assert_eq!(given.len(), 1, "each body comes");
        }
    };
    let marking = async {
        for key in &keys {
            let (one, edit) = (std::slice::from_ref(key), StateEdit::Seen { value: true });
            account.apply(&inbox(), None, one, &edit).await.expect("and marks");
        }
    };
    let watching = async { while account.watch(&scopes).await.is_ok() {} };
    let work = async { tokio::join!(syncing, reading, marking) };
    tokio::select! {
        done = timeout(PATIENCE, work) => drop(done.expect("in time")),
        () = watching => panic!("the line broke"),
    }
    // None is made anew: a connection that rested is taken up again.
    let logins = server.log().matches("imap-login: Info: Login:").count();
    assert!((1..=3).contains(&logins), "{logins} connections, where servers count them");
}

#[tokio::test]
async fn a_change_in_another_mailbox_is_noticed_by_its_counts() {
    let Some(server) = dovecot(rungs()[0].clone()) else { return };
    let account = with_pace(&server, quick());
    let scopes = account.scopes().await.expect("scopes");
    for scope in &scopes {
        Mirror::default().sync(&account, scope, ALL).await;
    }
    let mut phone = Phone::on(&server);
    phone.client.append("Archive", "", &mail(1)).unwrap();
    let changed = timeout(PATIENCE, account.watch(&scopes)).await.expect("in time").expect("news");
    assert_eq!(changed, ["Archive"]);
    Mirror::default().sync(&account, &scope("Archive", MailboxRole::Archive), ALL).await;
    phone.client.command("SELECT Archive").unwrap();
    phone.client.command("STORE 1 +FLAGS (\\Seen)").unwrap();
    let changed = timeout(PATIENCE, account.watch(&scopes)).await.expect("in time").expect("news");
    assert_eq!(changed, ["Archive"], "flags count too");
}

#[tokio::test]
async fn while_a_person_looks_other_mailboxes_are_asked_sooner_with_and_without_idle() {
    for capabilities in [rungs()[0].clone(), Capabilities::Only("IMAP4rev1 UIDPLUS".into())] {
        let Some(server) = dovecot(capabilities.clone()) else { return };
        let mut account = with_pace(&server, quick());
        account.attention = Attention::new(HOUR, Duration::from_millis(50));
        let scopes = account.scopes().await.expect("scopes");
        for scope in &scopes {
            Mirror::default().sync(&account, scope, ALL).await;
        }
        let mut phone = Phone::on(&server);
        let mut wait = account.watch(&scopes);
        let early = timeout(Duration::from_millis(300), &mut wait).await;
        assert!(early.is_err(), "{capabilities:?}: nothing happened yet: {early:?}");
        account.attend(true);
        phone.client.append("Archive", "", &mail(1)).unwrap();
        let changed = timeout(PATIENCE, wait).await.expect("in time").expect("news");
        assert_eq!(changed, ["Archive"], "{capabilities:?}: the wait under way asks sooner");
        Mirror::default().sync(&account, &scope("Archive", MailboxRole::Archive), ALL).await;
        let mut wait = account.watch(&scopes);
        let early = timeout(Duration::from_millis(300), &mut wait).await;
        assert!(early.is_err(), "{capabilities:?}: it asks, and there is nothing: {early:?}");
        phone.client.append("Archive", "", &mail(2)).unwrap();
        let changed = timeout(PATIENCE, wait).await.expect("in time").expect("news");
        assert_eq!(changed, ["Archive"], "{capabilities:?}: and again and again");
    }
}

#[tokio::test]
async fn a_person_who_looks_ends_an_idle_by_the_word_and_keeps_its_connection() {
    let script = signed_in("IDLE")
        .expect("SELECT")
        .send("* 0 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [UIDNEXT 1] n\r\n{tag} OK\r\n")
        .expect("STATUS \"Work\"")
        .send("* STATUS \"Work\" (MESSAGES 3 UIDNEXT 4)\r\n{tag} OK\r\n")
        .expect("IDLE")
        .send("+ idling\r\n")
        .expect("DONE")
        .send("D4 OK\r\n")
        .expect("STATUS \"Work\"")
        .send("* STATUS \"Work\" (MESSAGES 4 UIDNEXT 5)\r\n{tag} OK\r\n")
        .hang();
    let server = ScriptedServer::start([script]).unwrap();
    let mut account = scripted(&server);
    account.attention = Attention::new(HOUR, Duration::from_millis(50));
    let scopes = [inbox(), scope("Work", MailboxRole::Other)];
    let mut wait = account.watch(&scopes);
    let early = timeout(Duration::from_millis(300), &mut wait).await;
    assert!(early.is_err(), "nothing is new: {early:?}");
    assert!(!server.received().iter().any(|line| line == "DONE"), "nobody looks");
    account.attend(true);
    let changed = timeout(PATIENCE, wait).await.expect("in time").expect("news");
    assert_eq!(changed, ["Work"]);
    drop(account);
    server.finish().unwrap();
}

#[tokio::test]
async fn what_happens_between_the_pull_and_the_wait_is_news() {
    let Some(server) = dovecot(rungs()[0].clone()) else { return };
    let account = with_pace(&server, quick());
    let mut phone = Phone::on(&server);
    phone.deliver("one");
    Mirror::default().sync(&account, &inbox(), ALL).await;
    phone.deliver("two");
    let changed =
        timeout(PATIENCE, account.watch(&[inbox()])).await.expect("in time").expect("news");
    assert_eq!(changed, ["INBOX"]);
    phone.deliver("three");
    let changed =
        timeout(PATIENCE, account.watch(&[inbox()])).await.expect("in time").expect("news");
    assert_eq!(changed, ["INBOX"], "also between two waits");
    let quiet = timeout(Duration::from_millis(200), account.watch(&[inbox()])).await;
    assert!(quiet.is_err(), "and then it is quiet: {quiet:?}");
}

#[tokio::test]
async fn idle_is_renewed_and_a_bye_ends_the_watch() {
    let script = signed_in("IDLE")
        .expect("SELECT")
        .send("* 0 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [UIDNEXT 1] n\r\n{tag} OK\r\n")
        .expect("IDLE")
        .send("+ idling\r\n* OK Still here\r\n* 0 RECENT\r\n")
        .expect("DONE")
        .send("D3 OK\r\n")
        .expect("IDLE")
        .send("+ idling\r\n* BYE bye\r\n")
        .close();
    let server = ScriptedServer::start([script]).unwrap();
    let mut account = scripted(&server);
    account.pace.idle_renewal = Duration::from_millis(50);
    let outcome = timeout(PATIENCE, account.watch(&[inbox()])).await.expect("in time");
    assert!(matches!(outcome, Err(ProviderError::Offline(_))), "{outcome:?}");
    server.finish().unwrap();
}

#[tokio::test]
async fn a_server_that_refuses_its_own_idle_is_polled() {
    let script = signed_in("IDLE")
        .expect("SELECT")
        .send("* 0 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [UIDNEXT 1] n\r\n{tag} OK\r\n")
        .expect("IDLE")
        .send("{tag} NO not today\r\n")
        .expect("NOOP")
        .send("* 1 EXISTS\r\n{tag} OK\r\n")
        .expect("NOOP")
        .send("* 2 EXISTS\r\n{tag} OK\r\n")
        .hang();
    let server = ScriptedServer::start([script]).unwrap();
    let account = scripted(&server);
    // The second wait finds INBOX selected still, and no IDLE.
    for wait in ["first", "second"] {
        let changed =
            timeout(PATIENCE, account.watch(&[inbox()])).await.expect("in time").expect("news");
        assert_eq!(changed, ["INBOX"], "the {wait} wait");
    }
    drop(account);
    server.finish().unwrap();
}

#[tokio::test]
async fn news_of_inbox_that_come_with_another_answer_are_not_lost() {
    let script = signed_in("IDLE")
        .expect("SELECT")
        .send("* 0 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [UIDNEXT 1] n\r\n{tag} OK\r\n")
        .expect("STATUS \"Work\"")
        .send("* STATUS \"Work\" (MESSAGES 3 UIDNEXT 4)\r\n* 1 EXISTS\r\n{tag} OK\r\n")
        .hang();
    let server = ScriptedServer::start([script]).unwrap();
    let account = scripted(&server);
    let scopes = [inbox(), scope("Work", MailboxRole::Other)];
    let changed = timeout(PATIENCE, account.watch(&scopes)).await.expect("in time").expect("news");
    assert_eq!(changed, ["INBOX"]);
    drop(account);
    server.finish().unwrap();
}

/// Seconds the machine has slept, in the story below.
static SLEPT: AtomicU64 = AtomicU64::new(0);

#[expect(clippy::disallowed_methods, reason = "a wall clock that runs ahead by a night's sleep")]
fn after_a_sleep() -> SystemTime {
    SystemTime::now() + Duration::from_secs(SLEPT.load(Ordering::SeqCst))
}

#[tokio::test]
async fn a_machine_that_slept_lets_go_of_its_connections_and_wants_everything_looked_at() {
    let listed = || signed_in("IDLE").expect("LIST").send("* LIST () \"/\" INBOX\r\n{tag} OK\r\n");
    // A stale connection says nothing any more: whoever trusts it waits in vain.
    let resting = listed().hang();
    let idling = signed_in("IDLE")
        .expect("SELECT")
        .send("* 0 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [UIDNEXT 1] n\r\n{tag} OK\r\n")
        .expect("IDLE")
        .send("+ idling\r\n")
        .hang();
    let server = ScriptedServer::start([resting, idling, listed()]).unwrap();
    let mut account = scripted(&server);
    account.pace =
        Pace { clock_check: Duration::from_millis(20), wall: after_a_sleep, ..account.pace };
    account.scopes().await.expect("a connection that rests from now on");
    let scopes = [inbox()];
    let mut wait = account.watch(&scopes);
    let early = timeout(Duration::from_millis(300), &mut wait).await;
    assert!(early.is_err(), "it idles while the machine is awake: {early:?}");
    SLEPT.store(8 * 60 * 60, Ordering::SeqCst);
    let woken =
        timeout(PATIENCE, wait).await.expect("within a look at the clock").expect("no error");
    assert_eq!(woken, [""; 0], "anything may have changed");
    let said = server.received();
    assert!(
        !said.iter().any(|line| line.contains("DONE")),
        "nobody talks to a dead line: {said:?}"
    );
    let again = timeout(PATIENCE, account.scopes()).await.expect("over a connection of its own");
    again.expect("what rested has gone stale too, and is not asked");
    drop(account);
    server.finish().unwrap();
}
