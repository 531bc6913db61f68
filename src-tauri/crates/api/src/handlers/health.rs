//! Health: is everything here, and what is each account up to.

use deskbell_domain::message::BodyState;
use deskbell_store::queries::health;
use deskbell_store::table;

use crate::desk::Desk;
use crate::dto::{
    AccountHealth, ApiError, Breaker, Health, NoArgs, Quarantined, ScopeHealth, SyncRun,
};
use crate::{present, words};

/// Runs shown per account.
const RUNS: u32 = 50;

/// Everything Health shows.
pub async fn health(desk: &Desk, _: NoArgs) -> Result<Health, ApiError> {
    let (rows, sizes) =
        desk.store.read(|c| Ok((table::account::list(c)?, health::sizes(c)?))).await?;
    let mut accounts = Vec::with_capacity(rows.len());
    for row in rows {
        accounts.push(account(desk, row).await?);
    }
    Ok(Health {
        accounts,
        database_bytes: sizes.database_bytes,
        blob_bytes: sizes.blob_bytes,
        messages: sizes.messages,
        conversations: sizes.conversations,
    })
}

async fn account(desk: &Desk, row: table::account::Account) -> Result<AccountHealth, ApiError> {
    let id = row.id;
    let breakers = match &desk.engine {
        Some(engine) => engine.breakers(id).await?,
        None => Vec::new(),
    };
    // What was imported stays when its file loses it: nothing of it is too much here.
    let is_import = row.provider == "archive";
    let account = present::account(desk, row).await?;
    let (scopes, runs, quarantined, unreadable) = desk
        .store
        .read(move |c| {
            Ok((
                table::scope::list(c, id)?,
                table::sync_run::latest(c, id, RUNS)?,
                health::quarantined(c, id)?,
                table::held::of_account(c, id, BodyState::Quarantined)?,
            ))
        })
        .await?;
    Ok(AccountHealth {
        account,
        scopes: scopes
            .into_iter()
            .filter(|scope| scope.remote.selectable)
            .map(|scope| ScopeHealth {
                bodies_missing: scope.bodies_missing,
                id: scope.id.to_string(),
                name: scope.remote.name,
                role: scope.remote.role.as_str().into(),
                local: scope.local_total,
                remote: scope
                    .remote_total
                    .map(|there| if is_import { there.max(scope.local_total) } else { there }),
                synced_at: scope.synced_at,
            })
            .collect(),
        runs: runs
            .into_iter()
            .map(|run| SyncRun {
                id: run.id.to_string(),
                started_at: run.started_at,
                duration_ms: run.finished_at.map(|end| end - run.started_at),
                outcome: run.outcome,
                error_said: words::said_of(run.error.as_deref()),
                error: run.error,
                added: run.tally.added,
                changed: run.tally.changed,
                removed: run.tally.removed,
            })
            .collect(),
        quarantined: quarantined
            .into_iter()
            .map(|row| Quarantined {
                message_id: row.message.to_string(),
                conversation_id: row.conversation.to_string(),
                reason_said: words::said(&row.reason),
                reason: row.reason,
                at: row.at,
            })
            .collect(),
        unreadable,
        breakers: breakers
            .into_iter()
            .map(|breaker| Breaker {
                operation: breaker.operation,
                failures: breaker.failures,
                retry_at: breaker.retry_at,
            })
            .collect(),
    })
}
