//! What the stories of the HTTP sinks share.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use deskbell_domain::Address;
use deskbell_domain::outgoing::{Composition, OutgoingFile, OutgoingMessage};
use deskbell_domain::port::{Departure, Parting};

/// Longer than any answer takes, also where the machine is busy with other tests.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);
/// Short enough for an answer that never comes, and long enough for those that come before it.
pub(crate) const SILENCE: Duration = Duration::from_secs(2);

pub(crate) fn person(name: Option<&str>, address: &str) -> Address {
    Address { name: name.map(str::to_owned), address: address.into() }
}

/// A message to these people, from `ada@studio.example`.
pub(crate) fn mail(token: &str, to: &[&str]) -> OutgoingMessage {
    let composition = Composition {
        to: to.iter().map(|address| person(None, address)).collect(),
        subject: "Your visit".into(),
        text: "See you on Friday.".into(),
        ..Composition::default()
    };
    written(token, composition)
}

/// A message that has everything a message can have.
pub(crate) fn full(token: &str) -> OutgoingMessage {
    let file = |name: &str, media_type: &str, content_id: Option<&str>| OutgoingFile {
        blob: [0; 32],
        name: name.into(),
        media_type: media_type.into(),
        size: 5,
        content_id: content_id.map(str::to_owned),
    };
    let composition = Composition {
        from: None,
        to: vec![person(Some("Mara \"M\" Voß"), "mara@client.example")],
        cc: vec![person(None, "Mara@client.example"), person(None, "tom@client.example")],
        bcc: vec![person(None, "book@studio.example")],
        reply_to: vec![person(Some("Desk"), "desk@studio.example")],
        subject: "Fotos\r\nBcc: evil@x.example".into(),
        html: Some("<p>Hi <img src=\"cid:logo\"></p>".into()),
        text: "Hi".into(),
        in_reply_to: Some("before@client.example".into()),
        references: vec!["first@client.example".into(), "before@client.example".into()],
    };
    let mut mail = written(token, composition);
    mail.files = vec![
        (file("plan.pdf", "application/pdf", None), Bytes::from_static(b"%PDF-")),
        (file("logo.png", "image/png", Some("logo")), Bytes::from_static(b"\x89PNG\n")),
    ];
    mail.automatic = true;
    mail
}

fn written(token: &str, composition: Composition) -> OutgoingMessage {
    let mut recipients: Vec<String> = Vec::new();
    for person in composition.recipients() {
        if !recipients.contains(&person.key()) {
            recipients.push(person.key());
        }
    }
    OutgoingMessage {
        token: token.into(),
        sender: person(Some("Ada"), "ada@studio.example"),
        recipients,
        source: Bytes::new(),
        composition,
        files: Vec::new(),
        date: 0,
        automatic: false,
    }
}

/// A departure that is counted, with what was kept of it.
#[derive(Default)]
pub(crate) struct Gate(AtomicUsize, Mutex<Parting>);

impl Gate {
    pub(crate) fn departed(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }

    pub(crate) fn note(&self) -> Option<String> {
        self.known().note
    }

    pub(crate) fn known(&self) -> Parting {
        self.1.lock().expect("nobody panicked").clone()
    }
}

#[async_trait]
impl Departure for Gate {
    async fn departs_with(&self, known: &Parting) -> Result<(), String> {
        self.0.fetch_add(1, Ordering::SeqCst);
        *self.1.lock().expect("nobody panicked") = known.clone();
        Ok(())
    }
}
