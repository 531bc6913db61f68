//! A desk to tell stories with: a profile in a temporary directory, one account with its mailboxes, letters
//! to put into them, and the rules that must hold whatever happened.

#![allow(dead_code, reason = "each story uses a part of it")]

pub mod held;
pub mod rules;

use deskbell_domain::conversation::{ConversationEdit, View};
use deskbell_domain::fingerprint::Fingerprint;
use deskbell_domain::ingested::{IngestedBody, IngestedChange, IngestedMessage, IngestedPage};
use deskbell_domain::message::{BodyState, Flags};
use deskbell_domain::sync::{Cursor, RemoteKey, RemoteScope};
use deskbell_domain::threading::ThreadKeys;
use deskbell_domain::{
    AccountId, Address, Channel, ConversationId, MailboxRole, MessageId, Millis, ScopeId,
};
use deskbell_store::table::sync_run::Tally;
use deskbell_store::table::{account, scope};
use deskbell_store::{Connection, Notice, OpenOptions, Origin, Store, StoreError, Write, sync};

/// The instant every story begins.
pub const START: Millis = 1_790_000_000_000;
/// The desk's own address.
pub const OWN: &str = "desk@studio.example";

/// An open profile with one account.
pub struct Desk {
    pub directory: tempfile::TempDir,
    pub store: Store,
    pub notice: Option<Notice>,
    pub account: AccountId,
    pub now: Millis,
    pub runtime: tokio::runtime::Runtime,
    scopes: Vec<(MailboxRole, ScopeId)>,
}

pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime")
}

pub fn mailbox(role: MailboxRole) -> RemoteScope {
    let name = role.as_str().to_owned();
    RemoteScope { key: name.clone(), name, role, selectable: true }
}

pub fn new_account(address: &str) -> account::NewAccount {
    account::NewAccount {
        provider: "imap".into(),
        channel: Channel::Email,
        address: address.into(),
        name: "Studio".into(),
        settings: "{}".into(),
        schedule: "*/15 * * * *".into(),
        writes_back: true,
        sends: true,
    }
}

impl Desk {
    /// A fresh profile with a mailbox of every role.
    pub fn new() -> Self {
        Self::with(&MailboxRole::EVERY)
    }

    pub fn with(roles: &[MailboxRole]) -> Self {
        Self::at(tempfile::tempdir().expect("a directory"), roles)
    }

    /// A fresh profile on a disk of its own.
    pub fn within(disk: &std::path::Path) -> Self {
        Self::at(tempfile::tempdir_in(disk).expect("a directory"), &[MailboxRole::Inbox])
    }

    fn at(directory: tempfile::TempDir, roles: &[MailboxRole]) -> Self {
        let opened = Store::open(directory.path(), OpenOptions::default()).expect("a new profile");
        let runtime = runtime();
        let remote: Vec<RemoteScope> = roles.iter().copied().map(mailbox).collect();
        let (account, scopes) = runtime
            .block_on(opened.store.write(Origin::Local, START, move |w| {
                let id = account::insert(w, &new_account(OWN))?;
                scope::adopt(w, id, &remote)?;
                let scopes = scope::list(w, id)?;
                Ok((id, scopes.into_iter().map(|s| (s.remote.role, s.id)).collect()))
            }))
            .expect("an account with mailboxes");
        let (store, notice) = (opened.store, opened.notice);
        Self { directory, store, notice, account, now: START, runtime, scopes }
    }

    /// Closes the profile and opens it again.
    pub fn reopen(self) -> Self {
        let Self { directory, store, account, now, runtime, scopes, .. } = self;
        drop(store);
        let opened = Store::open(directory.path(), OpenOptions::default()).expect("it opens again");
        let (store, notice) = (opened.store, opened.notice);
        Self { directory, store, notice, account, now, runtime, scopes }
    }

    /// A profile that was opened by the story itself.
    pub fn of(
        directory: tempfile::TempDir,
        opened: deskbell_store::Opened,
        account: AccountId,
        now: Millis,
        runtime: tokio::runtime::Runtime,
    ) -> Self {
        let known = opened.store.read_now(|c| scope::list(c, account)).expect("its mailboxes");
        let scopes = known.into_iter().map(|s| (s.remote.role, s.id)).collect();
        let (store, notice) = (opened.store, opened.notice);
        Self { directory, store, notice, account, now, runtime, scopes }
    }

    pub fn scope(&self, role: MailboxRole) -> ScopeId {
        self.scopes.iter().find(|(r, _)| *r == role).expect("there is such a mailbox").1
    }

    pub fn write<T: Send + 'static>(
        &mut self,
        job: impl FnOnce(&mut Write<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.now += 1_000;
        self.runtime.block_on(self.store.write(Origin::Sync, self.now, job))
    }

    pub fn read<T>(&self, query: impl FnOnce(&Connection) -> Result<T, StoreError>) -> T {
        self.store.read_now(query).expect("the store answers")
    }

    /// Applies one page to a mailbox.
    pub fn bring(&mut self, role: MailboxRole, changes: Vec<IngestedChange>) -> Tally {
        let page = IngestedPage { changes, cursor: Some(Cursor("1".into())), ..Default::default() };
        self.try_bring(role, page).expect("the page is applied")
    }

    pub fn try_bring(
        &mut self,
        role: MailboxRole,
        page: IngestedPage,
    ) -> Result<Tally, StoreError> {
        let scope = self.scope(role);
        let prepared = sync::prepare(&self.store.packer(), page)?;
        self.write(move |w| sync::apply(w, scope, &prepared))
    }

    /// Brings one letter to a mailbox; the message it became.
    pub fn receive(&mut self, role: MailboxRole, key: u32, letter: &Letter) -> MessageId {
        self.bring(role, vec![arrives(key, letter)]);
        self.message(&letter.id)
    }

    pub fn message(&self, id: &str) -> MessageId {
        self.read(|c| {
            Ok(MessageId(c.query_row(
                "SELECT id FROM message WHERE message_id = ?1",
                [id],
                |r| r.get(0),
            )?))
        })
    }

    pub fn conversation(&self, id: &str) -> ConversationId {
        self.read(|c| {
            let sql = "SELECT conversation_id FROM message WHERE message_id = ?1";
            Ok(ConversationId(c.query_row(sql, [id], |row| row.get(0))?))
        })
    }

    pub fn edit(
        &mut self,
        conversation: ConversationId,
        what: ConversationEdit,
        group: &str,
    ) -> u64 {
        let group = group.to_owned();
        self.write(move |w| sync::edit(w, &[conversation], what, &group)).expect("the edit is kept")
    }

    pub fn undo(&mut self, group: &str) -> u64 {
        let group = group.to_owned();
        self.write(move |w| sync::undo(w, &group)).expect("the edit is taken back")
    }

    /// The subjects a view lists, newest first.
    pub fn list(&self, view: View) -> Vec<String> {
        self.read(|c| {
            let page = deskbell_store::queries::inbox::page(c, view, None, None, 1_000)?;
            Ok(page.into_iter().map(|row| row.subject).collect())
        })
    }

    /// Fails unless every rule of the store holds.
    pub fn check(&self) {
        if let Err(broken) = self.read(|c| Ok(rules::check(c))) {
            panic!("{broken}");
        }
    }
}

/// A letter as a provider brings it.
#[derive(Clone, Debug)]
pub struct Letter {
    pub id: String,
    pub subject: String,
    pub from: String,
    pub at: Millis,
    pub text: String,
    pub references: Vec<String>,
    /// The provider's name for its conversation.
    pub thread: Option<String>,
    pub flags: Flags,
    pub body: bool,
}

/// A letter from a client, written `minute` minutes after the start.
pub fn letter(id: &str, minute: i64) -> Letter {
    Letter {
        id: id.into(),
        subject: format!("About {id}"),
        from: "mara@client.example".into(),
        at: START + minute * 60_000,
        text: format!("Hello, this is {id} about my next visit."),
        references: Vec::new(),
        thread: None,
        flags: Flags::default(),
        body: true,
    }
}

impl Letter {
    pub fn saying(mut self, text: &str) -> Self {
        self.text = text.into();
        self
    }

    pub fn titled(mut self, subject: &str) -> Self {
        self.subject = subject.into();
        self
    }

    pub fn answering(mut self, id: &str) -> Self {
        self.references.push(id.into());
        self
    }

    /// In a conversation its provider has a name for.
    pub fn within(mut self, thread: &str) -> Self {
        self.thread = Some(thread.into());
        self
    }

    pub fn seen(mut self) -> Self {
        self.flags.seen = true;
        self
    }

    pub fn starred(mut self) -> Self {
        self.flags.starred = true;
        self
    }

    /// Only its headers have come.
    pub fn unopened(mut self) -> Self {
        self.body = false;
        self
    }

    pub fn source(&self) -> String {
        format!(
            "Message-ID: <{}>\r\nSubject: {}\r\nFrom: {}\r\n\r\n{}\r\n",
            self.id, self.subject, self.from, self.text
        )
    }

    pub fn ingested(&self, key: &RemoteKey) -> IngestedMessage {
        let source = self.source();
        let address = |address: &str| Address { name: None, address: address.into() };
        IngestedMessage {
            key: key.clone(),
            flags: self.flags,
            role: None,
            internal_date: self.at,
            date: self.at,
            size: source.len() as u64,
            fingerprint: Fingerprint::of(Some(&self.id), source.len() as u64, self.at, b""),
            known_by: None,
            message_id: Some(self.id.clone()),
            thread: ThreadKeys::new(&self.id, self.references.iter().map(String::as_str)),
            remote_thread: self.thread.clone(),
            subject: self.subject.clone(),
            from: Some(address(&self.from)),
            to: vec![address(OWN)],
            cc: Vec::new(),
            bcc: Vec::new(),
            reply_to: Vec::new(),
            bulk: false,
            body_state: if self.body { BodyState::Full } else { BodyState::Missing },
            quarantine_reason: None,
            body: self.body.then(|| IngestedBody {
                source: source.into_bytes().into(),
                text: self.text.clone(),
                preview: self.text.chars().take(60).collect(),
                attachments: Vec::new(),
                report: None,
            }),
        }
    }
}

pub fn key(number: u32) -> RemoteKey {
    RemoteKey::from_uid(number)
}

pub fn arrives(number: u32, letter: &Letter) -> IngestedChange {
    IngestedChange::Message(Box::new(letter.ingested(&key(number))))
}

pub fn flagged(number: u32, flags: Flags) -> IngestedChange {
    IngestedChange::Flags { key: key(number), flags }
}

pub fn gone(number: u32) -> IngestedChange {
    IngestedChange::Gone(key(number))
}
