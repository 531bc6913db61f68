//! Writing back what a person did: every edit but erasing is a change of labels.
//!
//! Invariant: repeating a change is harmless. A message that is gone counts as done: changed alone it is left
//! out of the answer, changed with many others the history says so afterwards.

use deskbell_domain::sync::{EditOutcome, RemoteKey, StateEdit};
use deskbell_domain::{MailboxRole, ProviderError};
use reqwest::Method;

use super::batch::{self, Format};
use super::line::{is_misasked, is_not_there};
use super::meter::{For, price};
use super::wire::Modify;
use super::{GmailProvider, SCOPE};

/// From so many messages on, one request for all costs less than one for each.
const TOGETHER: usize = (price::BATCH_MODIFY / price::MODIFY) as usize;
/// Messages in one request.
const LARGEST: usize = 1_000;

/// Labels to put on and to take off.
#[derive(Debug, Default, PartialEq, Eq)]
struct Change {
    add: Vec<String>,
    remove: Vec<String>,
}

/// What a move means in labels. What was sent or is a draft keeps that label: it lies there again once nothing
/// else holds it.
fn moved(to: MailboxRole) -> Change {
    let (add, remove): (&[&str], &[&str]) = match to {
        MailboxRole::Inbox => (&["INBOX"], &["TRASH", "SPAM"]),
        MailboxRole::Trash => (&["TRASH"], &["INBOX", "SPAM"]),
        MailboxRole::Spam => (&["SPAM"], &["INBOX", "TRASH"]),
        _ => (&[], &["INBOX", "TRASH", "SPAM"]),
    };
    let owned = |labels: &[&str]| labels.iter().map(|label| (*label).to_owned()).collect();
    Change { add: owned(add), remove: owned(remove) }
}

fn toggled(label: &str, value: bool) -> Change {
    let one = vec![label.to_owned()];
    if value {
        Change { add: one, remove: Vec::new() }
    } else {
        Change { add: Vec::new(), remove: one }
    }
}

impl GmailProvider {
    pub(super) async fn edit(
        &self,
        keys: &[RemoteKey],
        edit: &StateEdit,
    ) -> Result<Vec<EditOutcome>, ProviderError> {
        let change = match edit {
            StateEdit::Seen { value } => toggled("UNREAD", !value),
            StateEdit::Starred { value } => toggled("STARRED", *value),
            StateEdit::Move { to } => moved(*to),
            // Gmail shows answers by the thread; there is nothing to write.
            StateEdit::Answered { .. } => return Ok(done(keys, edit)),
            StateEdit::Label { name, keyword, value } => {
                let name = if name.is_empty() { keyword } else { name };
                match self.labels.id(&self.line, name, *value).await? {
                    Some(id) => toggled(&id, *value),
                    // What does not exist is on nothing.
                    None => return Ok(done(keys, edit)),
                }
            }
            StateEdit::Erase => return self.erase(keys).await,
        };
        let outcome = self.relabel(keys, edit, &change).await;
        if let (Err(error), StateEdit::Label { .. }) = (&outcome, edit)
            && is_misasked(error)
        {
            // The label may have been removed there, and another made of the same name.
            self.labels.forget();
        }
        outcome
    }

    async fn relabel(
        &self,
        keys: &[RemoteKey],
        edit: &StateEdit,
        change: &Change,
    ) -> Result<Vec<EditOutcome>, ProviderError> {
        let (add, remove): (Vec<&str>, Vec<&str>) = (
            change.add.iter().map(String::as_str).collect(),
            change.remove.iter().map(String::as_str).collect(),
        );
        let body = |ids: &[&str]| {
            let modify = Modify { ids, add_label_ids: &add, remove_label_ids: &remove };
            serde_json::to_vec(&modify).unwrap_or_default().into()
        };
        if keys.len() > TOGETHER {
            for chunk in keys.chunks(LARGEST) {
                let ids: Vec<&str> = chunk.iter().map(|key| key.0.as_str()).collect();
                let path = ["messages", "batchModify"];
                self.line.tell(Method::POST, &path, body(&ids), price::BATCH_MODIFY).await?;
            }
            return Ok(done(keys, edit));
        }
        let mut outcomes = Vec::with_capacity(keys.len());
        for key in keys {
            let path = ["messages", key.0.as_str(), "modify"];
            match self.line.tell(Method::POST, &path, body(&[]), price::MODIFY).await {
                Ok(_) => outcomes.extend(done(std::slice::from_ref(key), edit)),
                Err(error) if is_not_there(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(outcomes)
    }

    /// Erases messages for good. Drafts go by their own names, which a narrower permission allows.
    async fn erase(&self, keys: &[RemoteKey]) -> Result<Vec<EditOutcome>, ProviderError> {
        let drafts = self.drafts_of(keys).await?;
        let mut outcomes = Vec::new();
        for key in keys {
            let path: [&str; 2] = match drafts.get(&key.0) {
                Some(draft) => ["drafts", draft],
                None => ["messages", &key.0],
            };
            match self.line.tell(Method::DELETE, &path, bytes::Bytes::new(), price::ERASE).await {
                Ok(_) => outcomes.extend(done(std::slice::from_ref(key), &StateEdit::Erase)),
                Err(error) if is_not_there(&error) => {}
                // Asked of what is gone already, a narrower permission is refused all the same.
                Err(ProviderError::Auth(_)) => {
                    let wanted = [(key.0.as_str(), Format::Minimal)];
                    if !batch::fetch(&self.line, &wanted, For::Person).await?.is_empty() {
                        return Err(ProviderError::Rejected {
                            code: "403".into(),
                            message: NOT_ERASED.into(),
                        });
                    }
                }
                Err(error) => return Err(error),
            }
        }
        Ok(outcomes)
    }
}

/// What is said where mail may not be erased for good.
const NOT_ERASED: &str =
    "Gmail was not given the permission to erase mail for good; move it to the trash instead";

fn done(keys: &[RemoteKey], edit: &StateEdit) -> Vec<EditOutcome> {
    let moves = matches!(edit, StateEdit::Move { .. });
    keys.iter()
        .map(|key| EditOutcome {
            key: key.clone(),
            // It has the same name wherever it lies.
            moved_to: moves.then(|| (SCOPE.to_owned(), key.clone())),
        })
        .collect()
}
