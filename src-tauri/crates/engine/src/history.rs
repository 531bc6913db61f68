//! An account's history window: its edge moves with the days, and what falls out of it is forgotten here.
//!
//! Invariant: the edge moves before anything is forgotten or fetched by it; a walk that was cut off is begun
//! anew by the next full sync. Nothing of this is told to the provider.

use deskbell_domain::{Millis, history_edge};
use deskbell_store::sync::history::{Place, forget_some};
use deskbell_store::table::history::{self, History};
use deskbell_store::table::sync_run::Tally;
use deskbell_store::{Connection, Origin};
use tokio_util::sync::CancellationToken;

use crate::core::Core;
use crate::error::RoundError;
use crate::link::Link;

/// The edge in force.
pub(crate) async fn edge(core: &Core, link: &Link) -> Result<Option<Millis>, RoundError> {
    Ok(read(core, link).await?.since)
}

/// Brings the edge up to the day and forgets what lies below it; what that removed here.
pub(crate) async fn keep(
    core: &Core,
    link: &Link,
    token: &CancellationToken,
) -> Result<Tally, RoundError> {
    let id = link.account;
    let mut window = read(core, link).await?;
    let wanted = window.days.map(|days| history_edge(days, core.now()));
    if wanted != window.since {
        window = core.write(move |w| history::move_edge(w, id, wanted)).await?;
    }
    let mut tally = Tally::default();
    if !window.is_to_forget() {
        return Ok(tally);
    }
    let mut place = Some(Place::default());
    while let Some(after) = place {
        if token.is_cancelled() {
            return Err(RoundError::Stopped);
        }
        // A person decided it; to whoever watches, it is no news from a provider.
        let step = move |w: &mut deskbell_store::Write<'_>| forget_some(w, id, after);
        let step = core.store.write(Origin::Local, core.now(), step).await?;
        tally.removed += step.messages;
        place = step.next;
    }
    tracing::info!(account = %id, messages = tally.removed, "older mail was forgotten here");
    Ok(tally)
}

async fn read(core: &Core, link: &Link) -> Result<History, RoundError> {
    let id = link.account;
    Ok(core.store.read(move |c: &Connection| history::get(c, id)).await?)
}
