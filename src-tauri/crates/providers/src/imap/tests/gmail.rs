//! Gmail over IMAP, played: one message under many labels is one message.

use deskbell_domain::MailboxRole;
use deskbell_domain::fingerprint::Fingerprint;
use deskbell_domain::message::Flags;
use deskbell_domain::port::{CopySink as _, MessageSource as _, StateSink as _};
use deskbell_domain::sync::{RemoteKey, StateEdit};
use deskbell_testbed::{Script, ScriptedServer};

use super::support::{ALL, Mirror, scope, scripted, signed_in};

/// X-GM-MSGIDs of the messages here are this and their UIDs.
const NAMES: u64 = 0x1100_0000_0000_0000;
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
        "* {uid} FETCH (X-GM-THRID {thread} X-GM-MSGID {name} X-GM-LABELS ({labels}) UID {uid} FLAGS (\\Seen) \
         INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" RFC822.SIZE {size} BODY[] {{{size}}}\r\n{text})\r\n",
        name = NAMES + u64::from(uid),
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
        .expect("X-GM-MSGID X-GM-LABELS X-GM-THRID BODY.PEEK[]")
        .send(bodies.concat() + "{tag} OK\r\n")
}

#[tokio::test]
async fn every_message_is_there_once_whatever_its_labels() {
    let server = ScriptedServer::start([pulled(listed()).hang()]).unwrap();
    let account = scripted(&server);
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
    let known_by: Vec<_> = mirror.held.values().map(|m| m.known_by).collect();
    let names = [1, 2, 3].map(|uid| Some(Fingerprint::named(&format!("{:x}", NAMES + uid))));
    assert_eq!(known_by, names, "as Gmail's API spells it");
    drop(account);
    server.finish().unwrap();
}

#[tokio::test]
async fn where_all_mail_is_hidden_each_mailbox_is_read_and_names_tell_what_is_one_message() {
    let hidden: String =
        LISTED.split_inclusive('\n').filter(|line| !line.contains("\\All")).collect();
    let letter = |uid: u32, labels: &str| {
        let text = "Subject: the one\r\n\r\nhello\r\n";
        format!(
            "* 1 FETCH (X-GM-THRID 9 X-GM-MSGID 77 X-GM-LABELS ({labels}) UID {uid} FLAGS () \
             INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" RFC822.SIZE {size} BODY[] {{{size}}}\r\n{text})\r\n{{tag}} OK\r\n",
            size = text.len()
        )
    };
    let opened = |next: u32| {
        format!(
            "* 1 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [UIDNEXT {next}] n\r\n{{tag}} OK [READ-WRITE] open\r\n"
        )
    };
    let reads = |script: Script, mailbox: &str, uid: u32, labels: &str| {
        script
            .expect(&format!("SELECT {mailbox}"))
            .send(opened(uid + 1))
            .expect("UID SEARCH")
            .send(format!("* SEARCH {uid}\r\n{{tag}} OK\r\n"))
            .expect("RFC822.SIZE")
            .send(format!("* 1 FETCH (UID {uid} RFC822.SIZE 30)\r\n{{tag}} OK\r\n"))
            .expect("X-GM-MSGID X-GM-LABELS X-GM-THRID BODY.PEEK[]")
            .send(letter(uid, labels))
    };
    let script = signed_in(CAPS).expect("LIST").send(hidden);
    let script = reads(script, "\"INBOX\"", 4, "\"\\\\Important\" Clients/VIP");
    // The label of the mailbox that is selected is not repeated.
    let script = reads(script, "\"Clients/VIP\"", 8, "\"\\\\Inbox\"");
    let server = ScriptedServer::start([script.hang()]).unwrap();
    let account = scripted(&server);
    let scopes = account.scopes().await.unwrap();
    let roles: Vec<MailboxRole> =
        scopes.iter().filter(|scope| scope.selectable).map(|scope| scope.role).collect();
    use MailboxRole::{Drafts, Inbox, Other, Sent, Spam, Trash};
    assert_eq!(roles, [Inbox, Other, Drafts, Sent, Spam, Trash]);
    let mut known_by = Vec::new();
    for scope in scopes.iter().filter(|scope| matches!(scope.role, Inbox | Other)) {
        if !scope.selectable {
            continue;
        }
        let mut mirror = Mirror::default();
        mirror.sync(&account, scope, ALL).await;
        assert_eq!(mirror.labels_of("the one"), ["Clients/VIP"], "{}", scope.key);
        let message = mirror.held.values().next().expect("the message");
        assert_eq!(message.role, None, "it lies where its mailbox is: {}", scope.key);
        known_by.push(message.known_by.expect("named"));
    }
    assert_eq!(known_by.len(), 2);
    assert_eq!(known_by[0], known_by[1], "one message under two labels");
    drop(account);
    server.finish().unwrap();
}

#[tokio::test]
async fn a_position_that_is_doubted_has_everything_compared_once() {
    let caps = "X-GM-EXT-1 CONDSTORE";
    let opened = "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [UIDNEXT 4] n\r\n\
                  * OK [HIGHESTMODSEQ 50] m\r\n{tag} OK [READ-WRITE] open\r\n";
    let fewer = opened.replace("* 3 EXISTS", "* 2 EXISTS");
    let sizes: String =
        (1..=3).map(|uid| format!("* {uid} FETCH (UID {uid} RFC822.SIZE 30)\r\n")).collect();
    let bodies = [body(1, "", 1), body(2, "", 2), body(3, "", 3)];
    let script = signed_in(caps)
        .expect("SELECT")
        .send(opened)
        .expect("UID SEARCH UID 1:3")
        .send("* SEARCH 1 2 3\r\n{tag} OK\r\n")
        .expect("RFC822.SIZE")
        .send(sizes + "{tag} OK\r\n")
        .expect("BODY.PEEK[]")
        .send(bodies.concat() + "{tag} OK\r\n")
        // Nothing has changed, says the server, and is believed.
        .expect("SELECT")
        .send(opened)
        // Of what was changed without a new mod-sequence it says nothing by itself.
        .expect("SELECT")
        .send(&fewer)
        .expect("UID SEARCH UID 1:*")
        .send("* SEARCH 1 3\r\n{tag} OK\r\n")
        .expect("UID FETCH 1:3 (UID FLAGS X-GM-LABELS)")
        .send(
            "* 1 FETCH (UID 1 FLAGS () X-GM-LABELS (VIP))\r\n\
             * 2 FETCH (UID 3 FLAGS (\\Seen) X-GM-LABELS ())\r\n{tag} OK\r\n",
        )
        .expect("SELECT")
        .send(&fewer)
        .hang();
    let server = ScriptedServer::start([script]).unwrap();
    let account = scripted(&server);
    let mut mirror = Mirror::default();
    mirror.sync(&account, &pile(), ALL).await;
    mirror.sync(&account, &pile(), ALL).await;
    assert_eq!(mirror.held.len(), 3);
    let believed = mirror.cursor.take().expect("a position");
    mirror.cursor = account.doubted(&believed);
    mirror.sync(&account, &pile(), ALL).await;
    assert_eq!(mirror.subjects(), ["mail 1", "mail 3"]);
    assert_eq!(mirror.labels_of("mail 1"), ["VIP"]);
    assert!(!mirror.flags_of("mail 1").expect("held").seen);
    // And from here on it is believed as before.
    mirror.sync(&account, &pile(), ALL).await;
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
    let account = scripted(&server);
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
    let account = scripted(&server);
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
    let account = scripted(&server);
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
