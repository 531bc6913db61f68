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
use deskbell_domain::{MailboxRole, ProviderError};
use futures::{StreamExt as _, TryStreamExt as _};
use reqwest::{Method, Url};

use super::client::{Graph, Refusal, read, refused};
use super::cursor::Position;
use super::folders::{BROKEN_OFF, own_link};
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
    let mut position = match cursor {
        None => Position { listed: Some(0), ..Position::default() },
        Some(cursor) => Position::read(cursor).ok_or_else(lost)?,
    };
    let mut url = match cursor {
        None => first(graph, scope)?,
        Some(_) => graph.api.own(&position.link).ok_or_else(lost)?,
    };
    let mut changes = Vec::new();
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
        changes = take(graph, scope, &mut position, page.value, options).await?;
        if ended {
            position.listed = None;
            more = false;
            break;
        }
        if !changes.is_empty() {
            break;
        }
    }
    Ok(Page {
        changes,
        remaining: position.listed.map(|listed| total.unwrap_or(0).saturating_sub(listed)),
        remote_total: total.filter(|_| !more),
        next: position.write(),
        more,
    })
}

/// Whether the folder is one in which messages are written.
pub(crate) fn among_drafts(scope: &RemoteScope) -> bool {
    scope.role == MailboxRole::Drafts
}

fn select(scope: &RemoteScope) -> &'static str {
    if among_drafts(scope) { SELECT_DRAFT } else { SELECT }
}

/// Where the first round of a folder begins: newest first.
fn first(graph: &Graph, scope: &RemoteScope) -> Result<Url, Fault> {
    let query =
        [("$select", select(scope)), ("$expand", EXPAND), ("$orderby", "receivedDateTime desc")];
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
        if drafts
            && let Some(old) = position.drafts.insert(id, key.0.clone())
            && old != key.0
        {
            changes.push(RemoteChange::Gone(RemoteKey(old)));
        }
        position.newest = position.newest.max(message.internal_date);
        if let Some(listed) = &mut position.listed {
            *listed += 1;
        }
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
