//! Labels: the system's and the owner's.

use serde_json::{Value, json};

use super::call::{Answered, Call, invalid, refusal};
use super::mailbox::{GmailMailbox, SYSTEM};

/// A name has at most so many characters.
const LONGEST: usize = 225;

pub(super) fn list(mailbox: &GmailMailbox) -> Value {
    let system = SYSTEM.iter().map(|id| json!({ "id": id, "name": id, "type": "system" }));
    let own = mailbox.labels.iter().map(|(id, name)| shown(id, name));
    json!({ "labels": system.chain(own).collect::<Vec<_>>() })
}

fn shown(id: &str, name: &str) -> Value {
    json!({
        "id": id,
        "name": name,
        "type": "user",
        "messageListVisibility": "show",
        "labelListVisibility": "labelShow",
    })
}

pub(super) fn create(mailbox: &mut GmailMailbox, call: &Call) -> Result<Answered, Answered> {
    let asked = call.json()?;
    let name = asked.get("name").and_then(Value::as_str).unwrap_or_default();
    if name.is_empty() || name.chars().count() > LONGEST {
        return Err(invalid("Invalid label name"));
    }
    let known = |other: &str| other.eq_ignore_ascii_case(name);
    if SYSTEM.iter().any(|id| known(id)) || mailbox.labels.values().any(|other| known(other)) {
        return Err(refusal(409, "ABORTED", "aborted", "Label name exists or conflicts"));
    }
    let id = mailbox.label(name);
    Ok((200, shown(&id, name)))
}
