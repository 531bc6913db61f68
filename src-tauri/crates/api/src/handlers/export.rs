//! Everything of a person, in formats other programs read: one mbox a mailbox, and JSON beside it. What they made
//! beside their mail is `export_own`'s; the formats are documented in `docs/export.md`.

use std::fs::File;
use std::io::{BufWriter, ErrorKind, Write as _};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use serde_json::json;

use deskbell_domain::message::{BodyState, Flags};
use deskbell_domain::{MailboxRole, ScopeId};
use deskbell_store::queries::export;
use deskbell_store::{Connection, Store, StoreError, sync, table};

use crate::desk::Desk;
use crate::dto::{ApiError, Code};
use crate::handlers::export_own;
use crate::handlers::file_names::FileNames;
use crate::handlers::unfinished::Unfinished;

/// Messages read in one transaction.
pub(super) const AT_ONCE: u32 = 200;
/// What messages are called that were sent with an account that keeps none of them.
const SENT_FROM_HERE: &str = "Sent from here";

/// What was written.
#[derive(Clone, Copy, Debug, Default)]
pub struct Exported {
    /// Messages with their source.
    pub messages: u64,
    /// Messages whose body is not on this machine; their headers are in the JSON.
    pub without_body: u64,
    /// Of these, how many are too large to be fetched unasked.
    pub too_large: u64,
    /// Files written.
    pub files: u64,
    /// Messages there are, as counted at its beginning.
    pub total: u64,
    /// It was asked to stop before its end; what was written stays, and the next export begins anew.
    pub stopped: bool,
}

impl Exported {
    /// Messages gone through.
    pub fn done(&self) -> u64 {
        self.messages + self.without_body
    }
}

/// What is left of an export that is ended before its time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// Nothing.
    Removed,
    /// What was written, with the mark of an unfinished export.
    Kept,
}

/// Writes everything into an empty or new directory, or anew into one in which an export was interrupted; `heard` is
/// told how far it is after each message, and may end it there: what was written then stays.
pub async fn export(
    desk: &Desk,
    directory: PathBuf,
    heard: impl Fn(&Exported) -> ControlFlow<()> + Send + 'static,
) -> Result<Exported, ApiError> {
    let store = desk.store.clone();
    tokio::task::spawn_blocking(move || write(&store, &directory, Ended::Kept, heard))
        .await
        .map_err(|_| ApiError::new(Code::Internal, "The export was cut short."))?
}

/// As [`export()`], on this thread.
pub(super) fn write(
    store: &Store,
    directory: &Path,
    ended: Ended,
    heard: impl Fn(&Exported) -> ControlFlow<()>,
) -> Result<Exported, ApiError> {
    let mut unfinished = Unfinished::begin(directory)?;
    let mut exported = Exported { total: total(store)?, ..Exported::default() };
    export_own::write(store, directory, &mut unfinished, &mut exported)?;
    let mut folders = FileNames::default();
    for account in store.read_now(table::account::list)? {
        let name = folders.give(&format!("{}-{}", account.id, account.name), "");
        unfinished.will_make(&name)?;
        if account_into(store, &directory.join(&name), &account, &mut exported, &heard)?.is_break()
        {
            exported.stopped = true;
            if ended == Ended::Removed {
                unfinished.abandon(directory)?;
            }
            return Ok(exported);
        }
    }
    unfinished.end()?;
    Ok(exported)
}

/// Copies of messages that will be gone through.
pub(super) fn total(store: &Store) -> Result<u64, ApiError> {
    let counted = store.read_now(|c| -> Result<i64, StoreError> {
        let mut total = 0;
        for account in table::account::list(c)? {
            let scopes = table::scope::list(c, account.id)?;
            let there = scopes.iter().filter(|scope| scope.remote.selectable);
            total += there.map(|scope| scope.local_total).sum::<i64>();
            total += export::sent_from_here(c, account.id)?.map_or(0, |(_, count)| count);
        }
        Ok(total)
    })?;
    Ok(counted.unsigned_abs())
}

/// Where the messages of one account go.
struct Folder<'a, F> {
    store: &'a Store,
    path: &'a Path,
    index: BufWriter<File>,
    exported: &'a mut Exported,
    heard: &'a F,
}

fn account_into(
    store: &Store,
    path: &Path,
    account: &table::account::Account,
    exported: &mut Exported,
    heard: &impl Fn(&Exported) -> ControlFlow<()>,
) -> Result<ControlFlow<()>, ApiError> {
    std::fs::create_dir(path).map_err(|error| refused(path, &error))?;
    let index = create(&path.join("messages.jsonl"), exported)?;
    let mut folder = Folder { store, path, index, exported, heard };
    let mut files = FileNames::default();
    for scope in store.read_now(|c| table::scope::list(c, account.id))? {
        if scope.remote.selectable {
            let file = files.give(&scope.remote.name, ".mbox");
            if folder.mailbox(scope.id, &scope.remote.name, &file, false)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
    }
    // Where a provider keeps none of what was sent with it, these are the only copies.
    let here = store.read_now(|c| export::sent_from_here(c, account.id))?;
    if let Some((scope, 1..)) = here {
        let file = files.give(SENT_FROM_HERE, ".mbox");
        if folder.mailbox(scope, SENT_FROM_HERE, &file, true)?.is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    folder.index.flush().map_err(|error| refused(path, &error))?;
    Ok(ControlFlow::Continue(()))
}

impl<F: Fn(&Exported) -> ControlFlow<()>> Folder<'_, F> {
    /// One mailbox; `sent` leaves out what has not left.
    fn mailbox(
        &mut self,
        scope: ScopeId,
        name: &str,
        file: &str,
        sent: bool,
    ) -> Result<ControlFlow<()>, ApiError> {
        let path = self.path.join(file);
        let mut mbox = create(&path, self.exported)?;
        let mut after = None;
        loop {
            let read = |c: &Connection| export::copies(c, scope, after.as_ref(), AT_ONCE);
            let copies = self.store.read_now(read)?;
            let Some(last) = copies.last() else { break };
            after = Some(last.key.clone());
            for copy in &copies {
                let (row, source) = self.store.read_now(|c| -> Result<_, StoreError> {
                    let row = table::message::get(c, copy.message)?;
                    let packer = self.store.packer();
                    Ok((row, sync::source(c, &packer, copy.message)?))
                })?;
                if sent && (source.is_none() || !row.places.has(MailboxRole::Sent)) {
                    continue;
                }
                self.list(&row, copy.flags, name, file, source.is_some())?;
                match source {
                    Some(source) => {
                        append(&mut mbox, &row, copy.flags, &source)
                            .map_err(|error| refused(&path, &error))?;
                        self.exported.messages += 1;
                    }
                    None => {
                        self.exported.without_body += 1;
                        self.exported.too_large += u64::from(row.body_state == BodyState::TooLarge);
                    }
                }
                if (self.heard)(self.exported).is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
        }
        mbox.flush().map_err(|error| refused(&path, &error))?;
        Ok(ControlFlow::Continue(()))
    }

    fn list(
        &mut self,
        row: &table::message::Message,
        flags: Flags,
        mailbox: &str,
        file: &str,
        has_source: bool,
    ) -> Result<(), ApiError> {
        let line = json!({
            "id": row.id.to_string(),
            "conversation_id": row.conversation.to_string(),
            "mailbox": mailbox,
            "file": file,
            "message_id": row.message_id,
            "date": row.date,
            "from": { "name": row.from_name, "address": row.from_address },
            "to": row.recipients.to,
            "cc": row.recipients.cc,
            "bcc": row.recipients.bcc,
            "subject": row.subject,
            "flags": flags,
            "has_source": has_source,
        });
        writeln!(self.index, "{line}").map_err(|error| refused(self.path, &error))
    }
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

pub(super) fn create(path: &Path, exported: &mut Exported) -> Result<BufWriter<File>, ApiError> {
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
