//! What changes on the server while we are away: flags in bulk, numbering, whole mailboxes.

use deskbell_domain::port::{MessageSource as _, StateSink as _};
use deskbell_domain::sync::{PullOptions, RemoteChange, RemoteKey, RemoteSource, StateEdit};
use deskbell_domain::{MailboxRole, ProviderError};
use deskbell_testbed::{Dovecot, Filed};

use super::conformance::Phone;
use super::support::{ALL, Mirror, account, dovecot, inbox, mail, rungs, scope, with_pace};
use crate::imap::pace::{Limits, Pace};

fn filled(server: &mut Dovecot, count: u32) {
    let user = server.user().to_owned();
    server.fill_maildir(&user, "INBOX", (1..=count).map(|n| Filed::from(mail(n)))).unwrap();
}

#[tokio::test]
async fn bulk_changes_come_in_windows_and_the_cursor_waits_for_the_last() {
    for rung in rungs() {
        let Some(mut server) = dovecot(rung.clone()) else { return };
        filled(&mut server, 100);
        let limits = Limits { compared_per_page: 30, ..Limits::default() };
        let account = with_pace(&server, Pace { limits, ..Pace::default() });
        let mut mirror = Mirror::default();
        mirror.sync(&account, &inbox(), ALL).await;
        let mut phone = Phone::on(&server);
        phone.client.command("UID STORE 1:100 +FLAGS.SILENT (\\Seen)").unwrap();
        phone.client.command("UID STORE 5,40,41,99 +FLAGS.SILENT (\\Deleted)").unwrap();
        phone.client.command("EXPUNGE").unwrap();
        let first = account.pull(&inbox(), mirror.cursor.as_ref(), ALL).await.expect("a page");
        assert!(first.more, "{rung:?}: one window is not enough");
        // The page is lost before it is stored, and the process with it.
        let account = with_pace(&server, Pace { limits, ..Pace::default() });
        let pages = mirror.sync(&account, &inbox(), ALL).await;
        assert!(pages >= 3, "{rung:?}: {pages} windows");
        assert_eq!(mirror.held.len(), 96, "{rung:?}");
        assert!(mirror.held.values().all(|message| message.flags.seen), "{rung:?}: all are read");
        let quiet = account.pull(&inbox(), mirror.cursor.as_ref(), ALL).await.expect("a page");
        let news =
            quiet.changes.iter().filter(|change| !matches!(change, RemoteChange::Present { .. }));
        assert_eq!(news.count(), 0, "{rung:?}: nothing is told twice");
    }
}

#[tokio::test]
async fn a_long_gap_of_vanished_numbers_is_told_as_one_window() {
    let Some(mut server) = dovecot(rungs()[0].clone()) else { return };
    filled(&mut server, 300);
    let account = account(&server);
    let mut mirror = Mirror::default();
    mirror.sync(&account, &inbox(), ALL).await;
    let mut phone = Phone::on(&server);
    phone.client.command("UID STORE 11:290,295 +FLAGS.SILENT (\\Deleted)").unwrap();
    phone.client.command("EXPUNGE").unwrap();
    let page = account.pull(&inbox(), mirror.cursor.as_ref(), ALL).await.expect("a page");
    assert!(page.changes.len() < 10, "280 removals need few words: {}", page.changes.len());
    mirror.apply(page);
    assert_eq!(mirror.held.len(), 19);
}

#[tokio::test]
async fn a_renumbered_mailbox_is_listed_anew_by_headers() {
    for rung in rungs() {
        let Some(mut server) = dovecot(rung.clone()) else { return };
        filled(&mut server, 30);
        let account = account(&server);
        let mut mirror = Mirror::default();
        mirror.sync(&account, &inbox(), ALL).await;
        let old = mirror.key_of("mail 30");
        let user = server.user().to_owned();
        server.renumber(&user, "INBOX").unwrap();
        let sink = account.apply(&inbox(), None, &[old], &StateEdit::Erase).await;
        assert!(sink.is_err(), "{rung:?}: an old number must not touch another message: {sink:?}");
        mirror.order.clear();
        let mut pages = 0;
        loop {
            let page = match account
                .pull(&inbox(), mirror.cursor.as_ref(), PullOptions { max_messages: 10, ..ALL })
                .await
            {
                Ok(page) => page,
                // The connection of before the restart.
                Err(ProviderError::Offline(_)) if pages == 0 => continue,
                Err(error) => panic!("{rung:?} {pages}: {error:?} {}", server.log()),
            };
            pages += 1;
            if !mirror.apply(page) {
                break;
            }
        }
        assert_eq!(mirror.renumbered, 1);
        assert_eq!(mirror.held.len(), 30, "{rung:?}: nothing is lost");
        assert!(
            mirror.held.values().all(|message| matches!(message.source, RemoteSource::Headers(_))),
            "known messages are recognised by their headers"
        );
        server.deliver(&user, &mail(31)).unwrap();
        mirror.sync(&account, &inbox(), ALL).await;
        let newest = mirror.held.values().next_back().expect("held");
        assert!(matches!(newest.source, RemoteSource::Full(_)), "new mail comes whole again");
    }
}

#[tokio::test]
async fn keys_of_an_old_numbering_are_refused() {
    let Some(mut server) = dovecot(rungs()[0].clone()) else { return };
    filled(&mut server, 3);
    let account = with_pace(&server, Pace { trust: std::time::Duration::ZERO, ..Pace::default() });
    let mut mirror = Mirror::default();
    mirror.sync(&account, &inbox(), ALL).await;
    let user = server.user().to_owned();
    server.renumber(&user, "INBOX").unwrap();
    let key = [RemoteKey::from_uid(2)];
    let bodies = account.bodies(&inbox(), None, &key).await;
    assert!(matches!(bodies, Err(ProviderError::CursorLost(_))), "{bodies:?}");
    let edited = account.apply(&inbox(), None, &key, &StateEdit::Erase).await;
    assert!(matches!(edited, Err(ProviderError::CursorLost(_))), "{edited:?}");
}

#[tokio::test]
async fn stored_keys_of_an_old_numbering_are_refused_by_a_fresh_process_too() {
    let Some(mut server) = dovecot(rungs()[0].clone()) else { return };
    filled(&mut server, 3);
    let mut mirror = Mirror::default();
    mirror.sync(&account(&server), &inbox(), ALL).await;
    let user = server.user().to_owned();
    server.renumber(&user, "INBOX").unwrap();
    let (fresh, stored) = (account(&server), mirror.cursor.as_ref());
    let key = [RemoteKey::from_uid(2)];
    let bodies = fresh.bodies(&inbox(), stored, &key).await;
    assert!(matches!(bodies, Err(ProviderError::CursorLost(_))), "{bodies:?}");
    let edited = fresh.apply(&inbox(), stored, &key, &StateEdit::Erase).await;
    assert!(matches!(edited, Err(ProviderError::CursorLost(_))), "{edited:?}");
}

#[tokio::test]
async fn a_mailbox_that_is_gone_is_told_from_one_that_is_refused() {
    let Some(server) = dovecot(rungs()[0].clone()) else { return };
    let gone = scope("Clients/Left", MailboxRole::Other);
    let outcome = account(&server).pull(&gone, None, ALL).await;
    assert!(
        matches!(&outcome, Err(ProviderError::ScopeGone(key)) if key == "Clients/Left"),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn a_message_too_large_comes_by_its_headers_and_whole_when_asked_for() {
    let Some(mut server) = dovecot(rungs()[0].clone()) else { return };
    let user = server.user().to_owned();
    let large = [mail(2), vec![b'x'; 50_000], b"\r\n".to_vec()].concat();
    let mails = [mail(1), large.clone(), mail(3)];
    server.fill_maildir(&user, "INBOX", mails.into_iter().map(Filed::from)).unwrap();
    let limits = Limits { large_message: 40_000, ..Limits::default() };
    let account = with_pace(&server, Pace { limits, ..Pace::default() });
    let mut mirror = Mirror::default();
    mirror.sync(&account, &inbox(), ALL).await;
    let kinds: Vec<bool> = mirror
        .held
        .values()
        .map(|message| matches!(message.source, RemoteSource::Full(_)))
        .collect();
    assert_eq!(kinds, [true, false, true]);
    let bodies =
        account.bodies(&inbox(), None, &[mirror.key_of("mail 2")]).await.expect("the body");
    assert_eq!(bodies.first().map(|body| body.source.len()), Some(large.len()));
}
