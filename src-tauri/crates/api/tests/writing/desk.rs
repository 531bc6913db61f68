//! A desk with one account and no engine, so that nothing leaves and nothing arrives but by hand.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use deskbell_api::dto::{ById, ImapForm, KeyForm, Person, QuoteWords, SmtpAccountForm, SmtpForm};
use deskbell_api::{Gateway, Host, KeyProvider, NewMailbox, NoHost, TryError};
use deskbell_domain::message::Flags;
use deskbell_domain::outgoing::SendLimits;
use deskbell_domain::secret::Secret;
use deskbell_domain::sync::{
    Cursor, Page, RemoteChange, RemoteKey, RemoteMessage, RemoteScope, RemoteSource,
};
use deskbell_domain::time::Clock;
use deskbell_domain::{AccountId, Channel, MailboxRole, Millis, ProviderError};
use deskbell_engine::{Engine, ProviderFactory, SecretStore, ingest};
use deskbell_store::table::account::{self, NewAccount};
use deskbell_store::table::scope;
use deskbell_store::{OpenOptions, Origin, Store, sync};

pub const NOON: Millis = 1_795_176_000_000;

struct Hand(AtomicI64);

impl Clock for Hand {
    fn now(&self) -> Millis {
        self.0.fetch_add(1_000, Ordering::SeqCst)
    }
}

struct Nobody;

fn nobody<T>() -> Result<T, TryError> {
    Err(TryError::Provider(None, ProviderError::Offline("nobody is there".into())))
}

#[async_trait]
impl Gateway for Nobody {
    /// As a server's word is kept that takes mail.
    fn send_limits(&self, _: &str, settings: &str) -> Option<SendLimits> {
        let bytes = settings.split("\"max_bytes\":").nth(1);
        let bytes = bytes.and_then(|rest| rest.trim_end_matches('}').parse().ok());
        let picky = settings.contains("picky");
        Some(SendLimits { bytes, needs_to: picky, no_empty_files: picky, ..SendLimits::NONE })
    }

    async fn try_imap(&self, _: &ImapForm) -> Result<NewMailbox, TryError> {
        nobody()
    }
    async fn try_password(
        &self,
        _: &str,
        _: &str,
        _: &Secret,
        _: Option<&str>,
    ) -> Result<String, TryError> {
        nobody()
    }
    async fn try_certificate(
        &self,
        _: AccountId,
        _: &str,
        _: &str,
        _: Option<&str>,
    ) -> Result<String, TryError> {
        nobody()
    }
    async fn try_smtp(&self, _: &SmtpAccountForm) -> Result<NewMailbox, TryError> {
        nobody()
    }
    async fn try_key(&self, _: KeyProvider, _: &KeyForm) -> Result<NewMailbox, TryError> {
        nobody()
    }
    async fn try_sending(
        &self,
        _: AccountId,
        _: &str,
        _: &str,
        _: &SmtpForm,
    ) -> Result<String, TryError> {
        nobody()
    }
    async fn try_archive(&self, _: PathBuf) -> Result<NewMailbox, TryError> {
        nobody()
    }
    async fn guess_owner(&self, _: PathBuf) -> Option<String> {
        None
    }
    async fn seal(&self, _: AccountId, _: &Secret) -> Result<Vec<u8>, String> {
        Err("there is no key".into())
    }
    async fn forget_key(&self) -> bool {
        false
    }
    async fn can_open(&self, _: AccountId) -> Result<(), String> {
        Err("there is no key".into())
    }
}

struct NoPasswords;

#[async_trait]
impl SecretStore for NoPasswords {
    async fn password(&self, _: AccountId) -> Result<Option<Secret>, String> {
        Ok(None)
    }
}

/// A host whose person picks this folder, or none.
struct Picks {
    folder: Option<PathBuf>,
    opened: Arc<Mutex<Vec<PathBuf>>>,
}

#[async_trait]
impl Host for Picks {
    async fn pick_folder(&self) -> Option<PathBuf> {
        self.folder.clone()
    }
    fn open_file(&self, path: &Path) -> Result<(), String> {
        self.opened.lock().expect("whole").push(path.to_owned());
        Ok(())
    }
}

pub struct Desk {
    desk: deskbell_api::Desk,
    /// Folders and files that were handed to the system's own programs.
    pub opened: Arc<Mutex<Vec<PathBuf>>>,
    pub account: String,
    pub directory: tempfile::TempDir,
}

impl Deref for Desk {
    type Target = deskbell_api::Desk;

    fn deref(&self) -> &Self::Target {
        &self.desk
    }
}

impl Desk {
    pub async fn new() -> Self {
        Self::with(true).await
    }

    pub async fn that_cannot_send() -> Self {
        Self::with(false).await
    }

    /// Its server takes messages of that size.
    pub async fn that_sends_up_to(bytes: u64) -> Self {
        Self::of(true, &format!("{{\"max_bytes\":{bytes}}}"), Arc::new(NoHost)).await
    }

    /// Its provider wants somebody under To and carries no empty files.
    pub async fn with_a_picky_provider() -> Self {
        Self::of(true, "{\"picky\":true}", Arc::new(NoHost)).await
    }

    /// Its person picks this folder, or none.
    pub async fn that_picks(folder: Option<PathBuf>) -> Self {
        let opened = Arc::default();
        let host = Arc::new(Picks { folder, opened: Arc::clone(&opened) });
        Self { opened, ..Self::of(true, "{}", host).await }
    }

    /// Before another host.
    pub async fn with_host(host: Arc<dyn Host>) -> Self {
        Self::of(true, "{}", host).await
    }

    async fn with(sends: bool) -> Self {
        Self::of(sends, "{}", Arc::new(NoHost)).await
    }

    async fn of(sends: bool, settings: &str, host: Arc<dyn Host>) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let store = Store::open(directory.path(), OpenOptions::default()).expect("a profile").store;
        let account = add(&store, "desk@studio.example", sends, settings).await;
        let clock = Arc::new(Hand(AtomicI64::new(NOON)));
        let desk = deskbell_api::Desk::new(store, None, Arc::new(Nobody), host, clock, None);
        Self { desk, opened: Arc::default(), account: account.to_string(), directory }
    }

    /// It has an engine whose accounts are at these mailboxes; the engine.
    pub fn run(&mut self, mailboxes: Arc<dyn ProviderFactory>) -> Engine {
        let engine = Engine::idle(
            self.desk.store.clone(),
            mailboxes,
            Arc::new(NoPasswords),
            Arc::clone(&self.desk.clock),
        );
        self.desk.engine = Some(engine.clone());
        engine
    }

    pub async fn add(&self, address: &str) -> String {
        add(&self.store, address, true, "{}").await.to_string()
    }

    /// Another account sends where this one cannot, messages of that size.
    pub async fn stand_in(&self, bytes: u64) {
        let settings = format!("{{\"max_bytes\":{bytes}}}");
        let other = add(&self.store, "spare@studio.example", true, &settings).await;
        let own: AccountId = self.account.parse().expect("an id");
        let set = self
            .store
            .write(Origin::Local, NOON, move |w| account::set_sending(w, own, Some(other), 10_000));
        set.await.expect("is set");
    }

    /// A mail arrives in the inbox; the message it became.
    pub async fn receive(&self, source: &str) -> String {
        self.receive_as(source, Flags::default()).await
    }

    /// A mail with these flags.
    pub async fn receive_as(&self, source: &str, flags: Flags) -> String {
        let account: AccountId = self.account.parse().expect("an id");
        let inbox = self
            .store
            .read(move |c| scope::find(c, account, "INBOX"))
            .await
            .expect("reads")
            .expect("an inbox");
        let key = RemoteKey(format!("{:010}", blake(source)));
        let change = RemoteChange::Message(RemoteMessage {
            key: key.clone(),
            flags,
            role: None,
            thread: None,
            known_by: None,
            internal_date: NOON,
            size: source.len() as u64,
            source: RemoteSource::Full(Bytes::copy_from_slice(source.as_bytes())),
        });
        let page = Page {
            changes: vec![change],
            next: Cursor("1".into()),
            remote_total: None,
            remaining: None,
            more: false,
        };
        let prepared = sync::prepare(&self.store.packer(), ingest::page(page)).expect("packs");
        self.store
            .write(Origin::Sync, NOON, move |w| sync::apply(w, inbox.id, &prepared))
            .await
            .expect("is stored");
        let found = self.store.read(move |c| {
            let sql = "SELECT message_id FROM location WHERE remote_key = ?1";
            Ok(c.query_row(sql, [key.0], |row| row.get::<_, i64>(0))?)
        });
        found.await.expect("the message").to_string()
    }
}

fn blake(source: &str) -> u32 {
    source.bytes().fold(7_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)))
}

async fn add(store: &Store, address: &str, sends: bool, settings: &str) -> AccountId {
    let new = NewAccount {
        provider: "imap".into(),
        channel: Channel::Email,
        address: address.into(),
        name: "Studio".into(),
        settings: settings.into(),
        schedule: "*/15 * * * *".into(),
        writes_back: true,
        sends,
    };
    let inbox = RemoteScope {
        key: "INBOX".into(),
        name: "INBOX".into(),
        role: MailboxRole::Inbox,
        selectable: true,
    };
    store
        .write(Origin::Local, NOON, move |w| {
            let id = account::insert(w, &new)?;
            scope::adopt(w, id, &[inbox])?;
            Ok(id)
        })
        .await
        .expect("an account")
}

pub fn by(id: &str) -> ById {
    ById { id: id.into() }
}

pub fn person(name: &str, address: &str) -> Person {
    Person { name: (!name.is_empty()).then(|| name.to_owned()), address: address.into() }
}

pub fn words() -> QuoteWords {
    QuoteWords {
        wrote: "On {date}, {name} wrote:".into(),
        forwarded: "Forwarded message".into(),
        fields: ["From", "Date", "Subject", "To", "Cc"].map(str::to_owned).to_vec(),
        date: None,
    }
}
