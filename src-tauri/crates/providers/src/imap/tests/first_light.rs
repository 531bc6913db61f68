//! The first pull: newest first, in pages, complete.

use deskbell_domain::MailboxRole;
use deskbell_domain::port::MessageSource as _;
use deskbell_domain::sync::{PullOptions, RemoteSource};
use deskbell_testbed::Filed;

use super::support::{ALL, Mirror, account, dovecot, inbox, mail, rungs};

#[tokio::test]
async fn the_mailboxes_of_a_real_server_come_with_their_roles() {
    let Some(server) = dovecot(rungs()[0].clone()) else { return };
    server.other_client().unwrap().command("CREATE \"Entw&APw-rfe f&APw-r &- Kunden\"").unwrap();
    let check = account(&server).check().await.expect("the settings are right");
    assert!(check.capabilities.qresync, "QRESYNC is on: {:?}", check.capabilities);
    let role =
        |name: &str| check.scopes.iter().find(|scope| scope.name == name).map(|scope| scope.role);
    assert_eq!(role("INBOX"), Some(MailboxRole::Inbox));
    assert_eq!(role("Archive"), Some(MailboxRole::Archive));
    assert_eq!(role("Junk"), Some(MailboxRole::Spam));
    assert_eq!(role("Entwürfe für & Kunden"), Some(MailboxRole::Other));
}

#[tokio::test]
async fn the_first_pull_brings_everything_once_newest_first() {
    for rung in rungs() {
        let Some(mut server) = dovecot(rung.clone()) else { return };
        let user = server.user().to_owned();
        server.fill_maildir(&user, "INBOX", (1..=95).map(|n| Filed::from(mail(n)))).unwrap();
        let account = account(&server);
        for bodies in [true, false] {
            let mut mirror = Mirror::default();
            let options = PullOptions { max_messages: 20, bodies, ..ALL };
            let first = account.pull(&inbox(), None, options).await.expect("a page");
            assert_eq!(first.remaining, Some(75), "{rung:?}");
            assert_eq!(first.remote_total, Some(95));
            assert!(first.more);
            mirror.apply(first);
            let pages = mirror.sync(&account, &inbox(), options).await;
            assert_eq!(pages, 4, "{rung:?}");
            let mut newest_first = mirror.order.clone();
            newest_first.sort_by(|a, b| b.cmp(a));
            assert_eq!(mirror.order, newest_first, "newest first, each once");
            assert_eq!(mirror.held.len(), 95);
            for message in mirror.held.values() {
                assert_eq!(matches!(message.source, RemoteSource::Full(_)), bodies);
                assert!(message.internal_date > 0, "INTERNALDATE is told");
                assert!(message.size > 100);
            }
            assert_eq!(
                mirror.subjects(),
                (1..=95).map(|n| format!("mail {n}")).collect::<Vec<_>>()
            );
        }
    }
}

#[tokio::test]
async fn a_page_ends_with_the_message_that_passes_its_bytes() {
    let Some(mut server) = dovecot(rungs()[0].clone()) else { return };
    let user = server.user().to_owned();
    let long = |n: u32| [mail(n), vec![b'x'; 10_000], b"\r\n".to_vec()].concat();
    server.fill_maildir(&user, "INBOX", (1..=9).map(|n| Filed::from(long(n)))).unwrap();
    let account = account(&server);
    let options = PullOptions { max_bytes: 25_000, ..ALL };
    let page = account.pull(&inbox(), None, options).await.expect("a page");
    assert_eq!(page.remaining, Some(6), "three messages pass 25,000 bytes");
    let mut mirror = Mirror::default();
    mirror.apply(page);
    mirror.sync(&account, &inbox(), options).await;
    assert_eq!(mirror.held.len(), 9);
    assert_eq!(mirror.order.len(), 9, "each message came once");
}
