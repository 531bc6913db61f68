//! A page of one folder's delta, from its link on.
//!
//! Invariants: an item that does not tell everything is completed before it is told on, so that what is known
//! is never replaced by nothing; a copy is told gone only where Graph does not say the opposite in the same
//! breath.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use deskbell_domain::sync::{
    Cursor, Page, PullOptions, RemoteChange, RemoteKey, RemoteScope, RemoteSource,
};
use deskbell_domain::time::rfc3339;
use deskbell_domain::{MailboxRole, Millis, ProviderError};
use futures::{StreamExt as _, TryStreamExt as _};
use reqwest::{Method, Url};

use super::client::{DENIED, Graph, Refusal, is_denied, read, refused};
use super::cursor::Position;
use super::folders::{self, BROKEN_OFF, own_link};
use super::map::{self, EXPAND, SELECT, SELECT_DRAFT};
use super::wire::{Collection, Item};
use crate::http::{Ask, Fault};

/// Messages of a page at most: Graph gives fewer where it likes.
const PAGE: u32 = 200;
/// Messages of a page where a larger one was too large to be read.
const SMALL_PAGE: u32 = 10;
/// Of a page no more is read: 200 messages with long headers stay far below.
const LARGEST_PAGE: usize = 16 * 1024 * 1024;
/// Empty pages that are passed over in one pull.
const EMPTY_PAGES: u32 = 32;
/// New messages that are brought whole at once.
const WHOLE: usize = 20;
/// Requests made ready at the same time; how many are under way is the client's to say.
const READY: usize = 8;
/// Messages a delta with a filter tells at most (Graph's documentation of `message: delta`, 2024-11).
const FILTERED_AT_MOST: u64 = 5_000;
/// Largest message: Exchange takes 150 MB at most.
const LARGEST_SOURCE: usize = 160 * 1024 * 1024;

/// The next page of changes; `total` is how many messages the folder was last said to hold.
pub(crate) async fn pull(
    graph: &Graph,
    scope: &RemoteScope,
    cursor: Option<&Cursor>,
    options: PullOptions,
    total: Option<u64>,
) -> Result<Page, ProviderError> {
    let lost = || ProviderError::CursorLost(scope.key.clone());
    let since = options.since;
    let mut changes = Vec::new();
    let mut position = match cursor {
        None => Position::start(since, since.is_some() && !options.known),
        Some(cursor) => Position::read(cursor).ok_or_else(lost)?,
    };
    let moved = position.since != since;
    if position.since.is_some_and(|edge| since.is_none_or(|since| since < edge)) {
        // What lies between was never told; a filter is part of the link for good.
        let drafts = std::mem::take(&mut position.drafts);
        position = Position { again: true, drafts, ..Position::start(since, false) };
        changes.push(RemoteChange::ListingBegan);
    }
    position.since = since;
    let mut url = if position.link.is_empty() {
        first(graph, scope, &position)?
    } else {
        graph.api.own(&position.link).ok_or_else(lost)?
    };
    let mut more = true;
    for _ in 0..EMPTY_PAGES {
        let page = fetch(graph, url, scope, options.max_messages).await?;
        let (link, ended) = match (page.next, page.delta) {
            (Some(next), _) => (next, false),
            (None, Some(delta)) => (delta, true),
            (None, None) => return Err(ProviderError::Protocol(BROKEN_OFF.into())),
        };
        url = own_link(graph, &link)?;
        position.link = link;
        changes.extend(take(graph, scope, &mut position, page.value, options).await?);
        if ended && position.filtered && position.listed.is_some_and(|n| n >= FILTERED_AT_MOST) {
            tracing::info!("a window holds more than Graph lists by a filter; listing without it");
            position = Position::start(since, false);
            break;
        }
        if ended {
            if std::mem::take(&mut position.again) {
                changes.push(RemoteChange::ListingEnded);
            }
            more = false;
            break;
        }
        if !changes.is_empty() {
            break;
        }
    }
    position.uncounted |= match since {
        None => changes.iter().any(counts),
        // A flag may bring an older message in.
        Some(_) => !changes.is_empty(),
    };
    let remaining = position.listed.map(|listed| total.unwrap_or(0).saturating_sub(listed));
    let remote_total = match since {
        _ if more => None,
        // What was said before the first of these changes is true no more.
        None if position.uncounted => folders::count(graph, &scope.key).await?,
        None => total,
        // Of a window the folder's own count says nothing.
        Some(since) if moved || position.listed.is_some() || position.uncounted => {
            counted(graph, scope, &position, since).await?
        }
        Some(_) => None,
    };
    if !more {
        position.listed = None;
        position.uncounted = false;
    }
    Ok(Page {
        changes,
        remaining: remaining.filter(|_| more),
        remote_total,
        next: position.write(),
        more,
    })
}

/// Whether a change may be one of how many messages there are.
fn counts(change: &RemoteChange) -> bool {
    matches!(change, RemoteChange::Message(_) | RemoteChange::Gone(_) | RemoteChange::ListingEnded)
}

/// Counts the messages of a window. Those that are flagged and older are counted apart: a filter with `or` over
/// a flag is refused by mailboxes that do not index it (unconfirmed).
async fn counted(
    graph: &Graph,
    scope: &RemoteScope,
    position: &Position,
    since: Millis,
) -> Result<Option<u64>, ProviderError> {
    let path = ["me", "mailFolders", &scope.key, "messages"];
    let older = format!("receivedDateTime lt {} and flag/flagStatus eq 'flagged'", rfc3339(since));
    let mut count = 0;
    // Behind a filter, nothing older is told.
    let older = (!position.filtered).then_some(older);
    for filter in [received_from(since)].into_iter().chain(older) {
        let query =
            [("$filter", filter.as_str()), ("$count", "true"), ("$top", "1"), ("$select", "id")];
        let ask = graph.request(Method::GET, &path, &query)?;
        match graph.json::<Collection<Item>>(ask).await? {
            Ok(Collection { count: Some(part), .. }) => count += part,
            // It is told with the next listing; until then nothing is said.
            Ok(_) | Err(_) => return Ok(None),
        }
    }
    Ok(Some(count))
}

fn received_from(since: Millis) -> String {
    format!("receivedDateTime ge {}", rfc3339(since))
}

/// Whether the folder is one in which messages are written.
pub(crate) fn among_drafts(scope: &RemoteScope) -> bool {
    scope.role == MailboxRole::Drafts
}

fn select(scope: &RemoteScope) -> &'static str {
    if among_drafts(scope) { SELECT_DRAFT } else { SELECT }
}

/// Where the first round of a folder begins: newest first.
fn first(graph: &Graph, scope: &RemoteScope, position: &Position) -> Result<Url, Fault> {
    let filter = position.since.filter(|_| position.filtered).map(received_from);
    let mut query = vec![
        ("$select", select(scope)),
        ("$expand", EXPAND),
        ("$orderby", "receivedDateTime desc"),
    ];
    query.extend(filter.as_deref().map(|filter| ("$filter", filter)));
    graph.url(&["me", "mailFolders", &scope.key, "messages", "delta"], &query)
}

async fn fetch(
    graph: &Graph,
    url: Url,
    scope: &RemoteScope,
    wanted: u32,
) -> Result<Collection<Item>, ProviderError> {
    let ask = Ask::get(url).largest(LARGEST_PAGE);
    let size = wanted.clamp(1, PAGE);
    let answer = match graph.ask_preferring(ask.clone(), Some(size)).await {
        Err(Fault::Endless(..)) if size > SMALL_PAGE => {
            graph.ask_preferring(ask, Some(SMALL_PAGE)).await?
        }
        answer => answer?,
    };
    if is_denied(&answer) {
        // Without the permission nothing of the mailbox may be read, and that is said of this request then.
        folders::any(graph).await?;
        return Err(ProviderError::Rejected {
            code: DENIED.into(),
            message: "Microsoft lets nobody read this folder by a program".into(),
        });
    }
    let page: Result<Collection<Item>, Refusal> = read(&answer)?;
    page.map_err(|refusal| {
        if refusal.is_lost() {
            ProviderError::CursorLost(scope.key.clone())
        } else if refusal.is_gone() {
            ProviderError::ScopeGone(scope.key.clone())
        } else {
            refusal.into()
        }
    })
}

/// The changes a page of items means.
async fn take(
    graph: &Graph,
    scope: &RemoteScope,
    position: &mut Position,
    items: Vec<Item>,
    options: PullOptions,
) -> Result<Vec<RemoteChange>, ProviderError> {
    let items = settled(graph, scope, items).await?;
    let drafts = among_drafts(scope);
    let listing = position.listed.is_some();
    let (mut changes, mut fresh) = (Vec::new(), Vec::new());
    let before = position.newest;
    for (id, item) in items {
        let here = item.filter(|item| item.parent_folder_id.as_deref() == Some(&scope.key));
        let Some(item) = here else {
            let key = position.drafts.remove(&id).unwrap_or(id);
            changes.push(RemoteChange::Gone(RemoteKey(key)));
            continue;
        };
        let message = map::message(&item, drafts);
        let key = message.key.clone();
        if let Some(listed) = &mut position.listed {
            *listed += 1;
        }
        let since = position.since.filter(|_| !drafts);
        if since.is_some_and(|since| message.internal_date < since && !message.flags.starred) {
            // Of an older message only that is told which changes one that is here.
            changes.push(RemoteChange::Flags { key: key.clone(), flags: message.flags });
            let labels = item.categories.unwrap_or_default();
            changes.push(RemoteChange::Labels { key, labels });
            continue;
        }
        if drafts
            && let Some(old) = position.drafts.insert(id, key.0.clone())
            && old != key.0
        {
            changes.push(RemoteChange::Gone(RemoteKey(old)));
        }
        position.newest = position.newest.max(message.internal_date);
        if message.internal_date >= before && fresh.len() < WHOLE {
            fresh.push(key.clone());
        }
        let labels = item.categories.unwrap_or_default();
        changes.push(RemoteChange::Message(message));
        changes.push(RemoteChange::Labels { key, labels });
    }
    if options.bodies && !listing {
        let sources = sources(graph, &fresh).await?;
        for change in &mut changes {
            if let RemoteChange::Message(message) = change
                && let Some(source) = sources.get(&message.key)
            {
                message.source = RemoteSource::Full(source.clone());
            }
        }
    }
    Ok(changes)
}

/// Each item once, complete, in the order of the page; `None` for one that is gone.
async fn settled(
    graph: &Graph,
    scope: &RemoteScope,
    items: Vec<Item>,
) -> Result<Vec<(String, Option<Item>)>, ProviderError> {
    let (mut order, mut told) = (Vec::new(), BTreeMap::<String, (Option<Item>, bool)>::new());
    for item in items.into_iter().filter(|item| !item.id.is_empty()) {
        let gone = item.removed.is_some();
        let partial = !gone && !map::is_complete(&item);
        match told.get_mut(&item.id) {
            None => {
                order.push(item.id.clone());
                told.insert(item.id.clone(), ((!gone).then_some(item), partial));
            }
            Some((known, ask)) => {
                // Gone and there in one page, in an order nobody promises: only the message itself can tell.
                *ask |= partial || gone != known.is_none();
                if !gone && !partial {
                    *known = Some(item);
                }
            }
        }
    }
    let doubtful: BTreeSet<String> =
        told.iter().filter(|(_, (_, ask))| *ask).map(|(id, _)| id.clone()).collect();
    let fetched = futures::stream::iter(doubtful)
        .map(|id| async move {
            let item = one(graph, &id, select(scope)).await?;
            Ok::<_, ProviderError>((id, item))
        })
        .buffer_unordered(READY)
        .try_collect::<BTreeMap<String, Option<Item>>>();
    let mut fetched = fetched.await?;
    let mut settled = Vec::with_capacity(order.len());
    for id in order {
        let known = told.remove(&id).and_then(|(known, _)| known);
        let item = match fetched.remove(&id) {
            Some(item) => item,
            None => known,
        };
        settled.push((id, item));
    }
    Ok(settled)
}

/// One message by its id; `None` if it is not there.
pub(crate) async fn one(
    graph: &Graph,
    id: &str,
    select: &str,
) -> Result<Option<Item>, ProviderError> {
    let query = [("$select", select), ("$expand", EXPAND)];
    let ask = graph.request(Method::GET, &["me", "messages", id], &query)?;
    match graph.json::<Item>(ask).await? {
        Ok(item) => Ok(Some(item)),
        Err(refusal) if refusal.is_gone() => Ok(None),
        Err(refusal) => Err(refusal.into()),
    }
}

/// Whole messages; those that are not there are left out.
pub(crate) async fn sources(
    graph: &Graph,
    keys: &[RemoteKey],
) -> Result<BTreeMap<RemoteKey, Bytes>, ProviderError> {
    let fetched = futures::stream::iter(keys.to_vec())
        .map(|key| async move {
            let source = source(graph, map::id_of(&key)).await?;
            Ok::<_, ProviderError>(source.map(|source| (key, source)))
        })
        .buffer_unordered(READY)
        .try_collect::<Vec<_>>();
    Ok(fetched.await?.into_iter().flatten().collect())
}

async fn source(graph: &Graph, id: &str) -> Result<Option<Bytes>, ProviderError> {
    let ask = Ask::get(graph.url(&["me", "messages", id, "$value"], &[])?).largest(LARGEST_SOURCE);
    let answer = graph.ask(ask).await?;
    // A message may well begin with `<`, and be text: whether it is a page is told by its type alone.
    if answer.status == 200 && !answer.is_html() {
        return Ok(Some(answer.body));
    }
    match refused(&answer)? {
        Some(refusal) if refusal.is_gone() => Ok(None),
        Some(refusal) => Err(refusal.into()),
        None => Ok(None),
    }
}
