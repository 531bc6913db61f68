//! Texts kept for use again and again.

use deskbell_domain::template::{self, Form, Values, Variable};
use deskbell_domain::time::DAY;
use deskbell_domain::{AccountId, TemplateId};
use deskbell_engine::compose::day_in_words;
use deskbell_store::table::account;
use deskbell_store::table::sender::{self, Sender};
use deskbell_store::table::template as table;

use crate::compose::clean;
use crate::desk::Desk;
use crate::dto::{
    ApiError, ById, Done, FillArgs, Filled, NoArgs, Template, TemplateForm, TemplateList,
};
use crate::handlers::{compose, id, optional_id};

/// Longest name, shortcut, subject and text.
const LONGEST_NAME: usize = 200;
const LONGEST_SHORTCUT: usize = 40;
const LONGEST_SUBJECT: usize = 1_000;
const LONGEST_TEXT: usize = 1024 * 1024;

/// Every template, and every variable that can be filled in.
pub async fn list(desk: &Desk, _: NoArgs) -> Result<TemplateList, ApiError> {
    let rows = desk.store.read(table::list).await?;
    Ok(TemplateList {
        templates: rows.into_iter().map(shown).collect(),
        variables: Variable::filled().map(|variable| variable.as_str().to_owned()).collect(),
    })
}

/// Makes a template or changes one.
pub async fn put(desk: &Desk, form: TemplateForm) -> Result<Template, ApiError> {
    let known = optional_id::<TemplateId>("id", form.id.as_deref())?;
    let name = form.name.trim().to_owned();
    if name.is_empty() || name.len() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(ApiError::field("name", "Give the template a name of one line."));
    }
    let shortcut = form.shortcut.trim().trim_start_matches(';').to_lowercase();
    if shortcut.len() > LONGEST_SHORTCUT
        || !shortcut.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
    {
        return Err(ApiError::field(
            "shortcut",
            "A shortcut is one short word of letters, digits, - and _.",
        ));
    }
    if form.subject.len() > LONGEST_SUBJECT || form.subject.chars().any(char::is_control) {
        return Err(ApiError::field("subject", "Enter a subject of one line."));
    }
    if form.html.len() > LONGEST_TEXT {
        return Err(ApiError::field("html", "This text is too long. Shorten it."));
    }
    let html = clean(&form.html);
    if deskbell_engine::compose::text_of(&html).trim().is_empty() {
        return Err(ApiError::field("html", "Write the template's text."));
    }
    for (field, text) in [("subject", &form.subject), ("html", &html)] {
        if let Err(unknown) = template::variables(text) {
            return Err(ApiError::field(field, no_variable(&unknown)));
        }
    }
    let form = table::TemplateForm { name, shortcut, subject: form.subject, html };
    let twin = {
        let form = form.clone();
        desk.store.read(move |c| table::rival(c, known, &form)).await?
    };
    match twin {
        Some((other, true)) => {
            return Err(ApiError::field(
                "name",
                format!("There is a template “{other}” already. Choose another name."),
            ));
        }
        Some((other, false)) => {
            return Err(ApiError::field(
                "shortcut",
                format!("This shortcut belongs to “{other}”. Choose another one."),
            ));
        }
        None => {}
    }
    let row = desk
        .write(move |w| {
            let id = table::put(w, known, &form)?;
            table::get(w, id)
        })
        .await?;
    Ok(shown(row))
}

fn no_variable(unknown: &str) -> String {
    let known: Vec<&str> = Variable::filled().map(Variable::as_str).collect();
    format!("There is no variable “{{{{{unknown}}}}}”; there are {}.", known.join(", "))
}

/// Removes a template.
pub async fn remove(desk: &Desk, args: ById) -> Result<Done, ApiError> {
    let template: TemplateId = id("id", &args.id)?;
    desk.write(move |w| table::remove(w, template)).await?;
    Ok(Done {})
}

/// Fills a template in for a recipient.
pub async fn fill(desk: &Desk, args: FillArgs) -> Result<Filled, ApiError> {
    let template: TemplateId = id("id", &args.id)?;
    let account: AccountId = id("account_id", &args.account_id)?;
    let (row, own, from) = desk
        .store
        .read(move |c| {
            let row = table::get(c, template)?;
            let from = sender::of_account(c, account)?.into_iter().next();
            Ok((row, account::get(c, account)?, from))
        })
        .await?;
    let mut values = Values::new();
    values.insert(Variable::AccountName, own.name.clone());
    // Whoever stands in From writes; else the account's first.
    let from = match &args.from {
        Some(chosen) => Some(compose::address(chosen)),
        None => from.as_ref().map(Sender::mailbox),
    };
    let writes_as = from.as_ref().map_or(own.address.as_str(), |from| from.address.as_str());
    values.insert(Variable::SenderAddress, writes_as.to_owned());
    let name = from.and_then(|from| from.name).unwrap_or(own.name);
    values.insert(Variable::SenderName, name);
    if let Some(to) = &args.to {
        values.insert(Variable::ContactAddress, to.address.clone());
        if let Some(name) = to.name.as_deref().filter(|name| !name.trim().is_empty()) {
            values.insert(Variable::ContactName, name.trim().to_owned());
            values.insert(Variable::ContactFirstName, template::first_name(name).to_owned());
        }
    }
    let (now, german) = (desk.now(), args.language.starts_with("de"));
    values.insert(Variable::DateToday, day_in_words(now, german));
    values.insert(Variable::DateTomorrow, day_in_words(now + DAY, german));
    let (subject, mut missing) = template::fill(&row.subject, &values, Form::Plain);
    let (html, more) = template::fill(&row.html, &values, Form::Html);
    missing.extend(more.into_iter().filter(|name| !missing.contains(name)).collect::<Vec<_>>());
    Ok(Filled { subject, html, missing })
}

fn shown(row: table::Template) -> Template {
    let mut variables = template::left_over(&row.subject);
    for name in template::left_over(&row.html) {
        if !variables.contains(&name) {
            variables.push(name);
        }
    }
    Template {
        id: row.id.to_string(),
        name: row.name,
        shortcut: row.shortcut,
        subject: row.subject,
        html: row.html,
        variables,
    }
}
