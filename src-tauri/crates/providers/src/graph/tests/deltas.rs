//! What deltas do, and what is made of it.

use deskbell_domain::message::Flags;
use deskbell_domain::port::MessageSource as _;
use deskbell_domain::sync::{PullOptions, RemoteChange, RemoteSource};
use deskbell_domain::{MailboxRole, ProviderError};
use deskbell_simulator::{Habits, Loss};

use super::support::{OWN, account, deliver, elsewhere, letter, scope, simulator};
use crate::conformance::mirror::{ALL, Mirror, subject};

#[tokio::test]
async fn folders_have_their_roles_and_their_place_in_the_tree() {
    let simulator = simulator();
    elsewhere(&simulator, |mailbox, _| {
        let clients = mailbox.add_folder("Clients", Some("inbox"));
        mailbox.add_folder("2026", Some(&clients));
    });
    let scopes = account(&simulator).scopes().await.expect("the folders");
    let named = |name: &str| scopes.iter().find(|scope| scope.name == name).expect(name);
    for (name, role) in [
        ("Inbox", MailboxRole::Inbox),
        ("Sent Items", MailboxRole::Sent),
        ("Drafts", MailboxRole::Drafts),
        ("Archive", MailboxRole::Archive),
        ("Deleted Items", MailboxRole::Trash),
        ("Junk Email", MailboxRole::Spam),
        ("Inbox/Clients/2026", MailboxRole::Other),
    ] {
        assert_eq!(named(name).role, role, "{name}");
    }
    assert!(!named("Outbox").selectable, "mail on its way out is not synced");
}

#[tokio::test]
async fn the_newest_mail_comes_first_and_envelopes_come_before_bodies() {
    let simulator = simulator();
    for number in 1..=30 {
        deliver(&simulator, &format!("m {number:02}"));
    }
    let account = account(&simulator);
    let inbox = scope(&account, MailboxRole::Inbox).await;
    let before = simulator.world().journal.len();
    let first = PullOptions { max_messages: 10, ..ALL };
    let page = account.pull(&inbox, None, first).await.expect("a page");
    assert_eq!(simulator.world().journal.len() - before, 1, "a page is one request");
    assert_eq!(page.remaining, Some(20), "how much is still to come is said");
    let subjects: Vec<String> = page
        .changes
        .iter()
        .filter_map(|change| match change {
            RemoteChange::Message(message) => Some(message),
            _ => None,
        })
        .map(|message| {
            assert!(matches!(message.source, RemoteSource::Headers(_)), "an envelope");
            assert!(message.thread.is_some(), "Graph names the conversation");
            subject(&message.source)
        })
        .collect();
    let newest: Vec<String> = (21..=30).rev().map(|number| format!("m {number:02}")).collect();
    assert_eq!(subjects, newest);
}

#[tokio::test]
async fn new_mail_comes_whole() {
    let simulator = simulator();
    deliver(&simulator, "old");
    let account = account(&simulator);
    let inbox = scope(&account, MailboxRole::Inbox).await;
    let mut mirror = Mirror::default();
    mirror.sync(&account, &inbox, ALL).await;
    deliver(&simulator, "new");
    mirror.sync(&account, &inbox, ALL).await;
    let new = &mirror.held[&mirror.key_of("new")];
    assert!(
        matches!(&new.source, RemoteSource::Full(source) if source.ends_with(b"This is new.\r\n")),
        "what arrives while we look is whole at once"
    );
}

#[tokio::test]
async fn a_message_another_client_moved_keeps_its_key() {
    let simulator = simulator();
    deliver(&simulator, "wanders");
    let account = account(&simulator);
    let inbox = scope(&account, MailboxRole::Inbox).await;
    let archive = scope(&account, MailboxRole::Archive).await;
    let (mut here, mut there) = (Mirror::default(), Mirror::default());
    here.sync(&account, &inbox, ALL).await;
    there.sync(&account, &archive, ALL).await;
    let key = here.key_of("wanders");
    elsewhere(&simulator, |mailbox, now| mailbox.relocate("wanders", "archive", now));
    here.sync(&account, &inbox, ALL).await;
    there.sync(&account, &archive, ALL).await;
    assert!(here.held.is_empty(), "it left the inbox");
    assert_eq!(there.key_of("wanders"), key, "the id stays when a message moves");
    elsewhere(&simulator, |mailbox, now| {
        mailbox.relocate("wanders", "inbox", now);
        mailbox.relocate("wanders", "archive", now);
    });
    there.sync(&account, &archive, ALL).await;
    assert_eq!(there.key_of("wanders"), key, "out and back between two looks");
    let world = simulator.world();
    let asked = world.journal.iter().filter(|entry| entry.path.starts_with("/v1.0/"));
    for entry in asked {
        let prefer = entry.header("prefer").unwrap_or_default();
        assert!(prefer.contains("IdType=\"ImmutableId\""), "{} {}", entry.method, entry.path);
        assert!(entry.header("client-request-id").is_some(), "{} {}", entry.method, entry.path);
    }
}

#[tokio::test]
async fn an_item_that_tells_what_changed_takes_nothing_away() {
    let simulator = simulator();
    deliver(&simulator, "starred");
    elsewhere(&simulator, |mailbox, now| {
        mailbox.habits = Habits { partial_items: true, ..Habits::default() };
        mailbox.mark("starred", false, true, now);
        mailbox.categorise("starred", &["VIP", "Straße & Co."], now);
    });
    let account = account(&simulator);
    let inbox = scope(&account, MailboxRole::Inbox).await;
    let mut mirror = Mirror::default();
    mirror.sync(&account, &inbox, ALL).await;
    let before = mirror.held[&mirror.key_of("starred")].clone();
    elsewhere(&simulator, |mailbox, now| mailbox.categorise("starred", &["VIP"], now));
    mirror.sync(&account, &inbox, ALL).await;
    let starred = Flags { starred: true, ..Flags::default() };
    assert_eq!(mirror.flags_of("starred"), Some(starred), "the star was not spoken of, and stays");
    assert_eq!(mirror.labels_of("starred"), ["VIP"]);
    let after = &mirror.held[&before.key];
    assert_eq!(
        (after.internal_date, after.size, &after.thread),
        (before.internal_date, before.size, &before.thread),
        "a message is known again by these"
    );
}

#[tokio::test]
async fn a_lost_position_concerns_its_folder_alone() {
    for loss in [Loss::Gone, Loss::NotFound] {
        let simulator = simulator();
        deliver(&simulator, "one");
        let account = account(&simulator);
        let inbox = scope(&account, MailboxRole::Inbox).await;
        let mut mirror = Mirror::default();
        mirror.sync(&account, &inbox, ALL).await;
        elsewhere(&simulator, |mailbox, _| mailbox.evict(loss));
        let outcome = account.pull(&inbox, mirror.cursor.as_ref(), ALL).await;
        assert!(
            matches!(&outcome, Err(ProviderError::CursorLost(key)) if *key == inbox.key),
            "{loss:?}: {outcome:?}"
        );
        let page = account.pull(&inbox, None, ALL).await;
        assert!(page.is_ok(), "{loss:?}: from the beginning it can be heard again");
    }
}

#[tokio::test]
async fn a_folder_that_was_removed_is_gone() {
    let simulator = simulator();
    let id = elsewhere(&simulator, |mailbox, _| mailbox.add_folder("Old", None));
    let account = account(&simulator);
    let scopes = account.scopes().await.expect("the folders");
    let old = scopes.into_iter().find(|scope| scope.key == id).expect("the folder");
    let mut mirror = Mirror::default();
    mirror.sync(&account, &old, ALL).await;
    elsewhere(&simulator, |mailbox, _| mailbox.remove_folder(&id));
    let outcome = account.pull(&old, mirror.cursor.as_ref(), ALL).await;
    assert!(matches!(outcome, Err(ProviderError::ScopeGone(key)) if key == id));
    let scopes = account.scopes().await.expect("the folders");
    assert!(scopes.iter().all(|scope| scope.key != id), "and is listed no longer");
}

#[tokio::test]
async fn repeated_items_are_harmless() {
    let simulator = simulator();
    elsewhere(&simulator, |mailbox, _| mailbox.habits.repeats = true);
    for number in 1..=7 {
        deliver(&simulator, &format!("m {number}"));
    }
    let account = account(&simulator);
    let inbox = scope(&account, MailboxRole::Inbox).await;
    let mut mirror = Mirror::default();
    mirror.sync(&account, &inbox, PullOptions { max_messages: 3, ..ALL }).await;
    elsewhere(&simulator, |mailbox, _| mailbox.erase("m 3"));
    mirror.sync(&account, &inbox, ALL).await;
    let mut subjects = mirror.subjects();
    subjects.sort();
    assert_eq!(subjects, ["m 1", "m 2", "m 4", "m 5", "m 6", "m 7"]);
}

#[tokio::test]
async fn an_answer_of_ours_reads_the_same_from_its_parts_as_from_its_source() {
    let simulator = simulator();
    let sent = letter("Wärmflasche").replace_first(b"<mara@", b"<ada@");
    elsewhere(&simulator, |mailbox, now| {
        // What was sent here has no transport headers: Graph tells its parts only.
        mailbox.deliver("sentitems", &sent, now);
        mailbox.strip_transport_headers("Wärmflasche");
    });
    let account = account(&simulator);
    let folder = scope(&account, MailboxRole::Sent).await;
    let page = account.pull(&folder, None, ALL).await.expect("a page");
    let RemoteChange::Message(message) = &page.changes[0] else { panic!("{:?}", page.changes) };
    let RemoteSource::Headers(block) = &message.source else { panic!("an envelope") };
    let block = String::from_utf8(block.to_vec()).expect("text");
    assert!(block.contains("Message-ID: <Wärmflasche@client.example>\r\n"), "{block}");
    assert!(block.contains("From: \"Mara Voss\" <ada@client.example>\r\n"), "{block}");
    assert!(block.contains(&format!("To: <{OWN}>\r\n")), "{block}");
    assert!(block.contains("Subject: =?utf-8?B?V8Okcm1mbGFzY2hl?=\r\n"), "{block}");
    assert!(block.contains("Date: Sat, 21 Nov 2026 "), "{block}");
    assert!(block.ends_with("\r\n\r\n"), "a header block ends");
}

trait ReplaceFirst {
    fn replace_first(&self, from: &[u8], to: &[u8]) -> Vec<u8>;
}

impl ReplaceFirst for Vec<u8> {
    fn replace_first(&self, from: &[u8], to: &[u8]) -> Vec<u8> {
        let at = self.windows(from.len()).position(|window| window == from).expect("it is there");
        [&self[..at], to, &self[at + from.len()..]].concat()
    }
}

#[tokio::test]
async fn a_folder_is_counted_anew_when_messages_came_or_went() {
    let simulator = simulator();
    deliver(&simulator, "one");
    let account = account(&simulator);
    let inbox = scope(&account, MailboxRole::Inbox).await;
    let mut mirror = Mirror::default();
    mirror.sync(&account, &inbox, ALL).await;
    let told = async |mirror: &mut Mirror| {
        let mut told = None;
        loop {
            let page = account.pull(&inbox, mirror.cursor.as_ref(), ALL).await.expect("a page");
            told = page.remote_total.or(told);
            if !mirror.apply(page) {
                return told;
            }
        }
    };
    deliver(&simulator, "two");
    assert_eq!(told(&mut mirror).await, Some(2), "between two lists of the folders, too");
    elsewhere(&simulator, |mailbox, _| mailbox.erase("one"));
    assert_eq!(told(&mut mirror).await, Some(1));
    let before = simulator.world().journal.len();
    assert_eq!(told(&mut mirror).await, None, "as many as before");
    assert_eq!(simulator.world().journal.len() - before, 1, "nobody counts what did not change");
}
