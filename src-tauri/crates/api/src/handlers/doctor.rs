//! Is everything as it should be, and what to do where it is not.

use deskbell_domain::AccountId;
use deskbell_domain::secret::Secret;
use deskbell_store::queries::health::integrity;
use deskbell_store::table;

use crate::desk::Desk;
use crate::dto::{ApiError, Check, Diagnosis, NoArgs, Quarantined};
use crate::handlers::health;

/// Different reasons named of messages that could not be read.
const REASONS: usize = 3;

/// Checks the database, the keychain and every account; `told` hears what is looked at next.
pub async fn examine(
    desk: &Desk,
    told: &(dyn Fn(&str) + Send + Sync),
) -> Result<Diagnosis, ApiError> {
    let mut checks = Vec::new();
    let mut check = |what: String, ok: bool, detail: String| {
        checks.push(Check { what, ok, detail });
    };
    told("database");
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
    told("keychain");
    let trouble = secrets_trouble(desk).await?;
    let can_keep = trouble.is_none();
    check("keychain".into(), can_keep, trouble.unwrap_or_else(|| "passwords can be kept".into()));
    told("accounts");
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
        let texts: i64 = entry.scopes.iter().map(|scope| scope.bodies_missing).sum();
        if texts > 0 {
            detail.push_str(&format!("; the texts of {texts} still to come"));
        }
        if !entry.quarantined.is_empty() {
            detail.push_str(&unreadable(entry.unreadable, &entry.quarantined));
        }
        let ok = matches!(account.state.as_str(), "ok" | "paused" | "new");
        check(format!("account {} ({})", account.id, account.name), ok, detail);
    }
    Ok(Diagnosis { ok: checks.iter().all(|check| check.ok), checks })
}

/// How many messages of an account could not be read, and why: each reason once, with one message to look at.
fn unreadable(count: i64, messages: &[Quarantined]) -> String {
    let mut reasons: Vec<&Quarantined> = Vec::new();
    for message in messages {
        if !reasons.iter().any(|named| named.reason == message.reason) {
            reasons.push(message);
        }
    }
    let named: Vec<String> = reasons
        .iter()
        .take(REASONS)
        .map(|one| format!("{} (message {})", one.reason.trim_end_matches('.'), one.message_id))
        .collect();
    let noun = if count == 1 { "message" } else { "messages" };
    format!("; {count} {noun} could not be read, kept as received: {}", named.join("; "))
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
