//! Gmail over its own API: one pile of messages, each in a place and under labels.
//!
//! Owns what Gmail means by its labels, its history and its quota. Leaves signing in to whoever gives out access
//! tokens, and Gmail over IMAP to `imap`. Invariant: a message is one copy under its own id, whatever labels
//! it carries; no request is made that the minute's quota does not allow.

mod batch;
mod compared;
mod copies;
mod cursor;
mod edit;
mod labels;
mod line;
mod listing;
mod map;
mod meter;
mod pull;
mod send;
#[cfg(test)]
mod tests;
mod wire;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use deskbell_domain::port::{
    AccessTokens, Capabilities, CopySink, MessageSink, MessageSource, Provider, StateSink,
};
use deskbell_domain::sync::{
    Cursor, EditOutcome, Listed, Page, PullOptions, RemoteBody, RemoteChange, RemoteKey,
    RemoteScope, StateEdit,
};
use deskbell_domain::{MailboxRole, Millis, ProviderError};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use self::batch::Format;
use self::labels::Labels;
use self::line::{Line, is_misasked, is_not_there};
pub use self::meter::Clock as QuotaClock;
use self::meter::{For, Meter, PER_MINUTE, Steady, price};
use self::wire::{Message, Profile};
use crate::attention::Attention;
use crate::http::Ask;

/// Where the API is.
const BASE: &str = "https://gmail.googleapis.com";
/// The key of the one scope.
const SCOPE: &str = "all";
/// Of one message no more is read: the largest that Gmail takes, in base64, and a little.
const LARGEST_BODY: usize = 72 * 1024 * 1024;

/// Where an account's API is; who signed in is known elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GmailSettings {
    /// The mailbox.
    pub address: String,
    /// Another place than the usual one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// Quota units a minute, where a project was given others than the usual.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub units_per_minute: Option<u32>,
    /// Seconds between looks for something new; while a person looks at the account, at most ten.
    #[serde(default = "looks")]
    pub look_every: u32,
}

/// A look costs one unit of the 6,000 a minute has.
fn looks() -> u32 {
    20
}

/// Between looks while a person looks at the account: six units a minute.
const LOOK_ATTENTIVE: Duration = Duration::from_secs(10);

impl GmailSettings {
    /// The usual settings of a mailbox; `base_url` is another place than the usual one.
    pub fn new(address: &str, base_url: Option<&str>) -> Self {
        Self {
            address: address.to_owned(),
            base_url: base_url.map(str::to_owned),
            units_per_minute: None,
            look_every: looks(),
        }
    }
}

/// A mailbox at Gmail.
pub struct GmailProvider {
    line: Line,
    labels: Labels,
    attention: Attention,
    /// The history as it was last heard or looked at; 0 before.
    heard: AtomicU64,
    /// A listing that begins now repeats what is here already.
    again: AtomicBool,
    /// There are chats among the messages, as far as that was looked up.
    chats: OnceLock<bool>,
    /// Ids of large messages, while a listing is under way.
    large: Mutex<Option<BTreeSet<String>>>,
}

impl GmailProvider {
    /// A mailbox that connects when it is first asked for something.
    ///
    /// # Errors
    /// [`ProviderError::Rejected`] for an address of the API nobody can use.
    pub fn new(
        settings: &GmailSettings,
        tokens: Arc<dyn AccessTokens>,
    ) -> Result<Self, ProviderError> {
        Self::with_clock(settings, tokens, Arc::new(Steady(Instant::now())))
    }

    /// As [`Self::new`], with another clock for the waits that the quota asks for.
    ///
    /// # Errors
    /// As there.
    pub fn with_clock(
        settings: &GmailSettings,
        tokens: Arc<dyn AccessTokens>,
        clock: Arc<dyn QuotaClock>,
    ) -> Result<Self, ProviderError> {
        let meter = Meter::new(settings.units_per_minute.unwrap_or(PER_MINUTE), clock);
        let base = settings.base_url.as_deref().unwrap_or(BASE);
        let usual = Duration::from_secs(settings.look_every.max(1).into());
        Ok(Self {
            line: Line::new(base, tokens, meter)?,
            labels: Labels::default(),
            attention: Attention::new(usual, LOOK_ATTENTIVE),
            heard: AtomicU64::new(0),
            again: AtomicBool::new(false),
            chats: OnceLock::new(),
            large: Mutex::default(),
        })
    }

    /// Whose mailbox the sign-in opens.
    ///
    /// # Errors
    /// What kept the answer away, or the sign-in from being accepted.
    pub async fn who(&self) -> Result<String, ProviderError> {
        Ok(self.profile(For::Person).await?.email_address)
    }

    async fn profile(&self, whom: For) -> Result<Profile, ProviderError> {
        self.line.get(&["profile"], &[], price::PROFILE, whom).await
    }

    fn note_heard(&self, history: u64) {
        self.heard.fetch_max(history, Ordering::Relaxed);
    }

    fn note_listed_before(&self) {
        self.again.store(true, Ordering::Relaxed);
    }

    fn listed_before(&self) -> bool {
        self.again.swap(false, Ordering::Relaxed)
    }

    fn known_chats(&self) -> Option<bool> {
        self.chats.get().copied()
    }

    fn remember_chats(&self, there: bool) {
        // Whoever asked at the same time heard the same.
        let _ = self.chats.set(there);
    }

    fn known_large(&self) -> Option<BTreeSet<String>> {
        self.large.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn remember_large(&self, large: BTreeSet<String>) {
        *self.large.lock().unwrap_or_else(PoisonError::into_inner) = Some(large);
    }

    fn forget_large(&self) {
        *self.large.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// One message with its source, however large; `None` if it is gone.
    async fn whole(&self, key: &RemoteKey) -> Result<Option<Message>, ProviderError> {
        let path = ["gmail", "v1", "users", "me", "messages", key.0.as_str()];
        let url = self.line.api.url(&path, &[("format", "raw")])?;
        self.line.meter.take(price::GET, For::Person).await;
        let answer = self.line.api.ask(Ask::get(url).largest(LARGEST_BODY)).await?;
        match line::yes(answer).and_then(|answer| line::read(&answer)) {
            Ok(message) => Ok(Some(message)),
            Err(error) if is_not_there(&error) || is_misasked(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

#[async_trait]
impl MessageSource for GmailProvider {
    async fn scopes(&self) -> Result<Vec<RemoteScope>, ProviderError> {
        // A label may have been renamed since the last round.
        self.labels.forget();
        Ok(vec![RemoteScope {
            key: SCOPE.into(),
            name: "Gmail".into(),
            role: MailboxRole::All,
            selectable: true,
        }])
    }

    async fn pull(
        &self,
        _: &RemoteScope,
        cursor: Option<&Cursor>,
        options: PullOptions,
    ) -> Result<Page, ProviderError> {
        self.next_page(cursor, options).await
    }

    async fn bodies(
        &self,
        _: &RemoteScope,
        _: Option<&Cursor>,
        keys: &[RemoteKey],
    ) -> Result<Vec<RemoteBody>, ProviderError> {
        let fetched = match keys {
            [] => Vec::new(),
            // Alone it may be of any size.
            [one] => self.whole(one).await?.into_iter().collect(),
            several => {
                let wanted: Vec<(&str, Format)> =
                    several.iter().map(|key| (key.0.as_str(), Format::Raw)).collect();
                batch::fetch(&self.line, &wanted, For::Sync).await?
            }
        };
        let body = |message: Message| {
            let source = map::source(message.raw.as_deref()?)?;
            Some(RemoteBody { key: RemoteKey(message.id), source })
        };
        Ok(fetched.into_iter().filter_map(body).collect())
    }

    fn lists(&self) -> bool {
        true
    }

    async fn listed(
        &self,
        _: &RemoteScope,
        since: Option<Millis>,
    ) -> Result<Vec<Listed>, ProviderError> {
        self.by_label(since).await
    }

    async fn look_again(
        &self,
        _: &RemoteScope,
        keys: &[RemoteKey],
        since: Option<Millis>,
    ) -> Result<Vec<RemoteChange>, ProviderError> {
        self.as_they_are(keys, since).await
    }

    async fn watch(&self, scopes: &[RemoteScope]) -> Result<Vec<String>, ProviderError> {
        // Google tells a server of a project's own; a desk has none, and looks.
        let meter = &self.line.meter;
        loop {
            let now: u64 = self.profile(For::Sync).await?.history_id.parse().unwrap_or_default();
            if self.heard.fetch_max(now, Ordering::Relaxed) < now {
                return Ok(scopes.iter().map(|scope| scope.key.clone()).collect());
            }
            let looked = meter.now();
            let since = || meter.now().saturating_sub(looked);
            self.attention.rest(since, |pause| meter.rest(pause)).await;
        }
    }

    fn attend(&self, looked_at: bool) {
        self.attention.set(looked_at);
    }
}

#[async_trait]
impl StateSink for GmailProvider {
    async fn apply(
        &self,
        _: &RemoteScope,
        _: Option<&Cursor>,
        keys: &[RemoteKey],
        edit: &StateEdit,
    ) -> Result<Vec<EditOutcome>, ProviderError> {
        self.edit(keys, edit).await
    }
}

impl Provider for GmailProvider {
    fn capabilities(&self) -> Capabilities {
        Capabilities { receives: true, writes_state: true, connections: 2 }
    }

    fn messages(&self) -> Option<&dyn MessageSource> {
        Some(self)
    }

    fn state(&self) -> Option<&dyn StateSink> {
        Some(self)
    }

    fn sink(&self) -> Option<&dyn MessageSink> {
        Some(self)
    }

    fn copies(&self) -> Option<&dyn CopySink> {
        Some(self)
    }
}
