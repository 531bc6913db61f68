//! Copies our own moves made: known by their COPYUID before the mailbox they went to is pulled.
//!
//! The cursor of that mailbox ends below such a copy. A copy that another client expunges before the next pull
//! must not stay with us for ever, on any rung.

use deskbell_domain::MailboxRole;
use deskbell_domain::port::{MessageSource as _, StateSink as _};
use deskbell_domain::sync::{RemoteKey, RemoteScope, StateEdit};
use deskbell_testbed::{Dovecot, OtherClient};

use super::support::{ALL, Mirror, account, dovecot, inbox, mail, rungs, scope, with_pace};
use crate::imap::ImapProvider;
use crate::imap::pace::{Limits, Pace};

/// Two mailboxes, ours and the server's, and the phone.
struct Desk {
    server: Dovecot,
    account: ImapProvider,
    phone: OtherClient,
    inbox: Mirror,
    archive: Mirror,
}

impl Desk {
    /// Mails 1 to `count` in the inbox, known to us; `before` of them archived already.
    async fn with(server: Dovecot, account: ImapProvider, count: u32, before: u32) -> Self {
        let mut phone = server.other_client().expect("the phone signs in");
        phone.command("CREATE Archive").expect("a mailbox");
        for number in 1..=count {
            phone.append("INBOX", "", &mail(number)).expect("append");
        }
        let mut desk =
            Self { server, account, phone, inbox: Mirror::default(), archive: Mirror::default() };
        desk.sync().await;
        for number in 1..=before {
            desk.archive(number).await;
        }
        desk.sync().await;
        desk
    }

    async fn sync(&mut self) {
        self.inbox.sync(&self.account, &inbox(), ALL).await;
        self.archive.sync(&self.account, &archive(), ALL).await;
    }

    /// We archive a mail, and hold the copy from then on.
    async fn archive(&mut self, number: u32) -> u32 {
        let key = self.inbox.key_of(&format!("mail {number}"));
        let to = StateEdit::Move { to: MailboxRole::Archive };
        let told = self.account.apply(&inbox(), None, std::slice::from_ref(&key), &to).await;
        let told = told.expect("the move is accepted");
        let there = told.into_iter().find_map(|outcome| outcome.moved_to).expect("a COPYUID");
        assert_eq!(there.0, "Archive");
        let mut message = self.inbox.held.remove(&key).expect("held");
        message.key = there.1;
        let uid = message.key.to_uid().expect("a UID");
        self.archive.held.insert(message.key.clone(), message);
        uid
    }

    /// Another client deletes an archived copy for good.
    fn expunge(&mut self, uid: u32) {
        self.phone.command("SELECT Archive").expect("select");
        self.phone.command(&format!("UID STORE {uid} +FLAGS (\\Deleted)")).expect("store");
        self.phone.command(&format!("UID EXPUNGE {uid}")).expect("expunge");
    }

    fn archived(&self) -> Vec<String> {
        self.archive.subjects()
    }
}

fn archive() -> RemoteScope {
    scope("Archive", MailboxRole::Archive)
}

#[tokio::test]
async fn a_moved_copy_expunged_before_its_mailbox_is_pulled_does_not_stay() {
    for rung in rungs() {
        for before in [0, 3] {
            let Some(server) = dovecot(rung.clone()) else { return };
            let account = account(&server);
            let mut desk = Desk::with(server, account, 9, before).await;
            let known = desk.archived();
            assert_eq!(known.len(), before as usize);

            let moved = desk.archive(9).await;
            desk.expunge(moved);
            desk.sync().await;
            assert_eq!(desk.archived(), known, "{rung:?}: it came and went");

            // Another copy comes behind the one that goes.
            let moved = desk.archive(8).await;
            desk.archive(7).await;
            desk.expunge(moved);
            desk.sync().await;
            let with_seven = [known, vec!["mail 7".to_owned()]].concat();
            assert_eq!(desk.archived(), with_seven, "{rung:?}: only the expunged one goes");

            // And one of each end goes at once.
            let moved = desk.archive(6).await;
            desk.expunge(moved);
            let seven = desk.archive.key_of("mail 7").to_uid().expect("a UID");
            desk.expunge(seven);
            desk.archive(5).await;
            desk.sync().await;
            let with_five: Vec<String> = with_seven
                .into_iter()
                .filter(|subject| subject != "mail 7")
                .chain(["mail 5".to_owned()])
                .collect();
            assert_eq!(desk.archived(), with_five, "{rung:?}: old and new alike");
        }
    }
}

#[tokio::test]
async fn a_moved_copy_expunged_by_the_time_a_new_process_pulls_does_not_stay() {
    for rung in rungs() {
        let Some(server) = dovecot(rung.clone()) else { return };
        let limits = Limits { compared_per_page: 2, ..Limits::default() };
        let first = with_pace(&server, Pace { limits, ..Pace::default() });
        let mut desk = Desk::with(server, first, 12, 6).await;
        let moved = desk.archive(7).await;
        desk.archive(8).await;
        desk.phone.command("SELECT Archive").expect("select");
        desk.phone.command("UID STORE 1:6 +FLAGS (\\Seen)").expect("store");
        desk.expunge(moved);
        // Several windows, each begun by another process; the second page is lost.
        for page in 0.. {
            let again = with_pace(&desk.server, Pace { limits, ..Pace::default() });
            let pulled = again.pull(&archive(), desk.archive.cursor.as_ref(), ALL).await;
            let pulled = pulled.expect("a page");
            if page != 1 && !desk.archive.apply(pulled) {
                break;
            }
            if page == 1 {
                // One more comes and goes while the comparison is under way.
                let moved = desk.archive(9).await;
                desk.expunge(moved);
            }
        }
        desk.sync().await;
        let held: Vec<(String, bool)> = desk
            .archive
            .held
            .values()
            .map(|message| {
                (crate::conformance::mirror::subject(&message.source), message.flags.seen)
            })
            .collect();
        let wanted = [(1, true), (2, true), (3, true), (4, true), (5, true), (6, true), (8, false)];
        let wanted = wanted.map(|(number, seen)| (format!("mail {number}"), seen));
        assert_eq!(held, wanted, "{rung:?}");
    }
}

#[tokio::test]
async fn a_copy_that_arrives_after_the_listing_is_not_dropped_with_it() {
    for rung in rungs() {
        let Some(server) = dovecot(rung.clone()) else { return };
        let account = account(&server);
        let mut desk = Desk::with(server, account, 6, 2).await;
        // Something vanished and something arrived: keys must be compared, and there is a page to fetch.
        let gone = desk.archive.key_of("mail 1").to_uid().expect("a UID");
        desk.expunge(gone);
        desk.archive(3).await;
        desk.phone.append("Archive", "", &mail(30)).expect("append");
        let page = desk.account.pull(&archive(), desk.archive.cursor.as_ref(), ALL).await;
        // The next moves are accepted before that page is stored.
        desk.archive(4).await;
        let late = desk.archive(5).await;
        desk.archive.apply(page.expect("a page"));
        let held = ["mail 2", "mail 3", "mail 30", "mail 4", "mail 5"];
        assert_eq!(desk.archived(), held, "{rung:?}: no listing knew of the last two");
        desk.expunge(late);
        desk.sync().await;
        assert_eq!(desk.archived(), held[..4], "{rung:?}: and the next pull does");
        let keys: Vec<RemoteKey> = desk.archive.held.keys().cloned().collect();
        let bodies = desk.account.bodies(&archive(), None, &keys).await.expect("bodies");
        assert_eq!(bodies.len(), 4, "{rung:?}: every copy we hold is there");
    }
}
