//! Servers that break off, hang, lie, or speak strangely: survived, and nothing is lost.

use std::time::Duration;

use deskbell_domain::ProviderError;
use deskbell_domain::port::MessageSource as _;
use deskbell_domain::sync::{PullOptions, RemoteKey};
use deskbell_testbed::{Script, ScriptedServer};

use super::support::{ALL, Mirror, PATIENCE, inbox, scripted, signed_in};

const OPENED: &str =
    "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [UIDNEXT 4] n\r\n{tag} OK [READ-WRITE] open\r\n";
const LISTED: &str = "* SEARCH 1 2 3\r\n{tag} OK\r\n";

fn body(uid: u32) -> String {
    let text = format!("Subject: mail {uid}\r\n\r\nhello\r\n");
    format!(
        "* {uid} FETCH (UID {uid} FLAGS (\\Seen) INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" \
         RFC822.SIZE {size} BODY[] {{{size}}}\r\n{text})\r\n",
        size = text.len()
    )
}

fn sizes(uids: &[u32]) -> String {
    uids.iter()
        .map(|uid| format!("* {uid} FETCH (UID {uid} RFC822.SIZE 30)\r\n"))
        .collect::<String>()
        + "{tag} OK\r\n"
}

fn bodies(uids: &[u32]) -> String {
    uids.iter().map(|uid| body(*uid)).collect::<String>() + "{tag} OK\r\n"
}

/// Selected and listed: three messages wait.
fn opened() -> Script {
    signed_in("").expect("SELECT \"INBOX\"").send(OPENED).expect("UID SEARCH UID 1:3").send(LISTED)
}

fn well_behaved() -> Script {
    all_three_pulled().hang()
}

fn all_three_pulled() -> Script {
    opened()
        .expect("UID FETCH 1:3 (UID RFC822.SIZE)")
        .send(sizes(&[1, 2, 3]))
        .expect("BODY.PEEK[]")
        .send(bodies(&[1, 2, 3]))
}

async fn offline_and_then_complete(trouble: Script) {
    given_up_and_then_complete(trouble, PATIENCE).await;
}

/// The same with a first connection that is given up after so long a silence.
async fn given_up_and_then_complete(trouble: Script, silence: Duration) {
    let server = ScriptedServer::start([trouble, well_behaved()]).unwrap();
    let mut account = scripted(&server);
    account.pace.silence = silence;
    let mut mirror = Mirror::default();
    let outcome = account.pull(&inbox(), None, ALL).await;
    assert!(matches!(outcome, Err(ProviderError::Offline(_))), "{outcome:?}");
    account.pace.silence = PATIENCE;
    mirror.sync(&account, &inbox(), ALL).await;
    assert_eq!(mirror.subjects(), ["mail 1", "mail 2", "mail 3"], "a new connection brings it all");
    drop(account);
    server.finish().unwrap();
}

#[tokio::test]
async fn a_bye_at_any_time_means_offline_and_the_next_pull_goes_on() {
    offline_and_then_complete(opened().expect("FETCH").send("* BYE shutting down\r\n").close())
        .await;
    offline_and_then_complete(
        signed_in("").expect("SELECT").send("* 3 EXISTS\r\n* BYE\r\n").close(),
    )
    .await;
}

#[tokio::test]
async fn a_connection_cut_inside_a_literal_loses_nothing() {
    let answer = body(1);
    for keep in [10, 60, answer.len() - 8, answer.len() - 1] {
        let trouble = opened()
            .expect("SIZE")
            .send(sizes(&[1, 2, 3]))
            .expect("BODY.PEEK[]")
            .cut(&answer, keep);
        offline_and_then_complete(trouble).await;
    }
}

#[tokio::test]
async fn a_server_that_falls_silent_is_given_up() {
    let half = body(1).into_bytes().split_at(120).0.to_vec();
    let trouble =
        opened().expect("SIZE").send(sizes(&[1, 2, 3])).expect("BODY.PEEK[]").send(half).hang();
    // Long enough for the answers before it.
    given_up_and_then_complete(trouble, Duration::from_secs(3)).await;
}

#[tokio::test]
async fn a_server_that_throttles_is_left_alone_but_kept() {
    let script = signed_in("")
        .expect("SELECT")
        .send("{tag} NO [UNAVAILABLE] try again later\r\n")
        .expect("SELECT")
        .send("{tag} NO [LIMIT] too fast\r\n")
        .hang();
    let server = ScriptedServer::start([script]).unwrap();
    let account = scripted(&server);
    for _ in 0..2 {
        let outcome = account.pull(&inbox(), None, ALL).await;
        assert!(
            matches!(outcome, Err(ProviderError::RateLimited { after: Some(_) })),
            "{outcome:?}"
        );
    }
    drop(account);
    server.finish().unwrap();
}

#[tokio::test]
async fn a_server_that_lies_about_its_count_cannot_make_messages_vanish() {
    // It says 5, SEARCH finds 2, FETCH lists 3, and one body is handed out only when asked for alone.
    let script = signed_in("")
        .expect("SELECT")
        .send(OPENED.replace("* 3 EXISTS", "* 5 EXISTS"))
        .expect("UID SEARCH UID 1:3")
        .send("* SEARCH 1 2\r\n{tag} OK\r\n")
        .expect("UID FETCH 1:3 (UID)")
        .send("* 1 FETCH (UID 1)\r\n* 2 FETCH (UID 2)\r\n* 3 FETCH (UID 3)\r\n{tag} OK\r\n")
        .expect("RFC822.SIZE)")
        .send(sizes(&[1, 3]))
        .expect("BODY.PEEK[]")
        .send(body(1) + &body(3) + "{tag} NO some messages could not be fetched\r\n")
        .expect("UID SEARCH UID 2")
        .send("* SEARCH 2\r\n{tag} OK\r\n")
        .expect("UID FETCH 2 (")
        .send(bodies(&[2]))
        .hang();
    let server = ScriptedServer::start([script]).unwrap();
    let mut mirror = Mirror::default();
    mirror.sync(&scripted(&server), &inbox(), ALL).await;
    assert_eq!(mirror.subjects(), ["mail 1", "mail 2", "mail 3"]);
    server.finish().unwrap();
}

#[tokio::test]
async fn a_message_that_is_not_handed_out_stops_no_other_and_is_asked_for_again() {
    let script = opened()
        .expect("RFC822.SIZE)")
        .send(sizes(&[1, 2, 3]))
        .expect("BODY.PEEK[]")
        .send(body(1) + &body(3) + "* 2 FETCH (UID 2 BODY[] NIL)\r\n{tag} OK\r\n")
        .expect("UID SEARCH UID 2")
        .send("* SEARCH 2\r\n{tag} OK\r\n")
        .expect("UID FETCH 2 (")
        .send("{tag} NO [SERVERBUG] cannot read\r\n")
        .expect("SELECT")
        .send(OPENED)
        .expect("UID SEARCH UID 1:*")
        .send(LISTED)
        .expect("UID FETCH 1:3 (UID FLAGS)")
        .send("{tag} OK\r\n")
        .expect("UID SEARCH UID 2")
        .send("* SEARCH 2\r\n{tag} OK\r\n")
        .expect("UID FETCH 2 (UID RFC822.SIZE)")
        .send(sizes(&[2]))
        .expect("UID FETCH 2 (UID FLAGS")
        .send(bodies(&[2]))
        .hang();
    let server = ScriptedServer::start([script]).unwrap();
    let account = scripted(&server);
    let mut mirror = Mirror::default();
    mirror.sync(&account, &inbox(), ALL).await;
    assert_eq!(mirror.subjects(), ["mail 1", "mail 3"], "the others come");
    mirror.sync(&account, &inbox(), ALL).await;
    assert_eq!(mirror.subjects(), ["mail 1", "mail 2", "mail 3"], "and the gap is closed");
    drop(account);
    server.finish().unwrap();
}

#[tokio::test]
async fn a_server_in_trouble_is_offline_and_a_throttle_in_the_middle_skips_nothing() {
    let broken = opened().expect("RFC822.SIZE)").send("{tag} NO [SERVERBUG] index is broken\r\n");
    let server = ScriptedServer::start([broken]).unwrap();
    let outcome = scripted(&server).pull(&inbox(), None, ALL).await;
    assert!(matches!(outcome, Err(ProviderError::Offline(_))), "{outcome:?}");
    server.finish().unwrap();

    let throttled = opened()
        .expect("RFC822.SIZE)")
        .send(sizes(&[1, 2, 3]))
        .expect("BODY.PEEK[]")
        .send(body(1) + "{tag} NO [LIMIT] that was a lot\r\n")
        .hang();
    let server = ScriptedServer::start([throttled]).unwrap();
    let account = scripted(&server);
    let outcome = account.pull(&inbox(), None, ALL).await;
    assert!(matches!(outcome, Err(ProviderError::RateLimited { .. })), "{outcome:?}");
    drop(account);
    server.finish().unwrap();
}

/// Bodies asked for together break, and what each answers that is asked for alone.
fn bodies_that_break(alone: [&str; 3]) -> Script {
    let script = signed_in("").expect("SELECT \"INBOX\"").send(OPENED);
    let mut script = script.expect("BODY.PEEK[]").send("{tag} NO [SERVERBUG] storage\r\n");
    for (uid, answer) in (1..).zip(alone) {
        script = script.expect(&format!("UID FETCH {uid} (UID BODY.PEEK[])")).send(answer);
    }
    script.hang()
}

#[tokio::test]
async fn a_server_that_can_give_no_body_is_out_of_order_and_one_broken_message_is_not() {
    let keys = [1, 2, 3].map(RemoteKey::from_uid);
    let no = "{tag} NO [SERVERBUG] storage\r\n";
    let server = ScriptedServer::start([bodies_that_break([no, no, no])]).unwrap();
    let account = scripted(&server);
    let outcome = account.bodies(&inbox(), None, &keys).await;
    assert!(matches!(outcome, Err(ProviderError::Offline(_))), "it passes: {outcome:?}");
    drop(account);
    server.finish().unwrap();

    let (one, three) = (body(1) + "{tag} OK\r\n", body(3) + "{tag} OK\r\n");
    let server = ScriptedServer::start([bodies_that_break([&one, no, &three])]).unwrap();
    let account = scripted(&server);
    let given = account.bodies(&inbox(), None, &keys).await.expect("the others come");
    let given: Vec<_> = given.into_iter().map(|body| body.key).collect();
    assert_eq!(given, [keys[0].clone(), keys[2].clone()], "and the broken one is not given");
    drop(account);
    server.finish().unwrap();
}

#[tokio::test]
async fn strange_words_in_the_middle_are_passed_over() {
    let noise = "* 2 FETCH (FLAGS (\\Deleted))\r\n* 4 EXISTS\r\n* OK [\u{e9}]\u{e9}\r\n* FROB {}(\r\n\
                 * 9 FETCH (UID 0 INTERNALDATE NIL BODY[] NIL)\r\n* 1 RECENT\r\n* NO [ALERT]\u{65e5}\r\n\
                 * FLAGS (\\Seen $\u{fc})\r\n* ESEARCH (TAG \"x\") UID\r\n";
    let script = opened()
        .expect("RFC822.SIZE)")
        .send(noise.to_owned() + &sizes(&[1, 2, 3]))
        .expect("BODY.PEEK[]")
        .send(body(1) + noise + &body(2) + noise + &body(3) + "{tag} OK \u{e9}\r\n")
        .hang();
    let server = ScriptedServer::start([script]).unwrap();
    let mut mirror = Mirror::default();
    mirror.sync(&scripted(&server), &inbox(), ALL).await;
    assert_eq!(mirror.subjects(), ["mail 1", "mail 2", "mail 3"]);
    server.finish().unwrap();
}

#[tokio::test]
async fn news_told_during_a_page_are_passed_on() {
    let script = opened()
        .expect("RFC822.SIZE)")
        .send("* 3 FETCH (UID 3 RFC822.SIZE 30)\r\n{tag} OK\r\n")
        .expect("UID FETCH 3 (")
        .send(bodies(&[3]))
        .expect("RFC822.SIZE)")
        .send("* 2 FETCH (UID 2 RFC822.SIZE 30)\r\n{tag} OK\r\n")
        .expect("UID FETCH 2 (")
        .send(
            "* 3 FETCH (UID 3 FLAGS (\\Flagged))\r\n* 1 EXPUNGE\r\n* 3 EXISTS\r\n".to_owned()
                + &bodies(&[2]),
        )
        .expect("UID SEARCH UID 4:*")
        .send("* SEARCH 4\r\n{tag} OK\r\n")
        .expect("RFC822.SIZE)")
        .send("* 3 FETCH (UID 4 RFC822.SIZE 30)\r\n{tag} OK\r\n")
        .expect("UID FETCH 4 (")
        .send(bodies(&[4]))
        .expect("RFC822.SIZE)")
        .send("{tag} OK\r\n")
        .expect("UID FETCH 1 (")
        .send("{tag} OK\r\n")
        .expect("UID SEARCH UID 1")
        .send("* SEARCH\r\n{tag} OK\r\n")
        .hang();
    let server = ScriptedServer::start([script]).unwrap();
    let mut mirror = Mirror::default();
    mirror.sync(&scripted(&server), &inbox(), PullOptions { max_messages: 1, ..ALL }).await;
    assert_eq!(mirror.subjects(), ["mail 2", "mail 3", "mail 4"]);
    assert!(mirror.flags_of("mail 3").expect("held").starred, "starred elsewhere meanwhile");
    server.finish().unwrap();
}

#[tokio::test]
async fn a_mailbox_without_mod_sequences_is_swept_though_the_server_knows_them() {
    let select = OPENED.replace("{tag}", "* OK [NOMODSEQ] none here\r\n{tag}");
    let script = signed_in("CONDSTORE")
        .expect("SELECT \"INBOX\" (CONDSTORE)")
        .send(&select)
        .expect("UID SEARCH UID 1:3")
        .send(LISTED)
        .expect("RFC822.SIZE)")
        .send(sizes(&[1, 2, 3]))
        .expect("BODY.PEEK[]")
        .send(bodies(&[1, 2, 3]))
        .expect("SELECT \"INBOX\" (CONDSTORE)")
        .send(select.replace("* 3 EXISTS", "* 2 EXISTS"))
        .expect("UID SEARCH UID 1:*")
        .send("* SEARCH 1 3\r\n{tag} OK\r\n")
        .expect("UID FETCH 1:3 (UID FLAGS)")
        .send("* 1 FETCH (UID 1 FLAGS ())\r\n* 2 FETCH (FLAGS (\\Seen) UID 3)\r\n{tag} OK\r\n")
        .hang();
    let server = ScriptedServer::start([script]).unwrap();
    let account = scripted(&server);
    let mut mirror = Mirror::default();
    mirror.sync(&account, &inbox(), ALL).await;
    mirror.sync(&account, &inbox(), ALL).await;
    assert_eq!(mirror.subjects(), ["mail 1", "mail 3"]);
    assert!(!mirror.flags_of("mail 1").expect("held").seen, "marked unread elsewhere");
    drop(account);
    server.finish().unwrap();
}

#[tokio::test]
async fn a_mod_sequence_that_went_back_is_not_trusted() {
    let select = |modseq: u32| {
        OPENED.replace("{tag}", &format!("* OK [HIGHESTMODSEQ {modseq}] h\r\n{{tag}}"))
    };
    let script = signed_in("CONDSTORE")
        .expect("SELECT")
        .send(select(90))
        .expect("UID SEARCH")
        .send(LISTED)
        .expect("RFC822.SIZE)")
        .send(sizes(&[1, 2, 3]))
        .expect("BODY.PEEK[]")
        .send(bodies(&[1, 2, 3]))
        .expect("SELECT")
        .send(select(5))
        .expect("UID SEARCH UID 1:*")
        .send(LISTED)
        .expect("UID FETCH 1:3 (UID FLAGS)")
        .send("* 2 FETCH (UID 2 FLAGS (\\Flagged))\r\n{tag} OK\r\n")
        .hang();
    let server = ScriptedServer::start([script]).unwrap();
    let account = scripted(&server);
    let mut mirror = Mirror::default();
    mirror.sync(&account, &inbox(), ALL).await;
    mirror.sync(&account, &inbox(), ALL).await;
    assert!(mirror.flags_of("mail 2").expect("held").starred, "everything was compared");
    drop(account);
    server.finish().unwrap();
}

#[tokio::test]
async fn a_server_that_lists_nothing_of_what_it_counts_cannot_empty_the_mailbox() {
    let script = all_three_pulled()
        .expect("SELECT")
        .send(OPENED)
        .expect("UID SEARCH UID 1:*")
        .send("* SEARCH\r\n{tag} OK\r\n")
        .expect("UID FETCH 1:* (UID)")
        .send("{tag} OK\r\n")
        .hang();
    let server = ScriptedServer::start([script]).unwrap();
    let account = scripted(&server);
    let mut mirror = Mirror::default();
    mirror.sync(&account, &inbox(), ALL).await;
    let outcome = account.pull(&inbox(), mirror.cursor.as_ref(), ALL).await;
    assert!(matches!(outcome, Err(ProviderError::Offline(_))), "{outcome:?}");
    drop(account);
    server.finish().unwrap();
}
