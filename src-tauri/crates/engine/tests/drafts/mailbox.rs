//! A Drafts mailbox in memory, on which another program writes as well.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use deskbell_domain::message::Flags;
use deskbell_domain::port::{Capabilities, CopyName, CopySink, MessageSource, Provider};
use deskbell_domain::secret::Secret;
use deskbell_domain::sync::{
    Cursor, Page, PullOptions, RemoteBody, RemoteChange, RemoteKey, RemoteMessage, RemoteScope,
    RemoteSource,
};
use deskbell_domain::{MailboxRole, Millis, ProviderError};
use deskbell_engine::ProviderFactory;
use deskbell_store::table::account::Account;

use crate::desk::NOON;

/// A mailbox with the role of drafts.
#[derive(Clone, Default)]
pub struct Mailbox(pub Arc<Shelf>);

#[derive(Default)]
pub struct Shelf {
    copies: Mutex<BTreeMap<u32, Bytes>>,
    next: AtomicU32,
    /// Calls of `forget` that still fail: the process could as well have been killed before them.
    pub unforgetful: AtomicU32,
}

impl Mailbox {
    pub fn put(&self, source: &[u8]) -> u32 {
        let uid = self.0.next.fetch_add(1, Ordering::SeqCst) + 1;
        self.0.copies.lock().unwrap().insert(uid, Bytes::copy_from_slice(source));
        uid
    }

    pub fn texts(&self) -> Vec<String> {
        let copies = self.0.copies.lock().unwrap();
        copies.values().map(|source| String::from_utf8_lossy(source).into_owned()).collect()
    }

    /// As another program does: the new version under a new number, the old one gone.
    pub fn write_elsewhere(&self, source: &str) {
        self.0.copies.lock().unwrap().clear();
        self.put(source.as_bytes());
    }
}

pub fn key(uid: u32) -> RemoteKey {
    RemoteKey(format!("{uid:010}"))
}

#[async_trait]
impl MessageSource for Mailbox {
    async fn scopes(&self) -> Result<Vec<RemoteScope>, ProviderError> {
        let role = MailboxRole::Drafts;
        Ok(vec![RemoteScope {
            key: "Drafts".into(),
            name: "Drafts".into(),
            role,
            selectable: true,
        }])
    }

    async fn pull(
        &self,
        _: &RemoteScope,
        _: Option<&Cursor>,
        _: PullOptions,
    ) -> Result<Page, ProviderError> {
        let mut changes = vec![RemoteChange::ListingBegan];
        for (uid, source) in self.0.copies.lock().unwrap().iter() {
            changes.push(RemoteChange::Message(RemoteMessage {
                key: key(*uid),
                flags: Flags { seen: true, draft: true, ..Flags::default() },
                role: None,
                thread: None,
                known_by: None,
                internal_date: NOON,
                size: source.len() as u64,
                source: RemoteSource::Full(source.clone()),
            }));
        }
        changes.push(RemoteChange::ListingEnded);
        let next = Cursor("1".into());
        Ok(Page { changes, next, more: false, remote_total: None, remaining: None })
    }

    async fn bodies(
        &self,
        _: &RemoteScope,
        _: Option<&Cursor>,
        keys: &[RemoteKey],
    ) -> Result<Vec<RemoteBody>, ProviderError> {
        let copies = self.0.copies.lock().unwrap();
        let all = copies.iter().map(|(uid, source)| (key(*uid), source.clone()));
        Ok(all
            .filter(|(key, _)| keys.contains(key))
            .map(|(key, source)| RemoteBody { key, source })
            .collect())
    }

    async fn watch(&self, _: &[RemoteScope]) -> Result<Vec<String>, ProviderError> {
        std::future::pending().await
    }
}

#[async_trait]
impl CopySink for Mailbox {
    async fn copies(&self, _: MailboxRole, id: &str) -> Result<Vec<CopyName>, ProviderError> {
        let copies = self.0.copies.lock().unwrap();
        let named = copies.iter().filter(|(_, source)| {
            String::from_utf8_lossy(source).contains(&format!("Message-ID: <{id}>"))
        });
        Ok(named.map(|(uid, _)| ("Drafts".to_owned(), key(*uid))).collect())
    }

    async fn keep(
        &self,
        _: MailboxRole,
        source: &[u8],
        flags: Flags,
        _: Millis,
    ) -> Result<Option<CopyName>, ProviderError> {
        assert!(flags.draft, "what is kept says that it is a draft");
        Ok(Some(("Drafts".into(), key(self.put(source)))))
    }

    async fn forget(&self, names: &[CopyName]) -> Result<(), ProviderError> {
        let fails = self.0.unforgetful.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
            (!names.is_empty()).then(|| left.checked_sub(1)).flatten()
        });
        if fails.is_ok() {
            return Err(ProviderError::Offline("cut".into()));
        }
        self.0.copies.lock().unwrap().retain(|uid, _| !names.iter().any(|(_, k)| *k == key(*uid)));
        Ok(())
    }
}

impl Provider for Mailbox {
    fn capabilities(&self) -> Capabilities {
        Capabilities { receives: true, writes_state: false, connections: 1 }
    }
    fn messages(&self) -> Option<&dyn MessageSource> {
        Some(self)
    }
    fn state(&self) -> Option<&dyn deskbell_domain::port::StateSink> {
        None
    }
    fn copies(&self) -> Option<&dyn CopySink> {
        Some(self)
    }
}

impl ProviderFactory for Mailbox {
    fn open(&self, _: &Account, _: Option<Secret>) -> Result<Arc<dyn Provider>, ProviderError> {
        Ok(Arc::new(self.clone()))
    }
}
