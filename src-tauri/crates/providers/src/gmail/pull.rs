//! Reading: a listing newest first (see `listing`), then the history, page by page.
//!
//! Invariant: the history's position is taken before the first message is listed, so nothing that changes
//! meanwhile is missed; it moves only past what a page has told. A start that Gmail has forgotten is
//! `CursorLost`, and everything is listed again.
//! During a listing every page begins with what has happened since: new mail does not wait for its end.

use std::collections::{BTreeMap, BTreeSet};

use deskbell_domain::sync::{Cursor, Page, PullOptions, RemoteChange, RemoteKey};
use deskbell_domain::{Millis, ProviderError};

use super::batch::{self, Format};
use super::cursor::Position;
use super::line::{is_misasked, is_not_there};
use super::listing::{LARGEST_PAGE, left};
use super::meter::{For, price};
use super::wire::{HistoryList, Message, MessageList};
use super::{GmailProvider, SCOPE, map};

/// Records in a page of the history; each names a message, and a new one is fetched.
const RECORDS: u32 = 100;
const KINDS: [&str; 4] = ["messageAdded", "messageDeleted", "labelAdded", "labelRemoved"];

/// What a page of the history brought.
struct Told {
    changes: Vec<RemoteChange>,
    /// The next page of the same history.
    page: Option<String>,
    /// The position after it.
    history: u64,
}

impl GmailProvider {
    pub(super) async fn next_page(
        &self,
        cursor: Option<&Cursor>,
        options: PullOptions,
    ) -> Result<Page, ProviderError> {
        let Some(cursor) = cursor else { return self.begin(options).await };
        let mut position = Position::read(cursor, SCOPE)?;
        position.adopt(options.since);
        let told = self.history(&position, options).await?;
        let mut next = Position { history: told.history, page: told.page, ..position };
        let mut changes = told.changes;
        if next.page.is_none() {
            // First what happened meanwhile, then on with the listing.
            if let Some(listing) = next.listing {
                return self.list(next.history, listing, options, changes, false).await;
            }
            changes.extend(self.renamings(&mut next, options).await?);
        }
        let counts = |change: &RemoteChange| {
            matches!(change, RemoteChange::Message(_) | RemoteChange::Gone(_))
        };
        // A window is counted once: that costs pages of it, and what was counted is forgotten with the next change.
        next.uncounted |= next.since.is_none() && changes.iter().any(counts);
        let listing = next.listing.as_ref();
        let mut remote_total =
            listing.filter(|_| next.since.is_none()).map(|listing| listing.total);
        let more = next.page.is_some() || listing.is_some() || !next.renamed.is_empty();
        let remaining = listing.map(left);
        if next.uncounted && !more {
            remote_total = match next.since {
                Some(since) => Some(self.counted(since).await?),
                None => self.everything().await?,
            };
            next.uncounted = false;
        }
        Ok(Page { changes, more, remaining, remote_total, next: next.write() })
    }

    /// A page of the messages whose label has another name by now, with what they carry.
    async fn renamings(
        &self,
        position: &mut Position,
        options: PullOptions,
    ) -> Result<Vec<RemoteChange>, ProviderError> {
        let names = self.labels.names(&self.line, []).await?;
        let was = std::mem::replace(&mut position.names, names.all().clone());
        let other = |(id, name): &(&String, &String)| was.get(*id).is_some_and(|was| was != *name);
        let renamed = names.all().iter().filter(other).map(|(id, _)| id.clone());
        position.renamed.splice(0..0, renamed);
        let Some(label) = position.renamed.last().cloned() else { return Ok(Vec::new()) };
        let size = options.max_messages.clamp(1, LARGEST_PAGE).to_string();
        let mut asked = vec![
            ("labelIds", label.as_str()),
            ("maxResults", size.as_str()),
            ("includeSpamTrash", "true"),
        ];
        asked.extend(position.renamed_page.as_deref().map(|page| ("pageToken", page)));
        let list: Result<MessageList, ProviderError> =
            self.line.get(&["messages"], &asked, price::LIST, For::Sync).await;
        let list = match list {
            // The page was forgotten: once more from the beginning, which only repeats itself.
            Err(error) if position.renamed_page.is_some() && is_misasked(&error) => {
                position.renamed_page = None;
                return Ok(Vec::new());
            }
            // The label is gone; its messages are told by the history.
            Err(error) if is_misasked(&error) || is_not_there(&error) => {
                position.renamed.pop();
                return Ok(Vec::new());
            }
            list => list?,
        };
        let wanted: Vec<(&str, Format)> =
            list.messages.iter().map(|named| (named.id.as_str(), Format::Minimal)).collect();
        let fetched = batch::fetch(&self.line, &wanted, For::Sync).await?;
        position.renamed_page = list.next_page_token;
        if position.renamed_page.is_none() {
            position.renamed.pop();
        }
        let told = fetched.iter().flat_map(|m| map::state(&m.id, &m.label_ids, &names));
        Ok(told.collect())
    }

    /// A page of what happened since a position.
    async fn history(
        &self,
        position: &Position,
        options: PullOptions,
    ) -> Result<Told, ProviderError> {
        let list = match self.records(position.history, position.page.as_deref(), options).await {
            // The page was forgotten: the same history from its beginning, which repeats nothing but itself.
            Err(error) if position.page.is_some() && is_misasked(&error) => {
                self.records(position.history, None, options).await
            }
            list => list,
        };
        let list = list.map_err(|error| {
            if is_not_there(&error) {
                self.note_listed_before();
                ProviderError::CursorLost(SCOPE.into())
            } else {
                error
            }
        })?;
        let heard = number(&list.history_id)?;
        self.note_heard(heard);
        let history = if list.next_page_token.is_some() { position.history } else { heard };
        let (news, gone) = sorted(&list);
        let mut changes: Vec<RemoteChange> =
            gone.into_iter().map(|id| RemoteChange::Gone(RemoteKey(id))).collect();
        changes.extend(self.current(news, options.since).await?);
        Ok(Told { changes, page: list.next_page_token, history })
    }

    async fn records(
        &self,
        start: u64,
        page: Option<&str>,
        options: PullOptions,
    ) -> Result<HistoryList, ProviderError> {
        let start = start.to_string();
        let size = options.max_messages.clamp(1, RECORDS).to_string();
        let mut asked = vec![("startHistoryId", start.as_str()), ("maxResults", &size)];
        asked.extend(KINDS.map(|kind| ("historyTypes", kind)));
        asked.extend(page.map(|page| ("pageToken", page)));
        self.line.get(&["history"], &asked, price::HISTORY, For::Sync).await
    }

    /// What messages are now, all with their headers.
    pub(super) async fn as_they_are(
        &self,
        keys: &[RemoteKey],
        since: Option<Millis>,
    ) -> Result<Vec<RemoteChange>, ProviderError> {
        let news = keys.iter().map(|key| (key.0.clone(), News::New)).collect();
        self.current(news, since).await
    }

    /// What messages are now, new ones with their headers; one that is gone again is gone.
    async fn current(
        &self,
        mut news: BTreeMap<String, News>,
        since: Option<Millis>,
    ) -> Result<Vec<RemoteChange>, ProviderError> {
        if since.is_some() {
            // One from before the window may have been starred just now, or lost its star.
            for told in news.values_mut() {
                let doubtful = match told {
                    News::New => false,
                    News::Relabelled(labels) => {
                        labels.as_ref().is_none_or(|labels| map::flags(labels).starred)
                    }
                };
                if doubtful {
                    *told = News::New;
                }
            }
        }
        let unknown = news.iter().filter_map(|(id, news)| match news {
            News::New => Some((id.as_str(), Format::Metadata)),
            News::Relabelled(None) => Some((id.as_str(), Format::Minimal)),
            News::Relabelled(Some(_)) => None,
        });
        let wanted: Vec<(&str, Format)> = unknown.collect();
        let fetched: BTreeMap<String, Message> = batch::fetch(&self.line, &wanted, For::Sync)
            .await?
            .into_iter()
            .map(|message| (message.id.clone(), message))
            .collect();
        let carried = news.iter().flat_map(|(id, news)| match news {
            News::Relabelled(Some(labels)) => labels.as_slice(),
            _ => fetched.get(id).map_or(&[][..], |message| message.label_ids.as_slice()),
        });
        let names = self.labels.names(&self.line, carried).await?;
        let mut changes = Vec::new();
        for (id, news) in &news {
            match (news, fetched.get(id)) {
                (News::Relabelled(Some(labels)), _) => {
                    changes.extend(map::state(id, labels, &names))
                }
                (_, None) => changes.push(RemoteChange::Gone(RemoteKey(id.clone()))),
                (News::New, Some(message)) if is_inside(message, since) => {
                    changes.extend(map::message(message, &names).into_iter().flatten());
                }
                (News::New, Some(message)) => {
                    changes.extend(map::state(id, &message.label_ids, &names));
                }
                (News::Relabelled(None), Some(message)) => {
                    changes.extend(map::state(id, &message.label_ids, &names));
                }
            }
        }
        Ok(changes)
    }
}

/// Whether a message lies in the window: it is not older, or it is starred or a draft.
pub(super) fn is_inside(message: &Message, since: Option<Millis>) -> bool {
    let flags = map::flags(&message.label_ids);
    since.is_none_or(|since| {
        flags.starred
            || flags.draft
            || message.internal_date.parse::<Millis>().unwrap_or(0) >= since
    })
}

pub(super) fn number(text: &str) -> Result<u64, ProviderError> {
    text.parse().map_err(|_| super::line::unreadable())
}

/// What happened to a message, all of it together.
#[derive(Clone, Debug, PartialEq, Eq)]
enum News {
    /// It came.
    New,
    /// Its labels changed; to what, where a record said so.
    Relabelled(Option<Vec<String>>),
}

/// What happened to each message of a page of the history: records come in order, one message may be in many,
/// and what is gone in the end is gone.
fn sorted(list: &HistoryList) -> (BTreeMap<String, News>, BTreeSet<String>) {
    let mut news: BTreeMap<String, News> = BTreeMap::new();
    let mut gone = BTreeSet::new();
    for record in &list.history {
        for touched in &record.messages_added {
            gone.remove(&touched.message.id);
            news.insert(touched.message.id.clone(), News::New);
        }
        for touched in record.labels_added.iter().chain(&record.labels_removed) {
            let message = &touched.message;
            let latest = News::Relabelled(message.label_ids.clone());
            match news.get_mut(&message.id) {
                Some(News::New) => {}
                Some(known) => *known = latest,
                None if gone.contains(&message.id) => {}
                None => _ = news.insert(message.id.clone(), latest),
            }
        }
        for touched in &record.messages_deleted {
            news.remove(&touched.message.id);
            gone.insert(touched.message.id.clone());
        }
    }
    (news, gone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_records_the_last_word_counts() {
        let list: HistoryList = serde_json::from_value(serde_json::json!({
            "historyId": "9",
            "history": [
                { "id": "1", "messages": [{ "id": "a" }], "messagesAdded": [{ "message": { "id": "a" } }] },
                { "id": "2", "labelsAdded": [{ "message": { "id": "a" }, "labelIds": ["INBOX"] }] },
                { "id": "3", "labelsAdded": [{ "message": { "id": "b", "labelIds": ["X"] }, "labelIds": ["X"] }] },
                { "id": "4", "labelsRemoved": [{ "message": { "id": "b", "labelIds": [] }, "labelIds": ["X"] }] },
                { "id": "5", "messagesAdded": [{ "message": { "id": "c" } }] },
                { "id": "6", "messagesDeleted": [{ "message": { "id": "c" } }] },
                { "id": "7", "labelsAdded": [{ "message": { "id": "c" }, "labelIds": ["TRASH"] }] },
                { "id": "8", "labelsAdded": [{ "message": { "id": "d" }, "labelIds": ["TRASH"] }] },
            ],
        }))
        .expect("a history");
        let (news, gone) = sorted(&list);
        assert_eq!(news.get("a"), Some(&News::New), "a new message is fetched with all its labels");
        assert_eq!(news.get("b"), Some(&News::Relabelled(Some(Vec::new()))));
        assert_eq!(news.get("d"), Some(&News::Relabelled(None)), "what it carries must be asked");
        assert_eq!(gone.into_iter().collect::<Vec<_>>(), ["c"]);
        assert!(!news.contains_key("c"), "and is not asked for");
    }
}
