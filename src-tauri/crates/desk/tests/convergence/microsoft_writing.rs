//! Writing and sending by Microsoft Graph, with the engine's own loops.

use std::time::Duration;

use deskbell_domain::outgoing::{ComposeKind, Composition, OutgoingState};
use deskbell_domain::{Address, OutgoingId};
use deskbell_simulator::Fault;
use deskbell_store::sync::outgoing::{self as drafts, NewDraft};
use deskbell_store::table::outgoing;

use crate::desk::Desk;
use crate::microsoft::{OWN, Outlook};
use crate::play::Remote as _;

const DEADLINE: Duration = Duration::from_secs(180);
const TOKEN: &str = "visit@studio.example";

fn written(text: &str) -> Composition {
    Composition {
        to: vec![Address { name: None, address: "mara@client.example".into() }],
        subject: "Your visit".into(),
        text: text.into(),
        ..Composition::default()
    }
}

async fn begin(desk: &Desk, text: &str) -> OutgoingId {
    let new = NewDraft {
        account: desk.account(),
        kind: ComposeKind::New,
        about: None,
        token: TOKEN.into(),
        composition: written(text),
        files: Vec::new(),
    };
    desk.write(move |w| drafts::create(w, &new)).await
}

/// Waits until something holds; the clock moves on meanwhile.
async fn until(desk: &Desk, what: &str, holds: impl AsyncFn() -> bool) {
    let waited = tokio::time::timeout(DEADLINE, async {
        while !holds().await {
            desk.pause(1_000);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    assert!(waited.await.is_ok(), "in time: {what}");
}

/// The texts of the drafts at Microsoft.
fn there(outlook: &Outlook) -> Vec<String> {
    let mut world = outlook.simulator.world();
    let drafts = world.microsoft.mailbox(OWN).messages("drafts");
    drafts.iter().map(|draft| String::from_utf8_lossy(&draft.source()).into_owned()).collect()
}

async fn one_copy_says(desk: &Desk, outlook: &Outlook, id: OutgoingId, text: &str) {
    until(desk, &format!("one copy says {text}"), async || {
        let (copies, row) = (there(outlook), desk.outgoing(id).await);
        copies.len() == 1
            && copies[0].contains(text)
            && row.composition.text.contains(text)
            && row.draft_revision == row.revision
    })
    .await;
}

#[tokio::test]
async fn a_draft_has_one_copy_at_microsoft_and_what_is_written_there_comes_here() {
    let (desk, outlook) = (Desk::new().await, Outlook::new());
    let provider = outlook.open();
    desk.sync(&provider).await.expect("the folders are known");
    let id = begin(&desk, "first words").await;
    desk.pause(10_000);
    let engine = desk.started(&provider);
    one_copy_says(&desk, &outlook, id, "first words").await;
    let save = desk.outgoing(id).await.revision;
    desk.write(move |w| drafts::save(w, id, save, &written("second words"), &[])).await;
    engine.sync_now(Some(desk.account()));
    one_copy_says(&desk, &outlook, id, "second words").await;
    {
        let mut world = outlook.simulator.world();
        // Outlook dates what is written there after what was written here.
        world.now = desk.now() + 60_000;
        let now = world.now;
        world.microsoft.mailbox(OWN).rewrite("Your visit", "words from the phone", now);
    }
    engine.sync_now(Some(desk.account()));
    until(&desk, "what was written there is here, and nothing was lost", async || {
        let row = desk.outgoing(id).await;
        let aside = desk.versions(id).await;
        row.composition.text.contains("words from the phone")
            || aside.iter().any(|text| text.contains("words from the phone"))
    })
    .await;
    until(&desk, "and there is one copy of it", async || there(&outlook).len() == 1).await;
    engine.stop().await;
}

#[tokio::test]
async fn a_message_whose_answer_was_lost_leaves_once() {
    for carried_out in [true, false] {
        let (desk, outlook) = (Desk::new().await, Outlook::new());
        let provider = outlook.open();
        desk.sync(&provider).await.expect("the folders are known");
        let id = begin(&desk, "See you on Friday.").await;
        let at = "POST /v1.0/me/messages/";
        outlook.simulator.fault(if carried_out { Fault::lost(at) } else { Fault::swallowed(at) });
        let now = desk.now();
        desk.write(move |w| drafts::queue(w, id, now, false)).await;
        for _ in 0..100 {
            desk.send(&provider).await;
            desk.pause(2_000);
            if desk.outgoing(id).await.state.is_gone() {
                break;
            }
        }
        assert_eq!(outlook.simulator.world().delivered.len(), 1, "the client got it once");
        assert_eq!(there(&outlook), Vec::<String>::new(), "no draft is left");
        desk.sync(&provider).await.expect("a sync");
        let row = desk.outgoing(id).await;
        assert_eq!(row.state, OutgoingState::Sent, "its copy among the sent ones was seen");
        assert_eq!(desk.messages().await, 1, "and is the same message");
    }
}

impl Desk {
    /// What was set aside of a draft.
    async fn versions(&self, id: OutgoingId) -> Vec<String> {
        let versions = self.read(move |c| outgoing::versions(c, id)).await;
        versions.into_iter().map(|version| version.composition.text).collect()
    }
}
