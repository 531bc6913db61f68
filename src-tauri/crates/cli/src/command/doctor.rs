//! `bell doctor`: is everything as it should be, and what to do where it is not.

use std::process::ExitCode;

use serde::Serialize;

use deskbell_api::Desk;
use deskbell_api::dto::NoArgs;
use deskbell_api::handlers::health;
use deskbell_domain::AccountId;
use deskbell_domain::secret::Secret;
use deskbell_store::queries::health::integrity;

use crate::exit::{Failure, PARTLY};
use crate::output::{Output, bytes};

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Check {
    what: String,
    ok: bool,
    detail: String,
}

pub async fn run(desk: &Desk, output: Output) -> Result<ExitCode, Failure> {
    let mut checks = Vec::new();
    let mut check = |what: &str, ok: bool, detail: String| {
        checks.push(Check { what: what.into(), ok, detail });
    };
    let faults = desk.store.read(integrity).await.map_err(deskbell_api::dto::ApiError::from)?;
    let found = if faults.is_empty() { "whole".into() } else { faults.join("; ") };
    check("database", faults.is_empty(), found);
    let sealed = desk.gateway.seal(AccountId(0), &Secret::new("probe")).await;
    check(
        "keychain",
        sealed.is_ok(),
        sealed.map_or_else(|error| error, |_| "passwords can be kept".into()),
    );
    let health = health::health(desk, NoArgs {}).await?;
    for entry in &health.accounts {
        let account = &entry.account;
        let missing: i64 = entry
            .scopes
            .iter()
            .map(|scope| scope.remote.map_or(0, |there| (there - scope.local).max(0)))
            .sum();
        let mut detail = account.detail.clone().unwrap_or_else(|| account.state.clone());
        if missing > 0 {
            detail.push_str(&format!("; {missing} messages still to come"));
        }
        if !entry.quarantined.is_empty() {
            detail.push_str(&format!("; {} messages could not be read", entry.quarantined.len()));
        }
        let ok = matches!(account.state.as_str(), "ok" | "paused" | "new");
        check(&format!("account {} ({})", account.id, account.name), ok, detail);
    }
    let size = format!("{} of database, {} of attachments", bytes(health.database_bytes), bytes(health.blob_bytes));
    check("size", true, size);
    let sick = checks.iter().filter(|check| !check.ok).count();
    output.answer(&serde_json::json!({ "ok": sick == 0, "checks": checks }), || {
        checks
            .iter()
            .map(|check| format!("{} {}: {}\n", if check.ok { "✓" } else { "✗" }, check.what, check.detail))
            .collect()
    })?;
    Ok(if sick == 0 { ExitCode::SUCCESS } else { ExitCode::from(PARTLY) })
}
