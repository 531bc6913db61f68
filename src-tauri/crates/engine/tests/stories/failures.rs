//! What goes wrong, and what the account says then.

use std::time::Duration;

use deskbell_domain::time::MINUTE;
use deskbell_domain::{AccountState, MailboxRole, ProviderError};
use deskbell_engine::RoundError;
use deskbell_store::StoreError;
use tokio_util::sync::CancellationToken;

use crate::desk::Desk;
use crate::first_sync::two_mailboxes;
use crate::server::{Op, Server};

#[tokio::test]
async fn a_refused_password_says_so_and_a_new_one_mends_it() {
    let server = two_mailboxes();
    server.fill("INBOX", 1);
    let desk = Desk::new(server).await;
    desk.change_password("crayon");
    let error = desk.sync().await.expect_err("the password is wrong");
    assert!(matches!(error, RoundError::Provider(ProviderError::Auth(_))), "{error}");
    let row = desk.row().await;
    assert_eq!(row.state, AccountState::SignInNeeded);
    assert!(row.detail.expect("words").contains("Enter the password again"), "the remedy is named");
    assert_eq!(desk.runs().await[0].outcome, "sign_in_needed");
    desk.change_password("pencil");
    desk.sync().await.expect("the right password");
    let row = desk.row().await;
    assert_eq!((row.state, row.detail), (AccountState::Ok, None));
}

#[tokio::test]
async fn a_refused_mailbox_is_named_and_the_others_are_read() {
    let boxes = [
        ("INBOX", MailboxRole::Inbox),
        ("Private", MailboxRole::Other),
        ("Archive", MailboxRole::Archive),
    ];
    let server = Server::with_mailboxes(&boxes);
    server.fill("INBOX", 3);
    server.fill("Archive", 2);
    server.refuse("Private");
    let desk = Desk::new(server).await;
    let error = desk.sync().await.expect_err("one mailbox is refused");
    assert!(error.to_string().contains("Private: no permission"), "{error}");
    assert_eq!(desk.messages().await.len(), 5, "the others were read to their end");
    assert_eq!(desk.row().await.state, AccountState::Error);
}

#[tokio::test]
async fn an_empty_list_of_mailboxes_erases_nothing() {
    let server = two_mailboxes();
    server.fill("INBOX", 3);
    let desk = Desk::new(server).await;
    desk.sync().await.expect("the first sync");
    desk.server.remove_mailbox("INBOX");
    desk.server.remove_mailbox("Archive");
    desk.sync().await.expect_err("that cannot be right");
    assert_eq!(desk.copies("INBOX").await, 3, "nothing was believed");
}

#[tokio::test]
async fn three_useless_answers_rest_the_account_and_a_person_may_probe_it() {
    let server = two_mailboxes();
    let desk = Desk::new(server).await;
    let (engine, token) = (desk.idle(), CancellationToken::new());
    for _ in 0..3 {
        desk.server.fail(Op::Scopes, ProviderError::Protocol("gibberish".into()));
        engine.sync_once(desk.account, &token).await.expect_err("gibberish");
    }
    let resting = engine.breakers(desk.account).await.expect("readable");
    assert_eq!(resting.len(), 1, "reading rests");
    assert_eq!((resting[0].operation.as_str(), resting[0].failures), ("post_pull", 3));
    engine.sync_once(desk.account, &token).await.expect("a person asked, and it works again");
    assert_eq!(engine.breakers(desk.account).await.expect("readable"), [], "the rest is over");
}

#[tokio::test]
async fn a_provider_that_wants_a_pause_gets_it_and_the_sync_goes_on() {
    let server = two_mailboxes();
    server.fill("INBOX", 300);
    let desk = Desk::new(server).await;
    let after = Some(Duration::from_millis(1));
    for _ in 0..3 {
        desk.server.fail(Op::Pull, ProviderError::RateLimited { after });
    }
    let summary = desk.sync().await.expect("the fourth try works");
    assert_eq!(summary.tally.added, 300);
    for _ in 0..4 {
        desk.server.fail(Op::Pull, ProviderError::RateLimited { after });
    }
    desk.sync().await.expect_err("four times in a row ends the sync");
    let after = Some(Duration::from_secs(3_600));
    desk.server.fail(Op::Pull, ProviderError::RateLimited { after });
    desk.sync().await.expect_err("an hour is not waited for inside a sync");
}

#[tokio::test]
async fn a_full_disk_pauses_the_account_and_leaves_nothing_half_written() {
    let server = two_mailboxes();
    server.fill("INBOX", 20);
    let desk = Desk::new(server).await;
    desk.sync().await.expect("the first sync");
    desk.server.fill("Archive", 3_000);
    desk.limit_disk(Some(20)).await;
    let error = desk.sync().await.expect_err("the disk is full");
    assert!(matches!(error, RoundError::Store(StoreError::DiskFull)), "{error}");
    let row = desk.row().await;
    assert_eq!(row.state, AccountState::StorageFull);
    assert!(row.detail.expect("words").contains("free some space"), "the remedy is named");
    let torn = "SELECT count(*) FROM scope s WHERE local_total <> (SELECT count(*) FROM location l WHERE l.scope_id = s.id)";
    assert_eq!(desk.number(torn).await, 0, "counters and rows agree");
    desk.limit_disk(None).await;
    desk.clock.advance(MINUTE);
    desk.sync().await.expect("there is room again");
    assert_eq!(desk.copies("Archive").await, 3_000);
    assert_eq!(desk.row().await.state, AccountState::Ok);
}

#[tokio::test]
async fn a_provider_that_promises_more_and_sends_nothing_is_not_asked_for_ever() {
    let server = two_mailboxes();
    let desk = Desk::new(server).await;
    desk.sync().await.expect("the first sync");
    desk.server.stall("INBOX");
    let error = desk.sync().await.expect_err("it makes no progress");
    assert!(error.to_string().contains("promises more"), "{error}");
}

#[tokio::test]
async fn a_sync_cut_short_by_the_end_of_the_process_is_not_running_after_the_next_start() {
    use deskbell_store::table::sync_run;
    use deskbell_store::{OpenOptions, Origin, Store};
    let directory = tempfile::tempdir().expect("a directory");
    let open = || Store::open(directory.path(), OpenOptions::default()).expect("a profile").store;
    let store = open();
    let account = crate::desk::add_account(&store, "desk@shop.example").await;
    let begin = move |w: &mut deskbell_store::Write<'_>| sync_run::begin(w, account);
    store.write(Origin::Sync, 1, begin).await.expect("a run");
    drop(store);
    let runs = open().read(move |c| sync_run::latest(c, account, 5)).await.expect("the history");
    assert_eq!(runs.len(), 1);
    assert_eq!(runs[0].outcome, "stopped", "nobody is running it");
}
