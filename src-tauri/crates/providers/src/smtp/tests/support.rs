//! What the stories share: mails, settings, a departure that can be watched.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use deskbell_domain::Address;
use deskbell_domain::outgoing::{Composition, OutgoingMessage, SendOutcome};
use deskbell_domain::port::{Departure, MessageSink as _, Parting};
use deskbell_domain::secret::Secret;
use deskbell_testbed::{ScriptedSmtp, SmtpOffers};

use crate::smtp::pace::Pace;
use crate::smtp::{Security, SignIn, SmtpProvider, SmtpSettings};

pub(super) fn settings(port: u16) -> SmtpSettings {
    SmtpSettings {
        host: "127.0.0.1".into(),
        port,
        security: Security::None,
        user: "ada@testbed.example".into(),
        sign_in: SignIn::Password,
        saves_sent: None,
        max_bytes: None,
        pinned_certificate: None,
    }
}

/// Longer than anything takes here, also where the machine is busy with other tests.
const PATIENCE: Duration = Duration::from_secs(60);

pub(super) fn server() -> ScriptedSmtp {
    ScriptedSmtp::start(SmtpOffers::default()).expect("a server")
}

pub(super) fn sender(server: &ScriptedSmtp) -> SmtpProvider {
    with(settings(server.port()), Pace::default())
}

pub(super) fn with(settings: SmtpSettings, pace: Pace) -> SmtpProvider {
    SmtpProvider::with_pace(settings, Some(Secret::new("pencil").into()), None, pace)
}

pub(super) fn mail(token: &str, to: &[&str]) -> OutgoingMessage {
    with_source(token, to, "Good morning.\r\n")
}

pub(super) fn with_source(token: &str, to: &[&str], body: &str) -> OutgoingMessage {
    let source = format!(
        "From: ada@testbed.example\r\nTo: someone\r\nSubject: {token}\r\nMessage-ID: <{token}>\r\n\r\n{body}"
    );
    OutgoingMessage {
        token: token.into(),
        sender: Address { name: Some("Ada".into()), address: "ada@testbed.example".into() },
        recipients: to.iter().map(|one| (*one).to_owned()).collect(),
        source: Bytes::from(source),
        composition: Composition::default(),
        files: Vec::new(),
        date: 0,
        automatic: false,
    }
}

/// A departure that is counted, and can be forbidden.
#[derive(Default)]
pub(super) struct Gate {
    pub(super) departed: AtomicUsize,
    pub(super) shut: bool,
    pub(super) known: Mutex<Parting>,
}

impl Gate {
    pub(super) fn departed(&self) -> usize {
        self.departed.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Departure for Gate {
    async fn departs_with(&self, known: &Parting) -> Result<(), String> {
        *self.known.lock().expect("nobody panicked") = known.clone();
        self.departed.fetch_add(1, Ordering::SeqCst);
        if self.shut { Err("the disk is full".into()) } else { Ok(()) }
    }
}

pub(super) async fn send(sender: &SmtpProvider, mail: &OutgoingMessage) -> SendOutcome {
    sender.send(mail, &Gate::default()).await
}

/// Looks until it is so.
pub(super) async fn until(what: &str, so: impl Fn() -> bool) {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while !so() {
        assert!(tokio::time::Instant::now() < deadline, "waited in vain for {what}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

pub(super) fn accepted(outcome: &SendOutcome) -> bool {
    matches!(outcome, SendOutcome::Accepted { .. })
}
