//! Putting conversations off: they come back at their time, at an answer, or by hand; and labels beside them.

use deskbell_domain::conversation::{ConversationEdit, View};
use deskbell_domain::{ConversationId, LabelId, MailboxRole};
use deskbell_store::table::{conversation, label};
use deskbell_store::{Connection, Entity, Origin, StoreError, Write, sync};

use crate::desk::{Desk, until};
use crate::server::Server;

async fn shop() -> Desk {
    let server = Server::with_mailboxes(&[
        ("INBOX", MailboxRole::Inbox),
        ("Archive", MailboxRole::Archive),
        ("Trash", MailboxRole::Trash),
    ]);
    server.deliver("INBOX", "visit");
    let desk = Desk::new(server).await;
    desk.sync().await.expect("the first sync");
    desk
}

async fn write<T: Send + 'static>(
    desk: &Desk,
    job: impl FnOnce(&mut Write<'_>) -> Result<T, StoreError> + Send + 'static,
) -> T {
    let now = deskbell_domain::time::Clock::now(&desk.clock);
    desk.store.write(Origin::Local, now, job).await.expect("it is written")
}

async fn the(desk: &Desk, subject: &'static str) -> conversation::Conversation {
    let id = desk.message(subject).await;
    let read = move |c: &Connection| {
        conversation::get(c, deskbell_store::table::message::get(c, id)?.conversation)
    };
    desk.store.read(read).await.expect("the conversation")
}

async fn put_off(desk: &Desk, id: ConversationId, by: Option<i64>) {
    let until = by.map(|by| deskbell_domain::time::Clock::now(&desk.clock) + by);
    let changed = write(desk, move |w| sync::snooze::set(w, &[id], until, "nap")).await;
    assert_eq!(changed, 1);
}

const HOUR: i64 = 3_600_000;

#[tokio::test]
async fn it_leaves_the_inbox_and_comes_back_on_time_on_top_with_a_mark() {
    let desk = shop().await;
    let id = the(&desk, "visit").await.id;
    put_off(&desk, id, Some(HOUR)).await;
    let asleep = the(&desk, "visit").await;
    assert_eq!(asleep.views, [View::Snoozed, View::All]);
    assert!(asleep.snoozed && asleep.snoozed_until.is_some());

    let engine = desk.started();
    let mut changes = desk.store.subscribe();
    desk.clock.advance(HOUR + 1_000);
    // Whatever is written, the engine looks again; without it, it looks twice a minute.
    write(&desk, |w| label::insert(w, "anything", None)).await;
    until("it is back", || async { the(&desk, "visit").await.back }).await;
    let awake = the(&desk, "visit").await;
    assert_eq!(awake.views, [View::Inbox, View::Unread, View::All]);
    assert!(awake.last_at > asleep.last_at, "it stands where it came back");
    // What is written is to be seen a moment before it is announced; the announcements keep its order.
    write(&desk, |w| label::insert(w, "something else", None)).await;
    let mut batches = 0;
    while let Ok(batch) = changes.try_recv() {
        let touched = |c: &deskbell_store::Change| c.entity == Entity::Conversation && c.id == id.0;
        batches += usize::from(batch.changes.iter().any(touched));
    }
    assert_eq!(batches, 1, "in one change");
    write(&desk, move |w| sync::snooze::seen(w, id)).await;
    assert!(!the(&desk, "visit").await.back, "looked at, the mark goes");
    engine.stop().await;
}

#[tokio::test]
async fn what_was_due_while_deskbell_was_closed_is_caught_up() {
    let desk = shop().await;
    let id = the(&desk, "visit").await.id;
    put_off(&desk, id, Some(HOUR)).await;
    desk.clock.advance(30 * HOUR);
    desk.sync().await.expect("a sync at the next start");
    assert!(the(&desk, "visit").await.back);
}

#[tokio::test]
async fn an_answer_ends_it_at_once_and_an_own_message_does_not() {
    let desk = shop().await;
    let id = the(&desk, "visit").await.id;
    put_off(&desk, id, None).await;
    let answer = |id: &str, from: &str| {
        format!(
            "Message-ID: <{id}@shop.example>\r\nIn-Reply-To: <visit@shop.example>\r\nFrom: {from}\r\n\
             To: desk@shop.example\r\nSubject: {id}\r\n\r\nWords.\r\n"
        )
    };
    let noon = 1_795_176_000_000;
    desk.server.receive("INBOX", &answer("own", "desk@shop.example"), noon);
    desk.sync().await.expect("a sync");
    assert!(the(&desk, "visit").await.snoozed, "we do not wait for ourselves");
    desk.server.receive("INBOX", &answer("hers", "mara@client.example"), noon + 1_000);
    desk.sync().await.expect("a sync");
    let awake = the(&desk, "visit").await;
    assert!(!awake.snoozed && awake.back && awake.views.contains(&View::Inbox));
}

#[tokio::test]
async fn undo_and_filing_end_it_and_undo_of_filing_brings_it_back_asleep() {
    let desk = shop().await;
    let id = the(&desk, "visit").await.id;
    put_off(&desk, id, Some(HOUR)).await;
    assert_eq!(write(&desk, |w| sync::undo(w, "nap")).await, 1);
    assert!(!the(&desk, "visit").await.snoozed, "taken back");
    put_off(&desk, id, Some(HOUR)).await;
    write(&desk, move |w| sync::edit(w, &[id], ConversationEdit::Archive, "done")).await;
    assert_eq!(the(&desk, "visit").await.views, [View::Archived, View::All], "done is done");
    write(&desk, |w| sync::undo(w, "done")).await;
    assert_eq!(the(&desk, "visit").await.views, [View::Snoozed, View::All], "as it was");
}

#[tokio::test]
async fn put_off_from_the_archive_it_comes_back_to_the_inbox() {
    let desk = shop().await;
    let id = the(&desk, "visit").await.id;
    desk.edit("visit", ConversationEdit::Archive).await;
    desk.sync().await.expect("a sync");
    put_off(&desk, id, Some(HOUR)).await;
    desk.clock.advance(2 * HOUR);
    desk.sync().await.expect("a sync");
    assert!(the(&desk, "visit").await.views.contains(&View::Inbox));
    assert_eq!(desk.server.uids("INBOX").len(), 1, "on the server too");
}

#[tokio::test]
async fn a_label_is_written_back_and_one_of_another_client_is_taken_over() {
    let desk = shop().await;
    let id = the(&desk, "visit").await.id;
    let regular: LabelId = write(&desk, |w| label::insert(w, "Stammkunde", None)).await;
    assert_eq!(write(&desk, move |w| sync::label::set(w, &[id], regular, true, "g")).await, 1);
    assert_eq!(the(&desk, "visit").await.labels, [regular], "at once");
    desk.sync().await.expect("a sync");
    let uid = desk.server.uids("INBOX")[0];
    assert_eq!(desk.server.keywords("INBOX", uid), ["Stammkunde"]);

    desk.server.set_keywords("INBOX", uid, &["Stammkunde", "To_call"]);
    desk.sync().await.expect("a sync");
    assert_eq!(the(&desk, "visit").await.labels.len(), 2, "its keyword became a label");
    assert_eq!(desk.number("SELECT total FROM label WHERE name = 'To call'").await, 1);

    write(&desk, move |w| sync::label::remove(w, regular)).await;
    assert_eq!(the(&desk, "visit").await.labels.len(), 1, "gone at once");
    desk.sync().await.expect("a sync");
    desk.sync().await.expect("a sync");
    assert_eq!(desk.server.keywords("INBOX", uid), ["To_call"]);
    desk.server.set_keywords("INBOX", uid, &["Stammkunde"]);
    desk.sync().await.expect("a sync");
    assert!(the(&desk, "visit").await.labels.is_empty(), "a removed label does not come back");
}

#[tokio::test]
async fn a_provider_that_keeps_no_labels_leaves_them_here() {
    let desk = shop().await;
    let id = the(&desk, "visit").await.id;
    let regular: LabelId = write(&desk, |w| label::insert(w, "VIP", None)).await;
    desk.server.refuse_edit(desk.server.uids("INBOX")[0]);
    write(&desk, move |w| sync::label::set(w, &[id], regular, true, "g")).await;
    for _ in 0..2 {
        desk.sync().await.expect("a sync");
    }
    assert_eq!(the(&desk, "visit").await.labels, [regular], "it is kept here");
    assert!(!the(&desk, "visit").await.pending, "and waits for nobody");
}
