//! A template put into a message that is sent from the terminal.

use deskbell_api::Desk;
use deskbell_api::dto::{ApiError, Draft, FillArgs, Filled, NoArgs, Template};
use deskbell_api::handlers::{settings, templates};
use serde_json::Value;

use crate::exit::Failure;

/// Refuses a template that is not there, before anything is begun with it.
pub async fn known(desk: &Desk, wanted: &str) -> Result<Template, Failure> {
    let all = templates::list(desk, NoArgs {}).await?.templates;
    all.into_iter().find(|template| is_meant(template, wanted)).ok_or_else(|| {
        let words =
            format!("There is no template “{wanted}”; `bell template list` shows those there are.");
        ApiError::field("template", words).into()
    })
}

/// A template filled in for the first recipient. What nothing is known for stands in it as it was: the message is
/// then refused at its text and stays a draft.
pub async fn filled(desk: &Desk, draft: &Draft, wanted: &str) -> Result<Filled, Failure> {
    let template = known(desk, wanted).await?;
    let args = FillArgs {
        id: template.id,
        account_id: draft.account_id.clone(),
        from: draft.content.from.clone(),
        to: draft.content.to.first().cloned(),
        language: language(desk).await?,
    };
    Ok(templates::fill(desk, args).await?)
}

/// By its name or its shortcut, as a person writes them, or by its id.
fn is_meant(template: &Template, wanted: &str) -> bool {
    let shortcut = wanted.strip_prefix(';').unwrap_or(wanted);
    template.name.to_lowercase() == wanted.to_lowercase()
        || (!template.shortcut.is_empty() && template.shortcut == shortcut)
        || template.id == wanted
}

/// The language of dates: as it is set, or the system's.
async fn language(desk: &Desk) -> Result<String, Failure> {
    let values = settings::all(desk, NoArgs {}).await?.values;
    let values = serde_json::to_value(values).unwrap_or_default();
    let chosen = values.get("language").and_then(Value::as_str).unwrap_or("system");
    if chosen != "system" {
        return Ok(chosen.to_owned());
    }
    let variables = ["LC_ALL", "LC_TIME", "LANG"];
    let system =
        variables.iter().find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
    Ok(system.unwrap_or_else(|| "en".into()))
}
