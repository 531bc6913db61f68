//! `bell outbox`: what is on its way out, and what to do about it.

use std::process::ExitCode;

use deskbell_api::dto::{ById, OutboxArgs, Outgoing};
use deskbell_api::handlers::outbox;
use deskbell_api::{Desk, clip};

use crate::args::OutboxAction;
use crate::command::send::describe;
use crate::exit::Failure;
use crate::output::{Output, table, time};

pub async fn run(desk: &Desk, output: Output, action: OutboxAction) -> Result<ExitCode, Failure> {
    match action {
        OutboxAction::List { account, state, limit } => {
            let args = OutboxArgs { account_id: account, states: state, limit };
            let list = outbox::list(desk, args).await?;
            output.answer(&list, || {
                if list.items.is_empty() {
                    return "Nothing is on its way.".into();
                }
                table(["ID", "STATE", "WHEN", "TO", "WHAT"], list.items.iter().map(row))
            })?;
        }
        OutboxAction::Show { id } => {
            let item = outbox::one(desk, ById { id }).await?;
            output.answer(&item, || describe(&item))?;
        }
        OutboxAction::Cancel { id } => {
            let draft = outbox::cancel(desk, ById { id }).await?;
            output.answer(&draft, || format!("{}: is a draft again.", draft.id))?;
        }
        OutboxAction::Retry { id } => {
            let item = outbox::retry(desk, ById { id }).await?;
            output.answer(&item, || describe(&item))?;
        }
        OutboxAction::Settle { id } => {
            let item = outbox::settle(desk, ById { id }).await?;
            output.answer(&item, || describe(&item))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn row(item: &Outgoing) -> [String; 5] {
    let to: Vec<&str> = item
        .recipients
        .iter()
        .map(|person| person.name.as_deref().unwrap_or(&person.address))
        .collect();
    // Of what has left for some, who still waits.
    let waits = !item.rest.is_empty();
    let waiting: Vec<&str> = item.rest.iter().map(|one| one.address.as_str()).collect();
    let to = if waits { waiting } else { to };
    let state = if waits { "partly".to_owned() } else { item.state.clone() };
    let when = item.next_try.or(item.rest_next).unwrap_or(item.not_before);
    let what = if item.subject.is_empty() { &item.preview } else { &item.subject };
    [item.id.clone(), state, time(when), clip(&to.join(", "), 40), clip(what, 60)]
}
