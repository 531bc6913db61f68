//! A listing: every message of the window, newest first, page by page.
//!
//! Leaves to `pull` what happens meanwhile. A page that Gmail has forgotten costs nothing but its place: the
//! listing goes on by date.

use std::collections::BTreeSet;

use deskbell_domain::sync::{Page, PullOptions, RemoteChange};
use deskbell_domain::{Millis, ProviderError};

use super::batch::{self, Format, LARGEST};
use super::cursor::{Listing, Position};
use super::labels::Names;
use super::line::is_misasked;
use super::meter::{For, price};
use super::pull::{is_inside, number};
use super::wire::{Message, MessageList, Profile};
use super::{GmailProvider, map};

/// A page of ids, where nothing else is fetched of them.
pub(super) const IDS: u32 = 500;
/// Larger messages are listed by their headers, and their bodies fetched one by one: fifty of them in one answer
/// would be too much.
const LARGE: &str = "larger:512K";
/// Chats are no mail.
pub(super) const MAIL: &str = "-in:chats";
/// The search for them. Gmail makes no new ones since Hangouts has ended: they are looked for once.
const CHATS: &str = "in:chats";

impl GmailProvider {
    /// The first page of a listing.
    pub(super) async fn begin(&self, options: PullOptions) -> Result<Page, ProviderError> {
        let profile: Profile = self.line.get(&["profile"], &[], price::PROFILE, For::Sync).await?;
        let history = number(&profile.history_id)?;
        // What is here already is found again by its headers.
        let again = self.listed_before() || (options.known && !options.bodies);
        let total = profile.messages_total;
        let listing = Listing { total, again, ..Listing::default() };
        self.list(history, listing, options, Vec::new(), !options.bodies).await
    }

    /// One page of a listing. A glimpse brings headers alone.
    pub(super) async fn list(
        &self,
        history: u64,
        mut listing: Listing,
        options: PullOptions,
        mut changes: Vec<RemoteChange>,
        glimpse: bool,
    ) -> Result<Page, ProviderError> {
        let size = options.max_messages.clamp(1, LARGEST_PAGE);
        let since = options.since;
        let list = match self.ids(&listing, since, size).await {
            Err(error) if listing.page.is_some() && is_misasked(&error) => {
                tracing::info!("a listing goes on by date: its page was forgotten");
                listing.go_on_by_date();
                self.ids(&listing, since, size).await?
            }
            list => list?,
        };
        if since.is_some() && listing.page.is_none() {
            listing.total = listing.seen + list.result_size_estimate;
        }
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
        changes.extend(self.messages(&fetched, since).await?);
        let ended = listing.page.is_none();
        if ended {
            self.forget_large();
        }
        let remaining = left(&listing);
        let remote_total = match since {
            None if ended => self.everything().await?,
            None => Some(listing.total),
            Some(_) => None,
        };
        let names = if ended { self.labels.names(&self.line, []).await? } else { Names::default() };
        let next = Position {
            history,
            listing: Some(listing).filter(|_| !ended),
            names: names.all().clone(),
            since,
            uncounted: since.is_some(),
            ..Position::default()
        };
        Ok(Page {
            changes,
            next: next.write(),
            // What a window holds is counted once it is listed.
            more: !ended || since.is_some(),
            remote_total,
            remaining: Some(remaining).filter(|_| !ended),
        })
    }

    /// How many messages the mailbox holds; `None` where that cannot be told. The profile counts chats too
    /// (unconfirmed), and of those nothing is known but whether there are any.
    pub(super) async fn everything(&self) -> Result<Option<u64>, ProviderError> {
        let chats = match self.known_chats() {
            Some(known) => known,
            None => {
                let asked = [("maxResults", "1"), ("includeSpamTrash", "true"), ("q", CHATS)];
                let list: MessageList =
                    self.line.get(&["messages"], &asked, price::LIST, For::Sync).await?;
                self.remember_chats(!list.messages.is_empty());
                !list.messages.is_empty()
            }
        };
        if chats {
            return Ok(None);
        }
        Ok(Some(self.profile(For::Sync).await?.messages_total))
    }

    /// How many messages a window holds.
    pub(super) async fn counted(&self, since: Millis) -> Result<u64, ProviderError> {
        let mut listing = Listing::default();
        let mut count = 0;
        loop {
            let list = self.ids(&listing, Some(since), IDS).await?;
            count += list.messages.len() as u64;
            listing.page = list.next_page_token;
            if listing.page.is_none() {
                return Ok(count);
            }
        }
    }

    async fn ids(
        &self,
        listing: &Listing,
        since: Option<Millis>,
        size: u32,
    ) -> Result<MessageList, ProviderError> {
        let size = size.to_string();
        let mut query = MAIL.to_owned();
        if let Some(second) = listing.before {
            query.push_str(&format!(" before:{second}"));
        }
        if let Some(since) = since {
            query.push_str(&within(since));
        }
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

    async fn messages(
        &self,
        fetched: &[Message],
        since: Option<Millis>,
    ) -> Result<Vec<RemoteChange>, ProviderError> {
        let carried = fetched.iter().flat_map(|message| &message.label_ids);
        let names = self.labels.names(&self.line, carried).await?;
        let inside = fetched.iter().filter(|message| is_inside(message, since));
        Ok(inside.filter_map(|message| map::message(message, &names)).flatten().collect())
    }
}

/// The search for a window. That braces mean "any of these" is said in Gmail's help; that seconds may stand in
/// them as well as outside (unconfirmed).
pub(super) fn within(since: Millis) -> String {
    format!(" {{after:{} is:starred in:drafts}}", since.div_euclid(1_000) - 1)
}

/// Messages in a page of a listing: one batch.
pub(super) const LARGEST_PAGE: u32 = LARGEST as u32;

/// Messages a listing has still to come to.
pub(super) fn left(listing: &Listing) -> u64 {
    listing.total.saturating_sub(listing.seen)
}
