//! Collections of single messages that were imported one by one: folders in the profile, each an account of its own.
//!
//! Invariant: a file's name is a digest of what is in it, so that the same message is there once; a folder is erased
//! with its account, and no folder outside the profile is ever written to.

use std::path::{Path, PathBuf};

use deskbell_domain::AccountId;
use deskbell_domain::fingerprint::Fingerprint;
use deskbell_store::table::account;

use crate::desk::Desk;
use crate::dto::{Account, ApiError, Code, Collection};
use crate::handlers::accounts;

/// The folder of the profile they lie in.
const PLACE: &str = "imported";
/// The provider that reads folders of messages.
const ARCHIVE: &str = "archive";
/// What a new one is called that got no name.
const NAME: &str = "Imported mail";

/// Every collection, in the order of the accounts.
pub(super) async fn list(desk: &Desk) -> Result<Vec<Collection>, ApiError> {
    let rows = desk.store.read(account::list).await?;
    let ours = rows.into_iter().filter(|row| folder_of(desk, row).is_some());
    Ok(ours.map(|row| Collection { id: row.id.to_string(), name: row.name }).collect())
}

/// Adds a message to a collection.
pub(super) async fn add_to(
    desk: &Desk,
    account: AccountId,
    source: Vec<u8>,
) -> Result<Account, ApiError> {
    let row = desk.store.read(move |c| account::get(c, account)).await?;
    let folder = folder_of(desk, &row).ok_or_else(|| {
        let text = format!(
            "“{}” is no collection of single messages. Choose one, or begin a new one.",
            row.name
        );
        ApiError::field("account_id", text)
    })?;
    put(folder, source).await?;
    desk.wake(Some(account));
    accounts::show(desk, account).await
}

/// Begins a collection with a message.
pub(super) async fn begin(
    desk: &Desk,
    source: Vec<u8>,
    name: &str,
    own_address: &str,
) -> Result<Account, ApiError> {
    let place = place(desk);
    let made = tokio::task::spawn_blocking(move || make(&place)).await;
    let folder = made.map_err(|error| unwritten(&error))?.map_err(|error| unwritten(&error))?;
    put(folder.clone(), source).await?;
    let name = if name.trim().is_empty() { NAME } else { name };
    let added = accounts::add_archive_at(desk, folder.clone(), name, own_address).await;
    if added.is_err() {
        erase(&folder).await;
    }
    added
}

/// The folder of an account, where it is a collection; it lies right below the profile's own.
pub(super) fn folder_of(desk: &Desk, row: &account::Account) -> Option<PathBuf> {
    let folder = PathBuf::from(&row.address);
    (row.provider == ARCHIVE && folder.parent() == Some(&place(desk))).then_some(folder)
}

/// Removes the files of a collection whose account is removed.
pub(super) async fn erase(folder: &Path) {
    if let Err(error) = tokio::fs::remove_dir_all(folder).await
        && error.kind() != std::io::ErrorKind::NotFound
    {
        tracing::warn!(%error, "imported messages could not be removed");
    }
}

fn place(desk: &Desk) -> PathBuf {
    let place = desk.store.directory().join(PLACE);
    // As an archive's path is kept.
    std::path::absolute(&place).unwrap_or(place)
}

/// Makes a folder that nobody has.
fn make(place: &Path) -> std::io::Result<PathBuf> {
    std::fs::create_dir_all(place)?;
    let mut number = 1_u32;
    loop {
        let folder = place.join(number.to_string());
        match std::fs::create_dir(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => number += 1,
            Err(error) => return Err(error),
        }
    }
}

/// Lays a message into a folder: whole under its name, or not at all.
async fn put(folder: PathBuf, source: Vec<u8>) -> Result<(), ApiError> {
    let digest = Fingerprint::of(None, source.len() as u64, 0, &source).0;
    let file = folder.join(format!("{digest:016x}.eml"));
    let unfinished = file.with_extension("unfinished");
    tokio::fs::write(&unfinished, source).await.map_err(|error| unwritten(&error))?;
    tokio::fs::rename(&unfinished, &file).await.map_err(|error| unwritten(&error))
}

fn unwritten(error: &dyn std::fmt::Display) -> ApiError {
    ApiError::new(Code::Storage, format!("The message could not be imported: {error}."))
}
