//! The provider's copies of drafts: a Drafts mailbox in memory, on which another program writes as well.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use deskbell_domain::message::Flags;
use deskbell_domain::outgoing::{ComposeKind, Composition};
use deskbell_domain::port::{Capabilities, CopyName, CopySink, MessageSource, Provider};
use deskbell_domain::secret::Secret;
use deskbell_domain::sync::{
    Cursor, Page, PullOptions, RemoteBody, RemoteChange, RemoteKey, RemoteMessage, RemoteScope,
    RemoteSource,
};
use deskbell_domain::time::Clock;
use deskbell_domain::{
    AccountId, Address, Channel, MailboxRole, Millis, OutgoingId, ProviderError,
};
use deskbell_engine::{Engine, ProviderFactory, SecretStore};
use deskbell_store::sync::outgoing as drafts;
use deskbell_store::table::account::{self, Account, NewAccount};
use deskbell_store::table::outgoing;
use deskbell_store::{OpenOptions, Origin, Store};

const NOON: Millis = 1_795_176_000_000;
const DEADLINE: Duration = Duration::from_secs(30);
const TOKEN: &str = "the-token@studio.example";

/// A mailbox with the role of drafts.
#[derive(Clone, Default)]
struct Mailbox(Arc<Shelf>);

#[derive(Default)]
struct Shelf {
    copies: Mutex<BTreeMap<u32, Bytes>>,
    next: AtomicU32,
    /// Calls of `forget` that still fail: the process could as well have been killed before them.
    unforgetful: AtomicU32,
}

impl Mailbox {
    fn put(&self, source: &[u8]) -> u32 {
        let uid = self.0.next.fetch_add(1, Ordering::SeqCst) + 1;
        self.0.copies.lock().unwrap().insert(uid, Bytes::copy_from_slice(source));
        uid
    }

    fn texts(&self) -> Vec<String> {
        let copies = self.0.copies.lock().unwrap();
        copies.values().map(|source| String::from_utf8_lossy(source).into_owned()).collect()
    }

    /// As another program does: the new version under a new number, the old one gone.
    fn write_elsewhere(&self, source: &str) {
        self.0.copies.lock().unwrap().clear();
        self.put(source.as_bytes());
    }
}

fn key(uid: u32) -> RemoteKey {
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

struct Pocket;

#[async_trait]
impl SecretStore for Pocket {
    async fn password(&self, _: AccountId) -> Result<Option<Secret>, String> {
        Ok(None)
    }
}

/// A clock that is moved by hand.
#[derive(Clone)]
struct Hand(Arc<AtomicI64>);

impl Clock for Hand {
    fn now(&self) -> Millis {
        self.0.fetch_add(1, Ordering::SeqCst)
    }
}

struct Desk {
    store: Store,
    mailbox: Mailbox,
    clock: Hand,
    draft: OutgoingId,
    account: AccountId,
    _directory: tempfile::TempDir,
}

fn written(text: &str) -> Composition {
    Composition {
        to: vec![Address { name: None, address: "mara@x.example".into() }],
        bcc: vec![Address { name: None, address: "tom@x.example".into() }],
        subject: "Visit".into(),
        text: text.into(),
        ..Composition::default()
    }
}

impl Desk {
    async fn new(text: &str) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let store = Store::open(directory.path(), OpenOptions::default()).expect("a profile").store;
        let composition = written(text);
        let (account, draft) = store
            .write(Origin::Local, NOON, move |w| {
                let new = NewAccount {
                    provider: "imap".into(),
                    channel: Channel::Email,
                    address: "desk@studio.example".into(),
                    name: "Studio".into(),
                    settings: "{}".into(),
                    schedule: "*/15 * * * *".into(),
                    writes_back: false,
                    sends: true,
                };
                let account = account::insert(w, &new)?;
                let draft = drafts::NewDraft {
                    account,
                    kind: ComposeKind::New,
                    about: None,
                    token: TOKEN.into(),
                    composition,
                    files: Vec::new(),
                };
                Ok((account, drafts::create(w, &draft)?))
            })
            .await
            .expect("a draft");
        let clock = Hand(Arc::new(AtomicI64::new(NOON + 1_000)));
        let mailbox = Mailbox::default();
        Self { store, mailbox, clock, draft, account, _directory: directory }
    }

    fn engine(&self) -> Engine {
        let doors = Arc::new(self.mailbox.clone());
        Engine::start(self.store.clone(), doors, Arc::new(Pocket), Arc::new(self.clock.clone()))
    }

    /// The writer pauses, and goes on later.
    fn pause(&self) {
        self.clock.0.fetch_add(10_000, Ordering::SeqCst);
    }

    async fn save(&self, text: &str) {
        let (id, composition, now) = (self.draft, written(text), self.clock.now());
        self.store
            .write(Origin::Local, now, move |w| {
                let row = outgoing::get(w, id)?;
                drafts::save(w, id, row.revision, &composition, &[])
            })
            .await
            .expect("is saved");
    }

    async fn row(&self) -> outgoing::Outgoing {
        let id = self.draft;
        self.store.read(move |c| outgoing::get(c, id)).await.expect("the draft")
    }

    /// Waits until something holds; every change of the store and of the clock asks again.
    async fn until(&self, what: &str, holds: impl AsyncFn() -> bool) {
        let waited = tokio::time::timeout(DEADLINE, async {
            while !holds().await {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        });
        if waited.await.is_err() {
            panic!("{what}: {:?}; {:?}", self.mailbox.texts(), self.row().await);
        }
    }

    /// One copy that says this, and the store knows it.
    async fn settled(&self, text: &str) {
        self.until(&format!("one copy says {text}"), async || {
            let copies = self.mailbox.texts();
            let row = self.row().await;
            copies.len() == 1
                && copies.iter().all(|copy| copy.contains(text))
                && row.draft_revision == row.revision
                && row.composition.text.contains(text)
        })
        .await;
    }

    async fn versions(&self) -> Vec<(String, String)> {
        let id = self.draft;
        let versions = self.store.read(move |c| outgoing::versions(c, id)).await.expect("reads");
        versions.into_iter().map(|v| (v.origin, v.composition.text)).collect()
    }
}

#[tokio::test]
async fn a_draft_is_replaced_and_never_multiplied() {
    let desk = Desk::new("first words").await;
    desk.pause();
    let engine = desk.engine();
    desk.settled("first words").await;
    assert!(desk.mailbox.texts()[0].contains("Bcc: tom@x.example"), "whole, for other programs");
    desk.save("second words").await;
    desk.pause();
    desk.save("third words").await;
    desk.pause();
    engine.sync_now(Some(desk.account));
    desk.settled("third words").await;
    engine.stop().await;
}

#[tokio::test]
async fn a_break_between_the_new_copy_and_the_old_one_leaves_one() {
    let desk = Desk::new("first words").await;
    desk.pause();
    let engine = desk.engine();
    desk.settled("first words").await;
    desk.mailbox.0.unforgetful.store(1, Ordering::SeqCst);
    desk.save("second words").await;
    desk.pause();
    desk.until("both lie there", async || desk.mailbox.texts().len() == 2).await;
    engine.stop().await;
    // The next start finds both.
    let engine = desk.engine();
    desk.save("third words").await;
    desk.pause();
    engine.sync_now(Some(desk.account));
    desk.settled("third words").await;
    engine.stop().await;
}

#[tokio::test]
async fn what_is_written_elsewhere_stands_and_ours_is_kept() {
    let desk = Desk::new("our words").await;
    desk.pause();
    let engine = desk.engine();
    desk.settled("our words").await;
    // An hour later, in another program.
    desk.mailbox.write_elsewhere(&format!(
        "Date: Fri, 20 Nov 2026 13:00:00 +0000\r\nFrom: desk@studio.example\r\nTo: mara@x.example\r\nSubject: Visit\r\nMessage-ID: <{TOKEN}>\r\n\r\ntheir words\r\n"
    ));
    engine.sync_now(Some(desk.account));
    desk.settled("their words").await;
    assert_eq!(desk.versions().await, [("here".to_owned(), "our words".to_owned())]);
    engine.stop().await;
}

#[tokio::test]
async fn a_draft_rewritten_elsewhere_under_another_message_id_stays_one_draft() {
    let desk = Desk::new("our words").await;
    desk.pause();
    let engine = desk.engine();
    desk.settled("our words").await;
    engine.sync_now(Some(desk.account));
    desk.mailbox.write_elsewhere(
        "Date: Fri, 20 Nov 2026 13:00:00 +0000\r\nFrom: desk@studio.example\r\nTo: mara@x.example\r\nSubject: Visit\r\nMessage-ID: <of-their-own@elsewhere.example>\r\n\r\ntheir words\r\n",
    );
    engine.sync_now(Some(desk.account));
    desk.until("their words stand here", async || {
        desk.row().await.composition.text.contains("their words")
    })
    .await;
    desk.pause();
    engine.sync_now(Some(desk.account));
    desk.settled("their words").await;
    assert!(desk.mailbox.texts()[0].contains(TOKEN), "it goes on under our name");
    assert_eq!(desk.versions().await, [("here".to_owned(), "our words".to_owned())]);
    engine.stop().await;
}

#[tokio::test]
async fn a_file_added_elsewhere_is_no_copy_of_what_stands_here() {
    let desk = Desk::new("our words").await;
    desk.pause();
    let engine = desk.engine();
    desk.settled("our words").await;
    desk.mailbox.write_elsewhere(&format!(
        "Date: Fri, 20 Nov 2026 13:00:00 +0000\r\nFrom: desk@studio.example\r\nTo: mara@x.example\r\nBcc: tom@x.example\r\n\
         Subject: Visit\r\nMessage-ID: <{TOKEN}>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nour words\r\n--b\r\nContent-Type: text/csv\r\n\
         Content-Disposition: attachment; filename=prices.csv\r\n\r\ncut,48\r\n--b--\r\n"
    ));
    engine.sync_now(Some(desk.account));
    let id = desk.draft;
    desk.until("the file is here", async || {
        let files = desk.store.read(move |c| outgoing::files(c, id)).await.expect("reads");
        files.iter().any(|file| file.name == "prices.csv")
    })
    .await;
    engine.stop().await;
}

#[tokio::test]
async fn what_is_older_elsewhere_is_set_aside() {
    let desk = Desk::new("our words").await;
    desk.pause();
    let engine = desk.engine();
    desk.settled("our words").await;
    desk.save("our newer words").await;
    // Written an hour before ours, and seen only now.
    desk.mailbox.put(
        format!(
            "Date: Fri, 20 Nov 2026 11:00:00 +0000\r\nFrom: desk@studio.example\r\nTo: mara@x.example\r\nSubject: Visit\r\nMessage-ID: <{TOKEN}>\r\n\r\nolder words\r\n"
        )
        .as_bytes(),
    );
    engine.sync_now(Some(desk.account));
    desk.until("the older version is set aside", async || !desk.versions().await.is_empty()).await;
    desk.pause();
    engine.sync_now(Some(desk.account));
    desk.settled("our newer words").await;
    assert_eq!(desk.versions().await, [("elsewhere".to_owned(), "older words".to_owned())]);
    engine.stop().await;
}

#[tokio::test]
async fn a_draft_that_goes_takes_its_copy_along() {
    let desk = Desk::new("our words").await;
    desk.pause();
    let engine = desk.engine();
    desk.settled("our words").await;
    let (id, now) = (desk.draft, desk.clock.now());
    let thrown = desk.store.write(Origin::Local, now, move |w| drafts::discard(w, id));
    thrown.await.expect("is thrown away");
    desk.until("nothing is left there", async || desk.mailbox.texts().is_empty()).await;
    let now = desk.clock.now();
    desk.store.write(Origin::Local, now, move |w| drafts::restore(w, id)).await.expect("is back");
    desk.pause();
    engine.sync_now(Some(desk.account));
    desk.settled("our words").await;
    engine.stop().await;
}

/// Another program writes the same words with other formatting.
fn elsewhere(date: &str, html: &str) -> String {
    format!(
        "Date: {date}\r\nFrom: desk@studio.example\r\nTo: mara@x.example\r\nBcc: tom@x.example\r\n\
         Subject: Visit\r\nMessage-ID: <{TOKEN}>\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n"
    )
}

const LATER: &str = "Fri, 20 Nov 2026 13:00:00 +0000";

#[tokio::test]
async fn formatting_that_was_changed_elsewhere_is_not_lost_as_the_same() {
    let desk = Desk::new("our words").await;
    desk.pause();
    let engine = desk.engine();
    desk.settled("our words").await;
    desk.mailbox.write_elsewhere(&elsewhere(LATER, "<p>our <b>words</b></p>"));
    engine.sync_now(Some(desk.account));
    desk.until("the bold word is here", async || {
        desk.row().await.composition.html.is_some_and(|html| html.contains("<b>words</b>"))
    })
    .await;
    assert_eq!(desk.versions().await, [("here".to_owned(), "our words".to_owned())]);
    engine.stop().await;
}

#[tokio::test]
async fn how_another_program_lays_out_the_same_words_is_no_change() {
    let desk = Desk::new("our words").await;
    desk.pause();
    let engine = desk.engine();
    desk.settled("our words").await;
    desk.mailbox
        .write_elsewhere(&elsewhere(LATER, "<html><body><div>our words<br></div></body></html>"));
    engine.sync_now(Some(desk.account));
    desk.until("the copy of the other program counts as ours", async || {
        desk.row().await.draft_copy == Some(("Drafts".to_owned(), key(2)))
    })
    .await;
    assert_eq!(desk.row().await.composition.html, None, "nothing was taken over");
    assert!(desk.versions().await.is_empty(), "and nothing set aside");
    engine.stop().await;
}

#[tokio::test]
async fn a_version_that_is_set_aside_keeps_its_files() {
    let desk = Desk::new("our words").await;
    desk.pause();
    let engine = desk.engine();
    desk.settled("our words").await;
    desk.save("our newer words").await;
    desk.mailbox.put(
        format!(
            "Date: Fri, 20 Nov 2026 11:00:00 +0000\r\nFrom: desk@studio.example\r\nTo: mara@x.example\r\n\
             Subject: Visit\r\nMessage-ID: <{TOKEN}>\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nolder words\r\n--b\r\n\
             Content-Type: text/plain; name=prices.txt\r\nContent-Disposition: attachment; filename=prices.txt\r\n\
             \r\nCut 48\r\n--b--\r\n"
        )
        .as_bytes(),
    );
    engine.sync_now(Some(desk.account));
    desk.until("the older version is set aside", async || !desk.versions().await.is_empty()).await;
    let id = desk.draft;
    let versions = desk.store.read(move |c| outgoing::versions(c, id)).await.expect("reads");
    let file = versions[0].files.first().expect("its file is kept");
    assert_eq!(file.name, "prices.txt");
    let bytes = desk.store.packer().file(&file.blob).expect("with its bytes");
    assert_eq!(String::from_utf8_lossy(&bytes).trim_end(), "Cut 48");
    engine.stop().await;
}

/// Nobody keeps the window open: `bell sync` alone brings drafts there and back.
#[tokio::test]
async fn a_single_sync_brings_drafts_there_and_back() {
    let desk = Desk::new("first words").await;
    let engine = Engine::idle(
        desk.store.clone(),
        Arc::new(desk.mailbox.clone()),
        Arc::new(Pocket),
        Arc::new(desk.clock.clone()),
    );
    let token = tokio_util::sync::CancellationToken::new();
    engine.sync_once(desk.account, &token).await.expect("a sync");
    let copies = desk.mailbox.texts();
    assert!(copies.len() == 1 && copies[0].contains("first words"), "it is there: {copies:?}");
    desk.mailbox.write_elsewhere(&elsewhere(LATER, "<p>words of the phone</p>"));
    engine.sync_once(desk.account, &token).await.expect("a sync");
    assert_eq!(desk.row().await.composition.text.trim(), "words of the phone");
    engine.sync_once(desk.account, &token).await.expect("a sync");
    assert_eq!(desk.mailbox.texts().len(), 1, "replaced, and never multiplied");
}
