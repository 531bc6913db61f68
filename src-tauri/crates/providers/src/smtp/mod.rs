//! SMTP: handing messages in at a submission server (RFC 6409).
//!
//! Owns one connection, which is used for message after message and ended when it rests. A call takes the
//! connection out of its slot and puts it back only when it has ended well.
//! Leaves building the message to the engine, and the copy among the sent ones to a [`CopySink`].

mod connect;
mod envelope;
mod pace;
mod reply;
mod settings;
mod stream;
#[cfg(test)]
mod tests;
mod transaction;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Weak};

use async_trait::async_trait;
use deskbell_domain::outgoing::{Found, OutgoingMessage, SendLimits, SendOutcome};
use deskbell_domain::port::{
    AccessTokens, Capabilities, CopySink, Departure, MessageSink, MessageSource, Provider,
    StateSink,
};
use deskbell_domain::secret::Secret;
use deskbell_domain::{MailboxRole, ProviderError};
use tokio::sync::Mutex;
use tokio::time::Instant;

use self::connect::Line;
use self::envelope::Envelope;
use self::pace::Pace;
use self::reply::Trouble;
pub use self::settings::{Security, SignIn, SmtpSettings};
use self::transaction::{Ended, hand_over, retry};
use crate::net::Credential;

/// The connection at rest, if there is one.
#[derive(Default)]
struct Rest {
    line: Mutex<Option<Line>>,
    /// Somebody will end it; changed only while `line` is held.
    watched: AtomicBool,
}

/// What sends an account's mail by SMTP.
pub struct SmtpProvider {
    settings: SmtpSettings,
    credential: Option<Credential>,
    sent: Option<Arc<dyn CopySink>>,
    pace: Pace,
    rest: Arc<Rest>,
    /// What the server said of SIZE; 0 where it does not say.
    size: AtomicU64,
    /// The server was seen to put a copy among the sent messages by itself.
    seen_saving: AtomicBool,
}

impl SmtpProvider {
    /// A sender that connects when it is first asked for something. `sent` is where copies of sent messages
    /// lie, if the account has such a place.
    pub fn new(
        settings: SmtpSettings,
        secret: Option<Secret>,
        sent: Option<Arc<dyn CopySink>>,
    ) -> Self {
        Self::with_pace(settings, secret.map(Into::into), sent, Pace::default())
    }

    /// A sender that signs in by access tokens (XOAUTH2), of which each connection gets one when it is made.
    pub fn with_tokens(
        settings: SmtpSettings,
        tokens: Arc<dyn AccessTokens>,
        sent: Option<Arc<dyn CopySink>>,
    ) -> Self {
        let settings = SmtpSettings { sign_in: SignIn::Xoauth2, ..settings };
        Self::with_pace(settings, Some(Credential::Tokens(tokens)), sent, Pace::default())
    }

    fn with_pace(
        settings: SmtpSettings,
        credential: Option<Credential>,
        sent: Option<Arc<dyn CopySink>>,
        pace: Pace,
    ) -> Self {
        let size = AtomicU64::new(settings.max_bytes.unwrap_or(0));
        let seen_saving = AtomicBool::new(false);
        Self { settings, credential, sent, pace, rest: Arc::default(), size, seen_saving }
    }

    /// Connects and signs in: the proof that the settings are right. The largest message the server takes,
    /// in bytes, where it says so.
    ///
    /// Errors say which field is wrong and what to do, as those of IMAP do.
    pub async fn check(&self) -> Result<Option<u64>, ProviderError> {
        let line = Line::open(&self.settings, self.credential.as_ref(), &self.pace).await;
        let line = line.map_err(Trouble::into_provider)?;
        let size = line.offers.size.filter(|size| *size > 0);
        line.farewell().await;
        Ok(size)
    }

    async fn connect(&self) -> Result<Line, SendOutcome> {
        match Line::open(&self.settings, self.credential.as_ref(), &self.pace).await {
            Ok(line) => {
                self.size.store(line.offers.size.unwrap_or(0), Ordering::Relaxed);
                self.end_when_rested();
                Ok(line)
            }
            Err(Trouble::SignIn(text)) => Err(SendOutcome::SignIn(text)),
            Err(Trouble::Net(crate::net::NetError::Settings { field, message })) => {
                let code = format!("settings.{field}");
                Err(SendOutcome::Rejected { code, message, refused: Vec::new() })
            }
            // Said before any message was named: it concerns this machine or this hour.
            Err(Trouble::Refused(reply)) => {
                Err(retry(format!("the server lets nobody in at the moment ({})", reply.words)))
            }
            Err(other) => Err(retry(other.to_string())),
        }
    }

    /// Ends the connection once it rests for too long: a server counts those that nobody uses. Called while the
    /// connection is held.
    fn end_when_rested(&self) {
        if self.rest.watched.swap(true, Ordering::Relaxed) {
            return;
        }
        let (rest, idle): (Weak<Rest>, _) = (Arc::downgrade(&self.rest), self.pace.idle);
        #[expect(
            clippy::disallowed_methods,
            reason = "no loop: it ends with the connection it was started for, and keeps nothing alive"
        )]
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(idle).await;
                let Some(rest) = rest.upgrade() else { return };
                let mut line = rest.line.lock().await;
                let rested = match line.as_ref() {
                    Some(resting) => connect::rested(resting, idle),
                    None => true,
                };
                if rested {
                    let resting = line.take();
                    rest.watched.store(false, Ordering::Relaxed);
                    drop(line);
                    if let Some(resting) = resting {
                        resting.farewell().await;
                    }
                    return;
                }
            }
        });
    }
}

#[async_trait]
impl MessageSink for SmtpProvider {
    fn limits(&self) -> SendLimits {
        let size = Some(self.size.load(Ordering::Relaxed)).filter(|size| *size > 0);
        SendLimits { bytes: size, ..self.settings.limits() }
    }

    async fn send(&self, mail: &OutgoingMessage, departure: &dyn Departure) -> SendOutcome {
        let envelope = match Envelope::of(mail) {
            Ok(envelope) => envelope,
            Err(outcome) => return outcome,
        };
        let mut slot = self.rest.line.lock().await;
        let resting = slot.take().filter(|line| !connect::rested(line, self.pace.idle));
        let mut line = match resting {
            Some(line) => line,
            None => match self.connect().await {
                Ok(line) => line,
                Err(outcome) => return outcome,
            },
        };
        let mut ended = hand_over(&mut line, mail, &envelope, departure, &self.pace).await;
        if let Ended::Dead(trouble) = &ended {
            tracing::debug!(%trouble, "a connection at rest had died; a new one is made");
            line = match self.connect().await {
                Ok(line) => line,
                Err(outcome) => return outcome,
            };
            ended = hand_over(&mut line, mail, &envelope, departure, &self.pace).await;
        }
        match ended {
            Ended::With(outcome, good) => {
                if good {
                    line.last_used = Instant::now();
                    *slot = Some(line);
                }
                outcome
            }
            Ended::Dead(trouble) => retry(trouble.to_string()),
        }
    }

    async fn find(&self, token: &str, _: Option<&str>) -> Result<Found, ProviderError> {
        let Some(sent) = &self.sent else { return Ok(Found::CannotTell) };
        let copies = sent.copies(MailboxRole::Sent, token).await?;
        if let Some((_, key)) = copies.first() {
            // Nobody puts a copy there before the message is known to have left: the server did.
            self.seen_saving.store(true, Ordering::Relaxed);
            return Ok(Found::Yes(Some(key.0.clone())));
        }
        let would_be_there = self.saves_sent() == Some(true) && !self.settings.gives_new_ids();
        Ok(if would_be_there { Found::No } else { Found::CannotTell })
    }

    fn saves_sent(&self) -> Option<bool> {
        self.settings.saves_sent.or(Some(true).filter(|_| self.seen_saving.load(Ordering::Relaxed)))
    }
}

impl Provider for SmtpProvider {
    fn capabilities(&self) -> Capabilities {
        Capabilities { receives: false, writes_state: false, connections: 1 }
    }

    fn messages(&self) -> Option<&dyn MessageSource> {
        None
    }

    fn state(&self) -> Option<&dyn StateSink> {
        None
    }

    fn sink(&self) -> Option<&dyn MessageSink> {
        Some(self)
    }
}
