//! Writing back: on servers that can do less, and into mailboxes that are not there yet.

use std::sync::Mutex;

use async_trait::async_trait;
use deskbell_domain::port::{EditSteps, MessageSource as _, StateSink as _};
use deskbell_domain::sync::{RemoteKey, StateEdit};
use deskbell_domain::{MailboxRole, ProviderError};
use deskbell_testbed::{Capabilities, Script, ScriptedServer};

use super::conformance::Phone;
use super::support::{
    ALL, Mirror, account, dovecot, inbox, mail, rungs, scope, scripted, signed_in,
};

const OPENED: &str =
    "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [UIDNEXT 4] n\r\n{tag} OK [READ-WRITE] open\r\n";

fn keys(uids: &[u32]) -> Vec<RemoteKey> {
    uids.iter().map(|uid| RemoteKey::from_uid(*uid)).collect()
}

#[tokio::test]
async fn without_uidplus_nothing_is_ever_expunged() {
    let Some(server) = dovecot(Capabilities::Only("IMAP4rev1".into())) else { return };
    for number in 1..=3 {
        server.deliver(server.user(), &mail(number)).unwrap();
    }
    let mut phone = Phone::on(&server);
    phone.client.command("UID STORE 3 +FLAGS (\\Deleted)").unwrap();
    let account = account(&server);
    account.apply(&inbox(), None, &keys(&[1]), &StateEdit::Erase).await.expect("marked");
    account
        .apply(&inbox(), None, &keys(&[2]), &StateEdit::Move { to: MailboxRole::Archive })
        .await
        .expect("copied");
    phone.client.command("NOOP").unwrap();
    let left = phone.client.command("UID SEARCH DELETED").unwrap().join("\n");
    assert!(left.contains("* SEARCH 1 2 3"), "all are marked, none is removed: {left}");
    let mut archive = Mirror::default();
    archive.sync(&account, &scope("Archive", MailboxRole::Archive), ALL).await;
    assert_eq!(archive.subjects(), ["mail 2"]);
}

#[tokio::test]
async fn what_another_client_marked_stays_when_we_expunge_ours() {
    let Some(server) = dovecot(Capabilities::Only("IMAP4rev1 UIDPLUS".into())) else { return };
    for number in 1..=3 {
        server.deliver(server.user(), &mail(number)).unwrap();
    }
    let mut phone = Phone::on(&server);
    phone.client.command("UID STORE 3 +FLAGS (\\Deleted)").unwrap();
    let account = account(&server);
    account.apply(&inbox(), None, &keys(&[1]), &StateEdit::Erase).await.expect("erased");
    account
        .apply(&inbox(), None, &keys(&[2]), &StateEdit::Move { to: MailboxRole::Trash })
        .await
        .expect("moved");
    phone.client.command("NOOP").unwrap();
    let left = phone.client.command("UID SEARCH ALL").unwrap().join("\n");
    assert!(
        left.contains("* SEARCH 3"),
        "only the phone's own message is left, still marked: {left}"
    );
}

/// Signed in, selected, one message there, no mailbox for the archive.
fn without_archive(capabilities: &str, names: &str) -> Script {
    signed_in(capabilities)
        .expect("SELECT \"INBOX\"")
        .send(OPENED)
        .expect("LIST")
        .send(format!("{names}{{tag}} OK\r\n"))
}

#[tokio::test]
async fn a_missing_mailbox_is_made_subscribed_and_used() {
    let script = without_archive(
        "MOVE UIDPLUS CREATE-SPECIAL-USE",
        "* LIST () \".\" INBOX\r\n* LIST () \".\" INBOX.Kunden\r\n",
    )
    .expect("CREATE \"INBOX.Archive\" (USE (\\Archive))")
    .send("{tag} NO special use is not allowed\r\n")
    .expect("CREATE \"INBOX.Archive\"")
    .send("{tag} OK\r\n")
    .expect("SUBSCRIBE \"INBOX.Archive\"")
    .send("{tag} NO\r\n")
    .expect("UID SEARCH UID 1:3")
    .send("* SEARCH 1 3\r\n{tag} OK\r\n")
    .expect("UID MOVE 1,3 \"INBOX.Archive\"")
    .send("* OK [COPYUID 9 1,3 11:12] moved\r\n* 1 EXPUNGE\r\n* 2 EXPUNGE\r\n{tag} OK\r\n")
    .hang();
    let server = ScriptedServer::start([script]).unwrap();
    let account = scripted(&server);
    let moved = account
        .apply(&inbox(), None, &keys(&[1, 2, 3]), &StateEdit::Move { to: MailboxRole::Archive })
        .await
        .expect("moved");
    let to: Vec<_> =
        moved.into_iter().map(|outcome| (outcome.key.to_uid(), outcome.moved_to)).collect();
    let at = |uid| Some(("INBOX.Archive".to_owned(), RemoteKey::from_uid(uid)));
    assert_eq!(to, [(Some(1), at(11)), (Some(3), at(12))]);
    drop(account);
    server.finish().unwrap();
}

#[tokio::test]
async fn a_copyuid_that_makes_no_sense_is_not_believed() {
    for code in ["COPYUID 9 1 11:12", "COPYUID 9 1:4294967295 1:4294967295", "COPYUID 9 5 11"] {
        let script = without_archive("MOVE", "* LIST (\\Archive) \"/\" Archiv\r\n")
            .expect("UID SEARCH UID 1")
            .send("* SEARCH 1\r\n{tag} OK\r\n")
            .expect("UID MOVE 1 \"Archiv\"")
            .send(format!("{{tag}} OK [{code}] moved\r\n"))
            .hang();
        let server = ScriptedServer::start([script]).unwrap();
        let account = scripted(&server);
        let edit = StateEdit::Move { to: MailboxRole::Archive };
        let moved = account.apply(&inbox(), None, &keys(&[1]), &edit).await.expect("moved");
        assert_eq!(moved.len(), 1);
        assert_eq!(moved.first().and_then(|outcome| outcome.moved_to.clone()), None, "{code}");
        drop(account);
        server.finish().unwrap();
    }
}

#[tokio::test]
async fn a_refused_edit_keeps_its_reason_and_its_connection() {
    let script = signed_in("")
        .expect("SELECT")
        .send(OPENED)
        .expect("UID SEARCH")
        .send("* SEARCH 1\r\n{tag} OK\r\n")
        .expect("UID STORE 1 +FLAGS.SILENT (\\Seen)")
        .send("{tag} NO [NOPERM] not yours\r\n")
        .expect("UID SEARCH")
        .send("* SEARCH 1\r\n{tag} OK\r\n")
        .expect("UID STORE 1 -FLAGS.SILENT (\\Flagged)")
        .send("{tag} OK\r\n")
        .hang();
    let server = ScriptedServer::start([script]).unwrap();
    let account = scripted(&server);
    let refused =
        account.apply(&inbox(), None, &keys(&[1]), &StateEdit::Seen { value: true }).await;
    assert!(
        matches!(&refused, Err(ProviderError::Rejected { code, .. }) if code == "NOPERM"),
        "{refused:?}"
    );
    let taken =
        account.apply(&inbox(), None, &keys(&[1]), &StateEdit::Starred { value: false }).await;
    assert_eq!(taken.expect("taken").len(), 1);
    drop(account);
    server.finish().unwrap();
}

/// What one account of one person remembers, over restarts.
#[derive(Default)]
struct Notebook(Mutex<Option<String>>);

#[async_trait]
impl EditSteps for Notebook {
    fn earlier(&self) -> Option<String> {
        self.0.lock().unwrap().clone()
    }

    async fn remember(&self, step: &str) -> Result<(), String> {
        *self.0.lock().unwrap() = Some(step.to_owned());
        Ok(())
    }
}

/// Opened anew after a cut, with what an earlier try may have left in the archive.
fn taken_up_again(archive: &str) -> Script {
    signed_in("UIDPLUS")
        .expect("SELECT \"INBOX\"")
        .send(OPENED)
        .expect("LIST")
        .send("* LIST (\\Archive) \"/\" Archiv\r\n{tag} OK\r\n")
        .expect("UID SEARCH UID 1")
        .send("* SEARCH 1\r\n{tag} OK\r\n")
        .expect("UID FETCH 1 ")
        .send(identity(1))
        .expect("SELECT \"Archiv\"")
        .send("* 2 EXISTS\r\n* OK [UIDVALIDITY 9] v\r\n* OK [UIDNEXT 13] n\r\n{tag} OK open\r\n")
        .expect("UID FETCH 11:*")
        .send(archive)
        .expect("SELECT \"INBOX\"")
        .send(OPENED)
}

fn identity(uid: u32) -> String {
    let header = "Message-ID: <1@x.example>\r\n\r\n";
    let size = header.len();
    format!(
        "* 1 FETCH (UID {uid} RFC822.SIZE 80 BODY[HEADER.FIELDS (MESSAGE-ID)] {{{size}}}\r\n{header})\r\n{{tag}} OK\r\n"
    )
}

#[tokio::test]
async fn a_move_without_move_that_was_cut_anywhere_leaves_one_copy() {
    const COPIED: &str = "{tag} OK [COPYUID 9 1 11] copied\r\n";
    let first = || {
        without_archive("UIDPLUS", "* LIST (\\Archive) \"/\" Archiv\r\n")
            .expect("UID SEARCH UID 1")
            .send("* SEARCH 1\r\n{tag} OK\r\n")
            .expect("STATUS \"Archiv\"")
            .send("* STATUS Archiv (UIDNEXT 11 UIDVALIDITY 9)\r\n{tag} OK\r\n")
            .expect("UID COPY 1 \"Archiv\"")
    };
    // Where the line is cut, and what of the copy the server then has.
    let cuts = [
        ("before COPY was done", first().close(), false),
        ("after COPY, before its answer", first().close(), true),
        ("before STORE was answered", first().send(COPIED).expect("STORE 1").close(), true),
        (
            "before EXPUNGE was answered",
            first().send(COPIED).expect("STORE 1").send("{tag} OK\r\n").expect("EXPUNGE").close(),
            true,
        ),
    ];
    for (at, cut, copied) in cuts {
        let script = match copied {
            true => taken_up_again(&identity(11)),
            // The last message of the mailbox answers `11:*` too, and is not ours.
            false => taken_up_again(&identity(10)).expect("UID COPY 1 \"Archiv\"").send(COPIED),
        };
        let script = script
            .expect("UID STORE 1 +FLAGS.SILENT (\\Deleted)")
            .send("{tag} OK\r\n")
            .expect("UID EXPUNGE 1")
            .send("* 1 EXPUNGE\r\n{tag} OK\r\n")
            .hang();
        let server = ScriptedServer::start([cut, script]).unwrap();
        let notebook = Notebook::default();
        let edit = StateEdit::Move { to: MailboxRole::Archive };
        let (inbox, keys) = (inbox(), keys(&[1]));
        let cut = scripted(&server);
        let lost = cut.apply_in_steps(&inbox, None, &keys, &edit, &notebook).await;
        assert!(matches!(lost, Err(ProviderError::Offline(_))), "{at}: {lost:?}");
        drop(cut);
        let account = scripted(&server);
        let moved = account.apply_in_steps(&inbox, None, &keys, &edit, &notebook).await;
        let moved = moved.unwrap_or_else(|error| panic!("{at}: {error}"));
        let to = moved.first().and_then(|outcome| outcome.moved_to.clone());
        assert_eq!(to, Some(("Archiv".to_owned(), RemoteKey::from_uid(11))), "{at}");
        drop(account);
        server.finish().unwrap_or_else(|error| panic!("{at}: {error:#}"));
    }
}

#[tokio::test]
async fn a_mail_that_arrived_since_the_last_edit_is_edited_and_not_taken_for_gone() {
    for rung in rungs() {
        let Some(server) = dovecot(rung.clone()) else { return };
        let account = account(&server);
        let mut phone = Phone::on(&server);
        let seen = StateEdit::Seen { value: true };
        for number in 1..=3 {
            server.deliver(server.user(), &mail(number)).unwrap();
            let told = account.apply(&inbox(), None, &keys(&[number]), &seen).await.expect("read");
            assert_eq!(told.len(), 1, "{rung:?}: mail {number} is there");
            let body = account.bodies(&inbox(), None, &keys(&[number])).await.expect("a body");
            assert_eq!(body.len(), 1, "{rung:?}: and can be opened");
        }
        assert!(phone.state().iter().all(|(_, seen, _)| *seen), "{rung:?}");
    }
}
