//! `bell sync`: one round for each account, or watching until Ctrl-C.

use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use deskbell_api::Desk;
use deskbell_api::dto::{self, ApiError, Code, NoArgs};
use deskbell_api::handlers::accounts;
use deskbell_domain::AccountId;
use deskbell_engine::{Engine, EngineEvent};

use crate::exit::{Failure, PARTLY};
use crate::output::Output;

/// What became of one account.
#[derive(Debug, Serialize)]
struct Outcome {
    account_id: String,
    name: String,
    added: i64,
    changed: i64,
    removed: i64,
    edits_sent: u32,
    edits_waiting: i64,
    error: Option<ApiError>,
}

pub async fn run(
    desk: &Desk,
    output: Output,
    account: Option<String>,
    watch: bool,
) -> Result<ExitCode, Failure> {
    let engine = desk.engine.as_ref().ok_or_else(|| Failure {
        error: deskbell_store::StoreError::ReadOnly.into(),
    })?;
    let all = accounts::list(desk, NoArgs {}).await?.accounts;
    let chosen: Vec<dto::Account> =
        all.into_iter().filter(|row| account.as_ref().is_none_or(|id| *id == row.id)).collect();
    if let (true, Some(id)) = (chosen.is_empty(), &account) {
        let message = format!("There is no account {id}; see `bell account list`.");
        return Err(ApiError::new(Code::NotFound, message).into());
    }
    if watch {
        return follow(desk, output).await;
    }
    let stop = CancellationToken::new();
    let interrupted = stop.clone();
    let work = async {
        let mut outcomes = Vec::with_capacity(chosen.len());
        for row in chosen {
            outcomes.push(one(engine, output, row, &stop).await);
        }
        outcomes
    };
    tokio::pin!(work);
    let outcomes = tokio::select! {
        outcomes = &mut work => outcomes,
        _ = tokio::signal::ctrl_c() => {
            // What is committed stays; the round ends at the next step.
            interrupted.cancel();
            work.await
        }
    };
    report(output, &outcomes)
}

async fn one(
    engine: &Engine,
    output: Output,
    row: dto::Account,
    stop: &CancellationToken,
) -> Outcome {
    let mut outcome = Outcome {
        account_id: row.id.clone(),
        name: row.name.clone(),
        added: 0,
        changed: 0,
        removed: 0,
        edits_sent: 0,
        edits_waiting: 0,
        error: None,
    };
    let id: AccountId = match row.id.parse() {
        Ok(id) => id,
        Err(_) => return outcome,
    };
    let bar = output.watched().then(|| bar(&row.name));
    let mut events = engine.events();
    let round = engine.sync_once(id, stop);
    tokio::pin!(round);
    let done = loop {
        tokio::select! {
            done = &mut round => break done,
            event = events.recv() => {
                if let (Some(bar), Ok(EngineEvent::Progress(now))) = (&bar, event) {
                    bar.set_length(now.total.unwrap_or(now.done));
                    bar.set_position(now.done);
                    bar.set_message(now.scope);
                }
            }
        }
    };
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    match done {
        Ok(summary) => {
            outcome.added = summary.tally.added;
            outcome.changed = summary.tally.changed;
            outcome.removed = summary.tally.removed;
            outcome.edits_sent = summary.edits;
            outcome.edits_waiting = summary.edits_waiting;
        }
        Err(error) => outcome.error = Some(error.into()),
    }
    outcome
}

fn bar(name: &str) -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix} {bar:30} {pos}/{len} {msg} {eta}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style).with_prefix(name.to_owned())
}

fn report(output: Output, outcomes: &[Outcome]) -> Result<ExitCode, Failure> {
    output.answer(&serde_json::json!({ "accounts": outcomes }), || {
        if outcomes.is_empty() {
            return "No accounts yet. Add one with `bell account add`.".into();
        }
        let lines: Vec<String> = outcomes.iter().map(line).collect();
        lines.join("\n")
    })?;
    let failed = outcomes.iter().filter(|outcome| outcome.error.is_some()).count();
    let sign_in = outcomes
        .iter()
        .any(|outcome| outcome.error.as_ref().is_some_and(|error| error.code == Code::SignIn));
    Ok(match failed {
        0 => ExitCode::SUCCESS,
        _ if failed < outcomes.len() => ExitCode::from(PARTLY),
        _ if sign_in => ExitCode::from(3),
        _ => ExitCode::FAILURE,
    })
}

fn line(outcome: &Outcome) -> String {
    match &outcome.error {
        Some(error) => format!("{}: {}", outcome.name, error.message),
        None => format!(
            "{}: {} new, {} changed, {} gone{}",
            outcome.name,
            outcome.added,
            outcome.changed,
            outcome.removed,
            if outcome.edits_waiting > 0 {
                format!(", {} changes still to send", outcome.edits_waiting)
            } else {
                String::new()
            }
        ),
    }
}

async fn follow(desk: &Desk, output: Output) -> Result<ExitCode, Failure> {
    output.note("Watching; Ctrl-C ends it.");
    let mut events = desk.events();
    loop {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => return Ok(ExitCode::SUCCESS),
            event = events.next() => match event {
                Some(event) => {
                    let line = serde_json::to_string(&event).unwrap_or_default();
                    output.raw(format!("{line}\n").as_bytes())?;
                }
                None => return Ok(ExitCode::SUCCESS),
            }
        }
    }
}
