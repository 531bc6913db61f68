//! `bell mark`.

use std::process::ExitCode;

use deskbell_api::Desk;
use deskbell_api::dto::{ById, EditArgs, IdsArgs, LabelArgs, NoArgs, SnoozeArgs};
use deskbell_api::handlers::{accounts, conversation, inbox, labels, snooze};

use crate::command::send::instant;
use crate::exit::Failure;
use crate::mark::Mark;
use crate::output::{Output, time};

pub async fn run(desk: &Desk, output: Output, id: String, mark: Mark) -> Result<ExitCode, Failure> {
    let ids = vec![id.clone()];
    let mut done = None;
    let edited = match mark {
        Mark::Edit(edit) => inbox::edit(desk, EditArgs { ids, edit }).await?,
        Mark::Snoozed(when) => {
            let until = match when.as_deref() {
                None | Some("reply") => None,
                Some(text) => Some(meant(desk, text).await?),
            };
            done = Some(match until {
                Some(at) => format!("Put off until {}, or until somebody answers.", time(at)),
                None => "Put off until somebody answers.".into(),
            });
            snooze::set(desk, SnoozeArgs { ids, until }).await?
        }
        Mark::Awake => {
            done = Some("Back in its place.".into());
            snooze::wake(desk, IdsArgs { ids }).await?
        }
        Mark::Label(name, value) => {
            let label_id = labels::named(desk, &name).await?.id;
            labels::set(desk, LabelArgs { ids, label_id, value }).await?
        }
    };
    let done = match done {
        _ if edited.changed == 0 => "Nothing to change.".into(),
        Some(done) => done,
        None if learns(desk, id).await? => "Done here; `bell sync` tells the provider.".into(),
        None => "Done here; imported mail has no provider to tell.".to_owned(),
    };
    output.answer(&edited, || done)?;
    Ok(ExitCode::SUCCESS)
}

/// A natural time such as `tomorrow_morning`, or an instant as `bell send --at` takes it.
async fn meant(desk: &Desk, text: &str) -> Result<i64, Failure> {
    let choices = snooze::choices(desk, NoArgs {}).await?.choices;
    match choices.iter().find(|choice| choice.kind == text) {
        Some(choice) => Ok(choice.at),
        None => instant(text),
    }
}

/// Whether the conversation's provider is told of edits.
async fn learns(desk: &Desk, conversation: String) -> Result<bool, Failure> {
    let row = conversation::row(desk, ById { id: conversation }).await?;
    let accounts = accounts::list(desk, NoArgs {}).await?.accounts;
    Ok(accounts.iter().any(|account| account.id == row.account_id && account.writes_back))
}
