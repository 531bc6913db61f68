//! Reading: a listing newest first, then the history, page by page.
//!
//! Invariant: the history's position is taken before the first message is listed, so nothing that changes
//! meanwhile is missed; it moves only past what a page has told. A start that Gmail has forgotten is
//! `CursorLost`, and everything is listed again.
//! During a listing every page begins with what has happened since: new mail does not wait for its end.

use std::collections::{BTreeMap, BTreeSet};

use deskbell_domain::ProviderError;
use deskbell_domain::sync::{Cursor, Page, PullOptions, RemoteChange, RemoteKey};

use super::batch::{self, Format, LARGEST};
use super::cursor::{Listing, Position};
use super::labels::Names;
use super::line::{is_misasked, is_not_there};
use super::meter::{For, price};
use super::wire::{HistoryList, Message, MessageList, Profile};
use super::{GmailProvider, SCOPE, map};

/// Records in a page of the history; each names a message, and a new one is fetched.
const RECORDS: u32 = 100;
/// A page of ids, where nothing else is fetched of them.
const IDS: u32 = 500;
/// Larger messages are listed by their headers, and their bodies fetched one by one: fifty of them in one answer
/// would be too much.
const LARGE: &str = "larger:512K";
/// Chats are no mail.
const MAIL: &str = "-in:chats";
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
        let position = Position::read(cursor, SCOPE)?;
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
        let listing = next.listing.as_ref();
        Ok(Page {
            changes,
            more: next.page.is_some() || listing.is_some() || !next.renamed.is_empty(),
            remaining: listing.map(left),
            remote_total: listing.map(|listing| listing.total),
            next: next.write(),
        })
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

    /// The first page of a listing.
    async fn begin(&self, options: PullOptions) -> Result<Page, ProviderError> {
        let profile: Profile = self.line.get(&["profile"], &[], price::PROFILE, For::Sync).await?;
        let history = number(&profile.history_id)?;
        let again = self.listed_before();
        let total = profile.messages_total;
        let listing = Listing { total, again, ..Listing::default() };
        self.list(history, listing, options, Vec::new(), !options.bodies).await
    }

    /// One page of a listing. A glimpse brings headers alone.
    async fn list(
        &self,
        history: u64,
        mut listing: Listing,
        options: PullOptions,
        mut changes: Vec<RemoteChange>,
        glimpse: bool,
    ) -> Result<Page, ProviderError> {
        let size = options.max_messages.clamp(1, LARGEST_PAGE);
        let list = match self.ids(&listing, size).await {
            Err(error) if listing.page.is_some() && is_misasked(&error) => {
                tracing::info!("a listing goes on by date: its page was forgotten");
                listing.page = None;
                // The second itself may hold more of them.
                listing.before = listing.oldest.map(|ms| ms.div_euclid(1_000) + 1);
                self.ids(&listing, size).await?
            }
            list => list?,
        };
        let headers_only = glimpse || listing.again;
        let large = if headers_only { BTreeSet::new() } else { self.large().await? };
        let format = |id: &str| {
            if headers_only || large.contains(id) { Format::Metadata } else { Format::Raw }
        };
        let wanted: Vec<(&str, Format)> =
            list.messages.iter().map(|named| (named.id.as_str(), format(&named.id))).collect();
        let fetched = batch::fetch(&self.line, &wanted, For::Sync).await?;
        let dates = fetched.iter().filter_map(|message| message.internal_date.parse::<i64>().ok());
        listing.oldest = dates.min().into_iter().chain(listing.oldest).min();
        listing.seen += list.messages.len() as u64;
        listing.page = list.next_page_token;
        changes.extend(self.messages(&fetched).await?);
        let ended = listing.page.is_none();
        if ended {
            self.forget_large();
        }
        let (remaining, total) = (left(&listing), listing.total);
        let names = if ended { self.labels.names(&self.line, []).await? } else { Names::default() };
        let next = Position {
            history,
            listing: Some(listing).filter(|_| !ended),
            names: names.all().clone(),
            ..Position::default()
        };
        Ok(Page {
            changes,
            next: next.write(),
            more: !ended,
            remote_total: Some(total),
            remaining: Some(remaining).filter(|_| !ended),
        })
    }

    async fn ids(&self, listing: &Listing, size: u32) -> Result<MessageList, ProviderError> {
        let size = size.to_string();
        let query = match listing.before {
            Some(second) => format!("{MAIL} before:{second}"),
            None => MAIL.to_owned(),
        };
        let mut asked =
            vec![("maxResults", size.as_str()), ("includeSpamTrash", "true"), ("q", &query)];
        asked.extend(listing.page.as_deref().map(|page| ("pageToken", page)));
        self.line.get(&["messages"], &asked, price::LIST, For::Sync).await
    }

    /// The ids of large messages, looked up once in a listing.
    async fn large(&self) -> Result<BTreeSet<String>, ProviderError> {
        if let Some(known) = self.known_large() {
            return Ok(known);
        }
        let mut large = BTreeSet::new();
        let size = IDS.to_string();
        let mut page: Option<String> = None;
        loop {
            let mut asked =
                vec![("maxResults", size.as_str()), ("includeSpamTrash", "true"), ("q", LARGE)];
            asked.extend(page.as_deref().map(|page| ("pageToken", page)));
            let list: MessageList =
                self.line.get(&["messages"], &asked, price::LIST, For::Sync).await?;
            large.extend(list.messages.into_iter().map(|named| named.id));
            page = list.next_page_token;
            if page.is_none() {
                break;
            }
        }
        self.remember_large(large.clone());
        Ok(large)
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
        changes.extend(self.current(news).await?);
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

    /// What messages are now, new ones with their headers; one that is gone again is gone.
    async fn current(
        &self,
        news: BTreeMap<String, News>,
    ) -> Result<Vec<RemoteChange>, ProviderError> {
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
                (News::New, Some(message)) => {
                    changes.extend(map::message(message, &names).into_iter().flatten());
                }
                (News::Relabelled(None), Some(message)) => {
                    changes.extend(map::state(id, &message.label_ids, &names));
                }
            }
        }
        Ok(changes)
    }

    async fn messages(&self, fetched: &[Message]) -> Result<Vec<RemoteChange>, ProviderError> {
        let carried = fetched.iter().flat_map(|message| &message.label_ids);
        let names = self.labels.names(&self.line, carried).await?;
        Ok(fetched.iter().filter_map(|message| map::message(message, &names)).flatten().collect())
    }
}

/// Messages in a page of a listing: one batch.
const LARGEST_PAGE: u32 = LARGEST as u32;

/// Messages a listing has still to come to.
fn left(listing: &Listing) -> u64 {
    listing.total.saturating_sub(listing.seen)
}

fn number(text: &str) -> Result<u64, ProviderError> {
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
