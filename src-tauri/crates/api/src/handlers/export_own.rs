//! What a person made or chose beside their mail, for export: one JSON file a kind, and the files of what they are
//! writing.
//!
//! Invariant: everything that exists in no mailbox of a provider is in here, but no password, token or key. The
//! formats are documented in `docs/export.md`.

use std::io::Write as _;
use std::path::Path;

use serde::Serialize;
use serde_json::{Value, json};

use deskbell_domain::outgoing::OutgoingFile;
use deskbell_store::queries::export;
use deskbell_store::table::{self, outgoing};
use deskbell_store::{Store, StoreError};

use super::export::{AT_ONCE, Exported, create, refused};
use super::file_names::FileNames;
use super::unfinished::Unfinished;
use crate::dto::{ApiError, Code};
use crate::rule;

/// Holds the files of drafts.
const FILES: &str = "draft-files";

/// Writes all of it into a directory.
pub(super) fn write(
    store: &Store,
    directory: &Path,
    unfinished: &mut Unfinished,
    exported: &mut Exported,
) -> Result<(), ApiError> {
    for (name, value) in [
        ("labels.json", labels(store)?),
        ("rules.json", rules(store)?),
        ("templates.json", templates(store)?),
        ("senders.json", senders(store)?),
        ("settings.json", encoded(&store.read_now(table::setting::load)?)?),
        ("snoozes.json", snoozes(store)?),
    ] {
        whole(directory, name, &value, unfinished, exported)?;
    }
    let drafts = drafts(store, directory, unfinished, exported)?;
    whole(directory, "drafts.json", &drafts, unfinished, exported)?;
    contacts(store, directory, unfinished, exported)
}

fn whole(
    directory: &Path,
    name: &str,
    value: &Value,
    unfinished: &mut Unfinished,
    exported: &mut Exported,
) -> Result<(), ApiError> {
    let path = directory.join(name);
    unfinished.will_make(name)?;
    let mut file = create(&path, exported)?;
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    writeln!(file, "{text}").and_then(|()| file.flush()).map_err(|error| refused(&path, &error))
}

fn encoded(value: &impl Serialize) -> Result<Value, ApiError> {
    serde_json::to_value(value)
        .map_err(|_| ApiError::new(Code::Internal, "The rules cannot be written down."))
}

fn labels(store: &Store) -> Result<Value, ApiError> {
    let labels = store.read_now(table::label::list)?;
    let row = |label: &table::label::Label| json!({ "id": label.id.to_string(), "name": label.name, "color": label.color });
    Ok(labels.iter().map(row).collect())
}

/// With the names of the labels they put on.
fn rules(store: &Store) -> Result<Value, ApiError> {
    let rules: Vec<_> = store.read_now(table::rule::list)?.into_iter().map(rule::row).collect();
    encoded(&rules)
}

fn templates(store: &Store) -> Result<Value, ApiError> {
    let templates = store.read_now(table::template::list)?;
    let row = |one: &table::template::Template| {
        json!({
            "id": one.id.to_string(),
            "name": one.name,
            "shortcut": one.shortcut,
            "subject": one.subject,
            "html": one.html,
        })
    };
    Ok(templates.iter().map(row).collect())
}

/// Whom a person writes as, with their signatures.
fn senders(store: &Store) -> Result<Value, ApiError> {
    let senders = store.read_now(table::sender::list)?;
    let row = |one: &table::sender::Sender| {
        json!({
            "id": one.id.to_string(),
            "account_id": one.account.to_string(),
            "name": one.name,
            "address": one.address,
            "signature": one.signature,
            "reply_to": one.reply_to,
            "first": one.first,
        })
    };
    Ok(senders.iter().map(row).collect())
}

fn snoozes(store: &Store) -> Result<Value, ApiError> {
    let put_off = store.read_now(export::put_off)?;
    let row = |one: &export::PutOff| {
        json!({
            "conversation_id": one.conversation.to_string(),
            "account_id": one.account.to_string(),
            "subject": one.subject,
            "until": one.until,
            "set_at": one.set_at,
            "message_ids": one.message_ids,
        })
    };
    Ok(put_off.iter().map(row).collect())
}

/// What is being written or waits to be sent, with its files and the versions that were set aside.
fn drafts(
    store: &Store,
    directory: &Path,
    unfinished: &mut Unfinished,
    exported: &mut Exported,
) -> Result<Value, ApiError> {
    let mut attached = Attached::new(store, directory);
    let mut drafts = Vec::new();
    for id in store.read_now(export::unsent)? {
        let (row, files, versions) = store.read_now(|c| -> Result<_, StoreError> {
            Ok((outgoing::get(c, id)?, outgoing::files(c, id)?, outgoing::versions(c, id)?))
        })?;
        let files = attached.write(&files, unfinished, exported)?;
        let mut earlier = Vec::new();
        for version in versions {
            earlier.push(json!({
                "saved_at": version.saved_at,
                "origin": version.origin,
                "message": version.composition,
                "files": attached.write(&version.files, unfinished, exported)?,
            }));
        }
        drafts.push(json!({
            "id": row.id.to_string(),
            "account_id": row.account.to_string(),
            "message_id": row.token,
            "kind": row.kind.as_str(),
            "about": row.about.map(|id| id.to_string()),
            "state": row.state.as_str(),
            "not_before": (row.not_before > 0).then_some(row.not_before),
            "updated_at": row.updated_at,
            "message": row.composition,
            "files": files,
            "versions": earlier,
        }));
    }
    Ok(Value::Array(drafts))
}

/// The folder with the files of drafts, made for the first of them.
struct Attached<'a> {
    store: &'a Store,
    directory: &'a Path,
    names: FileNames,
    made: bool,
}

impl<'a> Attached<'a> {
    fn new(store: &'a Store, directory: &'a Path) -> Self {
        Self { store, directory, names: FileNames::default(), made: false }
    }

    /// Writes files, and tells where each lies; one whose bytes cannot be read is only told of.
    fn write(
        &mut self,
        files: &[OutgoingFile],
        unfinished: &mut Unfinished,
        exported: &mut Exported,
    ) -> Result<Vec<Value>, ApiError> {
        let folder = self.directory.join(FILES);
        let mut told = Vec::new();
        for file in files {
            if !self.made {
                unfinished.will_make(FILES)?;
                std::fs::create_dir(&folder).map_err(|error| refused(&folder, &error))?;
                self.made = true;
            }
            let place = match self.store.packer().file(&file.blob) {
                Ok(bytes) => {
                    let name = self.names.give(&file.name, "");
                    let path = folder.join(&name);
                    let mut out = create(&path, exported)?;
                    out.write_all(&bytes)
                        .and_then(|()| out.flush())
                        .map_err(|error| refused(&path, &error))?;
                    Some(format!("{FILES}/{name}"))
                }
                Err(error) => {
                    tracing::warn!(%error, "a file of a draft cannot be read");
                    None
                }
            };
            told.push(json!({
                "name": file.name,
                "media_type": file.media_type,
                "size": file.size,
                "content_id": file.content_id,
                "file": place,
            }));
        }
        Ok(told)
    }
}

/// One line of JSON a person.
fn contacts(
    store: &Store,
    directory: &Path,
    unfinished: &mut Unfinished,
    exported: &mut Exported,
) -> Result<(), ApiError> {
    const NAME: &str = "contacts.jsonl";
    let path = directory.join(NAME);
    unfinished.will_make(NAME)?;
    let mut file = create(&path, exported)?;
    let mut after = 0;
    loop {
        let people = store.read_now(|c| export::people(c, after, AT_ONCE))?;
        let Some(last) = people.last() else { break };
        after = last.id;
        for one in &people {
            let line = json!({
                "channel": one.channel,
                "address": one.address,
                "name": one.name,
                "conversations": one.conversations,
                "sent": one.sent,
                "received": one.received,
            });
            writeln!(file, "{line}").map_err(|error| refused(&path, &error))?;
        }
    }
    file.flush().map_err(|error| refused(&path, &error))
}
