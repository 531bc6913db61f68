//! Mail that lies in files: an mbox, a Maildir, or a folder of .eml.
//!
//! Invariants: nothing is ever written; a page holds no more than its options allow, however large the
//! file; a cursor that no longer fits leads to a full listing, never to a loss. Whole messages are always
//! given, as reading a local file twice would only cost time. File work runs on tokio's blocking threads.

mod date;
mod detect;
mod eml;
mod facts;
mod folder;
mod maildir;
mod mbox;
mod reader;

use std::io;
use std::mem;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use deskbell_domain::ProviderError;
use deskbell_domain::port::{Capabilities, MessageSource, Provider, StateSink};
use deskbell_domain::sync::{
    Cursor, Page, PullOptions, RemoteBody, RemoteKey, RemoteScope, RemoteSource,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use self::detect::Layout;
use self::folder::Rest;
use self::mbox::Scan;

/// How often a watched archive is looked at.
const WATCH: Duration = Duration::from_secs(30);
/// Longest message that is read; what is longer is cut here, and named as cut.
const MAX_MESSAGE: usize = 128 * 1024 * 1024;

/// Where an archive lies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchiveSettings {
    /// An mbox file, a Maildir, or a folder that holds .eml or mbox files.
    pub path: PathBuf,
}

/// An archive that was found readable.
pub struct ArchiveProvider {
    shared: Arc<Shared>,
}

struct Shared {
    path: PathBuf,
    layout: Layout,
    /// What the last pull learned, so that the next page need not find it out again. Never needed: a pull
    /// that finds nothing fitting here reads what it must.
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct Memory {
    mbox: Option<Scan>,
    maildir: Option<Rest<maildir::Entry>>,
    eml: Option<Rest<(String, PathBuf)>>,
}

impl ArchiveProvider {
    /// Looks what kind of archive it is, by content rather than by name.
    ///
    /// # Errors
    /// [`ProviderError::File`] where nothing is there, it cannot be read, or holds no mail.
    pub fn open(settings: ArchiveSettings) -> Result<Self, ProviderError> {
        let layout = detect::layout(&settings.path)?;
        let shared = Shared { path: settings.path, layout, memory: Mutex::default() };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Runs file work where it may block.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Shared) -> Result<T, ProviderError> + Send + 'static,
    ) -> Result<T, ProviderError> {
        let shared = Arc::clone(&self.shared);
        match tokio::task::spawn_blocking(move || work(&shared)).await {
            Ok(done) => done,
            Err(_) => Err(ProviderError::Protocol("reading the archive was cut short".to_owned())),
        }
    }
}

impl Shared {
    fn scopes(&self) -> Result<Vec<RemoteScope>, ProviderError> {
        match self.layout {
            Layout::Mbox | Layout::MboxFolder => mbox::scopes(&self.path),
            Layout::Maildir => maildir::scopes(&self.path),
            Layout::Eml => eml::scopes(&self.path),
        }
    }

    fn pull(
        &self,
        scope: &RemoteScope,
        cursor: Option<&Cursor>,
        options: PullOptions,
    ) -> Result<Page, ProviderError> {
        // Taken out rather than locked: a pull that was given up may still be reading.
        let mut memory = mem::take(&mut *self.memory());
        let page = match self.layout {
            Layout::Mbox | Layout::MboxFolder => {
                let file = mbox::file(&self.path, scope)?;
                mbox::pull(&file, scope, cursor, options, &mut memory.mbox)
            }
            Layout::Maildir => {
                maildir::pull(&self.path, scope, cursor, options, &mut memory.maildir)
            }
            Layout::Eml => eml::pull(&self.path, scope, cursor, options, &mut memory.eml),
        }?;
        *self.memory() = memory;
        Ok(page)
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn bodies(
        &self,
        scope: &RemoteScope,
        keys: &[RemoteKey],
    ) -> Result<Vec<RemoteBody>, ProviderError> {
        match self.layout {
            Layout::Mbox | Layout::MboxFolder => {
                mbox::bodies(&mbox::file(&self.path, scope)?, keys)
            }
            Layout::Maildir => maildir::bodies(&self.path, scope, keys),
            Layout::Eml => eml::bodies(&self.path, scope, keys),
        }
    }

    /// A text that differs once anything in the archive changed.
    fn stamp(&self) -> Result<String, ProviderError> {
        let mut stamp = String::new();
        for scope in self.scopes()? {
            let part = match self.layout {
                Layout::Mbox | Layout::MboxFolder => mbox::stamp(&mbox::file(&self.path, &scope)?)?,
                Layout::Maildir => maildir::stamp(&self.path, &scope)?,
                Layout::Eml => eml::stamp(&self.path, &scope)?,
            };
            stamp.push_str(&scope.key);
            stamp.push('\0');
            stamp.push_str(&part);
            stamp.push('\0');
        }
        Ok(stamp)
    }
}

#[async_trait]
impl MessageSource for ArchiveProvider {
    async fn scopes(&self) -> Result<Vec<RemoteScope>, ProviderError> {
        self.blocking(Shared::scopes).await
    }

    async fn pull(
        &self,
        scope: &RemoteScope,
        cursor: Option<&Cursor>,
        options: PullOptions,
    ) -> Result<Page, ProviderError> {
        let (scope, cursor) = (scope.clone(), cursor.cloned());
        self.blocking(move |shared| shared.pull(&scope, cursor.as_ref(), options)).await
    }

    async fn bodies(
        &self,
        scope: &RemoteScope,
        _cursor: Option<&Cursor>,
        keys: &[RemoteKey],
    ) -> Result<Vec<RemoteBody>, ProviderError> {
        let (scope, keys) = (scope.clone(), keys.to_vec());
        self.blocking(move |shared| shared.bodies(&scope, &keys)).await
    }

    async fn watch(&self, _scopes: &[RemoteScope]) -> Result<Vec<String>, ProviderError> {
        let before = self.blocking(Shared::stamp).await?;
        loop {
            tokio::time::sleep(WATCH).await;
            if self.blocking(Shared::stamp).await? != before {
                return Ok(Vec::new());
            }
        }
    }
}

impl Provider for ArchiveProvider {
    fn capabilities(&self) -> Capabilities {
        // A Maildir may be where mail is delivered; the other kinds are kept, not lived in.
        let receives = self.shared.layout == Layout::Maildir;
        Capabilities { receives, writes_state: false, connections: 1 }
    }

    fn messages(&self) -> Option<&dyn MessageSource> {
        Some(self)
    }

    fn state(&self) -> Option<&dyn StateSink> {
        None
    }
}

/// What was read of a message, of which `left_out` bytes more lie in its file.
fn source_of(bytes: Vec<u8>, left_out: u64) -> RemoteSource {
    let bytes = Bytes::from(bytes);
    if left_out > 0 { RemoteSource::Cut(bytes) } else { RemoteSource::Full(bytes) }
}

/// Reads a cursor back.
fn position_of<T: DeserializeOwned>(
    cursor: Option<&Cursor>,
    scope: &RemoteScope,
) -> Result<Option<T>, ProviderError> {
    let Some(cursor) = cursor else { return Ok(None) };
    let lost = |_| ProviderError::CursorLost(scope.name.clone());
    serde_json::from_str(&cursor.0).map(Some).map_err(lost)
}

/// Says what could not be read, why, and what to do; never where, as a path may name a person.
fn unreadable(what: &str, error: &io::Error) -> ProviderError {
    let remedy = match error.kind() {
        io::ErrorKind::NotFound => {
            "it is not there. Check the path, or connect the disk it lies on"
        }
        io::ErrorKind::PermissionDenied => {
            "you are not allowed to. Give yourself permission to read it, or copy it elsewhere"
        }
        _ => "the disk reported an error. Copy it to another disk and import the copy",
    };
    ProviderError::File(format!("{what} cannot be read: {remedy}."))
}

#[cfg(test)]
mod conformance;
#[cfg(test)]
mod tests;
