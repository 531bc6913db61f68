//! The store as others see it: async reads and writes, and the announcement of what was committed.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use rusqlite::Connection;
use tokio::sync::broadcast;

use deskbell_domain::Millis;

use crate::body::Packer;
use crate::checkup::{Checkup, Health};
use crate::lock::ProfileLock;
use crate::pool::{Kept, Readers, Writer};
use crate::{StoreError, Write, table};

/// What a change log row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Entity {
    /// A row of `account`.
    Account,
    /// A row of `scope`.
    Scope,
    /// A row of `conversation`.
    Conversation,
    /// A row of `message`.
    Message,
    /// A row of `outgoing`.
    Outgoing,
    /// A row of `label`.
    Label,
    /// A row of `rule`.
    Rule,
    /// A row of `template`.
    Template,
    /// A row of `setting`.
    Setting,
}

impl Entity {
    /// The word in the change log and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Scope => "scope",
            Self::Conversation => "conversation",
            Self::Message => "message",
            Self::Outgoing => "outgoing",
            Self::Label => "label",
            Self::Rule => "rule",
            Self::Template => "template",
            Self::Setting => "setting",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        [
            Self::Account,
            Self::Scope,
            Self::Conversation,
            Self::Message,
            Self::Outgoing,
            Self::Label,
            Self::Rule,
            Self::Template,
            Self::Setting,
        ]
        .into_iter()
        .find(|entity| entity.as_str() == word)
    }
}

/// Who wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A provider said so.
    Sync,
    /// A person did it here.
    Local,
}

impl Origin {
    /// The word in the change log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sync => "sync",
            Self::Local => "local",
        }
    }
}

/// One touched row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Of which table.
    pub entity: Entity,
    /// Its id.
    pub id: i64,
    /// It is gone.
    pub deleted: bool,
}

/// What one transaction touched.
#[derive(Clone, Debug)]
pub struct ChangeBatch {
    /// Who wrote.
    pub origin: Origin,
    /// The rows, each once.
    pub changes: Vec<Change>,
}

/// How many batches a slow listener may fall behind before it is told to look at everything again.
const ANNOUNCEMENTS: usize = 1_024;

/// A handle on the open database; cheap to clone.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

/// What the one process has that may write.
pub(crate) struct Hands {
    pub(crate) writer: Connection,
    pub(crate) health: Arc<Health>,
    pub(crate) checkup: Option<Checkup>,
    pub(crate) lock: Option<ProfileLock>,
}

struct Inner {
    directory: PathBuf,
    /// Ends before the writer does, which then knows whether the check was finished.
    checkup: Option<Checkup>,
    readers: Readers,
    writer: Option<Writer>,
    packer: Arc<Packer>,
    announcements: broadcast::Sender<Arc<ChangeBatch>>,
    /// The last row of the change log this process has announced; for a reader of another's profile.
    seen: AtomicI64,
    erasing: tokio::sync::Mutex<()>,
    _lock: Option<ProfileLock>,
}

impl Store {
    pub(crate) fn new(
        directory: PathBuf,
        readers: Readers,
        packer: Arc<Packer>,
        seen: i64,
        hands: Option<Hands>,
    ) -> Self {
        let (announcements, _) = broadcast::channel(ANNOUNCEMENTS);
        let seen = AtomicI64::new(seen);
        let (mut writer, mut checkup, mut lock) = (None, None, None);
        if let Some(hands) = hands {
            let (packer, told) = (Arc::clone(&packer), announcements.clone());
            writer = Some(Writer::start(hands.writer, packer, told, hands.health));
            (checkup, lock) = (hands.checkup, hands.lock);
        }
        let inner = Inner {
            directory,
            checkup,
            readers,
            writer,
            packer,
            announcements,
            seen,
            erasing: tokio::sync::Mutex::default(),
            _lock: lock,
        };
        Self { inner: Arc::new(inner) }
    }

    /// The profile directory.
    pub fn directory(&self) -> &Path {
        &self.inner.directory
    }

    /// Whether another process holds the profile, so that nothing can be changed here.
    pub fn is_read_only(&self) -> bool {
        self.inner.writer.is_none()
    }

    pub(crate) fn writer(&self) -> Option<&Writer> {
        self.inner.writer.as_ref()
    }

    /// What packs and unpacks bodies; its work belongs on a thread that may block.
    pub fn packer(&self) -> Arc<Packer> {
        Arc::clone(&self.inner.packer)
    }

    /// Announcements of every transaction committed from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<ChangeBatch>> {
        self.inner.announcements.subscribe()
    }

    /// Runs a query on a reader of the pool; sees one consistent state.
    pub async fn read<T, F>(&self, query: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let store = self.clone();
        tokio::task::spawn_blocking(move || store.read_now(query))
            .await
            .map_err(|_| StoreError::Closed)?
    }

    /// [`Self::read`] on the calling thread, for code that may block.
    pub fn read_now<T>(
        &self,
        query: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let answer = self.inner.readers.with(query);
        if let Some(checkup) = &self.inner.checkup {
            checkup.begin();
        }
        answer
    }

    /// Has the file checked at its next start, and set aside if it is damaged.
    pub fn suspect(&self) {
        crate::recovery::suspect(&self.inner.directory.join("deskbell.db"));
    }

    /// Runs a transaction on the writer; commits when the closure succeeds, and rolls back whole when not.
    pub async fn write<T, F>(&self, origin: Origin, now: Millis, job: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Write<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let writer = self.inner.writer.as_ref().ok_or(StoreError::ReadOnly)?;
        writer.run(origin, now, Kept::Process, job).await
    }

    /// [`Self::write`], on disk before it answers: for what must be known even after a power cut.
    pub async fn write_durably<T, F>(
        &self,
        origin: Origin,
        now: Millis,
        job: F,
    ) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Write<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let writer = self.inner.writer.as_ref().ok_or(StoreError::ReadOnly)?;
        writer.run(origin, now, Kept::Power, job).await
    }

    /// Held while an account is erased: one at a time.
    pub(crate) fn erasing(&self) -> &tokio::sync::Mutex<()> {
        &self.inner.erasing
    }

    /// Writes the file anew, without anything that was deleted from it.
    pub(crate) async fn compact(&self) -> Result<(), StoreError> {
        let writer = self.inner.writer.as_ref().ok_or(StoreError::ReadOnly)?;
        writer.compact().await
    }

    /// Writes the log back into the file and leaves nothing in it, as soon as nobody reads from it.
    pub(crate) async fn empty_log(&self) -> Result<(), StoreError> {
        let writer = self.inner.writer.as_ref().ok_or(StoreError::ReadOnly)?;
        writer.empty_log().await
    }

    /// Announces what another process committed since the last call; true if there was anything.
    ///
    /// Only useful on a read-only store, whose own process commits nothing.
    pub async fn poll(&self) -> Result<bool, StoreError> {
        let since = self.inner.seen.load(Ordering::Acquire);
        let (last, changes) = self.read(move |c| table::change::since(c, since)).await?;
        self.inner.seen.store(last, Ordering::Release);
        let news = !changes.is_empty();
        if news {
            let batch = ChangeBatch { origin: Origin::Sync, changes };
            // Nobody listening is no failure.
            let _ = self.inner.announcements.send(Arc::new(batch));
        }
        Ok(news)
    }
}
