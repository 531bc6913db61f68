//! The sample workspace: opening it, and leaving it without a trace.
//!
//! Invariant: its accounts stand beside the person's own and touch none of them; when the last of them is gone, so is
//! everything else of it.

use deskbell_domain::AccountId;
use deskbell_store::table;

use crate::desk::Desk;
use crate::dto::{Account, ApiError, ById, Code, NoArgs, Removed};
use crate::handlers::accounts::{self, Secrets, refuse_read_only};
use crate::handlers::{account_life, id};
use crate::sample;

/// Opens the sample workspace; the account to look at first.
pub async fn open(desk: &Desk, _: NoArgs) -> Result<Account, ApiError> {
    refuse_read_only(desk)?;
    if let Some(known) = accounts_of(desk).await?.first() {
        return accounts::show(desk, *known).await;
    }
    let opened = begin(desk).await;
    if opened.is_err() {
        // Half a sample is none.
        let _ = leave(desk, NoArgs {}).await;
    }
    opened
}

async fn begin(desk: &Desk) -> Result<Account, ApiError> {
    let unwritten = |why: String| {
        ApiError::new(Code::Storage, format!("The sample mailbox could not be written: {why}."))
    };
    let studio = sample::studio(desk.now()).map_err(unwritten)?;
    let folder = sample::folder(desk.store.directory());
    let file = folder.join(format!("{}.mbox", sample::ARCHIVE.0));
    std::fs::create_dir_all(&folder).map_err(|error| unwritten(error.to_string()))?;
    std::fs::write(&file, &studio.archive).map_err(|error| unwritten(error.to_string()))?;
    let mut first = None;
    for (mailbox, name) in desk.gateway.begin_sample(studio).await.map_err(unwritten)? {
        let added = accounts::add(desk, mailbox, &name, Secrets::default(), "address").await?;
        first.get_or_insert(added);
    }
    let mut older = desk.gateway.try_archive(file).await?;
    older.settings = sample::marked(&older.settings);
    let added = accounts::add(desk, older, sample::ARCHIVE.0, Secrets::default(), "path").await?;
    let own = Some(sample::ARCHIVE.1.to_owned());
    let archive: AccountId = id("id", &added.id)?;
    deskbell_store::sync::set_owner(&desk.store, archive, own, desk.now()).await?;
    Ok(first.unwrap_or(added))
}

/// Erases every account of the sample and all that lies behind them; what was there.
pub async fn leave(desk: &Desk, _: NoArgs) -> Result<Removed, ApiError> {
    refuse_read_only(desk)?;
    let mut all =
        Removed { messages: 0, files: 0, bytes: 0, secrets: 0, keychain: false, sign_in: None };
    for account in accounts_of(desk).await? {
        let one = account_life::remove(desk, ById { id: account.to_string() }).await?;
        all.messages += one.messages;
        all.files += one.files;
        all.bytes += one.bytes;
    }
    close_if_left(desk).await?;
    Ok(all)
}

/// Ends the sample where none of its accounts is left.
pub(super) async fn close_if_left(desk: &Desk) -> Result<(), ApiError> {
    let folder = sample::folder(desk.store.directory());
    if !folder.exists() || !accounts_of(desk).await?.is_empty() {
        return Ok(());
    }
    desk.gateway.end_sample().await;
    std::fs::remove_dir_all(&folder).map_err(|error| {
        let text = format!("The sample's files could not be removed: {error}.");
        ApiError::new(Code::Storage, text)
    })
}

async fn accounts_of(desk: &Desk) -> Result<Vec<AccountId>, ApiError> {
    let rows = desk.store.read(table::account::list).await?;
    Ok(rows.iter().filter(|row| sample::is_sample(&row.settings)).map(|row| row.id).collect())
}
