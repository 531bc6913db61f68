//! IMAP: an account's mailboxes pulled, watched and edited over at most three connections.
//!
//! Owns the connections: one for pulls, one for edits, one for watching; each is opened when first needed
//! and dropped on any trouble. A call takes its connection out of its slot and puts it back only when it has
//! ended well, so a call dropped half-way leaves nothing behind.
//! Leaves MIME to the engine and storage to the store.

mod capability;
mod connect;
mod copies;
mod copy_sink;
mod cursor;
mod edit;
mod error;
mod fetch;
mod folders;
mod gmail;
mod guard;
mod pace;
mod pin;
mod pull;
mod relocation;
mod roles;
mod session;
mod settings;
mod share;
mod sign_in;
#[doc(hidden)]
pub mod strangers;
#[cfg(test)]
mod tests;
mod uids;
mod utf7;
mod vet;
mod watch;
mod wire;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex as Lock, PoisonError};

use async_trait::async_trait;
use deskbell_domain::ProviderError;
use deskbell_domain::port::{
    AccessTokens, Capabilities, CopySink, EditSteps, MessageSource, Provider, StateSink,
};
use deskbell_domain::secret::Secret;
use deskbell_domain::sync::{
    Cursor, EditOutcome, Page, PullOptions, RemoteBody, RemoteKey, RemoteScope, StateEdit,
};
use tokio::sync::{Mutex, MutexGuard};
use tokio::time::{Instant, timeout};

pub use self::capability::Caps;
use self::cursor::Position;
use self::error::{ImapError, Purpose};
use self::folders::Folder;
use self::pace::{Pace, UIDS_PER_COMMAND};
pub use self::pin::{ShownCertificate, is_fingerprint};
use self::session::Session;
pub use self::settings::{ImapSettings, Security};
use self::share::CONNECTIONS;
pub use self::share::Connections;
use self::uids::sequence_set;
use self::watch::{News, Seen};
use self::wire::Command;
use crate::attention::Attention;
use crate::net::Credential;

/// What a check of the settings found.
#[derive(Clone, Debug)]
pub struct ImapCheck {
    /// What the server can do.
    pub capabilities: Caps,
    /// The mailboxes there are.
    pub scopes: Vec<RemoteScope>,
}

/// One IMAP account.
pub struct ImapProvider {
    settings: ImapSettings,
    credential: Credential,
    pace: Pace,
    attention: Attention,
    pulls: Slot,
    edits: Slot,
    watcher: Slot,
    seen: Seen,
    folders: Lock<Vec<Folder>>,
    /// The numberings (UIDVALIDITY) under which copies were named, by mailbox.
    numberings: Lock<BTreeMap<String, u32>>,
    connections: Connections,
    /// Another has taken its place: no connection comes to rest any more.
    retired: AtomicBool,
}

/// A connection at rest, if there is one.
type Slot = Mutex<Option<Session>>;

impl ImapProvider {
    /// An account that connects when it is first asked for something.
    pub fn new(settings: ImapSettings, password: Secret) -> Self {
        Self::with_pace(settings, password, Pace::default())
    }

    /// An account that signs in by access tokens (XOAUTH2), of which each connection gets one when it is made.
    pub fn with_tokens(settings: ImapSettings, tokens: Arc<dyn AccessTokens>) -> Self {
        Self::with_pace(settings, Credential::Tokens(tokens), Pace::default())
    }

    fn with_pace(settings: ImapSettings, credential: impl Into<Credential>, pace: Pace) -> Self {
        Self {
            settings,
            credential: credential.into(),
            pace,
            attention: Attention::new(pace.status_poll, pace.status_attentive),
            pulls: Slot::default(),
            edits: Slot::default(),
            watcher: Slot::default(),
            seen: Seen::default(),
            folders: Lock::default(),
            numberings: Lock::default(),
            connections: Connections::default(),
            retired: AtomicBool::new(false),
        }
    }

    /// The same, counting its connections together with others of the account.
    #[must_use]
    pub fn sharing(self, connections: Connections) -> Self {
        Self { connections, ..self }
    }

    /// Connects, signs in and lists the mailboxes: the proof that the settings are right.
    ///
    /// Errors say which field is wrong and what to do: [`ProviderError::Rejected`] for settings that break a
    /// rule, [`ProviderError::Offline`] for an unknown host or refused port, [`ProviderError::Tls`] for a
    /// certificate, [`ProviderError::Protocol`] for a server that is not IMAP, [`ProviderError::Auth`] for a
    /// wrong user or password.
    pub async fn check(&self) -> Result<ImapCheck, ProviderError> {
        let check = async {
            let mut session = self.connected().await?;
            let folders = folders::list(&mut session).await?;
            let scopes = folders::scopes(&folders, &session.caps);
            Ok(ImapCheck { capabilities: session.caps.clone(), scopes })
        };
        check.await.map_err(|error: ImapError| error.into_provider("", Purpose::Reading))
    }

    /// The certificate a server on this machine shows, for [`ImapSettings::pinned_certificate`].
    ///
    /// Nothing is sent over the connection. Ask the person before pinning it. Refused for other hosts.
    pub async fn certificate_to_pin(
        settings: &ImapSettings,
    ) -> Result<ShownCertificate, ProviderError> {
        let shown = connect::certificate_to_pin(settings, &Pace::default()).await;
        let pin = shown.map_err(|error| error.into_provider("", Purpose::Reading))?;
        ShownCertificate::from_pin(&pin)
            .ok_or_else(|| ProviderError::Tls("the server's certificate cannot be read".to_owned()))
    }

    async fn connect(&self) -> Result<connect::Connected, ImapError> {
        connect::connect(&self.settings, &self.credential, &self.pace).await
    }

    /// The connection at rest in the slot, if it still lives, or a new one.
    async fn open(&self, slot: &mut MutexGuard<'_, Option<Session>>) -> Result<Session, ImapError> {
        if let Some(mut session) = slot.take() {
            if session.last_used.elapsed() < self.pace.trust {
                return Ok(session);
            }
            if let Ok(Ok(())) = timeout(self.pace.sign_of_life, session.noop()).await {
                return Ok(session);
            }
            tracing::debug!("a connection at rest had died; a new one is made");
        }
        self.connected().await
    }

    /// A new connection, as soon as the account may have one more.
    async fn connected(&self) -> Result<Session, ImapError> {
        let place = self.connections.place(self.pace.place).await?;
        Ok(Session::new(self.connect().await?, self.pace.limits).at(place))
    }

    /// Puts the connection back to rest, unless the trouble made it useless.
    fn rest<T>(
        &self,
        slot: &mut MutexGuard<'_, Option<Session>>,
        mut session: Session,
        outcome: Result<T, ImapError>,
    ) -> Result<T, ImapError> {
        let retired = self.retired.load(Ordering::SeqCst);
        if !retired && !matches!(&outcome, Err(error) if error.spoils_connection()) {
            session.last_used = Instant::now();
            **slot = Some(session);
        }
        outcome
    }

    fn known_folders(&self) -> Vec<Folder> {
        self.folders.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Selects the mailbox these UIDs (ascending) belong to, and makes sure that they still mean the same
    /// messages and that the server's view of it has them.
    async fn select_for_keys(
        &self,
        session: &mut Session,
        scope: &RemoteScope,
        cursor: Option<&Cursor>,
        uids: &[u32],
    ) -> Result<(), ImapError> {
        // A process that has pulled nothing yet knows the numbering by the stored position alone.
        let stored = cursor.and_then(Position::read).map(|position| position.uid_validity);
        let pulled = stored.or_else(|| self.seen.uid_validity(&scope.key));
        let held = match pulled {
            Some(validity) => session.holds(&scope.key, validity),
            None => session.selected.as_ref().is_some_and(|selected| selected.name == scope.key),
        };
        if held {
            // A selection shows what arrived after it only when the server has announced it: without asking,
            // a message that another connection pulled just now would look as if it were gone.
            let known = session.selected.as_ref().map_or(0, |selected| selected.view.uid_next);
            if uids.last().is_some_and(|highest| *highest >= known) {
                session.noop().await?;
            }
            return Ok(());
        }
        let (view, _) = session.select(&scope.key, None).await?;
        match pulled {
            Some(validity) if validity != view.uid_validity => Err(ImapError::Renumbered),
            _ => Ok(()),
        }
    }

    async fn fetch_bodies(
        &self,
        session: &mut Session,
        scope: &RemoteScope,
        cursor: Option<&Cursor>,
        uids: &[u32],
    ) -> Result<Vec<RemoteBody>, ImapError> {
        self.select_for_keys(session, scope, cursor, uids).await?;
        let mut bodies = Vec::with_capacity(uids.len());
        for chunk in uids.chunks(UIDS_PER_COMMAND) {
            match fetch_whole(session, chunk, &mut bodies).await {
                Ok(()) => {}
                // One message the server cannot read must not withhold the others.
                Err(error) if error.concerns_one_command() && chunk.len() > 1 => {
                    let (before, mut breakdown) = (bodies.len(), None);
                    for uid in chunk {
                        match fetch_whole(session, &[*uid], &mut bodies).await {
                            Err(error) if !error.concerns_one_command() => return Err(error),
                            Err(error) if error.is_breakdown() => breakdown = Some(error),
                            Ok(()) | Err(_) => {}
                        }
                    }
                    // Beside others that came, these are broken; where none came, the server is.
                    if let Some(error) = breakdown.filter(|_| bodies.len() == before) {
                        return Err(error);
                    }
                }
                Err(error) => return Err(error),
            }
        }
        bodies.sort_by(|a, b| a.key.cmp(&b.key));
        bodies.dedup_by(|a, b| a.key == b.key);
        Ok(bodies)
    }
}

async fn fetch_whole(
    session: &mut Session,
    uids: &[u32],
    bodies: &mut Vec<RemoteBody>,
) -> Result<(), ImapError> {
    let command = Command::new(format!("UID FETCH {} (UID BODY.PEEK[])", sequence_set(uids)));
    let note = |response: &async_imap::imap_proto::Response<'_>| {
        if let Some(fetch::Fetched { uid: Some(uid), full: Some(source), .. }) =
            fetch::Fetched::read(response)
            && uids.binary_search(&uid).is_ok()
        {
            bodies.push(RemoteBody { key: RemoteKey::from_uid(uid), source });
        }
    };
    session.run(command, note).await.map(|_| ())
}

/// The UIDs among the keys, ascending.
fn uids_of(keys: &[RemoteKey]) -> Vec<u32> {
    let mut uids: Vec<u32> =
        keys.iter().filter_map(RemoteKey::to_uid).filter(|uid| *uid > 0).collect();
    uids.sort_unstable();
    uids.dedup();
    uids
}

#[async_trait]
impl MessageSource for ImapProvider {
    async fn scopes(&self) -> Result<Vec<RemoteScope>, ProviderError> {
        let listing = async {
            let mut slot = self.pulls.lock().await;
            let mut session = self.open(&mut slot).await?;
            let (outcome, caps) = (folders::list(&mut session).await, session.caps.clone());
            let folders = self.rest(&mut slot, session, outcome)?;
            Ok((folders::scopes(&folders, &caps), folders))
        };
        let (scopes, folders) =
            listing.await.map_err(|error: ImapError| error.into_provider("", Purpose::Reading))?;
        *self.folders.lock().unwrap_or_else(PoisonError::into_inner) = folders;
        Ok(scopes)
    }

    async fn pull(
        &self,
        scope: &RemoteScope,
        cursor: Option<&Cursor>,
        options: PullOptions,
    ) -> Result<Page, ProviderError> {
        let pulling = async {
            let mut slot = self.pulls.lock().await;
            let mut session = self.open(&mut slot).await?;
            let outcome = pull::pull(&mut session, scope, cursor, options).await;
            self.rest(&mut slot, session, outcome)
        };
        let (page, view) =
            pulling.await.map_err(|error| error.into_provider(&scope.key, Purpose::Reading))?;
        self.seen.pulled(&scope.key, &view);
        Ok(page)
    }

    async fn bodies(
        &self,
        scope: &RemoteScope,
        cursor: Option<&Cursor>,
        keys: &[RemoteKey],
    ) -> Result<Vec<RemoteBody>, ProviderError> {
        let uids = uids_of(keys);
        if uids.is_empty() {
            return Ok(Vec::new());
        }
        let fetching = async {
            // A person waits for this body: where a long pull is running, the connection for edits serves.
            let mut slot = match self.pulls.try_lock() {
                Ok(slot) => slot,
                Err(_) => self.edits.lock().await,
            };
            let mut session = self.open(&mut slot).await?;
            let outcome = self.fetch_bodies(&mut session, scope, cursor, &uids).await;
            self.rest(&mut slot, session, outcome)
        };
        fetching.await.map_err(|error| error.into_provider(&scope.key, Purpose::Reading))
    }

    fn doubted(&self, cursor: &Cursor) -> Option<Cursor> {
        Position::read(cursor).map(|position| position.doubted().write())
    }

    async fn watch(&self, scopes: &[RemoteScope]) -> Result<Vec<String>, ProviderError> {
        let watching = async {
            let mut slot = self.watcher.lock().await;
            let mut session = self.open(&mut slot).await?;
            let (seen, pace) = (&self.seen, &self.pace);
            match watch::watch(&mut session, scopes, seen, pace, &self.attention).await {
                Ok(News::Slept) => {
                    // The timer stood still meanwhile: connections at rest look younger than they are.
                    let at_rest = [&self.pulls, &self.edits].map(|slot| slot.try_lock().ok());
                    at_rest.into_iter().flatten().for_each(|mut stale| *stale = None);
                    Ok(Vec::new())
                }
                Ok(News::In(changed)) => self.rest(&mut slot, session, Ok(changed)),
                Err(error) => self.rest(&mut slot, session, Err(error)),
            }
        };
        watching.await.map_err(|error| error.into_provider("INBOX", Purpose::Reading))
    }

    fn attend(&self, looked_at: bool) {
        self.attention.set(looked_at);
    }
}

#[async_trait]
impl StateSink for ImapProvider {
    async fn apply(
        &self,
        scope: &RemoteScope,
        cursor: Option<&Cursor>,
        keys: &[RemoteKey],
        edit: &StateEdit,
    ) -> Result<Vec<EditOutcome>, ProviderError> {
        self.apply_in_steps(scope, cursor, keys, edit, &relocation::Once).await
    }

    async fn apply_in_steps(
        &self,
        scope: &RemoteScope,
        cursor: Option<&Cursor>,
        keys: &[RemoteKey],
        edit: &StateEdit,
        steps: &dyn EditSteps,
    ) -> Result<Vec<EditOutcome>, ProviderError> {
        let uids = uids_of(keys);
        if uids.is_empty() {
            return Ok(Vec::new());
        }
        let known = self.known_folders();
        let applying = async {
            let mut slot = self.edits.lock().await;
            let mut session = self.open(&mut slot).await?;
            let outcome = match self.select_for_keys(&mut session, scope, cursor, &uids).await {
                Ok(()) => edit::apply(&mut session, scope, &uids, edit, &known, steps).await,
                Err(error) => Err(error),
            };
            self.rest(&mut slot, session, outcome)
        };
        applying.await.map_err(|error| error.into_provider(&scope.key, Purpose::Writing))
    }
}

impl Provider for ImapProvider {
    fn capabilities(&self) -> Capabilities {
        Capabilities { receives: true, writes_state: true, connections: CONNECTIONS }
    }

    fn messages(&self) -> Option<&dyn MessageSource> {
        Some(self)
    }

    fn state(&self) -> Option<&dyn StateSink> {
        Some(self)
    }

    fn copies(&self) -> Option<&dyn CopySink> {
        Some(self)
    }

    fn retire(&self) {
        self.retired.store(true, Ordering::SeqCst);
        // What is in use now is closed by whoever uses it.
        let slots = [&self.pulls, &self.edits, &self.watcher].map(|slot| slot.try_lock().ok());
        slots.into_iter().flatten().for_each(|mut slot| *slot = None);
    }
}
