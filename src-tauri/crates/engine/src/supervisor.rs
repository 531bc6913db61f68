//! The supervisor: starts the loops of every account, restarts what breaks, and stops them all.
//!
//! Invariant: the only place that starts tasks. Every loop has a name and a token; a panic or an early end
//! is logged and the loop is started again, later each time. Stop is: cancel, wait, abort, and await.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use deskbell_domain::{AccountId, AccountState};
use deskbell_store::table::account::{self, Account};
use deskbell_store::{ChangeBatch, Connection, Entity, Origin, Write};
use tokio::sync::broadcast::error::RecvError;
use tokio::task::{Id, JoinError, JoinHandle, JoinSet};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::core::Core;
use crate::network::Network;
use crate::{account as loops, drafts, outbox, snooze, watch};

/// How long loops are given to end by themselves.
const PATIENCE: Duration = Duration::from_secs(10);
/// First and longest pause before a broken loop is started again.
const RESTART: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));
/// A loop that ran this long is healthy: its next restart is a first one again.
const HEALTHY: Duration = Duration::from_secs(300);

/// The loops of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Sync,
    Edits,
    Watch,
    Drafts,
    Outbox,
    /// Not a loop: ends a removal that an earlier process began.
    Erase,
}

/// A loop's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Name {
    account: AccountId,
    kind: Kind,
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            Kind::Sync => "sync",
            Kind::Edits => "edits",
            Kind::Watch => "watch",
            Kind::Drafts => "drafts",
            Kind::Outbox => "outbox",
            Kind::Erase => "removal",
        };
        write!(f, "{kind} of account {}", self.account)
    }
}

/// A loop that was started.
struct Running {
    name: Name,
    began: Instant,
    restarts: u32,
    token: CancellationToken,
}

/// An account whose loops run.
struct Tended {
    token: CancellationToken,
    settings: String,
    paused: bool,
}

/// Starts the supervisor. It ends after `token` is cancelled and every loop has ended.
#[expect(clippy::disallowed_methods, reason = "the one place that starts tasks")]
pub(crate) fn start(core: Arc<Core>, token: CancellationToken) -> JoinHandle<()> {
    tokio::spawn(async move {
        let supervisor = Supervisor {
            core,
            token,
            tasks: JoinSet::new(),
            running: HashMap::new(),
            tended: BTreeMap::new(),
        };
        supervisor.run().await;
    })
}

struct Supervisor {
    core: Arc<Core>,
    token: CancellationToken,
    tasks: JoinSet<()>,
    running: HashMap<Id, Running>,
    tended: BTreeMap<AccountId, Tended>,
}

impl Supervisor {
    async fn run(mut self) {
        // Listening begins before the accounts are read, so that none is missed.
        let mut changes = self.core.store.subscribe();
        let token = self.token.clone();
        let mut network = Network::new();
        self.tend().await;
        self.resume_removals().await;
        loop {
            tokio::select! {
                biased;
                () = token.cancelled() => break,
                Some(ended) = self.tasks.join_next_with_id() => self.ended(ended),
                () = snooze::attend(&self.core) => {}
                () = network.changed() => {
                    tracing::info!("the network changed; looking at once");
                    self.reconnect().await;
                }
                batch = changes.recv() => match batch {
                    Ok(batch) => self.heard(&batch).await,
                    Err(RecvError::Lagged(_)) => {
                        self.ring_edits();
                        self.ring_outboxes();
                        self.tend().await;
                    }
                    Err(RecvError::Closed) => break,
                },
            }
        }
        self.stop().await;
    }

    async fn heard(&mut self, batch: &ChangeBatch) {
        // A draft written on elsewhere is another copy of a message that looks the same: only its scope changed.
        let concerns =
            |entity| matches!(entity, Entity::Outgoing | Entity::Message | Entity::Scope);
        if batch.changes.iter().any(|change| concerns(change.entity)) {
            for link in self.core.links() {
                link.drafts.notify_one();
            }
        }
        if batch.origin == Origin::Local {
            self.ring_edits();
        }
        if batch.changes.iter().any(|change| change.entity == Entity::Outgoing) {
            self.ring_outboxes();
        }
        if batch.changes.iter().any(|change| change.entity == Entity::Account) {
            self.tend().await;
        }
    }

    fn ring_edits(&self) {
        for link in self.core.links() {
            link.edits.notify_one();
        }
    }

    fn ring_outboxes(&self) {
        for link in self.core.links() {
            link.outbox.notify_one();
        }
    }

    /// Looks everywhere at once over fresh connections; those of the network before may never say that they are dead.
    async fn reconnect(&self) {
        for (id, _) in self.tended.iter().filter(|(_, tended)| !tended.paused) {
            self.core.link(*id).reconnect().await;
        }
    }

    /// Brings the loops in line with the accounts there are.
    async fn tend(&mut self) {
        let accounts = match self.core.store.read(|c: &Connection| account::list(c)).await {
            Ok(accounts) => accounts,
            Err(error) => {
                tracing::warn!(%error, "the accounts could not be read");
                return;
            }
        };
        let known: Vec<AccountId> = self.tended.keys().copied().collect();
        for id in known.into_iter().filter(|id| accounts.iter().all(|row| row.id != *id)) {
            if let Some(tended) = self.tended.remove(&id) {
                tended.token.cancel();
            }
            self.core.forget(id);
        }
        for account in accounts {
            self.tend_one(account).await;
        }
    }

    async fn tend_one(&mut self, account: Account) {
        let id = account.id;
        match self.tended.get_mut(&id) {
            Some(tended) if tended.paused == account.paused => {
                if tended.settings != account.settings {
                    tended.settings = account.settings;
                    // Opens the provider anew, with the new settings.
                    self.core.link(id).wakes.full(true);
                }
                return;
            }
            Some(tended) => tended.token.cancel(),
            None => {}
        }
        let token = self.token.child_token();
        let tended =
            Tended { token: token.clone(), settings: account.settings, paused: account.paused };
        self.tended.insert(id, tended);
        if account.paused {
            self.core.link(id).set_next_sync(None);
            self.say_paused(id).await;
            return;
        }
        for kind in [Kind::Sync, Kind::Edits, Kind::Watch, Kind::Drafts, Kind::Outbox] {
            self.launch(Name { account: id, kind }, token.clone(), 0);
        }
    }

    /// Ends the removals an earlier process did not come to the end of.
    async fn resume_removals(&mut self) {
        match self.core.store.read(|c: &Connection| account::erasing(c)).await {
            Ok(begun) => {
                for id in begun {
                    let token = self.token.child_token();
                    self.launch(Name { account: id, kind: Kind::Erase }, token, 0);
                }
            }
            Err(error) => tracing::warn!(%error, "removals begun earlier could not be read"),
        }
    }

    async fn say_paused(&self, id: AccountId) {
        let job = move |w: &mut Write<'_>| {
            // A person may have resumed it since it was read.
            if account::get(w, id)?.paused {
                account::set_state(w, id, AccountState::Paused, None)?;
            }
            Ok(())
        };
        let said = self.core.write(job).await;
        if let Err(error) = said {
            tracing::warn!(account = %id, %error, "the pause was not written down");
        }
    }

    fn launch(&mut self, name: Name, token: CancellationToken, restarts: u32) {
        let (core, link) = (Arc::clone(&self.core), self.core.link(name.account));
        let running = Running { name, began: Instant::now(), restarts, token: token.clone() };
        let pause = restart_pause(restarts);
        let task = self.tasks.spawn(async move {
            tokio::select! {
                biased;
                () = token.cancelled() => return,
                () = sleep(pause) => {}
            }
            match name.kind {
                Kind::Sync => loops::sync(&core, &link, &token).await,
                Kind::Edits => loops::edits(&core, &link, &token).await,
                Kind::Watch => watch::run(&core, &link, &token).await,
                Kind::Drafts => drafts::run(&core, &link, &token).await,
                Kind::Outbox => outbox::run(&core, &link, &token).await,
                Kind::Erase => loops::erase(&core, &link, &token).await,
            }
        });
        self.running.insert(task.id(), running);
    }

    /// A loop ended: as told, or to be started again.
    fn ended(&mut self, ended: Result<(Id, ()), JoinError>) {
        let (id, panicked) = match &ended {
            Ok((id, ())) => (*id, false),
            Err(error) => (error.id(), error.is_panic()),
        };
        let Some(running) = self.running.remove(&id) else { return };
        if running.token.is_cancelled() {
            return;
        }
        tracing::error!(task = %running.name, panicked, "a loop ended early and is started again");
        let healthy = running.began.elapsed() >= HEALTHY;
        let restarts = if healthy { 1 } else { running.restarts.saturating_add(1) };
        self.launch(running.name, running.token, restarts);
    }

    async fn stop(&mut self) {
        self.token.cancel();
        let all = async { while self.tasks.join_next().await.is_some() {} };
        if timeout(PATIENCE, all).await.is_err() {
            let names: Vec<String> =
                self.running.values().map(|running| running.name.to_string()).collect();
            tracing::warn!(?names, "loops did not end in time and are aborted");
            self.tasks.shutdown().await;
        }
    }
}

fn restart_pause(restarts: u32) -> Duration {
    let (first, longest) = RESTART;
    match restarts.checked_sub(1) {
        None => Duration::ZERO,
        Some(before) => first.saturating_mul(1 << before.min(8)).min(longest),
    }
}
