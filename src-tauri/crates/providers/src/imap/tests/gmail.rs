//! Gmail over IMAP, played: one message under many labels is one message.

use deskbell_domain::MailboxRole;
use deskbell_domain::message::Flags;
use deskbell_domain::port::{CopySink as _, MessageSource as _, StateSink as _};
use deskbell_domain::sync::{RemoteKey, StateEdit};
use deskbell_testbed::{Script, ScriptedServer};

use super::support::{ALL, Mirror, impatient, scope, signed_in};

const CAPS: &str = "X-GM-EXT-1 MOVE UIDPLUS";
const PILE: &str = "[Gmail]/All Mail";
const LISTED: &str = "* LIST (\\HasNoChildren) \"/\" \"INBOX\"\r\n\
    * LIST (\\HasNoChildren) \"/\" \"Clients/VIP\"\r\n\
    * LIST (\\HasChildren \\Noselect) \"/\" \"[Gmail]\"\r\n\
    * LIST (\\All \\HasNoChildren) \"/\" \"[Gmail]/All Mail\"\r\n\
    * LIST (\\Drafts \\HasNoChildren) \"/\" \"[Gmail]/Drafts\"\r\n\
    * LIST (\\Sent \\HasNoChildren) \"/\" \"[Gmail]/Sent Mail\"\r\n\
    * LIST (\\Junk \\HasNoChildren) \"/\" \"[Gmail]/Spam\"\r\n\
    * LIST (\\HasNoChildren \\Trash) \"/\" \"[Gmail]/Trash\"\r\n{tag} OK\r\n";
const OPENED: &str =
    "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [UIDNEXT 4] n\r\n{tag} OK [READ-WRITE] open\r\n";

fn pile() -> deskbell_domain::sync::RemoteScope {
    scope(PILE, MailboxRole::All)
}

fn listed() -> Script {
    signed_in(CAPS).expect("LIST").send(LISTED)
}

fn body(uid: u32, labels: &str, thread: u64) -> String {
    let text = format!("Subject: mail {uid}\r\n\r\nhello\r\n");
    format!(
        "* {uid} FETCH (X-GM-THRID {thread} X-GM-LABELS ({labels}) UID {uid} FLAGS (\\Seen) \
         INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" RFC822.SIZE {size} BODY[] {{{size}}}\r\n{text})\r\n",
        size = text.len()
    )
}

fn pulled(script: Script) -> Script {
    let sizes: String =
        (1..=3).map(|uid| format!("* {uid} FETCH (UID {uid} RFC822.SIZE 30)\r\n")).collect();
    let bodies = [
        body(1, "\"\\\\Inbox\" \"\\\\Important\" Clients/VIP \"R&APw-ckruf n&APY-tig\"", 0x18c2),
        body(2, "\"\\\\Sent\"", 0x18c2),
        body(3, "", 99),
    ];
    script
        .expect("SELECT \"[Gmail]/All Mail\"")
        .send(OPENED)
        .expect("UID SEARCH UID 1:3")
        .send("* SEARCH 1 2 3\r\n{tag} OK\r\n")
        .expect("RFC822.SIZE")
        .send(sizes + "{tag} OK\r\n")
        .expect("X-GM-LABELS X-GM-THRID BODY.PEEK[]")
        .send(bodies.concat() + "{tag} OK\r\n")
}

#[tokio::test]
async fn every_message_is_there_once_whatever_its_labels() {
    let server = ScriptedServer::start([pulled(listed()).hang()]).unwrap();
    let account = impatient(&server);
    let scopes = account.scopes().await.unwrap();
    let keys: Vec<(&str, MailboxRole)> = scopes.iter().map(|s| (s.key.as_str(), s.role)).collect();
    let expected = [
        (PILE, MailboxRole::All),
        ("[Gmail]/Spam", MailboxRole::Spam),
        ("[Gmail]/Trash", MailboxRole::Trash),
    ];
    assert_eq!(keys, expected, "labels are no mailboxes");
    let mut mirror = Mirror::default();
    mirror.sync(&account, &pile(), ALL).await;
    for (subject, role) in [
        ("mail 1", MailboxRole::Inbox),
        ("mail 2", MailboxRole::Sent),
        ("mail 3", MailboxRole::Archive),
    ] {
        assert_eq!(mirror.role_of(subject), Some(role), "{subject}");
    }
    assert_eq!(mirror.labels_of("mail 1"), ["Clients/VIP", "Rückruf nötig"]);
    assert!(mirror.labels_of("mail 2").is_empty(), "and the system's own are none");
    let threads: Vec<_> = mirror.held.values().map(|m| m.thread.as_deref()).collect();
    assert_eq!(threads, [Some("18c2"), Some("18c2"), Some("63")]);
    drop(account);
    server.finish().unwrap();
}

#[tokio::test]
async fn a_changed_label_is_told_with_the_place_it_means() {
    let sized = "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [UIDNEXT 4] n\r\n{tag} OK open\r\n";
    let again = pulled(listed())
        .expect("SELECT")
        .send(sized)
        .expect("UID SEARCH UID 1:*")
        .send("* SEARCH 1 2 3\r\n{tag} OK\r\n")
        .expect("UID FETCH 1:3 (UID FLAGS X-GM-LABELS)")
        .send(
            "* 1 FETCH (UID 1 FLAGS () X-GM-LABELS (VIP))\r\n\
             * 2 FETCH (UID 2 FLAGS (\\Seen) X-GM-LABELS (\"\\\\Sent\"))\r\n\
             * 3 FETCH (UID 3 FLAGS (\\Seen) X-GM-LABELS (\"\\\\Inbox\"))\r\n{tag} OK\r\n",
        )
        .hang();
    let server = ScriptedServer::start([again]).unwrap();
    let account = impatient(&server);
    account.scopes().await.unwrap();
    let mut mirror = Mirror::default();
    mirror.sync(&account, &pile(), ALL).await;
    mirror.sync(&account, &pile(), ALL).await;
    assert_eq!(mirror.role_of("mail 1"), Some(MailboxRole::Archive), "out of the inbox");
    assert_eq!(mirror.labels_of("mail 1"), ["VIP"]);
    assert!(!mirror.flags_of("mail 1").unwrap().seen);
    assert_eq!(mirror.role_of("mail 3"), Some(MailboxRole::Inbox));
    drop(account);
    server.finish().unwrap();
}

#[tokio::test]
async fn edits_change_labels_and_what_is_thrown_away_moves() {
    let there = "* SEARCH 1\r\n{tag} OK\r\n";
    let script = signed_in(CAPS)
        .expect("SELECT \"[Gmail]/All Mail\"")
        .send(OPENED)
        .expect("UID SEARCH UID 1")
        .send(there)
        .expect("UID STORE 1 +X-GM-LABELS (\"R&APw-ckruf \\\"neu\\\"\")")
        .send("* 1 FETCH (UID 1 X-GM-LABELS (x))\r\n{tag} OK\r\n")
        .expect("UID SEARCH UID 1")
        .send(there)
        .expect("UID STORE 1 -X-GM-LABELS (\\Inbox)")
        .send("{tag} OK\r\n")
        .expect("UID SEARCH UID 1")
        .send(there)
        .expect("UID STORE 1 +X-GM-LABELS (\\Inbox)")
        .send("{tag} OK\r\n")
        .expect("UID SEARCH UID 1")
        .send(there)
        .expect("UID STORE 1 +FLAGS.SILENT (\\Flagged)")
        .send("{tag} OK\r\n")
        .expect("UID SEARCH UID 1")
        .send(there)
        .expect("UID MOVE 1 \"[Gmail]/Trash\"")
        .send("* OK [COPYUID 9 1 5] moved\r\n* 1 EXPUNGE\r\n{tag} OK\r\n")
        .hang();
    let server = ScriptedServer::start([listed().hang(), script]).unwrap();
    let account = impatient(&server);
    account.scopes().await.unwrap();
    let label =
        StateEdit::Label { keyword: "k".into(), name: "Rückruf \"neu\"".into(), value: true };
    let within = Some((PILE.to_owned(), RemoteKey::from_uid(1)));
    let away = Some(("[Gmail]/Trash".to_owned(), RemoteKey::from_uid(5)));
    for (edit, moved_to) in [
        (label, None),
        (StateEdit::Move { to: MailboxRole::Archive }, within.clone()),
        (StateEdit::Move { to: MailboxRole::Inbox }, within),
        (StateEdit::Starred { value: true }, None),
        (StateEdit::Move { to: MailboxRole::Trash }, away),
    ] {
        let outcomes =
            account.apply(&pile(), None, &[RemoteKey::from_uid(1)], &edit).await.unwrap();
        assert_eq!(outcomes.len(), 1, "{edit:?}");
        assert_eq!(outcomes[0].moved_to, moved_to, "{edit:?}");
    }
    drop(account);
    server.finish().unwrap();
}

#[tokio::test]
async fn a_draft_is_known_by_its_name_in_all_mail() {
    // The lines of the message are read as commands are; the answer names the command before them.
    let script = signed_in(CAPS)
        .expect("D2 APPEND \"[Gmail]/Drafts\"")
        .send("+ go\r\n")
        .expect("Subject: draft")
        .expect("")
        .expect("words")
        .expect("")
        .send("D2 OK [APPENDUID 3 12] kept\r\n")
        .expect("SELECT \"[Gmail]/Drafts\"")
        .send(OPENED)
        .expect("UID FETCH 12 (UID X-GM-MSGID)")
        .send("* 1 FETCH (X-GM-MSGID 1278455344230334865 UID 12)\r\n{tag} OK\r\n")
        .expect("SELECT \"[Gmail]/All Mail\"")
        .send(OPENED)
        .expect("UID SEARCH X-GM-MSGID 1278455344230334865")
        .send("* SEARCH 3\r\n{tag} OK\r\n")
        .expect("SELECT \"[Gmail]/All Mail\"")
        .send(OPENED)
        .expect("UID SEARCH X-GM-RAW \"in:drafts rfc822msgid:one@studio.example\"")
        .send("* SEARCH 3\r\n{tag} OK\r\n")
        .expect("SELECT \"[Gmail]/All Mail\"")
        .send(OPENED)
        .expect("UID SEARCH UID 3")
        .send("* SEARCH 3\r\n{tag} OK\r\n")
        .expect("UID MOVE 3 \"[Gmail]/Trash\"")
        .send("* OK [COPYUID 9 3 6] moved\r\n* 3 EXPUNGE\r\n{tag} OK\r\n")
        .expect("SELECT \"[Gmail]/Trash\"")
        .send(OPENED)
        .expect("UID STORE 6 +FLAGS.SILENT (\\Deleted)")
        .send("{tag} OK\r\n")
        .expect("UID EXPUNGE 6")
        .send("{tag} OK\r\n")
        .expect("SELECT \"[Gmail]/All Mail\"")
        .send(OPENED)
        .hang();
    let server = ScriptedServer::start([listed().hang(), script]).unwrap();
    let account = impatient(&server);
    account.scopes().await.unwrap();
    let draft = Flags { draft: true, ..Flags::default() };
    let source = b"Subject: draft\r\n\r\nwords\r\n";
    let kept = account.keep(MailboxRole::Drafts, source, draft, 0).await.unwrap();
    assert_eq!(kept, Some((PILE.to_owned(), RemoteKey::from_uid(3))));
    let copies = account.copies(MailboxRole::Drafts, "one@studio.example").await.unwrap();
    assert_eq!(copies, [(PILE.to_owned(), RemoteKey::from_uid(3))]);
    account.forget(&copies).await.unwrap();
    drop(account);
    server.finish().unwrap();
}
