//! A message with images in its text, as it reaches the services that build the message themselves.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a story may stop at the first surprise, also in what it is told with"
)]

use async_trait::async_trait;
use deskbell_domain::outgoing::{
    ComposeKind, Composition, OutgoingFile, OutgoingMessage, SendOutcome,
};
use deskbell_domain::port::{Departure, MessageSink, Parting};
use deskbell_domain::secret::Secret;
use deskbell_domain::{Address, Channel, Millis};
use deskbell_engine::compose::build;
use deskbell_providers::resend::{ResendProvider, ResendSettings};
use deskbell_providers::sendgrid::{SendGridProvider, SendGridSettings};
use deskbell_simulator::{ResendKey, Simulator};
use deskbell_store::sync::outgoing::{self as written, NewDraft};
use deskbell_store::table::account::{self, NewAccount};
use deskbell_store::table::outgoing;
use deskbell_store::{OpenOptions, Origin, Store};

const NOON: Millis = 1_795_176_000_000;
const OWN: &str = "ada@studio.example";
const KEY: &str = "SG.a_key_for_stories";

struct Gate;

#[async_trait]
impl Departure for Gate {
    async fn departs_with(&self, _known: &Parting) -> Result<(), String> {
        Ok(())
    }
}

fn image(id: &str) -> OutgoingFile {
    OutgoingFile {
        blob: [0; 32],
        name: format!("{id}.png"),
        media_type: "image/png".into(),
        size: 4,
        content_id: Some(id.into()),
    }
}

/// A message that shows the first of two images; the second was taken out of its text.
async fn message() -> OutgoingMessage {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(directory.path(), OpenOptions::default()).unwrap().store;
    let made = store.write(Origin::Local, NOON, |w| {
        let new = NewAccount {
            provider: "resend".into(),
            channel: Channel::Email,
            address: OWN.into(),
            name: "Studio".into(),
            settings: "{}".into(),
            schedule: String::new(),
            writes_back: false,
            sends: true,
        };
        let account = account::insert(w, &new)?;
        let draft = NewDraft {
            account,
            kind: ComposeKind::New,
            about: None,
            token: "one@studio.example".into(),
            composition: Composition {
                to: vec![Address { name: None, address: "mara@client.example".into() }],
                subject: "Friday".into(),
                text: "See above.".into(),
                html: Some("<p><img src=\"cid:shown\"></p>".into()),
                ..Composition::default()
            },
            files: Vec::new(),
        };
        let id = written::create(w, &draft)?;
        Ok((account::get(w, account)?, outgoing::get(w, id)?))
    });
    let (account, row) = made.await.unwrap();
    let files = ["shown", "gone"].map(|id| (image(id), b"\x89PNG".to_vec().into()));
    build(&row, &files, &account, NOON).unwrap()
}

/// The names of the files the service was handed.
async fn handed_over(simulator: &Simulator, sink: &dyn MessageSink) -> Vec<String> {
    let outcome = sink.send(&message().await, &Gate).await;
    assert!(matches!(outcome, SendOutcome::Accepted { .. }), "{outcome:?}");
    let world = simulator.world();
    let sent = world.journal.iter().find(|entry| entry.method == "POST").expect("it was sent");
    let files = sent.body["attachments"].as_array().expect("its files");
    files.iter().map(|file| file["filename"].as_str().expect("a name").to_owned()).collect()
}

#[tokio::test]
async fn an_image_taken_out_of_the_text_reaches_no_reader_by_sendgrid() {
    let simulator = Simulator::start().unwrap();
    {
        let mut world = simulator.world();
        let scopes = ["mail.send", "suppression.read", "messages.read"].map(str::to_owned);
        world.sendgrid.keys.insert(KEY.into(), scopes.to_vec());
        world.sendgrid.senders.insert(OWN.into());
    }
    let base_url = Some(simulator.base_url("sendgrid"));
    let settings = SendGridSettings { address: OWN.into(), base_url };
    let sink = SendGridProvider::new(&settings, Secret::new(KEY)).unwrap();
    assert_eq!(handed_over(&simulator, &sink).await, ["shown.png"]);
}

#[tokio::test]
async fn an_image_taken_out_of_the_text_reaches_no_reader_by_resend() {
    let simulator = Simulator::start().unwrap();
    {
        let mut world = simulator.world();
        world.resend.keys.insert(KEY.into(), ResendKey::Full);
        world.resend.domains.insert("studio.example".into(), (true, false));
    }
    let base_url = Some(simulator.base_url("resend"));
    let settings = ResendSettings { address: OWN.into(), base_url, tracking_unknown: false };
    let sink = ResendProvider::new(&settings, Secret::new(KEY)).unwrap();
    assert_eq!(handed_over(&simulator, &sink).await, ["shown.png"]);
}
