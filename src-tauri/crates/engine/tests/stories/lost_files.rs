//! A file of a message that waits is gone from the disk, or holds other bytes, when the message is to leave.

use std::path::Path;

use deskbell_domain::OutgoingId;
use deskbell_domain::outgoing::OutgoingFile;
use deskbell_domain::outgoing::OutgoingState::{Accepted, Draft, Rejected};
use deskbell_domain::time::{Clock, HOUR};
use deskbell_store::Connection;
use deskbell_store::sync::outgoing as written;
use deskbell_store::table::outgoing;

use crate::post::Post;
use crate::sender::Sender;

const PLAN: &[u8] = b"the plan of the summer house, in some detail";

/// The bytes are kept as they are when a person attaches a file.
fn attached(desk: &Sender) -> OutgoingFile {
    OutgoingFile {
        blob: desk.store.packer().keep_file(PLAN).expect("is kept"),
        name: "plan.pdf".into(),
        media_type: "application/pdf".into(),
        size: PLAN.len() as u64,
        content_id: None,
    }
}

/// A message with a file, given over to be sent.
async fn queued(desk: &Sender) -> OutgoingId {
    let (id, file) = (desk.draft("m", "t").await, attached(desk));
    let (row, now) = (desk.row(id).await, desk.clock.now());
    desk.write(move |w| {
        written::save(w, id, row.revision, &row.composition, &[file])?;
        written::queue(w, id, now, false)
    })
    .await
    .expect("is queued");
    id
}

/// The files kept in a profile.
fn kept(profile: &Path) -> Vec<std::path::PathBuf> {
    let inside = |folder: &Path| {
        let entries = std::fs::read_dir(folder).expect("a folder");
        entries.map(|entry| entry.expect("an entry").path()).collect::<Vec<_>>()
    };
    inside(&profile.join("blobs")).iter().flat_map(|folder| inside(folder)).collect()
}

/// What happens to the file of a message that waits, and how its writer mends it.
async fn lost_and_mended(lose: impl Fn(&Path)) {
    let directory = tempfile::tempdir().expect("a directory");
    let desk = Sender::open(directory.path(), &Post::default(), &Sender::clock()).await;
    let id = queued(&desk).await;
    let files = kept(directory.path());
    assert_eq!(files.len(), 1, "{files:?}");
    lose(&files[0]);
    let engine = desk.idle();
    desk.send(&engine).await;
    let row = desk.row(id).await;
    assert_eq!((row.state, row.error_code.as_deref()), (Rejected, Some("file")));
    let words = row.error.expect("words for a person");
    assert!(words.contains("“plan.pdf”") && words.ends_with("attach it again"), "{words}");
    assert!(!words.contains("stored message"), "it is a file that is lost: {words}");
    desk.clock.advance(HOUR);
    desk.send(&engine).await;
    assert!(desk.post.take_calls().is_empty(), "no provider was given half a message");

    desk.write(move |w| written::take_back(w, id)).await.expect("to be written on");
    let row = desk.row(id).await;
    assert_eq!((row.state, row.composition.text.as_str()), (Draft, "This is m."), "all words stay");
    let listed = desk.store.read(move |c: &Connection| outgoing::files(c, id)).await;
    assert_eq!(listed.expect("files").len(), 1, "it is known which file is missing");
    let (again, now) = (attached(&desk), desk.clock.now());
    desk.write(move |w| {
        written::attach(w, id, &[again])?;
        written::queue(w, id, now, false)
    })
    .await
    .expect("is queued");
    desk.send(&engine).await;
    assert_eq!(desk.state(id).await, Accepted);
    assert_eq!(desk.post.delivered(), ["m@shop.example"], "once");
    let source = desk.post.delivered_source("m@shop.example").expect("its source");
    let found = deskbell_engine::compose::parse(&source).files;
    assert_eq!(found.len(), 1, "the file is there once");
    assert_eq!(&found[0].bytes[..], PLAN);
}

#[tokio::test]
async fn a_message_whose_file_is_gone_waits_for_its_writer_and_leaves_once_it_is_attached_again() {
    lost_and_mended(|file| std::fs::remove_file(file).expect("goes")).await;
}

/// Of the same length, so that only a look at the bytes tells.
#[tokio::test]
async fn so_does_one_whose_file_was_damaged() {
    lost_and_mended(|file| std::fs::write(file, vec![0; PLAN.len()]).expect("is spoilt")).await;
}
