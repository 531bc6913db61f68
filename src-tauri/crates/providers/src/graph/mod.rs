//! Microsoft Graph: the mail of Outlook, Hotmail, MSN and Microsoft 365.
//!
//! A scope is a folder, followed by its delta; a message's key is its immutable id, which stays when it moves.
//! Envelopes come before bodies: a body is a request of its own, and a mailbox allows 10,000 in ten minutes.
//! Leaves signing in to whoever gives out tokens, and what to do about an error to the engine.

mod attach;
mod client;
mod copies;
mod cursor;
mod edit;
mod folders;
mod map;
mod pull;
mod send;
mod settings;
#[cfg(test)]
mod tests;
mod wire;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use deskbell_domain::ProviderError;
use deskbell_domain::port::{
    AccessTokens, Capabilities, CopySink, MessageSink, MessageSource, Provider, StateSink,
};
use deskbell_domain::sync::{Cursor, Page, PullOptions, RemoteBody, RemoteKey, RemoteScope};
use deskbell_domain::{MailboxRole, ProviderError as Error};
use reqwest::Method;
use tokio::time::{Instant, sleep};

use self::client::Graph;
use self::cursor::Position;
use self::folders::Roles;
pub use self::settings::GraphSettings;
use self::wire::User;
use crate::attention::Attention;

/// How often the inbox is looked at; Graph tells a desktop nothing by itself.
const LOOK: Duration = Duration::from_secs(30);
/// The same while a person looks at the account: a look is one request of the 10,000 that a mailbox allows in ten minutes.
const LOOK_ATTENTIVE: Duration = Duration::from_secs(10);
/// How often all folders are looked at, whoever looks at the account: that is a request for each of them.
const LOOK_AROUND: Duration = Duration::from_secs(5 * 60);

/// One Microsoft account.
pub struct GraphProvider {
    graph: Graph,
    /// What the folders are for; learnt once, folders keep their ids.
    roles: Mutex<Roles>,
    /// How many messages each folder held when the folders were last listed.
    totals: Mutex<BTreeMap<String, u64>>,
    attention: Attention,
    /// When all folders were last looked at by a watch.
    around: Mutex<Instant>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl GraphProvider {
    /// An account that asks when it is first asked for something.
    ///
    /// # Errors
    /// [`ProviderError::Rejected`] for an address of the API that nobody may be asked at.
    pub fn new(
        settings: &GraphSettings,
        tokens: Arc<dyn AccessTokens>,
    ) -> Result<Self, ProviderError> {
        Ok(Self::over(Graph::new(settings, tokens)?))
    }

    fn over(graph: Graph) -> Self {
        Self {
            graph,
            roles: Mutex::default(),
            totals: Mutex::default(),
            attention: Attention::new(LOOK, LOOK_ATTENTIVE),
            around: Mutex::new(Instant::now()),
        }
    }

    /// Asks whose mailbox this is: the proof that the sign-in is good. What it is called: its mail address, and the
    /// name one signs in by, which may be another address.
    pub async fn names(&self) -> Result<Vec<String>, ProviderError> {
        let select = [("$select", "mail,userPrincipalName")];
        let ask = self.graph.request(Method::GET, &["me"], &select)?;
        let user = self.graph.json::<User>(ask).await?.map_err(Error::from)?;
        let told = [user.mail, user.user_principal_name].into_iter().flatten();
        let mut names: Vec<String> = told.filter(|name| name.contains('@')).collect();
        names.dedup_by(|one, other| one.eq_ignore_ascii_case(other));
        if names.is_empty() {
            let words = "Microsoft does not say which mailbox this sign-in opens";
            return Err(Error::Protocol(words.into()));
        }
        Ok(names)
    }

    /// Whether it is time to look at all folders; then the next time is a while off.
    fn looks_around(&self) -> bool {
        let mut around = lock(&self.around);
        let due = around.elapsed() >= LOOK_AROUND;
        if due {
            *around = Instant::now();
        }
        due
    }

    async fn roles(&self) -> Result<Roles, ProviderError> {
        let known = lock(&self.roles).clone();
        let roles = folders::roles(&self.graph, known).await?;
        lock(&self.roles).clone_from(&roles);
        Ok(roles)
    }
}

#[async_trait]
impl MessageSource for GraphProvider {
    async fn scopes(&self) -> Result<Vec<RemoteScope>, ProviderError> {
        let roles = self.roles().await?;
        let folders = folders::list(&self.graph).await?;
        let totals = folders.iter().filter_map(|one| Some((one.id.clone(), one.total_item_count?)));
        *lock(&self.totals) = totals.collect();
        Ok(folders::scopes(&folders, &roles))
    }

    async fn pull(
        &self,
        scope: &RemoteScope,
        cursor: Option<&Cursor>,
        options: PullOptions,
    ) -> Result<Page, ProviderError> {
        let total = lock(&self.totals).get(&scope.key).copied();
        let page = pull::pull(&self.graph, scope, cursor, options, total).await?;
        if !page.more {
            // It was true when the folders were listed; later on it is a guess.
            lock(&self.totals).remove(&scope.key);
        }
        Ok(page)
    }

    async fn bodies(
        &self,
        scope: &RemoteScope,
        cursor: Option<&Cursor>,
        keys: &[RemoteKey],
    ) -> Result<Vec<RemoteBody>, ProviderError> {
        if cursor.is_some_and(|cursor| Position::read(cursor).is_none()) {
            return Err(ProviderError::CursorLost(scope.key.clone()));
        }
        let sources = pull::sources(&self.graph, keys).await?;
        Ok(sources.into_iter().map(|(key, source)| RemoteBody { key, source }).collect())
    }

    async fn watch(&self, scopes: &[RemoteScope]) -> Result<Vec<String>, ProviderError> {
        // What was hinted at last is being looked at by now.
        let looked = Instant::now();
        self.attention.rest(|| looked.elapsed(), sleep).await;
        let around = self.looks_around();
        let wanted = scopes.iter().filter(|scope| around || scope.role == MailboxRole::Inbox);
        Ok(wanted.map(|scope| scope.key.clone()).collect())
    }

    fn attend(&self, looked_at: bool) {
        self.attention.set(looked_at);
    }
}

impl Provider for GraphProvider {
    fn capabilities(&self) -> Capabilities {
        Capabilities { receives: true, writes_state: true, connections: 3 }
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
