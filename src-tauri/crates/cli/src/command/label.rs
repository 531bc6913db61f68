//! `bell label`: labels of the person's own.

use std::process::ExitCode;

use deskbell_api::Desk;
use deskbell_api::dto::{ById, LabelForm, LabelPageArgs, NoArgs};
use deskbell_api::handlers::labels;

use crate::args::LabelAction;
use crate::command::inbox;
use crate::exit::Failure;
use crate::output::{Output, table};

pub async fn run(desk: &Desk, output: Output, action: LabelAction) -> Result<ExitCode, Failure> {
    match action {
        LabelAction::List => {
            let list = labels::list(desk, NoArgs {}).await?;
            output.answer(&list, || {
                if list.labels.is_empty() {
                    return "No labels yet. Make one with `bell label add NAME`.".into();
                }
                let rows = list.labels.iter().map(|label| {
                    [
                        label.id.clone(),
                        label.name.clone(),
                        label.total.to_string(),
                        label.unread.to_string(),
                    ]
                });
                table(["ID", "NAME", "CONVERSATIONS", "UNREAD"], rows)
            })?;
        }
        LabelAction::Add { name, color } => {
            let made = labels::put(desk, LabelForm { id: None, name, color }).await?;
            output.answer(&made, || format!("{}: {}", made.id, made.name))?;
        }
        LabelAction::Rename { name, to } => {
            let id = Some(labels::named(desk, &name).await?.id);
            let changed = labels::put(desk, LabelForm { id, name: to, color: None }).await?;
            output.answer(&changed, || format!("{}: {}", changed.id, changed.name))?;
        }
        LabelAction::Show { name, limit } => {
            let label_id = labels::named(desk, &name).await?.id;
            let args = LabelPageArgs { label_id, account_id: None, cursor: None, limit };
            let page = labels::page(desk, args).await?;
            output.answer(&page, || {
                if page.rows.is_empty() {
                    return "No conversation carries it.".into();
                }
                table(["ID", "", "WHEN", "WHO", "WHAT"], page.rows.iter().map(inbox::row))
            })?;
        }
        LabelAction::Remove { name } => {
            let id = labels::named(desk, &name).await?.id;
            let done = labels::remove(desk, ById { id }).await?;
            output.answer(&done, || "Removed.".into())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
