//! Bodies that follow their headers: newest first, in batches of one scope and a few megabytes.
//!
//! Invariant: every body asked for is afterwards here, or noted in [`NotGiven`] to be asked for later; no body is
//! asked for twice in one sync.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use deskbell_domain::port::MessageSource;
use deskbell_domain::sync::{
    Cursor, Page, RemoteBody, RemoteChange, RemoteKey, RemoteMessage, RemoteSource,
};
use deskbell_domain::{MessageId, ProviderError, ScopeId};
use deskbell_store::sync::MissingBody;
use deskbell_store::table::scope::Scope;

use crate::backoff::Retries;
use crate::error::RoundError;
use crate::not_given::NotGiven;
use crate::pace::{PAGE_BYTES, PAGE_MESSAGES};
use crate::pipeline::{Pages, Pulled};
use crate::scope_pages::pause;

/// How far down the queue a batch looks for more of its scope; keeps "newest first" nearly true.
const WINDOW: usize = 1_000;
/// What a message counts for whose provider tells no size.
const UNTOLD: u64 = 64 * 1024;

/// See the module.
pub(crate) struct BodyPages<'a, I> {
    source: &'a dyn MessageSource,
    scopes: &'a BTreeMap<ScopeId, Scope>,
    queue: VecDeque<MissingBody>,
    /// Asked for one at a time, because the provider refused them together.
    singly: BTreeSet<(ScopeId, RemoteKey)>,
    /// What earlier syncs learnt.
    known: &'a NotGiven,
    /// Asked for in this sync and not given.
    refused: BTreeSet<MessageId>,
    interrupted: I,
    batches: u32,
}

impl<'a, I: Fn() -> bool + Send> BodyPages<'a, I> {
    pub(crate) fn new(
        source: &'a dyn MessageSource,
        scopes: &'a BTreeMap<ScopeId, Scope>,
        missing: Vec<MissingBody>,
        known: &'a NotGiven,
        interrupted: I,
    ) -> Self {
        let queue = missing.into();
        let (singly, refused) = (BTreeSet::new(), BTreeSet::new());
        Self { source, scopes, queue, singly, known, refused, interrupted, batches: 0 }
    }

    /// What was asked for and not given.
    pub(crate) fn refused(&self) -> &BTreeSet<MessageId> {
        &self.refused
    }

    /// What was not asked for.
    pub(crate) fn left(&self) -> impl Iterator<Item = &MissingBody> {
        self.queue.iter()
    }

    /// The next batch: all of one scope.
    fn batch(&mut self) -> Option<(&'a Scope, Vec<MissingBody>)> {
        let scope = loop {
            let first = self.queue.front()?;
            match self.scopes.get(&first.scope) {
                Some(scope) => break scope,
                None => self.queue.pop_front(),
            };
        };
        let (mut batch, mut bytes, mut rest) = (Vec::new(), 0, VecDeque::new());
        let mut looked = 0;
        while let Some(body) = self.queue.pop_front() {
            looked += 1;
            let size = u64::try_from(body.size).ok().filter(|size| *size > 0).unwrap_or(UNTOLD);
            let alone = self.singly.contains(&(body.scope, body.key.clone()));
            let fits = batch.is_empty() || (!alone && bytes + size <= PAGE_BYTES);
            if body.scope == scope.id && fits {
                bytes += size;
                batch.push(body);
                if alone {
                    break;
                }
            } else {
                rest.push_back(body);
            }
            if looked >= WINDOW || batch.len() >= PAGE_MESSAGES as usize || bytes >= PAGE_BYTES {
                break;
            }
        }
        rest.append(&mut self.queue);
        self.queue = rest;
        Some((scope, batch))
    }

    /// Fetches a batch; `None` when it was refused as a whole and is put back to be asked for singly.
    async fn fetch(
        &mut self,
        scope: &Scope,
        batch: &[MissingBody],
    ) -> Result<Option<Vec<RemoteBody>>, RoundError> {
        let keys: Vec<RemoteKey> = batch.iter().map(|body| body.key.clone()).collect();
        let mut retries = Retries::new();
        loop {
            match self.source.bodies(&scope.remote, scope.cursor.as_ref(), &keys).await {
                Ok(bodies) => return Ok(Some(bodies)),
                Err(ProviderError::Rejected { .. }) if keys.len() > 1 => {
                    for body in batch.iter().rev() {
                        self.singly.insert((body.scope, body.key.clone()));
                        self.queue.push_front(body.clone());
                    }
                    return Ok(None);
                }
                Err(ProviderError::Rejected { message, .. }) => {
                    tracing::warn!(scope = %scope.id, message, "the provider refuses a body");
                    return Ok(Some(Vec::new()));
                }
                Err(error) => match pause(error, &mut retries).await {
                    // Sync after sync breaks on exactly these, which would keep all else from coming.
                    Err(RoundError::Provider(ProviderError::Offline(words)))
                        if self.known.broke(batch.iter().map(|body| body.message)) =>
                    {
                        tracing::warn!(scope = %scope.id, words, "bodies are set aside for now");
                        return Ok(Some(Vec::new()));
                    }
                    paused => paused?,
                },
            }
        }
    }
}

impl<I: Fn() -> bool + Send + Sync> Pages for BodyPages<'_, I> {
    async fn next(&mut self) -> Result<Option<Pulled>, RoundError> {
        loop {
            if self.batches > 0 && (self.interrupted)() {
                return Ok(None);
            }
            let Some((scope, batch)) = self.batch() else { return Ok(None) };
            let Some(bodies) = self.fetch(scope, &batch).await? else { continue };
            self.batches += 1;
            let here = |body: &MissingBody| bodies.iter().any(|given| given.key == body.key);
            let (given, not_given): (Vec<_>, Vec<_>) = batch.iter().partition(|body| here(body));
            self.known.given(given.iter().map(|body| body.message));
            self.refused.extend(not_given.iter().map(|body| body.message));
            return Ok(Some(page(scope, batch, bodies)));
        }
    }
}

/// The page that completes messages whose headers are here; it leaves the scope's position alone.
pub(crate) fn page(scope: &Scope, asked: Vec<MissingBody>, given: Vec<RemoteBody>) -> Pulled {
    let mut given: BTreeMap<RemoteKey, _> =
        given.into_iter().map(|body| (body.key, body.source)).collect();
    let mut changes = Vec::new();
    for body in asked {
        let Some(source) = given.remove(&body.key) else { continue };
        changes.push(RemoteChange::Message(RemoteMessage {
            key: body.key,
            flags: body.flags,
            internal_date: body.internal_date,
            size: u64::try_from(body.size).unwrap_or(0),
            role: Some(body.role),
            thread: None,
            // The body is that of the very message it was asked for.
            known_by: Some(body.fingerprint),
            source: RemoteSource::Full(source),
        }));
    }
    let page = Page {
        changes,
        next: Cursor(String::new()),
        more: false,
        remote_total: None,
        // Applying a page takes this number over as it stands.
        remaining: scope.remaining.and_then(|left| u64::try_from(left).ok()),
    };
    Pulled { scope: scope.id, page, moves_cursor: false, completes: false }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use deskbell_domain::fingerprint::Fingerprint;
    use deskbell_domain::message::Flags;
    use deskbell_domain::sync::RemoteScope;
    use deskbell_domain::{AccountId, MailboxRole, MessageId};

    #[test]
    fn a_body_that_comes_later_leaves_its_copy_where_it_lies() {
        let remote = RemoteScope {
            key: "old.mbox".into(),
            name: "Old".into(),
            role: MailboxRole::Other,
            selectable: true,
        };
        let scope = Scope {
            id: ScopeId(1),
            account: AccountId(1),
            remote,
            cursor: None,
            remote_total: None,
            bodies_missing: 0,
            local_total: 1,
            remaining: None,
            synced_at: None,
            local: false,
            compare_at: None,
        };
        let key = RemoteKey::from_uid(7);
        let missing = MissingBody {
            message: MessageId(1),
            scope: scope.id,
            key: key.clone(),
            size: 3,
            flags: Flags::default(),
            role: MailboxRole::Trash,
            internal_date: 0,
            fingerprint: Fingerprint::named("7"),
        };
        let body = RemoteBody { key, source: Bytes::from_static(b"a\r\n") };
        let pulled = page(&scope, vec![missing], vec![body]);
        let [RemoteChange::Message(message)] = pulled.page.changes.as_slice() else {
            panic!("one message comes of one body");
        };
        assert_eq!(message.role, Some(MailboxRole::Trash), "the copy's role, not its scope's");
    }
}
