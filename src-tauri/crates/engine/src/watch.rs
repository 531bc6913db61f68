//! Waiting for the provider to say that something may have changed, and waking the sync.

use std::time::Duration;

use deskbell_domain::MailboxRole;
use deskbell_domain::sync::RemoteScope;
use deskbell_store::Connection;
use deskbell_store::table::scope;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::backoff::Reconnects;
use crate::core::Core;
use crate::error::RoundError;
use crate::link::Link;

/// A watch takes a moment to be in place; what arrived before is looked for after this long.
const SETTLING: Duration = Duration::from_secs(2);

/// Watches an account until told to stop.
pub(crate) async fn run(core: &Core, link: &Link, token: &CancellationToken) {
    tokio::select! {
        () = token.cancelled() => {}
        () = forever(core, link) => {}
    }
}

async fn forever(core: &Core, link: &Link) {
    let mut pauses = Reconnects::new();
    let mut fresh = true;
    loop {
        // Registered before the scopes are read, so that no change falls between.
        let changed = link.scopes.notified();
        let scopes = match scopes(core, link).await {
            Ok(scopes) if !scopes.is_empty() => scopes,
            Ok(_) => {
                changed.await;
                continue;
            }
            Err(error) => {
                rest(link, &error, &mut pauses).await;
                continue;
            }
        };
        tokio::select! {
            () = changed => {}
            answer = watch(core, link, &scopes, fresh) => match answer {
                Ok(keys) => {
                    pauses.reset();
                    fresh = false;
                    link.wakes.hint(keys);
                }
                Err(error) => {
                    rest(link, &error, &mut pauses).await;
                    fresh = true;
                }
            },
        }
    }
}

async fn rest(link: &Link, error: &RoundError, pauses: &mut Reconnects) {
    let pause = pauses.next(error.asked_pause());
    tracing::debug!(account = %link.account, kind = error.outcome(), ?pause, "the watch was lost");
    sleep(pause).await;
}

async fn scopes(core: &Core, link: &Link) -> Result<Vec<RemoteScope>, RoundError> {
    let account = link.account;
    let scopes = core.store.read(move |c: &Connection| scope::list(c, account)).await?;
    // One that was never read is looked at by the first full sync anyway.
    let known =
        scopes.into_iter().filter(|scope| scope.remote.selectable && scope.cursor.is_some());
    Ok(known.map(|scope| scope.remote).collect())
}

async fn watch(
    core: &Core,
    link: &Link,
    scopes: &[RemoteScope],
    fresh: bool,
) -> Result<Vec<String>, RoundError> {
    let provider = link.provider(core).await?;
    let source = provider.messages().filter(|_| provider.capabilities().receives);
    let Some(source) = source else {
        // Nothing ever arrives there: no watch, and no end of it either.
        return std::future::pending().await;
    };
    let watch = source.watch(scopes);
    if !fresh {
        return Ok(watch.await?);
    }
    tokio::pin!(watch);
    tokio::select! {
        keys = &mut watch => return Ok(keys?),
        () = sleep(SETTLING) => {}
    }
    let inbox = scopes.iter().find(|scope| scope.role == MailboxRole::Inbox);
    if let Some(inbox) = inbox {
        link.wakes.hint([inbox.key.clone()]);
    }
    Ok(watch.await?)
}
