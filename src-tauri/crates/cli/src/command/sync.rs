//! `bell sync`: one round for each account, or watching until Ctrl-C.

use std::process::ExitCode;

use serde::Serialize;
use tokio_util::sync::CancellationToken;

use deskbell_api::Desk;
use deskbell_api::dto::{self, ApiError, Code, NoArgs, SyncOutcome};
use deskbell_api::handlers::{accounts, sync};

use crate::exit::{Failure, PARTLY, SIGN_IN};
use crate::output::Output;
use crate::progress::counting;
use crate::stop::asked_to_stop;

/// What became of one account.
#[derive(Debug, Serialize)]
struct Outcome {
    account_id: String,
    name: String,
    #[serde(flatten)]
    brought: Option<SyncOutcome>,
    error: Option<ApiError>,
}

pub async fn run(
    desk: &Desk,
    output: Output,
    account: Option<String>,
    watch: bool,
) -> Result<ExitCode, Failure> {
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
            outcomes.push(one(desk, output, row, &stop).await);
        }
        outcomes
    };
    tokio::pin!(work);
    let (outcomes, stopped) = tokio::select! {
        outcomes = &mut work => (outcomes, false),
        () = asked_to_stop() => {
            // What is committed stays; the round ends at the next step.
            interrupted.cancel();
            (work.await, true)
        }
    };
    let code = report(output, &outcomes)?;
    let all_done = outcomes.iter().all(|outcome| outcome.error.is_none());
    Ok(if stopped && !all_done { ExitCode::from(PARTLY) } else { code })
}

async fn one(desk: &Desk, output: Output, row: dto::Account, stop: &CancellationToken) -> Outcome {
    let bar = counting(output, &row.name);
    let done = sync::once(desk, &row.id, stop, |now| {
        bar.set_length(now.total.unwrap_or(now.done));
        bar.set_position(now.done);
        bar.set_message(now.scope);
    })
    .await;
    bar.finish_and_clear();
    let (brought, error) = match done {
        Ok(brought) => (Some(brought), None),
        Err(error) => (None, Some(error)),
    };
    Outcome { account_id: row.id, name: row.name, brought, error }
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
        _ if sign_in => ExitCode::from(SIGN_IN),
        _ => ExitCode::FAILURE,
    })
}

fn line(outcome: &Outcome) -> String {
    let brought = match (&outcome.brought, &outcome.error) {
        (Some(brought), _) => brought,
        (None, error) => {
            let why = error.as_ref().map_or("", |error| error.message.as_str());
            return format!("{}: {why}", outcome.name);
        }
    };
    let mut line = format!(
        "{}: {} new, {} changed, {} gone",
        outcome.name, brought.added, brought.changed, brought.removed
    );
    if brought.edits_waiting > 0 {
        line.push_str(&format!(", {} changes still to send", brought.edits_waiting));
    }
    line
}

async fn follow(desk: &Desk, output: Output) -> Result<ExitCode, Failure> {
    output.note("Watching; Ctrl-C ends it.");
    let mut events = desk.events();
    let stop = asked_to_stop();
    tokio::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => return Ok(ExitCode::SUCCESS),
            event = events.next() => match event {
                Some(event) => {
                    let line = serde_json::to_string(&event).unwrap_or_default();
                    if !output.line(&line)? {
                        return Ok(ExitCode::SUCCESS);
                    }
                }
                None => return Ok(ExitCode::SUCCESS),
            }
        }
    }
}
