//! Bringing back what was put off, when its time has come: at start, on time, and after the clock jumped.

use std::time::Duration;

use deskbell_domain::Millis;
use deskbell_store::table::snooze::next_due;
use deskbell_store::{Connection, StoreError, sync};
use tokio::time::sleep;

use crate::core::Core;

/// The wall clock is looked at this often, in case it was set or the machine slept.
const TICK: Duration = Duration::from_secs(30);
/// So that a clock running behind the timer does not spin.
const BREATH: Duration = Duration::from_millis(250);

/// Brings back everything whose time has come, as one change. Answers how many conversations.
pub(crate) async fn wake_due(core: &Core) -> Result<usize, StoreError> {
    let now = core.now();
    let due = move |c: &Connection| deskbell_store::table::snooze::due(c, now);
    if core.store.read(due).await?.is_empty() {
        return Ok(0);
    }
    let woken = core.write(sync::snooze::wake_due).await?;
    Ok(woken.len())
}

/// Waits until something may be due, and brings it back. Dropped and begun anew whenever something was
/// written: what was put off meanwhile may be due sooner.
pub(crate) async fn attend(core: &Core) {
    let wait = match core.store.read(|c: &Connection| next_due(c)).await {
        Ok(Some(at)) => until(at, core.now()),
        Ok(None) => TICK,
        Err(error) => {
            tracing::warn!(%error, "what was put off could not be read");
            TICK
        }
    };
    sleep(wait).await;
    match wake_due(core).await {
        Ok(0) => sleep(BREATH).await,
        Ok(_) => {}
        Err(error) => {
            tracing::warn!(%error, "what was put off could not be brought back yet");
            sleep(TICK).await;
        }
    }
}

fn until(at: Millis, now: Millis) -> Duration {
    let left = Duration::from_millis(u64::try_from(at - now).unwrap_or(0));
    left.min(TICK)
}
