//! The profile as a whole: what of a person lies in it, and its end.
//!
//! Invariant: what is erased is erased by the next start, before anything is opened; until the mark for it is on disk
//! nothing has happened, and from then on nothing keeps it from happening.

use deskbell_domain::AccountId;
use deskbell_store::{erasure, table};
use futures::future::join_all;

use crate::browser::Left;
use crate::desk::Desk;
use crate::dto::{ApiError, Code, Done, NoArgs, ProfileHolds};
use crate::handlers::accounts::refuse_read_only;
use crate::handlers::collections;

/// What of a person lies in this profile.
pub async fn holds(desk: &Desk, _: NoArgs) -> Result<ProfileHolds, ApiError> {
    let (holds, rows) =
        desk.store.read(|c| Ok((erasure::holds(c)?, table::account::list(c)?))).await?;
    let ours: Vec<AccountId> = rows
        .iter()
        .filter(|row| collections::folder_of(desk, row).is_some())
        .map(|row| row.id)
        .collect();
    let only_here = desk.store.read(move |c| {
        ours.iter().try_fold(0, |sum, id| Ok(sum + table::account::footprint(c, *id)?.messages))
    });
    Ok(ProfileHolds {
        accounts: holds.accounts,
        messages: holds.messages,
        bytes: holds.bytes,
        files: holds.files,
        secrets: holds.secrets,
        drafts: holds.drafts,
        unsent: holds.unsent,
        only_here: only_here.await?,
    })
}

/// Erases the profile and starts Deskbell anew. Sign-ins of the browser are given back to their providers before,
/// where that is possible: what comes of it changes nothing.
pub async fn erase(desk: &Desk, _: NoArgs) -> Result<Done, ApiError> {
    refuse_read_only(desk)?;
    if !desk.host.starts_anew() {
        let text = "Deskbell cannot start anew by itself here, so nothing was erased.";
        return Err(ApiError::new(Code::Rejected, text));
    }
    let directory = desk.store.directory().to_owned();
    tokio::task::spawn_blocking(move || erasure::mark(&directory)).await.map_err(|_| {
        ApiError::new(Code::Storage, "Nothing was erased: the disk did not answer.")
    })??;
    tracing::info!("the profile is erased as a whole: a person asked for it");
    // Nothing that waits may leave while sign-ins are given back.
    if let Some(engine) = &desk.engine {
        engine.stop().await;
    }
    give_back(desk).await;
    desk.host.start_anew();
    Ok(Done {})
}

/// Has every sign-in of the browser taken back, all at once.
async fn give_back(desk: &Desk) {
    let Some(browser) = desk.gateway.browser() else { return };
    let Ok(rows) = desk.store.read(table::account::list).await else { return };
    let revoked = join_all(rows.into_iter().map(|row| async move {
        match browser.leaving(row.id).await {
            Some(leave) => leave.revoke().await == Left::Revoked,
            None => false,
        }
    }));
    let count = revoked.await.into_iter().filter(|revoked| *revoked).count();
    tracing::info!(count, "sign-ins were given back");
}
