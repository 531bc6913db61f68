//! `bell template`: texts kept for use again and again.

use std::io::Read as _;
use std::process::ExitCode;

use deskbell_api::Desk;
use deskbell_api::dto::{ById, NoArgs, Template, TemplateForm};
use deskbell_api::handlers::templates;

use crate::args::TemplateAction;
use crate::exit::Failure;
use crate::output::{Output, table};

pub async fn run(desk: &Desk, output: Output, action: TemplateAction) -> Result<ExitCode, Failure> {
    match action {
        TemplateAction::List => {
            let list = templates::list(desk, NoArgs {}).await?;
            output.answer(&list, || {
                if list.templates.is_empty() {
                    return "No templates yet. Add one with `bell template add`.".into();
                }
                table(["ID", "NAME", "SHORTCUT", "VARIABLES"], list.templates.iter().map(row))
            })?;
        }
        TemplateAction::Add { name, shortcut, subject, .. } => {
            let mut html = String::new();
            std::io::stdin().lock().read_to_string(&mut html)?;
            let form = TemplateForm { id: None, name, shortcut, subject, html };
            let made = templates::put(desk, form).await?;
            output.answer(&made, || format!("{}: {}", made.id, made.name))?;
        }
        TemplateAction::Remove { id } => {
            let done = templates::remove(desk, ById { id }).await?;
            output.answer(&done, || "Removed.".into())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn row(template: &Template) -> [String; 4] {
    let shortcut = if template.shortcut.is_empty() {
        String::new()
    } else {
        format!(";{}", template.shortcut)
    };
    [template.id.clone(), template.name.clone(), shortcut, template.variables.join(", ")]
}
