//! A mailbox in the simulator, and an account that reads it.

use std::sync::Arc;
use std::sync::Mutex;

use async_trait::async_trait;
use deskbell_domain::message::Flags;
use deskbell_domain::port::{AccessTokens, MessageSource as _};
use deskbell_domain::secret::Secret;
use deskbell_domain::sync::RemoteScope;
use deskbell_domain::{MailboxRole, ProviderError};
use deskbell_simulator::{Mailbox, Simulator};

use super::super::GraphProvider;
use super::super::client::Graph;
use crate::conformance::Remote;
use crate::http::SignedApi;

pub(super) const OWN: &str = "ada@studio.example";
pub(super) const TOKEN: &str = "eyJ0-first";
pub(super) const SCOPES: [&str; 3] = ["User.Read", "Mail.ReadWrite", "Mail.Send"];

/// Tokens in the order they are given out; the last one is given again and again.
pub(super) struct Purse(Mutex<Vec<&'static str>>);

impl Purse {
    pub(super) fn of(tokens: &[&'static str]) -> Arc<Self> {
        Arc::new(Self(Mutex::new(tokens.to_vec())))
    }
}

#[async_trait]
impl AccessTokens for Purse {
    async fn access(&self, refused: Option<&Secret>) -> Result<Secret, ProviderError> {
        let mut tokens = self.0.lock().expect("tokens");
        if refused.is_some_and(|refused| refused.expose() == tokens[0]) {
            if tokens.len() == 1 {
                return Err(ProviderError::Auth("sign in again".into()));
            }
            tokens.remove(0);
        }
        Ok(Secret::new(tokens[0]))
    }
}

pub(super) fn simulator() -> Simulator {
    let simulator = Simulator::start().expect("a simulator");
    simulator.world().microsoft.sign_in(TOKEN, OWN, &SCOPES);
    simulator
}

pub(super) fn account(simulator: &Simulator) -> GraphProvider {
    with_tokens(simulator, Purse::of(&[TOKEN]))
}

pub(super) fn with_tokens(simulator: &Simulator, purse: Arc<Purse>) -> GraphProvider {
    let base = format!("{}/v1.0", simulator.base_url("microsoft"));
    let api = SignedApi::new(&base, purse).expect("an API");
    GraphProvider::over(Graph::over(api))
}

/// The scope with this role.
pub(super) async fn scope(account: &GraphProvider, role: MailboxRole) -> RemoteScope {
    let scopes = account.scopes().await.expect("the folders");
    scopes.into_iter().find(|scope| scope.role == role).expect("a folder with this role")
}

/// A mail as the post brings it.
pub(super) fn letter(subject: &str) -> Vec<u8> {
    format!(
        "Message-ID: <{}@client.example>\r\nFrom: Mara Voss <mara@client.example>\r\nTo: {OWN}\r\nDate: Sat, 21 Nov 2026 06:59:00 +0000\r\nSubject: {subject}\r\n\r\nThis is {subject}.\r\n",
        subject.replace(' ', "-")
    )
    .into_bytes()
}

/// Does something to the mailbox as another client would, a second later.
pub(super) fn elsewhere<T>(simulator: &Simulator, act: impl FnOnce(&mut Mailbox, i64) -> T) -> T {
    let mut world = simulator.world();
    world.now += 1_000;
    let now = world.now;
    act(world.microsoft.mailbox(OWN), now)
}

pub(super) fn deliver(simulator: &Simulator, subject: &str) {
    elsewhere(simulator, |mailbox, now| mailbox.deliver("inbox", &letter(subject), now));
}

/// The phone: another client of the same inbox.
pub(super) struct Phone<'a>(pub(super) &'a Simulator);

impl Remote for Phone<'_> {
    fn deliver(&mut self, subject: &str) {
        deliver(self.0, subject);
    }

    fn set_flags(&mut self, subject: &str, flags: Flags) -> bool {
        elsewhere(self.0, |mailbox, now| mailbox.mark(subject, flags.seen, flags.starred, now));
        true
    }

    fn remove(&mut self, subject: &str) -> bool {
        elsewhere(self.0, |mailbox, _| mailbox.erase(subject));
        true
    }

    fn subjects(&mut self) -> Vec<String> {
        let mut world = self.0.world();
        let inside = world.microsoft.mailbox(OWN).messages("inbox");
        inside.iter().map(|message| message.subject.clone()).collect()
    }
}
