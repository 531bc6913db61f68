//! Everything is taken out into a folder the person picks: counted, ended without a trace, never among other files.

use deskbell_api::dto::{Event, ExportStage, ExportState, NoArgs};
use deskbell_api::handlers::exporting;

use crate::desk::Desk;

const MAIL: usize = 120;

async fn with_mail(folder: Option<&std::path::Path>) -> Desk {
    let desk = Desk::that_picks(folder.map(Into::into)).await;
    for n in 0..MAIL {
        let source = format!(
            "From: mara@voss.example\r\nTo: desk@studio.example\r\nMessage-ID: <{n}@voss.example>\r\n\
             Date: Fri, 20 Nov 2026 10:00:00 +0000\r\nSubject: Visit {n}\r\n\r\nUntil {n}.\r\n"
        );
        desk.receive(&source).await;
    }
    desk
}

/// How it ended, as a window is told.
async fn end(events: &mut deskbell_api::Events) -> ExportState {
    loop {
        if let Event::Export { state } = events.next().await.expect("the desk is open")
            && state.stage != ExportStage::Running
        {
            return *state;
        }
    }
}

#[tokio::test]
async fn an_export_is_counted_to_its_end_and_shown_in_its_folder() {
    let documents = tempfile::tempdir().expect("a directory");
    std::fs::write(documents.path().join("letter.odt"), "mine").expect("written");
    let desk = with_mail(Some(documents.path())).await;
    let mut events = desk.events();
    assert!(exporting::show(&desk, NoArgs {}).await.is_err(), "there is nothing to show yet");

    let begun = exporting::begin(&desk, NoArgs {}).await.expect("begins").export.expect("chosen");
    assert_eq!(begun.total, MAIL as i64, "counted before the first message is written");
    let done = end(&mut events).await;
    assert_eq!((done.stage, done.done, done.problem), (ExportStage::Done, MAIL as i64, None));
    assert_eq!(done.without_body, 0);

    let folder = std::path::PathBuf::from(&done.path);
    assert_eq!(folder.parent(), Some(documents.path()), "in a folder of its own");
    let mbox = std::fs::read_to_string(folder.join("1-Studio/INBOX.mbox")).expect("an mbox");
    assert_eq!(mbox.matches("\nSubject: Visit ").count(), MAIL);
    exporting::show(&desk, NoArgs {}).await.expect("shown");
    assert_eq!(*desk.opened.lock().expect("whole"), [folder]);

    let again = exporting::begin(&desk, NoArgs {}).await.expect("begins").export.expect("chosen");
    assert_ne!(again.path, done.path, "what was exported is not written over");
    assert_eq!(end(&mut events).await.stage, ExportStage::Done);
}

#[tokio::test]
async fn a_cancelled_export_leaves_nothing_and_only_one_runs_at_a_time() {
    let documents = tempfile::tempdir().expect("a directory");
    std::fs::write(documents.path().join("letter.odt"), "mine").expect("written");
    let desk = with_mail(Some(documents.path())).await;
    let mut events = desk.events();
    // The writing has a thread of its own, and on a busy machine it may be done before it hears of the end.
    for _ in 0..50 {
        exporting::begin(&desk, NoArgs {}).await.expect("begins");
        let second = exporting::begin(&desk, NoArgs {}).await;
        exporting::cancel(&desk, NoArgs {}).await.expect("is heard");
        let ended = end(&mut events).await;
        if let Err(refused) = second {
            assert!(refused.message.contains("under way"), "{refused}");
        }
        if ended.stage == ExportStage::Cancelled {
            assert!(!std::path::Path::new(&ended.path).exists(), "nothing is left of it");
            return;
        }
    }
    panic!("not one of fifty exports could be cancelled");
}

#[tokio::test]
async fn nothing_is_exported_where_no_folder_was_chosen_or_it_cannot_be_written() {
    let desk = with_mail(None).await;
    let begun = exporting::begin(&desk, NoArgs {}).await.expect("is answered");
    assert_eq!(begun.export, None);

    let file = tempfile::NamedTempFile::new().expect("a file");
    let desk = with_mail(Some(&file.path().join("below"))).await;
    let mut events = desk.events();
    exporting::begin(&desk, NoArgs {}).await.expect("begins");
    let failed = end(&mut events).await;
    assert_eq!(failed.stage, ExportStage::Failed);
    let problem = failed.problem.expect("a problem");
    assert!(problem.message.contains("could not be written"), "{problem}");
}
