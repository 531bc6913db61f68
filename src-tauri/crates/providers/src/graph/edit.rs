//! What a person did to messages, told to Graph one message at a time.
//!
//! Invariant: nothing is moved or erased that is not in the folder it is believed to be in: under an id that
//! stays, a message somebody else has moved meanwhile would be found all the same.

use async_trait::async_trait;
use deskbell_domain::label::{name_key, name_of_keyword};
use deskbell_domain::port::StateSink;
use deskbell_domain::sync::{Cursor, EditOutcome, RemoteKey, RemoteScope, StateEdit};
use deskbell_domain::{MailboxRole, ProviderError};
use futures::{StreamExt as _, TryStreamExt as _};
use reqwest::Method;
use serde_json::{Value, json};

use super::GraphProvider;
use super::client::{Graph, Refusal, refused};
use super::cursor::Position;
use super::folders::well_known;
use super::map::{self, ANSWERED, LAST_VERB};
use super::pull::{among_drafts, one};
use super::wire::{Item, MailFolder};
use crate::http::Ask;

/// What an edit must know of a message first.
const WHERE: &str = "id,parentFolderId,categories";
/// The folder made where a mailbox has no archive.
const ARCHIVE: &str = "Archive";
/// Edits made ready at the same time.
const READY: usize = 8;

#[async_trait]
impl StateSink for GraphProvider {
    async fn apply(
        &self,
        scope: &RemoteScope,
        cursor: Option<&Cursor>,
        keys: &[RemoteKey],
        edit: &StateEdit,
    ) -> Result<Vec<EditOutcome>, ProviderError> {
        if cursor.is_some_and(|cursor| Position::read(cursor).is_none()) {
            return Err(ProviderError::CursorLost(scope.key.clone()));
        }
        let target = match edit {
            StateEdit::Move { to } if *to == scope.role => Some(scope.key.clone()),
            StateEdit::Move { to } => Some(self.folder_for(*to).await?),
            _ => None,
        };
        let graph = &self.graph;
        let done = futures::stream::iter(keys.to_vec())
            .map(|key| {
                let target = target.as_deref();
                async move { apply(graph, scope, key, edit, target).await }
            })
            .buffered(READY)
            .try_collect::<Vec<_>>();
        Ok(done.await?.into_iter().flatten().collect())
    }
}

impl GraphProvider {
    /// The id of the folder with this role; an archive is made where there is none.
    pub(super) async fn folder_for(&self, role: MailboxRole) -> Result<String, ProviderError> {
        if let Some((id, _)) = self.roles().await?.into_iter().find(|(_, known)| *known == role) {
            return Ok(id);
        }
        if role != MailboxRole::Archive {
            let message = match well_known(role) {
                Some(name) => format!("Microsoft has no folder “{name}” in this mailbox"),
                None => "Microsoft has no such folder".to_owned(),
            };
            return Err(ProviderError::Rejected { code: "folder".into(), message });
        }
        let ask = self.graph.request(Method::POST, &["me", "mailFolders"], &[])?;
        let ask = ask.body("application/json", json!({ "displayName": ARCHIVE }).to_string());
        match self.graph.json::<MailFolder>(ask).await? {
            Ok(made) => Ok(self.is_archive(made.id)),
            Err(refusal) if refusal.code == "ErrorFolderExists" => {
                let folders = super::folders::list(&self.graph).await?;
                let mut named = folders
                    .into_iter()
                    .filter(|folder| folder.display_name.as_deref() == Some(ARCHIVE));
                named.next().map(|folder| self.is_archive(folder.id)).ok_or_else(|| refusal.into())
            }
            Err(refusal) => Err(refusal.into()),
        }
    }

    fn is_archive(&self, id: String) -> String {
        super::lock(&self.roles).insert(id.clone(), MailboxRole::Archive);
        id
    }
}

async fn apply(
    graph: &Graph,
    scope: &RemoteScope,
    key: RemoteKey,
    edit: &StateEdit,
    target: Option<&str>,
) -> Result<Option<EditOutcome>, ProviderError> {
    let id = map::id_of(&key).to_owned();
    let change = match edit {
        StateEdit::Seen { value } => json!({ "isRead": value }),
        StateEdit::Starred { value } => {
            json!({ "flag": { "flagStatus": if *value { "flagged" } else { "notFlagged" } } })
        }
        StateEdit::Answered { value } => {
            let [verb, _] = ANSWERED;
            let verb = if *value { verb } else { "0" };
            json!({ "singleValueExtendedProperties": [{ "id": LAST_VERB, "value": verb }] })
        }
        StateEdit::Label { keyword, name, value } => {
            let Some(item) = there(graph, scope, &id).await? else { return Ok(None) };
            let name = if name.is_empty() { name_of_keyword(keyword) } else { name.clone() };
            match relabelled(item.categories.unwrap_or_default(), &name, *value) {
                Some(categories) => json!({ "categories": categories }),
                None => return Ok(Some(EditOutcome { key, moved_to: None })),
            }
        }
        StateEdit::Move { .. } => {
            let Some(target) = target else { return Ok(None) };
            return relocate(graph, scope, key, &id, target).await;
        }
        StateEdit::Erase => {
            if !is_the_same(graph, scope, &key).await? {
                return Ok(None);
            }
            let erased = erase(graph, &id).await?;
            return Ok(erased.then_some(EditOutcome { key, moved_to: None }));
        }
    };
    let ask = graph.request(Method::PATCH, &["me", "messages", &id], &[])?;
    let ask = ask.body("application/json", change.to_string());
    let known = graph.json::<Item>(ask).await?;
    let Some(item) = unless_gone(known)? else { return Ok(None) };
    let here = item.parent_folder_id.is_none_or(|folder| folder == scope.key);
    Ok(here.then_some(EditOutcome { key, moved_to: None }))
}

/// The categories with one put in or taken out; `None` where nothing changes.
fn relabelled(mut categories: Vec<String>, name: &str, value: bool) -> Option<Vec<String>> {
    let same = |known: &String| name_key(known) == name_key(name);
    if categories.iter().any(same) == value {
        return None;
    }
    if value {
        categories.push(name.to_owned());
    } else {
        categories.retain(|known| !same(known));
    }
    Some(categories)
}

fn unless_gone<T>(known: Result<T, Refusal>) -> Result<Option<T>, ProviderError> {
    match known {
        Ok(known) => Ok(Some(known)),
        Err(refusal) if refusal.is_gone() => Ok(None),
        Err(refusal) => Err(refusal.into()),
    }
}

/// The message, if it is in the folder.
async fn there(
    graph: &Graph,
    scope: &RemoteScope,
    id: &str,
) -> Result<Option<Item>, ProviderError> {
    let ask = graph.request(Method::GET, &["me", "messages", id], &[("$select", WHERE)])?;
    let item = unless_gone(graph.json::<Item>(ask).await?)?;
    Ok(item.filter(|item| item.parent_folder_id.as_deref() == Some(&scope.key)))
}

/// Whether the copy is in the folder, and, of a draft, says what it said.
pub(super) async fn is_the_same(
    graph: &Graph,
    scope: &RemoteScope,
    key: &RemoteKey,
) -> Result<bool, ProviderError> {
    let id = map::id_of(key);
    if id == key.0 {
        return Ok(there(graph, scope, id).await?.is_some());
    }
    let item = one(graph, id, map::SELECT_DRAFT).await?;
    Ok(item.is_some_and(|item| {
        item.parent_folder_id.as_deref() == Some(&scope.key)
            && map::key(&item, among_drafts(scope)) == *key
    }))
}

async fn relocate(
    graph: &Graph,
    scope: &RemoteScope,
    key: RemoteKey,
    id: &str,
    target: &str,
) -> Result<Option<EditOutcome>, ProviderError> {
    if there(graph, scope, id).await?.is_none() {
        return Ok(None);
    }
    if target == scope.key {
        return Ok(Some(EditOutcome { key, moved_to: None }));
    }
    let ask = graph.request(Method::POST, &["me", "messages", id, "move"], &[])?;
    let ask = ask.body("application/json", json!({ "destinationId": target }).to_string());
    let Some(moved) = unless_gone(graph.json::<Item>(ask).await?)? else { return Ok(None) };
    let named = !moved.id.is_empty();
    let moved_to = named.then(|| (target.to_owned(), RemoteKey(moved.id)));
    Ok(Some(EditOutcome { key, moved_to }))
}

/// Erases for good; where a mailbox knows no `permanentDelete`, into what only its owner can recover.
pub(super) async fn erase(graph: &Graph, id: &str) -> Result<bool, ProviderError> {
    let post = graph.request(Method::POST, &["me", "messages", id, "permanentDelete"], &[])?;
    let delete = graph.request(Method::DELETE, &["me", "messages", id], &[])?;
    let answer = graph.ask(post).await?;
    let Some(refusal) = refused(&answer)? else { return Ok(true) };
    if !matches!(refusal.status, 400 | 404 | 405) {
        return Err(refusal.into());
    }
    let answer = graph.ask(delete).await?;
    match refused(&answer)? {
        None => Ok(true),
        Some(refusal) if refusal.is_gone() => Ok(false),
        Some(refusal) => Err(refusal.into()),
    }
}

/// Hands something over as JSON.
pub(super) fn post(graph: &Graph, path: &[&str], body: &Value) -> Result<Ask, ProviderError> {
    Ok(graph.request(Method::POST, path, &[])?.body("application/json", body.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_put_on_and_taken_away_whatever_its_case() {
        let colours = || vec!["Blue category".to_owned(), "Straße".to_owned()];
        assert_eq!(relabelled(colours(), "straße", true), None, "it is there");
        assert_eq!(relabelled(colours(), "VIP", false), None, "it is not there");
        let with = relabelled(colours(), "VIP", true).expect("a change");
        assert_eq!(with, ["Blue category", "Straße", "VIP"]);
        let without = relabelled(colours(), "blue CATEGORY", false).expect("a change");
        assert_eq!(without, ["Straße"], "the others stay");
    }
}
