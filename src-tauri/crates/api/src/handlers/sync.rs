//! One round for one account, while somebody waits for it.

use tokio_util::sync::CancellationToken;

use deskbell_domain::AccountId;
use deskbell_engine::EngineEvent;

use crate::desk::Desk;
use crate::dto::{ApiError, SyncOutcome, SyncProgress};
use crate::handlers::id;
use crate::present;

/// Syncs an account once and answers what it brought; `told` hears how far it is.
///
/// Stopping keeps what is committed; the round ends at its next step.
pub async fn once(
    desk: &Desk,
    account: &str,
    stop: &CancellationToken,
    told: impl Fn(SyncProgress),
) -> Result<SyncOutcome, ApiError> {
    let account: AccountId = id("account", account)?;
    let engine = desk.engine.as_ref().ok_or(deskbell_store::StoreError::ReadOnly)?;
    let mut events = engine.events();
    let round = engine.sync_once(account, stop);
    tokio::pin!(round);
    let summary = loop {
        tokio::select! {
            done = &mut round => break done?,
            event = events.recv() => {
                if let Ok(EngineEvent::Progress(now)) = event {
                    told(present::progress(now));
                }
            }
        }
    };
    Ok(SyncOutcome {
        account_id: account.to_string(),
        added: summary.tally.added,
        changed: summary.tally.changed,
        removed: summary.tally.removed,
        edits_sent: summary.edits,
        edits_waiting: summary.edits_waiting,
    })
}
