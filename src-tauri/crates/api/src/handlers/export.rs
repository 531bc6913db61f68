//! Everything of a person, in formats other programs read: one mbox a mailbox, and JSON beside it.

use std::fs::File;
use std::io::{BufWriter, ErrorKind, Write as _};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use serde_json::json;

use deskbell_domain::message::Flags;
use deskbell_store::queries::export;
use deskbell_store::{Store, StoreError, sync, table};

use crate::desk::Desk;
use crate::dto::{ApiError, Code};
use crate::handlers::file_names::FileNames;
use crate::handlers::unfinished::Unfinished;
use crate::rule;

/// Messages read in one transaction.
const AT_ONCE: u32 = 200;

/// What was written.
#[derive(Clone, Copy, Debug, Default)]
pub struct Exported {
    /// Messages with their source.
    pub messages: u64,
    /// Messages whose body is not on this machine; their headers are in the JSON.
    pub without_body: u64,
    /// Files written.
    pub files: u64,
}

/// Writes everything into an empty or new directory, or anew into one in which an export was interrupted; `told`
/// hears how many messages are done.
pub async fn export(
    desk: &Desk,
    directory: PathBuf,
    told: impl Fn(u64) + Send + 'static,
) -> Result<Exported, ApiError> {
    let store = desk.store.clone();
    let cut_short = || ApiError::new(Code::Internal, "The export was cut short.");
    let heard = move |so_far: &Exported| {
        told(so_far.messages + so_far.without_body);
        ControlFlow::Continue(())
    };
    tokio::task::spawn_blocking(move || write(&store, &directory, heard))
        .await
        .map_err(|_| cut_short())?
        .and_then(|exported| exported.ok_or_else(cut_short))
}

/// As [`export()`], on this thread; `heard` is told after each message and may end it: then nothing of it is left, and
/// the answer is `None`.
pub(super) fn write(
    store: &Store,
    directory: &Path,
    heard: impl Fn(&Exported) -> ControlFlow<()>,
) -> Result<Option<Exported>, ApiError> {
    let mut unfinished = Unfinished::begin(directory)?;
    let exported = everything(store, directory, &mut unfinished, &heard)?;
    match exported {
        Some(_) => unfinished.end()?,
        None => unfinished.abandon(directory)?,
    }
    Ok(exported)
}

fn everything(
    store: &Store,
    directory: &Path,
    unfinished: &mut Unfinished,
    heard: &impl Fn(&Exported) -> ControlFlow<()>,
) -> Result<Option<Exported>, ApiError> {
    let mut exported = Exported::default();
    set_up(store, directory, unfinished, &mut exported)?;
    let mut folders = FileNames::default();
    for account in store.read_now(table::account::list)? {
        let name = folders.give(&format!("{}-{}", account.id, account.name), "");
        let folder = directory.join(&name);
        unfinished.will_make(&name)?;
        std::fs::create_dir(&folder).map_err(|error| refused(&folder, &error))?;
        let mut files = FileNames::default();
        let mut index = create(&folder.join("messages.jsonl"), &mut exported)?;
        for scope in store.read_now(|c| table::scope::list(c, account.id))? {
            if !scope.remote.selectable {
                continue;
            }
            let file = files.give(&scope.remote.name, ".mbox");
            let path = folder.join(&file);
            let mut mbox = create(&path, &mut exported)?;
            let mut after = None;
            loop {
                let copies =
                    store.read_now(|c| export::copies(c, scope.id, after.as_ref(), AT_ONCE))?;
                let Some(last) = copies.last() else { break };
                after = Some(last.key.clone());
                for copy in &copies {
                    let (row, source) = store.read_now(|c| -> Result<_, StoreError> {
                        let row = table::message::get(c, copy.message)?;
                        let packer = store.packer();
                        Ok((row, sync::source(c, &packer, copy.message)?))
                    })?;
                    let line = json!({
                        "id": row.id.to_string(),
                        "conversation_id": row.conversation.to_string(),
                        "mailbox": scope.remote.name,
                        "file": file,
                        "message_id": row.message_id,
                        "date": row.date,
                        "from": { "name": row.from_name, "address": row.from_address },
                        "to": row.recipients.to,
                        "cc": row.recipients.cc,
                        "bcc": row.recipients.bcc,
                        "subject": row.subject,
                        "flags": copy.flags,
                        "has_source": source.is_some(),
                    });
                    writeln!(index, "{line}").map_err(|error| refused(&folder, &error))?;
                    match source {
                        Some(source) => {
                            append(&mut mbox, &row, copy.flags, &source)
                                .map_err(|error| refused(&path, &error))?;
                            exported.messages += 1;
                        }
                        None => exported.without_body += 1,
                    }
                    if heard(&exported).is_break() {
                        return Ok(None);
                    }
                }
            }
            mbox.flush().map_err(|error| refused(&path, &error))?;
        }
        index.flush().map_err(|error| refused(&folder, &error))?;
    }
    Ok(Some(exported))
}

/// What a person has made beside their mail: labels, and rules with the names of the labels they put on.
fn set_up(
    store: &Store,
    directory: &Path,
    unfinished: &mut Unfinished,
    exported: &mut Exported,
) -> Result<(), ApiError> {
    let labels = store.read_now(table::label::list)?;
    let rules = store.read_now(table::rule::list)?;
    let named: Vec<_> = labels
        .iter()
        .map(
            |label| json!({ "id": label.id.to_string(), "name": label.name, "color": label.color }),
        )
        .collect();
    let written: Vec<_> = rules.into_iter().map(rule::row).collect();
    let written = serde_json::to_value(written)
        .map_err(|_| ApiError::new(Code::Internal, "The rules cannot be written down."))?;
    for (name, value) in [("labels.json", json!(named)), ("rules.json", written)] {
        let path = directory.join(name);
        unfinished.will_make(name)?;
        let mut file = create(&path, exported)?;
        let text = serde_json::to_string_pretty(&value).unwrap_or_default();
        writeln!(file, "{text}")
            .and_then(|()| file.flush())
            .map_err(|error| refused(&path, &error))?;
    }
    Ok(())
}

/// One message in mboxrd form: lines that look like separators are quoted, so that nothing is lost.
fn append(
    mbox: &mut impl std::io::Write,
    row: &table::message::Message,
    flags: Flags,
    source: &[u8],
) -> std::io::Result<()> {
    let at = jiff::Timestamp::from_millisecond(row.internal_date)
        .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
        .strftime("%a %b %e %H:%M:%S %Y");
    let sender = if row.from_address.is_empty() { "MAILER-DAEMON" } else { &row.from_address };
    writeln!(mbox, "From {} {at}", sender.replace(char::is_whitespace, "_"))?;
    writeln!(mbox, "Status: {}", if flags.seen { "RO" } else { "O" })?;
    let marks = format!(
        "{}{}{}",
        if flags.starred { "F" } else { "" },
        if flags.answered { "A" } else { "" },
        if flags.draft { "T" } else { "" }
    );
    if !marks.is_empty() {
        writeln!(mbox, "X-Status: {marks}")?;
    }
    for line in source.split_inclusive(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let quotes = line.iter().take_while(|byte| **byte == b'>').count();
        if line.get(quotes..).is_some_and(|rest| rest.starts_with(b"From ")) {
            mbox.write_all(b">")?;
        }
        mbox.write_all(line)?;
        mbox.write_all(b"\n")?;
    }
    mbox.write_all(b"\n")
}

fn create(path: &Path, exported: &mut Exported) -> Result<BufWriter<File>, ApiError> {
    let file = File::create_new(path).map_err(|error| refused(path, &error))?;
    exported.files += 1;
    Ok(BufWriter::new(file))
}

pub(super) fn refused(path: &Path, error: &std::io::Error) -> ApiError {
    let path = path.display();
    let words = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            format!(
                "There is no room left for {path}; free some space, or choose a folder on another disk."
            )
        }
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            format!("Deskbell may not write {path}; choose a folder of your own.")
        }
        _ => format!("{path} could not be written: {error}."),
    };
    ApiError::new(Code::Storage, words)
}
