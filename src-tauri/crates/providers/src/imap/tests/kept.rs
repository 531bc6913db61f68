//! Copies of messages made here, in the mailboxes of a real server.

use deskbell_domain::message::Flags;
use deskbell_domain::port::{CopySink as _, MessageSource as _};
use deskbell_domain::{MailboxRole, ProviderError};
use deskbell_testbed::{Capabilities, Script, ScriptedServer};

use super::conformance::Phone;
use super::support::{account, dovecot, mail, scope, scripted, signed_in};

const DAY: i64 = 1_795_242_000_000;
const SEEN: Flags =
    Flags { seen: true, starred: false, answered: false, draft: false, deleted: false };

fn written(id: &str, size: usize) -> Vec<u8> {
    let body = "0123456789abcdef\r\n".repeat(size / 18);
    format!("From: ada@testbed.example\r\nMessage-ID: <{id}>\r\nSubject: {id}\r\n\r\n{body}")
        .into_bytes()
}

#[tokio::test]
async fn a_sent_message_is_kept_found_and_erased() {
    for capabilities in [Capabilities::Full, Capabilities::Only("IMAP4rev1 UIDPLUS".into())] {
        let Some(server) = dovecot(capabilities) else { return };
        let account = account(&server);
        let find = async |id: &str| account.copies(MailboxRole::Sent, id).await.expect("looked");
        assert!(find("one@desk.example").await.is_empty(), "no mailbox, no copy");
        for (id, size) in
            [("one@desk.example", 10), ("bone@desk.example", 3_000_000), ("od\"d\\@x", 10)]
        {
            let source = written(id, size);
            let kept = account.keep(MailboxRole::Sent, &source, SEEN, DAY).await.expect("kept");
            let kept = kept.expect("the server names what it keeps");
            assert_eq!(find(id).await, std::slice::from_ref(&kept), "{id}: found, and alone");
            let sent = scope(&kept.0, MailboxRole::Sent);
            let body =
                account.bodies(&sent, None, std::slice::from_ref(&kept.1)).await.expect("read");
            assert_eq!(body[0].source, source, "{id}: byte for byte");
        }
        let first = find("one@desk.example").await;
        account.forget(&first).await.expect("erased");
        account.forget(&first).await.expect("and erasing it again is harmless");
        assert!(find("one@desk.example").await.is_empty(), "gone");
        assert_eq!(find("bone@desk.example").await.len(), 1, "and nothing else with it");
        let scopes = account.scopes().await.expect("listed");
        assert_eq!(scopes.iter().filter(|scope| scope.role == MailboxRole::Sent).count(), 1);
    }
}

#[tokio::test]
async fn a_draft_keeps_its_flags_and_date_and_what_others_marked_stays() {
    let Some(server) = dovecot(Capabilities::Full) else { return };
    let account = account(&server);
    let flags = Flags { draft: true, ..SEEN };
    let mut names = Vec::new();
    for id in ["a@x", "b@x"] {
        let kept =
            account.keep(MailboxRole::Drafts, &written(id, 0), flags, DAY).await.expect("kept");
        names.push(kept.expect("named"));
    }
    let mut phone = Phone::on(&server);
    phone.client.command(&format!("SELECT {}", names[0].0)).unwrap();
    let told = phone.client.command("FETCH 1 (FLAGS INTERNALDATE)").unwrap().join("\n");
    assert!(told.contains("\\Draft") && told.contains("\\Seen"), "{told}");
    assert!(told.contains("-Nov-2026"), "the day it was written: {told}");
    phone.client.command("STORE 2 +FLAGS (\\Deleted)").unwrap();
    account.forget(&names[..1]).await.expect("erased");
    phone.client.command("NOOP").unwrap();
    let left = phone.client.command("UID SEARCH ALL").unwrap().join("\n");
    assert!(left.contains("* SEARCH 2"), "only our own copy is gone: {left}");
}

#[tokio::test]
async fn a_copy_is_found_where_the_server_cannot_search_for_it() {
    let script = signed_in("UIDPLUS")
        .expect("LIST")
        .send("* LIST (\\Sent) \"/\" Sent\r\n{tag} OK\r\n")
        .expect("SELECT \"Sent\"")
        .send("* 40 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [UIDNEXT 90] n\r\n{tag} OK open\r\n")
        .expect("UID SEARCH HEADER Message-ID \"one@x\"")
        .send("* SEARCH\r\n{tag} OK\r\n")
        .expect("FETCH 9:40 (UID BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")
        .send(
            "* 39 FETCH (UID 88 BODY[HEADER.FIELDS (MESSAGE-ID)] {22}\r\nMessage-ID: <bone@x>\r\n)\r\n\
             * 40 FETCH (UID 89 BODY[HEADER.FIELDS (MESSAGE-ID)] {21}\r\nMessage-ID: <one@x>\r\n)\r\n{tag} OK\r\n",
        )
        .hang();
    let server = ScriptedServer::start([script]).unwrap();
    let account = scripted(&server);
    let found = account.copies(MailboxRole::Sent, "one@x").await.expect("looked");
    let uids: Vec<_> = found.iter().filter_map(|(_, key)| key.to_uid()).collect();
    assert_eq!(uids, [89], "its own id, and not one that ends alike");
    drop(account);
    server.finish().unwrap();
}

#[tokio::test]
async fn under_another_numbering_nothing_is_erased() {
    let open = |validity: u32| {
        format!(
            "* 1 EXISTS\r\n* OK [UIDVALIDITY {validity}] v\r\n* OK [UIDNEXT 90] n\r\n{{tag}} OK open\r\n"
        )
    };
    let script: Script = signed_in("UIDPLUS LITERAL+")
        .expect("LIST")
        .send("* LIST (\\Drafts) \"/\" Drafts\r\n{tag} OK\r\n")
        .expect("APPEND \"Drafts\" (\\Seen) \"")
        .expect("From: mara@client.example")
        .expect("To:")
        .expect("Subject:")
        .expect("Message-ID:")
        .expect("")
        .expect("The body")
        .expect("")
        .send("D3 OK [APPENDUID 7 89] kept\r\n")
        .expect("SELECT \"Drafts\"")
        .send(open(8))
        .hang();
    let server = ScriptedServer::start([script]).unwrap();
    let account = scripted(&server);
    let kept = account.keep(MailboxRole::Drafts, &mail(1), SEEN, DAY).await.expect("kept");
    let told = account.forget(&[kept.expect("named")]).await;
    assert!(matches!(told, Err(ProviderError::CursorLost(_))), "{told:?}");
    drop(account);
    server.finish().unwrap();
}

#[tokio::test]
async fn a_full_mailbox_refuses_a_copy_in_plain_words() {
    let script = signed_in("")
        .expect("LIST")
        .send("* LIST (\\Sent) \"/\" Sent\r\n{tag} OK\r\n")
        .expect("APPEND \"Sent\"")
        .send("{tag} NO [OVERQUOTA] no room\r\n")
        .hang();
    let server = ScriptedServer::start([script]).unwrap();
    let account = scripted(&server);
    let told = account.keep(MailboxRole::Sent, &mail(1), SEEN, DAY).await;
    assert!(
        matches!(&told, Err(ProviderError::Rejected { message, .. }) if message.contains("full")),
        "{told:?}"
    );
    drop(account);
    server.finish().unwrap();
}
