//! Copies of messages made here: drafts, which Gmail names apart from the messages they are.

use std::collections::BTreeMap;

use async_trait::async_trait;
use deskbell_domain::message::Flags;
use deskbell_domain::port::{CopyName, CopySink};
use deskbell_domain::sync::RemoteKey;
use deskbell_domain::{MailboxRole, Millis, ProviderError};
use serde_json::{Value, json};

use super::line::{read, yes};
use super::meter::{For, price};
use super::send::{answered, words};
use super::wire::{Draft, DraftList, Named};
use super::{GmailProvider, SCOPE};

/// A page of drafts.
const PAGE: &str = "500";

/// The label that stands for a mailbox.
fn label(role: MailboxRole) -> Option<&'static str> {
    match role {
        MailboxRole::Inbox => Some("INBOX"),
        MailboxRole::Sent => Some("SENT"),
        MailboxRole::Drafts => Some("DRAFT"),
        MailboxRole::Trash => Some("TRASH"),
        MailboxRole::Spam => Some("SPAM"),
        _ => None,
    }
}

impl GmailProvider {
    /// The drafts among messages: message to draft. Asks for nothing where there is nothing to look for.
    pub(super) async fn drafts_of(
        &self,
        keys: &[RemoteKey],
    ) -> Result<BTreeMap<String, String>, ProviderError> {
        let mut found = BTreeMap::new();
        let mut page: Option<String> = None;
        while found.len() < keys.len() {
            let mut asked = vec![("maxResults", PAGE)];
            asked.extend(page.as_deref().map(|page| ("pageToken", page)));
            let list: DraftList =
                self.line.get(&["drafts"], &asked, price::LIST, For::Person).await?;
            let named = list.drafts.into_iter().map(|draft| (draft.message.id, draft.id));
            found.extend(named.filter(|(id, _)| keys.iter().any(|key| key.0 == *id)));
            page = list.next_page_token;
            if page.is_none() {
                break;
            }
        }
        Ok(found)
    }
}

#[async_trait]
impl CopySink for GmailProvider {
    async fn copies(
        &self,
        role: MailboxRole,
        message_id: &str,
    ) -> Result<Vec<CopyName>, ProviderError> {
        let labels: Vec<&str> = label(role).into_iter().collect();
        let found = self.named(message_id, &labels, For::Person).await?;
        Ok(found.into_iter().map(|named| (SCOPE.to_owned(), RemoteKey(named.id))).collect())
    }

    async fn keep(
        &self,
        role: MailboxRole,
        source: &[u8],
        flags: Flags,
        _: Millis,
    ) -> Result<Option<CopyName>, ProviderError> {
        let thread = match answered(source) {
            Some(id) => self.thread_of(&id).await?,
            None => None,
        };
        let mut message = words(thread);
        let id = if role == MailboxRole::Drafts {
            self.line.meter.take(price::DRAFT, For::Person).await;
            let words = json!({ "message": message });
            let answer = yes(self.line.hand_over(&["drafts"], &words, source).await?)?;
            read::<Draft>(&answer)?.message.id
        } else {
            let mut labels: Vec<&str> = label(role).into_iter().collect();
            labels.extend((!flags.seen).then_some("UNREAD"));
            message.insert("labelIds".into(), json!(labels));
            self.line.meter.take(price::INSERT, For::Person).await;
            let words = Value::Object(message);
            let answer = yes(self.line.hand_over(&["messages"], &words, source).await?)?;
            read::<Named>(&answer)?.id
        };
        Ok(Some((SCOPE.to_owned(), RemoteKey(id))))
    }

    async fn forget(&self, copies: &[CopyName]) -> Result<(), ProviderError> {
        let keys: Vec<RemoteKey> = copies.iter().map(|(_, key)| key.clone()).collect();
        self.edit(&keys, &deskbell_domain::sync::StateEdit::Erase).await.map(drop)
    }
}
