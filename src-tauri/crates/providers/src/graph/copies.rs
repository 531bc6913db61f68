//! Copies of drafts in the mailbox. Sent messages are kept by Microsoft itself.

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use deskbell_domain::message::Flags;
use deskbell_domain::port::{CopyName, CopySink};
use deskbell_domain::sync::{RemoteKey, RemoteScope};
use deskbell_domain::{MailboxRole, Millis, ProviderError};
use reqwest::Method;

use super::attach::{fits_one_request, keep_in_pieces};
use super::client::Graph;
use super::folders::well_known;
use super::map::{self, SELECT_DRAFT};
use super::wire::{Collection, Item};
use super::{GraphProvider, edit};

/// Copies of one message looked for.
const COPIES: &str = "50";

/// The messages of this Message-ID, in one folder or in all of the mailbox.
pub(super) async fn named(
    graph: &Graph,
    folder: Option<&str>,
    message_id: &str,
) -> Result<Vec<Item>, ProviderError> {
    let filter = format!("internetMessageId eq '<{}>'", message_id.replace('\'', "''"));
    let query = [("$filter", filter.as_str()), ("$select", SELECT_DRAFT), ("$top", COPIES)];
    let ask = match folder {
        Some(folder) => {
            graph.request(Method::GET, &["me", "mailFolders", folder, "messages"], &query)
        }
        None => graph.request(Method::GET, &["me", "messages"], &query),
    };
    match graph.json::<Collection<Item>>(ask?).await? {
        Ok(found) => Ok(found.value),
        Err(refusal) if refusal.is_gone() => Ok(Vec::new()),
        Err(refusal) => Err(refusal.into()),
    }
}

/// Makes a draft of a whole message.
pub(super) async fn draft(
    graph: &Graph,
    folder: &str,
    source: &[u8],
) -> Result<Item, ProviderError> {
    let ask = graph.request(
        Method::POST,
        &["me", "mailFolders", folder, "messages"],
        &[("$select", SELECT_DRAFT)],
    )?;
    let made = graph.json::<Item>(ask.body("text/plain", STANDARD.encode(source))).await?;
    made.map_err(ProviderError::from)
}

#[async_trait]
impl CopySink for GraphProvider {
    async fn copies(
        &self,
        role: MailboxRole,
        message_id: &str,
    ) -> Result<Vec<CopyName>, ProviderError> {
        let Some(folder) = well_known(role) else { return Ok(Vec::new()) };
        let found = named(&self.graph, Some(folder), message_id).await?;
        let name = |item: Item| {
            let key = map::key(&item, role == MailboxRole::Drafts);
            item.parent_folder_id.map(|scope| (scope, key))
        };
        Ok(found.into_iter().filter_map(name).collect())
    }

    /// A draft whose text alone is more than one request takes is not kept: its writer has it here.
    async fn keep(
        &self,
        role: MailboxRole,
        source: &[u8],
        _: Flags,
        _: Millis,
    ) -> Result<Option<CopyName>, ProviderError> {
        let Some(folder) = well_known(role).filter(|_| role == MailboxRole::Drafts) else {
            return Err(ProviderError::Rejected {
                code: "folder".into(),
                message: "Microsoft takes copies of drafts only; what it sends it keeps by itself"
                    .into(),
            });
        };
        let made = if fits_one_request(source) {
            Some(draft(&self.graph, folder, source).await?)
        } else {
            keep_in_pieces(&self.graph, folder, source).await?
        };
        let Some(made) = made else { return Ok(None) };
        // As deltas will tell it: what is answered right after a draft is made may lack properties.
        let made = super::pull::one(&self.graph, &made.id, SELECT_DRAFT).await?;
        Ok(made.and_then(|item| {
            let key = map::key(&item, true);
            item.parent_folder_id.map(|scope| (scope, key))
        }))
    }

    async fn forget(&self, copies: &[CopyName]) -> Result<(), ProviderError> {
        for (folder, key) in copies {
            let scope = RemoteScope {
                key: folder.clone(),
                name: String::new(),
                role: role_of(key),
                selectable: true,
            };
            if edit::is_the_same(&self.graph, &scope, key).await? {
                edit::erase(&self.graph, map::id_of(key)).await?;
            }
        }
        Ok(())
    }
}

/// Only keys among drafts tell what is written.
fn role_of(key: &RemoteKey) -> MailboxRole {
    if map::id_of(key) == key.0 { MailboxRole::Other } else { MailboxRole::Drafts }
}
