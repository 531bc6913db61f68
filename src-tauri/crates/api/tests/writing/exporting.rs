//! Everything is taken out into a folder the person picks: counted, ended without a trace, never among other files.

use std::ops::ControlFlow;
use std::path::Path;

use deskbell_api::dto::{
    Event, ExportStage, ExportState, NoArgs, SenderForm, SettingForm, SnoozeArgs, TemplateForm,
};
use deskbell_api::handlers::{
    conversation, export, exporting, senders, settings, snooze, templates,
};
use deskbell_domain::outgoing::{ComposeKind, Composition, OutgoingFile};
use deskbell_domain::{AccountId, Address};
use deskbell_store::Origin;
use deskbell_store::sync::outgoing::{self as written, NewDraft};
use serde_json::Value;

use crate::desk::{Desk, NOON};

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

fn json(folder: &Path, name: &str) -> Value {
    let text = std::fs::read_to_string(folder.join(name)).expect("it was written");
    serde_json::from_str(&text).expect("it is JSON")
}

/// A draft with a file, saved once more since.
async fn draft(desk: &Desk) {
    let account: AccountId = desk.account.parse().expect("an id");
    let bytes = b"from 80 on".to_vec();
    let blob = desk.store.packer().keep_file(&bytes).expect("the file is kept");
    let composition = Composition {
        to: vec![Address { name: None, address: "mara@voss.example".into() }],
        subject: "Our prices".into(),
        text: "See the file.".into(),
        ..Composition::default()
    };
    let file = OutgoingFile {
        blob,
        name: "prices.txt".into(),
        media_type: "text/plain".into(),
        size: bytes.len() as u64,
        content_id: None,
    };
    let new = NewDraft {
        account,
        kind: ComposeKind::New,
        about: None,
        token: "prices@studio.example".into(),
        composition,
        files: vec![file],
    };
    let write = desk.store.write(Origin::Local, NOON, move |w| {
        let id = written::create(w, &new)?;
        let later = Composition { text: "See the file, please.".into(), ..new.composition };
        written::save(w, id, 0, &later, &new.files)
    });
    write.await.expect("a draft");
}

#[tokio::test]
async fn what_exists_nowhere_else_is_exported_too() {
    let documents = tempfile::tempdir().expect("a directory");
    let desk = Desk::that_picks(None).await;
    let message = desk
        .receive(
            "From: mara@voss.example\r\nTo: desk@studio.example\r\nMessage-ID: <1@voss.example>\r\n\
             Subject: Later\r\n\r\nNext week.\r\n",
        )
        .await;
    let asleep = conversation::message(&desk, &message).await.expect("a message").conversation_id;
    let until = NOON + 86_400_000;
    let args = SnoozeArgs { ids: vec![asleep.clone()], until: Some(until) };
    snooze::set(&desk, args).await.expect("is put off");
    let form = TemplateForm {
        id: None,
        name: "Prices".into(),
        shortcut: "p".into(),
        subject: "Our prices".into(),
        html: "<p>From 80 on</p>".into(),
    };
    templates::put(&desk, form).await.expect("a template");
    let form = SenderForm {
        id: None,
        account_id: desk.account.clone(),
        name: "Ruth".into(),
        address: "desk@studio.example".into(),
        signature: "<p>Studio One</p>".into(),
        reply_to: None,
        first: true,
    };
    senders::put(&desk, form).await.expect("a sender");
    let form = SettingForm { key: "theme".into(), value: "dark".into() };
    settings::put(&desk, form).await.expect("is set");
    draft(&desk).await;

    let folder = documents.path().join("out");
    let exported = export::export(&desk, folder.clone(), |_| ControlFlow::Continue(())).await;
    let exported = exported.expect("is exported");
    assert_eq!((exported.messages, exported.total, exported.stopped), (1, 1, false));

    assert_eq!(json(&folder, "templates.json")[0]["html"], "<p>From 80 on</p>");
    assert_eq!(json(&folder, "senders.json")[0]["signature"], "<p>Studio One</p>");
    assert_eq!(json(&folder, "settings.json")["theme"], "dark");
    let snoozes = json(&folder, "snoozes.json");
    assert_eq!(snoozes[0]["until"], until, "{snoozes:#}");
    assert_eq!(snoozes[0]["conversation_id"], asleep);
    assert_eq!(snoozes[0]["message_ids"][0], "1@voss.example", "found again anywhere");
    let drafts = json(&folder, "drafts.json");
    assert_eq!(drafts[0]["message"]["text"], "See the file, please.", "{drafts:#}");
    assert_eq!(drafts[0]["versions"][0]["message"]["text"], "See the file.", "{drafts:#}");
    let file = drafts[0]["files"][0]["file"].as_str().expect("its file is there");
    assert_eq!(std::fs::read(folder.join(file)).expect("a file"), b"from 80 on");
    let contacts = std::fs::read_to_string(folder.join("contacts.jsonl")).expect("contacts");
    let lines: Vec<Value> =
        contacts.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert!(lines.iter().any(|one| one["address"] == "mara@voss.example"), "{lines:?}");
    for name in ["labels.json", "rules.json"] {
        assert!(json(&folder, name).is_array(), "{name}");
    }
    let documented = include_str!("../../../../../docs/export.md");
    for entry in folder.read_dir().expect("the folder") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        let known = name.ends_with("-Studio") || documented.contains(&format!("`{name}"));
        assert!(known, "{name} is documented");
    }
}

#[tokio::test]
async fn an_export_that_is_ended_says_what_is_missing_and_keeps_what_it_wrote() {
    let documents = tempfile::tempdir().expect("a directory");
    let desk = with_mail(None).await;
    let folder = documents.path().join("out");
    let ended = |so_far: &export::Exported| {
        if so_far.done() < 30 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    let exported = export::export(&desk, folder.clone(), ended).await.expect("is ended");
    assert!(exported.stopped, "it was ended");
    assert_eq!((exported.done(), exported.total), (30, MAIL as u64), "and counts what is missing");
    let mbox = std::fs::read_to_string(folder.join("1-Studio/INBOX.mbox")).expect("an mbox");
    assert_eq!(mbox.matches("\nSubject: Visit ").count(), 30, "what was written is whole");

    let all = |_: &export::Exported| ControlFlow::Continue(());
    let again = export::export(&desk, folder.clone(), all).await.expect("begins anew");
    assert_eq!((again.stopped, again.done()), (false, MAIL as u64), "all of it");
    let second = export::export(&desk, folder, all).await;
    assert!(second.is_err(), "what is whole is not written over");
}
