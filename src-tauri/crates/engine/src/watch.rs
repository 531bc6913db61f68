//! Waiting for the provider to say that something may have changed, and waking the sync.
//!
//! A watch is only a hint to pull. What changed between the last pull and the start of a watch is the
//! provider's to notice; what a broken watch missed is found by the sync that follows a reconnect.

use deskbell_domain::ProviderError;
use deskbell_domain::sync::RemoteScope;
use deskbell_store::Connection;
use deskbell_store::table::scope;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::backoff::Reconnects;
use crate::core::Core;
use crate::error::RoundError;
use crate::link::Link;

/// Watches an account until told to stop.
pub(crate) async fn run(core: &Core, link: &Link, token: &CancellationToken) {
    tokio::select! {
        () = token.cancelled() => {}
        () = forever(core, link) => {}
    }
}

async fn forever(core: &Core, link: &Link) {
    let mut pauses = Reconnects::new();
    loop {
        // Registered before the scopes are read, so that no change falls between.
        let changed = link.scopes.notified();
        let contact = link.contact.notified();
        let outcome = match scopes(core, link).await {
            Ok(scopes) if scopes.is_empty() => {
                changed.await;
                continue;
            }
            Ok(scopes) => tokio::select! {
                () = changed => continue,
                answer = watch(core, link, &scopes) => answer,
            },
            Err(error) => Err(error),
        };
        match outcome {
            Ok(keys) => {
                pauses.reset();
                link.wakes.hint(keys);
            }
            Err(error) => {
                let pause = pauses.next(error.asked_pause());
                let kind = error.outcome();
                tracing::debug!(account = %link.account, kind, ?pause, "the watch was lost");
                if matches!(error, RoundError::Provider(ProviderError::Auth(_))) {
                    // The sync finds the same, and says so; repeating a refused sign-in can lock the person out.
                    link.wakes.full(false);
                    contact.await;
                    // Its connection may outlive the sign-in: then this one is refused once more.
                    sleep(pause).await;
                    continue;
                }
                tokio::select! {
                    () = contact => {}
                    () = sleep(pause) => {}
                }
            }
        }
    }
}

async fn scopes(core: &Core, link: &Link) -> Result<Vec<RemoteScope>, RoundError> {
    let account = link.account;
    let scopes = core.store.read(move |c: &Connection| scope::list(c, account)).await?;
    let remote = scopes.into_iter().map(|scope| scope.remote);
    Ok(remote.filter(|scope| scope.selectable).collect())
}

async fn watch(
    core: &Core,
    link: &Link,
    scopes: &[RemoteScope],
) -> Result<Vec<String>, RoundError> {
    let provider = link.provider(core).await?;
    match provider.messages().filter(|_| provider.capabilities().receives) {
        Some(source) => Ok(source.watch(scopes).await?),
        // Nothing ever arrives there: no watch, and no end of it either.
        None => std::future::pending().await,
    }
}
