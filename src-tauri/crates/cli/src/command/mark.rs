//! `bell mark`.

use std::process::ExitCode;

use deskbell_api::Desk;
use deskbell_api::dto::{Edit, EditArgs};
use deskbell_api::handlers::inbox;

use crate::args::Mark;
use crate::exit::Failure;
use crate::output::Output;

pub async fn run(desk: &Desk, output: Output, id: String, mark: Mark) -> Result<ExitCode, Failure> {
    let edit = match mark {
        Mark::Read => Edit::Read,
        Mark::Unread => Edit::Unread,
        Mark::Starred => Edit::Star,
        Mark::Unstarred => Edit::Unstar,
        Mark::Archived => Edit::Archive,
        Mark::Inbox => Edit::Inbox,
        Mark::Deleted => Edit::Trash,
        Mark::Spam => Edit::Spam,
    };
    let edited = inbox::edit(desk, EditArgs { ids: vec![id], edit }).await?;
    output.answer(&edited, || {
        if edited.changed == 0 {
            "Nothing to change.".into()
        } else {
            "Done here; `bell sync` tells the provider.".into()
        }
    })?;
    Ok(ExitCode::SUCCESS)
}
