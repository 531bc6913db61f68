//! `bell mark`.

use std::process::ExitCode;

use deskbell_api::Desk;
use deskbell_api::dto::{EditArgs, IdsArgs, LabelArgs, NoArgs, SnoozeArgs};
use deskbell_api::handlers::{inbox, labels, snooze};

use crate::command::send::instant;
use crate::exit::Failure;
use crate::mark::Mark;
use crate::output::{Output, time};

pub async fn run(desk: &Desk, output: Output, id: String, mark: Mark) -> Result<ExitCode, Failure> {
    let ids = vec![id];
    let mut done = "Done here; `bell sync` tells the provider.".to_owned();
    let edited = match mark {
        Mark::Edit(edit) => inbox::edit(desk, EditArgs { ids, edit }).await?,
        Mark::Snoozed(when) => {
            let until = match when.as_deref() {
                None | Some("reply") => None,
                Some(text) => Some(meant(desk, text).await?),
            };
            done = match until {
                Some(at) => format!("Put off until {}, or until somebody answers.", time(at)),
                None => "Put off until somebody answers.".into(),
            };
            snooze::set(desk, SnoozeArgs { ids, until }).await?
        }
        Mark::Awake => {
            done = "Back in its place.".into();
            snooze::wake(desk, IdsArgs { ids }).await?
        }
        Mark::Label(name, value) => {
            let label_id = labels::named(desk, &name).await?.id;
            labels::set(desk, LabelArgs { ids, label_id, value }).await?
        }
    };
    output.answer(
        &edited,
        || {
            if edited.changed == 0 { "Nothing to change.".into() } else { done }
        },
    )?;
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
