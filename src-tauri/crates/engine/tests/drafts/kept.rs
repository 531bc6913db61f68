//! The provider's copies of drafts: replaced and never multiplied, and what another program wrote is never lost.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use deskbell_domain::time::Clock as _;
use deskbell_engine::Engine;
use deskbell_store::Origin;
use deskbell_store::sync::{draft, outgoing as drafts};
use deskbell_store::table::outgoing;

use crate::desk::{Desk, Pocket, TOKEN};
use crate::mailbox::key;

#[tokio::test]
async fn a_draft_is_replaced_and_never_multiplied() {
    let desk = Desk::new("first words").await;
    desk.pause();
    let engine = desk.engine();
    desk.settled("first words").await;
    assert!(desk.mailbox.texts()[0].contains("Bcc: tom@x.example"), "whole, for other programs");
    desk.save("second words").await;
    desk.pause();
    desk.save("third words").await;
    desk.pause();
    engine.sync_now(Some(desk.account));
    desk.settled("third words").await;
    engine.stop().await;
}

#[tokio::test]
async fn a_break_between_the_new_copy_and_the_old_one_leaves_one() {
    let desk = Desk::new("first words").await;
    desk.pause();
    let engine = desk.engine();
    desk.settled("first words").await;
    desk.mailbox.0.unforgetful.store(u32::MAX, Ordering::SeqCst);
    desk.save("second words").await;
    desk.pause();
    desk.until("both lie there", async || desk.mailbox.texts().len() == 2).await;
    engine.stop().await;
    desk.mailbox.0.unforgetful.store(0, Ordering::SeqCst);
    // The next start, a while later, finds both; whether the newer one was noted before the end is left open.
    desk.pause();
    let engine = desk.engine();
    desk.save("third words").await;
    desk.pause();
    engine.sync_now(Some(desk.account));
    desk.settled("third words").await;
    engine.stop().await;
}

#[tokio::test]
async fn a_copy_of_ours_that_was_left_over_takes_nothing_back() {
    let desk = Desk::new("first words").await;
    desk.pause();
    let engine = desk.engine();
    desk.settled("first words").await;
    let (account, first) = (desk.account, ("Drafts".to_owned(), key(1)));
    desk.until("its copy was read", async || {
        let first = first.clone();
        let read = desk.store.read(move |c| draft::lies_there(c, account, &first)).await;
        read.expect("reads")
    })
    .await;
    desk.mailbox.0.unforgetful.store(1, Ordering::SeqCst);
    // Within the second in which the copy was made: by its date alone it could be the newer one.
    desk.save("second words").await;
    desk.pause();
    engine.sync_now(Some(desk.account));
    desk.until("the break came", async || desk.mailbox.0.unforgetful.load(Ordering::SeqCst) == 0)
        .await;
    engine.stop().await;
    // A process that begins anew knows it, too.
    desk.pause();
    let engine = desk.engine();
    engine.sync_now(Some(desk.account));
    desk.settled("second words").await;
    assert!(desk.versions().await.is_empty(), "nobody else wrote on it");
    engine.stop().await;
}

#[tokio::test]
async fn what_is_written_elsewhere_stands_and_ours_is_kept() {
    let desk = Desk::new("our words").await;
    desk.pause();
    let engine = desk.engine();
    desk.settled("our words").await;
    // An hour later, in another program.
    desk.mailbox.write_elsewhere(&format!(
        "Date: Fri, 20 Nov 2026 13:00:00 +0000\r\nFrom: desk@studio.example\r\nTo: mara@x.example\r\nSubject: Visit\r\nMessage-ID: <{TOKEN}>\r\n\r\ntheir words\r\n"
    ));
    engine.sync_now(Some(desk.account));
    desk.settled("their words").await;
    assert_eq!(desk.versions().await, [("here".to_owned(), "our words".to_owned())]);
    engine.stop().await;
}

/// Another program writes the draft anew under a name of its own.
const REWRITTEN: &str = "Date: Fri, 20 Nov 2026 13:00:00 +0000\r\nFrom: desk@studio.example\r\nTo: mara@x.example\r\n\
    Subject: Visit\r\nMessage-ID: <of-their-own@elsewhere.example>\r\n\r\ntheir words\r\n";

#[tokio::test]
async fn a_draft_rewritten_elsewhere_under_another_message_id_stays_one_draft() {
    let desk = Desk::new("our words").await;
    desk.pause();
    let engine = desk.engine();
    desk.settled("our words").await;
    engine.sync_now(Some(desk.account));
    desk.mailbox.write_elsewhere(REWRITTEN);
    engine.sync_now(Some(desk.account));
    desk.until("their words stand here", async || {
        desk.row().await.composition.text.contains("their words")
    })
    .await;
    desk.pause();
    engine.sync_now(Some(desk.account));
    // Between the two steps the copy of the other program is the one copy.
    desk.until("it goes on under our name", async || {
        desk.mailbox.texts().iter().all(|copy| copy.contains(TOKEN))
    })
    .await;
    desk.settled("their words").await;
    assert_eq!(desk.versions().await, [("here".to_owned(), "our words".to_owned())]);
    engine.stop().await;
}

#[tokio::test]
async fn a_break_while_a_rewritten_draft_is_taken_over_leaves_one() {
    let desk = Desk::new("our words").await;
    desk.pause();
    let engine = desk.engine();
    desk.settled("our words").await;
    desk.mailbox.0.unforgetful.store(1, Ordering::SeqCst);
    desk.mailbox.write_elsewhere(REWRITTEN);
    engine.sync_now(Some(desk.account));
    desk.until("their words stand here", async || {
        desk.row().await.composition.text.contains("their words")
    })
    .await;
    desk.until("the break came", async || desk.mailbox.0.unforgetful.load(Ordering::SeqCst) == 0)
        .await;
    engine.stop().await;
    // The next start knows the copy by its place alone: it bears no Message-ID of ours.
    desk.save("third words").await;
    desk.pause();
    let engine = desk.engine();
    engine.sync_now(Some(desk.account));
    desk.settled("third words").await;
    assert!(desk.mailbox.texts()[0].contains(TOKEN), "and goes on under our name");
    engine.stop().await;
}

#[tokio::test]
async fn a_file_added_elsewhere_is_no_copy_of_what_stands_here() {
    let desk = Desk::new("our words").await;
    desk.pause();
    let engine = desk.engine();
    desk.settled("our words").await;
    desk.mailbox.write_elsewhere(&format!(
        "Date: Fri, 20 Nov 2026 13:00:00 +0000\r\nFrom: desk@studio.example\r\nTo: mara@x.example\r\nBcc: tom@x.example\r\n\
         Subject: Visit\r\nMessage-ID: <{TOKEN}>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nour words\r\n--b\r\nContent-Type: text/csv\r\n\
         Content-Disposition: attachment; filename=prices.csv\r\n\r\ncut,48\r\n--b--\r\n"
    ));
    engine.sync_now(Some(desk.account));
    let id = desk.draft;
    desk.until("the file is here", async || {
        let files = desk.store.read(move |c| outgoing::files(c, id)).await.expect("reads");
        files.iter().any(|file| file.name == "prices.csv")
    })
    .await;
    engine.stop().await;
}

#[tokio::test]
async fn what_is_older_elsewhere_is_set_aside() {
    let desk = Desk::new("our words").await;
    desk.pause();
    let engine = desk.engine();
    desk.settled("our words").await;
    desk.save("our newer words").await;
    // Written an hour before ours, and seen only now.
    desk.mailbox.put(
        format!(
            "Date: Fri, 20 Nov 2026 11:00:00 +0000\r\nFrom: desk@studio.example\r\nTo: mara@x.example\r\nSubject: Visit\r\nMessage-ID: <{TOKEN}>\r\n\r\nolder words\r\n"
        )
        .as_bytes(),
    );
    engine.sync_now(Some(desk.account));
    desk.until("the older version is set aside", async || !desk.versions().await.is_empty()).await;
    desk.pause();
    engine.sync_now(Some(desk.account));
    desk.settled("our newer words").await;
    assert_eq!(desk.versions().await, [("elsewhere".to_owned(), "older words".to_owned())]);
    engine.stop().await;
}

#[tokio::test]
async fn a_draft_that_goes_takes_its_copy_along() {
    let desk = Desk::new("our words").await;
    desk.pause();
    let engine = desk.engine();
    desk.settled("our words").await;
    let (id, now) = (desk.draft, desk.clock.now());
    let thrown = desk.store.write(Origin::Local, now, move |w| drafts::discard(w, id));
    thrown.await.expect("is thrown away");
    desk.until("nothing is left there", async || desk.mailbox.texts().is_empty()).await;
    let now = desk.clock.now();
    desk.store.write(Origin::Local, now, move |w| drafts::restore(w, id)).await.expect("is back");
    desk.pause();
    engine.sync_now(Some(desk.account));
    desk.settled("our words").await;
    engine.stop().await;
}

/// Another program writes the same words with other formatting.
fn elsewhere(date: &str, html: &str) -> String {
    format!(
        "Date: {date}\r\nFrom: desk@studio.example\r\nTo: mara@x.example\r\nBcc: tom@x.example\r\n\
         Subject: Visit\r\nMessage-ID: <{TOKEN}>\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n"
    )
}

const LATER: &str = "Fri, 20 Nov 2026 13:00:00 +0000";

#[tokio::test]
async fn formatting_that_was_changed_elsewhere_is_not_lost_as_the_same() {
    let desk = Desk::new("our words").await;
    desk.pause();
    let engine = desk.engine();
    desk.settled("our words").await;
    desk.mailbox.write_elsewhere(&elsewhere(LATER, "<p>our <b>words</b></p>"));
    engine.sync_now(Some(desk.account));
    desk.until("the bold word is here", async || {
        desk.row().await.composition.html.is_some_and(|html| html.contains("<b>words</b>"))
    })
    .await;
    assert_eq!(desk.versions().await, [("here".to_owned(), "our words".to_owned())]);
    engine.stop().await;
}

#[tokio::test]
async fn how_another_program_lays_out_the_same_words_is_no_change() {
    let desk = Desk::new("our words").await;
    desk.pause();
    let engine = desk.engine();
    desk.settled("our words").await;
    desk.mailbox
        .write_elsewhere(&elsewhere(LATER, "<html><body><div>our words<br></div></body></html>"));
    engine.sync_now(Some(desk.account));
    desk.until("the copy of the other program counts as ours", async || {
        desk.row().await.draft_copy == Some(("Drafts".to_owned(), key(2)))
    })
    .await;
    assert_eq!(desk.row().await.composition.html, None, "nothing was taken over");
    assert!(desk.versions().await.is_empty(), "and nothing set aside");
    engine.stop().await;
}

#[tokio::test]
async fn a_version_that_is_set_aside_keeps_its_files() {
    let desk = Desk::new("our words").await;
    desk.pause();
    let engine = desk.engine();
    desk.settled("our words").await;
    desk.save("our newer words").await;
    desk.mailbox.put(
        format!(
            "Date: Fri, 20 Nov 2026 11:00:00 +0000\r\nFrom: desk@studio.example\r\nTo: mara@x.example\r\n\
             Subject: Visit\r\nMessage-ID: <{TOKEN}>\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nolder words\r\n--b\r\n\
             Content-Type: text/plain; name=prices.txt\r\nContent-Disposition: attachment; filename=prices.txt\r\n\
             \r\nCut 48\r\n--b--\r\n"
        )
        .as_bytes(),
    );
    engine.sync_now(Some(desk.account));
    desk.until("the older version is set aside", async || !desk.versions().await.is_empty()).await;
    let id = desk.draft;
    let versions = desk.store.read(move |c| outgoing::versions(c, id)).await.expect("reads");
    let file = versions[0].files.first().expect("its file is kept");
    assert_eq!(file.name, "prices.txt");
    let bytes = desk.store.packer().file(&file.blob).expect("with its bytes");
    assert_eq!(String::from_utf8_lossy(&bytes).trim_end(), "Cut 48");
    engine.stop().await;
}

/// Nobody keeps the window open: `bell sync` alone brings drafts there and back.
#[tokio::test]
async fn a_single_sync_brings_drafts_there_and_back() {
    let desk = Desk::new("first words").await;
    let engine = Engine::idle(
        desk.store.clone(),
        Arc::new(desk.mailbox.clone()),
        Arc::new(Pocket),
        Arc::new(desk.clock.clone()),
    );
    let token = tokio_util::sync::CancellationToken::new();
    engine.sync_once(desk.account, &token).await.expect("a sync");
    let copies = desk.mailbox.texts();
    assert!(copies.len() == 1 && copies[0].contains("first words"), "it is there: {copies:?}");
    desk.mailbox.write_elsewhere(&elsewhere(LATER, "<p>words of the phone</p>"));
    engine.sync_once(desk.account, &token).await.expect("a sync");
    assert_eq!(desk.row().await.composition.text.trim(), "words of the phone");
    engine.sync_once(desk.account, &token).await.expect("a sync");
    assert_eq!(desk.mailbox.texts().len(), 1, "replaced, and never multiplied");
}
