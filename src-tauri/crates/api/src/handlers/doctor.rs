//! Is everything as it should be, and what to do where it is not.

use deskbell_domain::AccountId;
use deskbell_domain::secret::Secret;
use deskbell_store::queries::health::integrity;
use deskbell_store::table;

use crate::desk::Desk;
use crate::dto::{ApiError, Check, Diagnosis, NoArgs};
use crate::handlers::health;

/// Checks the database, the keychain and every account.
pub async fn examine(desk: &Desk) -> Result<Diagnosis, ApiError> {
    let mut checks = Vec::new();
    let mut check = |what: String, ok: bool, detail: String| {
        checks.push(Check { what, ok, detail });
    };
    let faults = desk.store.read(integrity).await?;
    let found = if faults.is_empty() {
        "whole".into()
    } else {
        desk.store.suspect();
        format!(
            "damaged; the next start sets it aside and fetches your mail anew ({})",
            faults.join("; ")
        )
    };
    check("database".into(), faults.is_empty(), found);
    let trouble = secrets_trouble(desk).await?;
    let can_keep = trouble.is_none();
    check("keychain".into(), can_keep, trouble.unwrap_or_else(|| "passwords can be kept".into()));
    for entry in health::health(desk, NoArgs {}).await?.accounts {
        let account = entry.account;
        let missing: i64 = entry
            .scopes
            .iter()
            .map(|scope| scope.remote.map_or(0, |there| (there - scope.local).max(0)))
            .sum();
        let mut detail = account.detail.unwrap_or_else(|| account.state.clone());
        if missing > 0 {
            detail.push_str(&format!("; {missing} messages still to come"));
        }
        if !entry.quarantined.is_empty() {
            let count = entry.quarantined.len();
            detail.push_str(&format!("; {count} messages could not be read"));
        }
        let ok = matches!(account.state.as_str(), "ok" | "paused" | "new");
        check(format!("account {} ({})", account.id, account.name), ok, detail);
    }
    Ok(Diagnosis { ok: checks.iter().all(|check| check.ok), checks })
}

/// Why passwords cannot be kept, or those kept cannot be read.
async fn secrets_trouble(desk: &Desk) -> Result<Option<String>, ApiError> {
    if let Err(words) = desk.gateway.seal(AccountId(0), &Secret::new("probe")).await {
        return Ok(Some(words));
    }
    for account in desk.store.read(table::account::list).await? {
        if let Err(words) = desk.gateway.can_open(account.id).await {
            return Ok(Some(words));
        }
    }
    Ok(None)
}
