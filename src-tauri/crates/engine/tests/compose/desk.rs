//! An account and a draft to build from.

use bytes::Bytes;

use deskbell_domain::outgoing::{ComposeKind, Composition, OutgoingFile, OutgoingMessage};
use deskbell_domain::{Address, Channel, Millis};
use deskbell_engine::compose::{ComposeError, build};
use deskbell_store::sync::outgoing::{self, NewDraft};
use deskbell_store::table::account::{self, Account, NewAccount};
use deskbell_store::table::outgoing::{self as rows, Outgoing};
use deskbell_store::{OpenOptions, Origin, Store};

/// Friday, 20 November 2026, noon UTC.
pub const NOON: Millis = 1_795_176_000_000;

/// What is written in a test.
#[derive(Clone, Debug)]
pub struct Letter {
    pub composition: Composition,
    pub files: Vec<(OutgoingFile, Bytes)>,
}

pub struct Desk {
    pub account: Account,
    row: Outgoing,
    _directory: tempfile::TempDir,
}

impl Desk {
    pub fn new() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let store = Store::open(directory.path(), OpenOptions::default()).expect("a profile").store;
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let (account, row) = runtime
            .block_on(store.write(Origin::Local, NOON, |w| {
                let new = NewAccount {
                    provider: "imap".into(),
                    channel: Channel::Email,
                    address: "desk@studio.example".into(),
                    name: "Studio".into(),
                    settings: "{}".into(),
                    schedule: "*/15 * * * *".into(),
                    writes_back: true,
                    sends: true,
                };
                let account = account::insert(w, &new)?;
                let draft = NewDraft {
                    account,
                    kind: ComposeKind::New,
                    about: None,
                    token: "the-token@studio.example".into(),
                    composition: Composition::default(),
                    files: Vec::new(),
                };
                let id = outgoing::create(w, &draft)?;
                Ok((account::get(w, account)?, rows::get(w, id)?))
            }))
            .expect("an account and a draft");
        Self { account, row, _directory: directory }
    }

    pub fn row(&self) -> Outgoing {
        self.row.clone()
    }

    pub fn build(&self, letter: &Letter) -> Result<OutgoingMessage, ComposeError> {
        let mut row = self.row();
        row.composition = letter.composition.clone();
        build(&row, &letter.files, &self.account, NOON)
    }
}

pub fn person(name: &str, address: &str) -> Address {
    Address { name: (!name.is_empty()).then(|| name.to_owned()), address: address.into() }
}

pub fn file(name: &str, kind: &str, id: Option<&str>, bytes: &[u8]) -> (OutgoingFile, Bytes) {
    let file = OutgoingFile {
        blob: [0; 32],
        name: name.into(),
        media_type: kind.into(),
        size: bytes.len() as u64,
        content_id: id.map(str::to_owned),
    };
    (file, Bytes::copy_from_slice(bytes))
}
