//! The mailbox as a whole by listings alone: 500 ids for the price of a quarter of one message, once for all of them
//! and once for each label that says something.
//!
//! Invariant: nothing is believed of it but where it differs from what is here; that is fetched.

use std::collections::{BTreeMap, BTreeSet};

use deskbell_domain::sync::{Listed, RemoteKey};
use deskbell_domain::{Millis, ProviderError};

use super::line::{is_misasked, is_not_there};
use super::listing::{IDS, MAIL, within};
use super::meter::{For, price};
use super::wire::MessageList;
use super::{GmailProvider, map};

/// The labels of Gmail's own by which a message is read, starred, a draft, or in a place.
const TELLING: [&str; 7] = ["UNREAD", "STARRED", "DRAFT", "INBOX", "SENT", "TRASH", "SPAM"];

impl GmailProvider {
    /// Every message of the window.
    pub(super) async fn by_label(
        &self,
        since: Option<Millis>,
    ) -> Result<Vec<Listed>, ProviderError> {
        let names = self.labels.names(&self.line, []).await?;
        let all = self.ids_with(None, since).await?;
        let mut carried: BTreeMap<String, Vec<String>> =
            all.into_iter().map(|id| (id, Vec::new())).collect();
        let own = names.all().keys().map(String::as_str);
        for label in TELLING.into_iter().chain(own) {
            let with = match self.ids_with(Some(label), since).await {
                // Somebody removed the label just now.
                Err(error) if is_misasked(&error) || is_not_there(&error) => continue,
                with => with?,
            };
            for id in with {
                if let Some(labels) = carried.get_mut(&id) {
                    labels.push(label.to_owned());
                }
            }
        }
        let listed = carried.into_iter().map(|(id, labels)| Listed {
            flags: map::flags(&labels),
            role: map::role(&labels),
            labels: names.of(&labels),
            key: RemoteKey(id),
        });
        Ok(listed.collect())
    }

    /// The ids of all messages of the window, or of those with a label.
    async fn ids_with(
        &self,
        label: Option<&str>,
        since: Option<Millis>,
    ) -> Result<BTreeSet<String>, ProviderError> {
        let size = IDS.to_string();
        let query = since.map_or_else(|| MAIL.to_owned(), |edge| format!("{MAIL}{}", within(edge)));
        let (mut ids, mut page): (BTreeSet<String>, Option<String>) = Default::default();
        let mut again = false;
        loop {
            let mut asked =
                vec![("maxResults", size.as_str()), ("includeSpamTrash", "true"), ("q", &query)];
            asked.extend(label.map(|label| ("labelIds", label)));
            asked.extend(page.as_deref().map(|page| ("pageToken", page)));
            let list: Result<MessageList, ProviderError> =
                self.line.get(&["messages"], &asked, price::LIST, For::Sync).await;
            let list = match list {
                // The page was forgotten: from the beginning, once.
                Err(error) if page.is_some() && !again && is_misasked(&error) => {
                    (again, page) = (true, None);
                    continue;
                }
                list => list?,
            };
            ids.extend(list.messages.into_iter().map(|named| named.id));
            page = list.next_page_token;
            if page.is_none() {
                return Ok(ids);
            }
        }
    }
}
