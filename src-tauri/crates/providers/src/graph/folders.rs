//! The tree of folders, and which of them has which role.
//!
//! Graph tells a folder's well-known name only when asked for by it, so each name is looked up once and its id
//! remembered; ids of folders stay.

use std::collections::BTreeMap;

use deskbell_domain::sync::RemoteScope;
use deskbell_domain::{MailboxRole, ProviderError};
use futures::{StreamExt as _, TryStreamExt as _};
use reqwest::Method;

use super::client::{Graph, Refusal, read};
use super::wire::{Collection, MailFolder};
use crate::http::Ask;

/// Folders asked for at once.
const PAGE: u32 = 200;
/// A tree of more pages than this is no tree.
const PAGES: usize = 500;

/// Well-known names (`microsoft.graph.mailFolder`, "Well-known folder names") and their roles. `Outbox` is
/// where mail rests for a moment on its way out: nothing in it is worth showing.
pub(crate) const WELL_KNOWN: [(&str, MailboxRole); 7] = [
    ("inbox", MailboxRole::Inbox),
    ("archive", MailboxRole::Archive),
    ("drafts", MailboxRole::Drafts),
    ("sentitems", MailboxRole::Sent),
    ("deleteditems", MailboxRole::Trash),
    ("junkemail", MailboxRole::Spam),
    ("outbox", MailboxRole::Outbox),
];

/// The well-known name of the folder with this role; `None` where Graph has none.
pub(crate) fn well_known(role: MailboxRole) -> Option<&'static str> {
    WELL_KNOWN.iter().find(|(_, known)| *known == role).map(|(name, _)| *name)
}

/// Said of a delta that ends without a link.
pub(crate) const BROKEN_OFF: &str =
    "Microsoft's list of changes breaks off without a place to go on from";

/// Roles by the id of their folder.
pub(crate) type Roles = BTreeMap<String, MailboxRole>;

/// Looks up the ids of the well-known folders that are not known yet. One that is not there has none.
pub(crate) async fn roles(graph: &Graph, mut known: Roles) -> Result<Roles, ProviderError> {
    let wanted = WELL_KNOWN.into_iter().map(|(_, role)| role);
    let missing: Vec<MailboxRole> =
        wanted.filter(|role| !known.values().any(|have| have == role)).collect();
    let looked = futures::stream::iter(missing)
        .map(|role| async move {
            let name = well_known(role).unwrap_or_default();
            Ok::<_, ProviderError>((id(graph, name).await?, role))
        })
        .buffer_unordered(WELL_KNOWN.len())
        .try_collect::<Vec<_>>();
    for (id, role) in looked.await? {
        if let Some(id) = id {
            known.insert(id, role);
        }
    }
    Ok(known)
}

/// The id of a folder by its well-known name.
async fn id(graph: &Graph, name: &str) -> Result<Option<String>, ProviderError> {
    let path = ["me", "mailFolders", name];
    let ask = graph.request(Method::GET, &path, &[("$select", "id,displayName")])?;
    match graph.json::<MailFolder>(ask).await? {
        Ok(folder) => Ok(Some(folder.id)),
        Err(refusal) if refusal.is_gone() => Ok(None),
        Err(refusal) => Err(refusal.into()),
    }
}

/// Every folder there is now.
pub(crate) async fn list(graph: &Graph) -> Result<Vec<MailFolder>, ProviderError> {
    let select = "id,displayName,parentFolderId,totalItemCount";
    let mut url = graph.url(&["me", "mailFolders", "delta"], &[("$select", select)])?;
    let mut folders: BTreeMap<String, MailFolder> = BTreeMap::new();
    for _ in 0..PAGES {
        let answer = graph.ask_preferring(Ask::get(url), Some(PAGE)).await?;
        let page: Result<Collection<MailFolder>, Refusal> = read(&answer)?;
        let page = page.map_err(ProviderError::from)?;
        for folder in page.value {
            if folder.removed.is_some() {
                folders.remove(&folder.id);
            } else {
                folders.insert(folder.id.clone(), folder);
            }
        }
        match (page.next, page.delta) {
            (Some(next), _) => url = own_link(graph, &next)?,
            (None, Some(_)) => return Ok(folders.into_values().collect()),
            // An answer of somebody else's: taken for the end, it would mean that every folder not in it is gone.
            (None, None) => return Err(ProviderError::Protocol(BROKEN_OFF.into())),
        }
    }
    Err(ProviderError::Protocol("Microsoft's list of folders has no end".into()))
}

/// How many messages a folder holds now; `None` where it does not say.
pub(crate) async fn count(graph: &Graph, id: &str) -> Result<Option<u64>, ProviderError> {
    let ask = graph.request(
        Method::GET,
        &["me", "mailFolders", id],
        &[("$select", "id,totalItemCount")],
    )?;
    // A refusal says nothing of the messages; the next list of folders tells.
    let folder = graph.json::<MailFolder>(ask).await?;
    Ok(folder.ok().and_then(|folder| folder.total_item_count))
}

/// Whether the mailbox as a whole may be read, where one folder may not.
pub(crate) async fn any(graph: &Graph) -> Result<(), ProviderError> {
    let ask =
        graph.request(Method::GET, &["me", "mailFolders"], &[("$top", "1"), ("$select", "id")])?;
    graph.json::<Collection<MailFolder>>(ask).await?.map(drop).map_err(ProviderError::from)
}

/// A link out of an answer; one that leads elsewhere is not followed.
pub(crate) fn own_link(graph: &Graph, link: &str) -> Result<reqwest::Url, ProviderError> {
    graph.api.own(link).ok_or_else(|| {
        let words =
            "Microsoft's answer points to an address that is not its own; it was not followed";
        ProviderError::Protocol(words.into())
    })
}

/// The scopes of a tree.
pub(crate) fn scopes(folders: &[MailFolder], roles: &Roles) -> Vec<RemoteScope> {
    let by_id: BTreeMap<&str, &MailFolder> =
        folders.iter().map(|folder| (folder.id.as_str(), folder)).collect();
    let mut scopes: Vec<RemoteScope> = folders
        .iter()
        .map(|folder| {
            let role = roles.get(&folder.id).copied().unwrap_or(MailboxRole::Other);
            let on_its_way = role == MailboxRole::Outbox;
            RemoteScope {
                key: folder.id.clone(),
                name: path(folder, &by_id),
                role: if on_its_way { MailboxRole::Other } else { role },
                selectable: !on_its_way,
            }
        })
        .collect();
    scopes.sort_by(|a, b| (rank(a), &a.name).cmp(&(rank(b), &b.name)));
    scopes
}

fn rank(scope: &RemoteScope) -> Option<usize> {
    MailboxRole::EVERY.iter().position(|role| *role == scope.role)
}

/// The names from the top, separated by `/`.
fn path(folder: &MailFolder, by_id: &BTreeMap<&str, &MailFolder>) -> String {
    let mut names = Vec::new();
    let mut here = Some(folder);
    // A tree in which a folder is above itself ends all the same.
    while let Some(folder) = here.filter(|_| names.len() <= by_id.len()) {
        names.push(folder.display_name.as_deref().unwrap_or_default());
        here = folder.parent_folder_id.as_deref().and_then(|id| by_id.get(id)).copied();
    }
    names.reverse();
    names.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(id: &str, name: &str, parent: Option<&str>) -> MailFolder {
        MailFolder {
            id: id.into(),
            removed: None,
            display_name: Some(name.into()),
            parent_folder_id: parent.map(str::to_owned),
            total_item_count: Some(0),
        }
    }

    #[test]
    fn folders_are_named_from_the_top_and_a_ring_of_folders_has_an_end() {
        let folders = [
            folder("1", "Inbox", Some("root")),
            folder("2", "Clients", Some("1")),
            folder("3", "Snake", Some("4")),
            folder("4", "Tail", Some("3")),
            folder("5", "Outbox", Some("root")),
        ];
        let roles = Roles::from([
            ("1".to_owned(), MailboxRole::Inbox),
            ("5".to_owned(), MailboxRole::Outbox),
        ]);
        let scopes = scopes(&folders, &roles);
        let named = |key: &str| scopes.iter().find(|scope| scope.key == key).expect("a scope");
        assert_eq!(named("2").name, "Inbox/Clients");
        assert_eq!(named("1").role, MailboxRole::Inbox);
        assert!(!named("5").selectable, "mail on its way out is not synced");
        assert!(named("3").name.contains("Tail"));
    }
}
