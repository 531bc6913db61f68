//! Folders: listing, making, and looking one up by its id or well-known name.

use serde_json::{Value, json};

use super::call::{Call, Outcome, answer, not_found, refuse};
use super::mailbox::Mailbox;
use super::present;

/// Folders of a page where the caller prefers nothing.
const PAGE: usize = 10;

pub(crate) fn list(mailbox: &Mailbox, call: &Call, parent: Option<&str>) -> Outcome {
    let parent = match parent {
        None => None,
        Some(name) => Some(mailbox.folder(name).ok_or_else(not_found)?.id.clone()),
    };
    let inside: Vec<&_> = mailbox.folders.iter().filter(|one| one.parent == parent).collect();
    let number = |name: &str| call.option(name).and_then(|text| text.parse::<usize>().ok());
    let (top, skip) = (number("$top").unwrap_or(PAGE), number("$skip").unwrap_or(0));
    let shown: Vec<Value> =
        inside.iter().skip(skip).take(top).map(|one| present::folder(mailbox, one)).collect();
    let mut body = json!({ "value": shown });
    if inside.len() > skip + top
        && let Some(body) = body.as_object_mut()
    {
        let path = call.steps.join("/");
        let next = format!("{}/{path}?$top={top}&$skip={}", call.origin, skip + top);
        body.insert("@odata.nextLink".into(), json!(next));
    }
    Ok(answer(200, body))
}

pub(crate) fn show(mailbox: &Mailbox, name: &str) -> Outcome {
    let folder = mailbox.folder(name).ok_or_else(not_found)?;
    Ok(answer(200, present::folder(mailbox, folder)))
}

pub(crate) fn make(mailbox: &mut Mailbox, call: &Call) -> Outcome {
    let body = call.json()?;
    let Some(name) = body.get("displayName").and_then(Value::as_str).filter(|n| !n.is_empty())
    else {
        return Err(refuse(400, "ErrorInvalidRequest", "displayName is required."));
    };
    if mailbox.folders.iter().any(|one| one.parent.is_none() && one.name == name) {
        return Err(refuse(
            409,
            "ErrorFolderExists",
            "A folder with the specified name already exists.",
        ));
    }
    let id = mailbox.add_folder(name, None);
    let made = mailbox.folder(&id).ok_or_else(not_found)?;
    Ok(answer(201, present::folder(mailbox, made)))
}
