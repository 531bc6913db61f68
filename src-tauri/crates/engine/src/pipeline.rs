//! Three pages at once: one arriving, one being parsed and packed, one being written.
//!
//! Invariant: pages are written in the order they were pulled, each in one transaction with its cursor. What
//! is lost on the way, by a failure or a stop, was not written, and the stored cursor asks for it again.
//! At most [`IN_FLIGHT`] pages are in memory.

use std::future::Future;
use std::sync::Arc;

use deskbell_domain::sync::Page;
use deskbell_domain::{ScopeId, sync::RemoteChange};
use deskbell_store::sync::{PreparedPage, apply, prepare};
use deskbell_store::table::scope;
use deskbell_store::table::sync_run::Tally;
use deskbell_store::{Packer, StoreError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::core::Core;
use crate::error::RoundError;
use crate::events::EngineEvent;
use crate::{ingest, rules};

/// Pages in memory.
const IN_FLIGHT: usize = 3;

/// A page as it was pulled, and what becomes of it.
pub(crate) struct Pulled {
    /// Where it belongs.
    pub(crate) scope: ScopeId,
    /// What the provider said.
    pub(crate) page: Page,
    /// Whether the page's position is the scope's; not so for bodies that follow their headers.
    pub(crate) moves_cursor: bool,
    /// The scope is up to date after it.
    pub(crate) completes: bool,
}

/// Where pages come from.
pub(crate) trait Pages: Send {
    /// The next page; `None` when there is none, or something else should be looked at first.
    fn next(&mut self) -> impl Future<Output = Result<Option<Pulled>, RoundError>> + Send;
}

/// A page that was written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Written {
    pub(crate) scope: ScopeId,
    pub(crate) tally: Tally,
    /// Messages in the page.
    pub(crate) messages: u64,
    /// Messages of the first sync still to come.
    pub(crate) remaining: Option<u64>,
}

/// A page on its way through a thread that may block.
struct Cooking {
    page: JoinHandle<Result<PreparedPage, StoreError>>,
    written: Written,
    completes: bool,
    _permit: OwnedSemaphorePermit,
}

/// Pulls until there are no more pages, and writes them all; `on_written` hears of each.
///
/// When pulling fails, what was pulled before is still written.
pub(crate) async fn run<P: Pages>(
    core: &Core,
    token: &CancellationToken,
    pages: &mut P,
    mut on_written: impl FnMut(Written) + Send,
) -> Result<(), RoundError> {
    let room = Arc::new(Semaphore::new(IN_FLIGHT));
    let (cooked, mut to_write) = mpsc::channel::<Cooking>(IN_FLIGHT);
    let stop = token.child_token();
    let packer = core.store.packer();
    let pull = async {
        let pulled = tokio::select! {
            biased;
            () = stop.cancelled() => Err(RoundError::Stopped),
            pulled = pull_all(pages, &room, &packer, &cooked) => pulled,
        };
        // Its end tells the writing side that nothing more comes.
        drop(cooked);
        pulled
    };
    let write = async {
        while let Some(cooking) = to_write.recv().await {
            match write(core, cooking).await {
                Ok(written) => on_written(written),
                Err(error) => {
                    stop.cancel();
                    return Err(error);
                }
            }
        }
        Ok(())
    };
    let (pulled, written) = tokio::join!(pull, write);
    // A failed write is why pulling stopped, and the better explanation.
    written.and(pulled)
}

async fn pull_all<P: Pages>(
    pages: &mut P,
    room: &Arc<Semaphore>,
    packer: &Arc<Packer>,
    cooked: &mpsc::Sender<Cooking>,
) -> Result<(), RoundError> {
    loop {
        let permit = Arc::clone(room)
            .acquire_owned()
            .await
            .map_err(|_| RoundError::Internal("the page room closed"))?;
        let Some(pulled) = pages.next().await? else { return Ok(()) };
        if cooked.send(cook(pulled, packer, permit)).await.is_err() {
            return Err(RoundError::Stopped);
        }
    }
}

/// Starts parsing and packing on a thread that may block. Pages follow each other closely enough that
/// several are cooked at once, which keeps the cores busy without splitting a page.
fn cook(pulled: Pulled, packer: &Arc<Packer>, permit: OwnedSemaphorePermit) -> Cooking {
    let Pulled { scope, page, moves_cursor, completes } = pulled;
    let is_message = |change: &&RemoteChange| matches!(change, RemoteChange::Message(_));
    let messages = page.changes.iter().filter(is_message).count() as u64;
    let written = Written { scope, tally: Tally::default(), messages, remaining: page.remaining };
    let packer = Arc::clone(packer);
    let page = tokio::task::spawn_blocking(move || {
        let mut ingested = ingest::page(page);
        if !moves_cursor {
            ingested.cursor = None;
        }
        prepare(&packer, ingested)
    });
    Cooking { page, written, completes, _permit: permit }
}

async fn write(core: &Core, cooking: Cooking) -> Result<Written, RoundError> {
    let Cooking { page, mut written, completes, _permit } = cooking;
    let page = page.await.map_err(|_| RoundError::Internal("parsing a page"))??;
    let id = written.scope;
    let (tally, ruled) = core
        .write(move |w| {
            let tally = apply(w, id, &page)?;
            if completes {
                scope::set_synced(w, id)?;
            }
            Ok((tally, rules::run_due(w)?))
        })
        .await?;
    written.tally = tally;
    if ruled.acted {
        // What rules do is written back like what a person does.
        core.links().iter().for_each(|link| link.edits.notify_one());
    }
    for notice in ruled.notices {
        core.announce(EngineEvent::Notice(notice));
    }
    if !ruled.news.is_empty() {
        core.announce(EngineEvent::News(ruled.news));
    }
    Ok(written)
}
