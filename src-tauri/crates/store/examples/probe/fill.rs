//! Filling a profile: newest mail first, in pages, each packed on one thread while another stores the last.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::sync::mpsc::{self, SyncSender};
use std::time::{Duration, Instant};

use deskbell_domain::ingested::{IngestedChange, IngestedPage};
use deskbell_domain::sync::RemoteScope;
use deskbell_domain::{Channel, MailboxRole, ScopeId};
use deskbell_store::sync::{self, PreparedPage};
use deskbell_store::table::{account, scope};
use deskbell_store::{Origin, Packer, Store, StoreError};

use crate::mail::{Language, OWN};

/// Mails of one page; a first sync brings a few hundred.
const PAGE: u32 = 2_000;

const ROLES: [MailboxRole; 5] = [
    MailboxRole::Inbox,
    MailboxRole::Archive,
    MailboxRole::Sent,
    MailboxRole::Spam,
    MailboxRole::Trash,
];

/// How long filling took.
pub struct Filled {
    pub took: Duration,
}

/// Makes an account and brings its mail.
pub fn fill(
    store: &Store,
    messages: u32,
    maildir: Option<&Path>,
) -> Result<Filled, Box<dyn Error>> {
    if let Some(maildir) = maildir {
        for folder in ["cur", "new", "tmp"] {
            std::fs::create_dir_all(maildir.join(folder))?;
        }
    }
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let scopes = runtime.block_on(store.write(Origin::Local, 1, make_account))?;
    let (packed, pages) = mpsc::sync_channel(4);
    let (packer, maildir) = (store.packer(), maildir.map(Path::to_owned));
    let started = Instant::now();
    let made = std::thread::spawn(move || make(messages, maildir.as_deref(), &packer, &packed));
    for (role, page) in pages {
        let Some(scope) = scopes.iter().find(|(r, _)| *r == role).map(|(_, id)| *id) else {
            continue;
        };
        runtime.block_on(store.write(Origin::Sync, 1, move |w| sync::apply(w, scope, &page)))?;
    }
    match made.join() {
        Ok(made) => made?,
        Err(_) => return Err("the mail could not be made up".into()),
    }
    Ok(Filled { took: started.elapsed() })
}

fn make_account(
    w: &mut deskbell_store::Write<'_>,
) -> Result<Vec<(MailboxRole, ScopeId)>, StoreError> {
    let new = account::NewAccount {
        provider: "imap".into(),
        channel: Channel::Email,
        address: OWN.into(),
        name: "Studio".into(),
        settings: "{}".into(),
        schedule: "*/15 * * * *".into(),
        writes_back: true,
        sends: false,
    };
    let id = account::insert(w, &new)?;
    let remote: Vec<RemoteScope> = ROLES
        .into_iter()
        .map(|role| {
            let name = role.as_str().to_owned();
            RemoteScope { key: name.clone(), name, role, selectable: true }
        })
        .collect();
    scope::adopt(w, id, &remote)?;
    Ok(scope::list(w, id)?.into_iter().map(|row| (row.remote.role, row.id)).collect())
}

type Packed = (MailboxRole, PreparedPage);

fn make(
    messages: u32,
    maildir: Option<&Path>,
    packer: &Packer,
    packed: &SyncSender<Packed>,
) -> Result<(), StoreError> {
    let language = Language::new();
    let mut number = messages;
    while number > 0 {
        let mut pages: BTreeMap<&str, (MailboxRole, IngestedPage)> = BTreeMap::new();
        for _ in 0..PAGE.min(number) {
            number -= 1;
            let mail = language.mail(number, messages);
            if let Some(maildir) = maildir {
                let name = maildir.join("cur").join(format!("{number}.probe:2,S"));
                std::fs::write(name, mail.source())?;
            }
            let role = mail.role;
            let (_, page) =
                pages.entry(role.as_str()).or_insert_with(|| (role, IngestedPage::default()));
            page.changes.push(IngestedChange::Message(Box::new(mail.ingested())));
        }
        for (role, page) in pages.into_values() {
            // Nobody listens any more where storing failed, and that is reported there.
            if packed.send((role, sync::prepare(packer, page)?)).is_err() {
                return Ok(());
            }
        }
    }
    Ok(())
}
