//! The provider's copies of drafts: exactly one of each, brought up to date once the writer pauses.
//!
//! Invariants: the new copy is made before the old one is erased, and both carry the draft's Message-ID, so
//! that a crash between leaves nothing that is not found and tidied; what was written on with another program
//! is taken over or set aside, never overwritten.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use bytes::Bytes;
use deskbell_domain::message::Flags;
use deskbell_domain::outgoing::{OutgoingFile, OutgoingState};
use deskbell_domain::port::{CopyName, CopySink, Provider};
use deskbell_domain::time::{DAY, SECOND};
use deskbell_domain::{AccountState, MailboxRole, Millis, OutgoingId};
use deskbell_store::sync::draft::{self, Stray};
use deskbell_store::table::outgoing::Outgoing;
use deskbell_store::table::{outgoing, scope};
use deskbell_store::{Connection, StoreError};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::backoff::Reconnects;
use crate::compose;
use crate::core::Core;
use crate::error::RoundError;
use crate::link::Link;
use gist::Gist;

mod gist;

/// Nothing was written for so long: the writer pauses.
const QUIET: Millis = 5 * SECOND;
/// The longest the loop waits without looking.
const TICK: Duration = Duration::from_secs(60);
/// Larger drafts stay here: they would be sent over and over while they are written.
const LARGEST: u64 = 30 * 1024 * 1024;

/// A round for somebody who waits brings what the round before it has made due, so often at most.
const ROUNDS: u32 = 4;

/// What the loop remembers between its rounds.
#[derive(Default)]
struct Seen {
    /// Copies that were dealt with, and when; they may still be in the store until the next pull.
    done: HashMap<(OutgoingId, CopyName), Millis>,
}

impl Seen {
    fn knows(&self, id: OutgoingId, copy: &CopyName) -> bool {
        self.done.contains_key(&(id, copy.clone()))
    }

    fn note(&mut self, id: OutgoingId, copy: CopyName, now: Millis) {
        self.done.insert((id, copy), now);
    }

    /// Lets go of what no pull can bring up any more.
    fn forget(&mut self, strays: &[Stray], now: Millis) {
        self.done.retain(|(id, copy), at| {
            *at > now - DAY || strays.iter().any(|stray| stray.id == *id && stray.copy == *copy)
        });
    }
}

/// Keeps the provider's drafts true, as they are written and as others change them.
pub(crate) async fn run(core: &Core, link: &Link, token: &CancellationToken) {
    let mut pauses = Reconnects::new();
    let mut seen = Seen::default();
    loop {
        let round = tokio::select! {
            biased;
            () = token.cancelled() => return,
            round = round(core, link, &mut seen, QUIET) => round,
        };
        let (wait, failed) = match round {
            Ok(wait) => {
                pauses.reset();
                (wait, false)
            }
            Err(RoundError::Stopped) => return,
            Err(error) => {
                tracing::debug!(account = %link.account, kind = error.outcome(), "drafts wait");
                (pauses.next(error.asked_pause()), true)
            }
        };
        let rung = async {
            // A provider that does not answer is not asked again at every word.
            if failed {
                link.contact.notified().await;
            } else {
                link.drafts.notified().await;
            }
        };
        tokio::select! {
            biased;
            () = token.cancelled() => return,
            () = rung => {}
            () = sleep(wait) => {}
        }
    }
}

/// Brings the provider's drafts and ours together once, for somebody who waits for it: whoever asks has put the pen
/// down.
pub(crate) async fn once(
    core: &Core,
    link: &Link,
    token: &CancellationToken,
) -> Result<(), RoundError> {
    let mut seen = Seen::default();
    for _ in 0..ROUNDS {
        let round = tokio::select! {
            biased;
            () = token.cancelled() => return Err(RoundError::Stopped),
            round = round(core, link, &mut seen, 0) => round?,
        };
        if round == TICK {
            break;
        }
    }
    Ok(())
}

/// Does what is due once nothing was written for `quiet`; how long until something else is.
async fn round(
    core: &Core,
    link: &Link,
    seen: &mut Seen,
    quiet: Millis,
) -> Result<Duration, RoundError> {
    let account = link.account;
    let (strays, heirs, behind) = core
        .store
        .read(move |c: &Connection| {
            let behind = draft::behind(c, account, quiet)?;
            Ok((draft::strays(c, account)?, draft::heirs(c, account)?, behind))
        })
        .await?;
    let now = core.now();
    seen.forget(&strays, now);
    let strays: Vec<_> =
        strays.into_iter().filter(|stray| !seen.knows(stray.id, &stray.copy)).collect();
    let next = behind.iter().map(|(_, at)| *at).filter(|at| *at > now).min();
    let wait = next.map_or(TICK, |at| {
        Duration::from_millis(u64::try_from(at - now).unwrap_or(0))
            .clamp(Duration::from_millis(20), TICK)
    });
    let due: Vec<OutgoingId> =
        behind.into_iter().filter(|(_, at)| *at <= now).map(|(id, _)| id).collect();
    if strays.is_empty() && heirs.is_empty() && due.is_empty() {
        return Ok(wait);
    }
    if core.account(account).await?.state == AccountState::SignInNeeded {
        return Ok(TICK);
    }
    let provider = link.provider(core).await?;
    let Some(copies) = provider.copies() else { return Ok(TICK) };
    for stray in strays {
        if stray.left_over {
            copies.forget(std::slice::from_ref(&stray.copy)).await?;
            let id = stray.id;
            core.write(move |w| draft::forgotten(w, id)).await?;
            touched(link, [&stray.copy]);
        } else {
            let id = stray.id;
            let row = core.store.read(move |c: &Connection| outgoing::get(c, id)).await?;
            reconcile(core, link, provider.as_ref(), copies, &row, &stray.copy).await?;
        }
        seen.note(stray.id, stray.copy, now);
    }
    for (id, copy) in heirs {
        inherit(core, link, provider.as_ref(), copies, id, &copy).await?;
    }
    for id in due {
        bring(core, link, provider.as_ref(), copies, id, seen).await?;
    }
    Ok(wait)
}

/// Takes a draft over that another program put in the place of ours under a name of its own. It goes on under
/// our Message-ID, so that it stays one message.
async fn inherit(
    core: &Core,
    link: &Link,
    provider: &dyn Provider,
    copies: &dyn CopySink,
    id: OutgoingId,
    copy: &CopyName,
) -> Result<(), RoundError> {
    let mut row = core.store.read(move |c: &Connection| outgoing::get(c, id)).await?;
    row.draft_copy = None;
    if reconcile(core, link, provider, copies, &row, copy).await? {
        copies.forget(std::slice::from_ref(copy)).await?;
        core.write(move |w| draft::kept(w, id, 0, None)).await?;
        touched(link, [copy]);
    }
    Ok(())
}

/// Has the scopes of these copies pulled.
fn touched<'a>(link: &Link, names: impl IntoIterator<Item = &'a CopyName>) {
    let scopes: BTreeSet<String> = names.into_iter().map(|(scope, _)| scope.clone()).collect();
    if !scopes.is_empty() {
        link.wakes.hint(scopes);
    }
}

/// Brings the provider's copy of one draft up to date.
async fn bring(
    core: &Core,
    link: &Link,
    provider: &dyn Provider,
    copies: &dyn CopySink,
    id: OutgoingId,
    seen: &mut Seen,
) -> Result<(), RoundError> {
    let (row, files) = core
        .store
        .read(move |c: &Connection| Ok((outgoing::get(c, id)?, outgoing::files(c, id)?)))
        .await?;
    if row.state != OutgoingState::Draft || row.discarded_at.is_some() {
        return Ok(());
    }
    let (account, revision) = (row.account, row.revision);
    if row.composition.is_empty() && files.is_empty() && row.draft_copy.is_none() {
        // An empty page is nobody's draft; its next word makes it one.
        core.write(move |w| draft::kept(w, id, revision, None)).await?;
        return Ok(());
    }
    let size: u64 = files.iter().map(|file| file.size).sum();
    if size > LARGEST {
        let until = core.now() + DAY;
        core.write(move |w| draft::put_off(w, id, until)).await?;
        return Ok(());
    }
    let before = copies.copies(MailboxRole::Drafts, &row.token).await?;
    for copy in before.iter().filter(|copy| Some(*copy) != row.draft_copy.as_ref()) {
        if seen.knows(id, copy) {
            continue;
        }
        let taken_over = reconcile(core, link, provider, copies, &row, copy).await?;
        seen.note(id, copy.clone(), core.now());
        if taken_over {
            return Ok(());
        }
    }
    let mut old = before.clone();
    if let Some(ours) = row.draft_copy.clone().filter(|ours| !before.contains(ours)) {
        // It was taken over from another program, which gave it a name of its own.
        let name = ours.clone();
        if core.store.read(move |c: &Connection| draft::lies_there(c, account, &name)).await? {
            old.push(ours);
        }
    }
    let gist = Gist::of(&row.composition, files.iter().map(|file| file.size)).fingerprint();
    let source = build(core, &row, files).await?;
    let now = core.now();
    core.write(move |w| draft::making(w, id, gist, now)).await?;
    let flags = Flags { seen: true, draft: true, ..Flags::default() };
    let made = copies.keep(MailboxRole::Drafts, &source, flags, core.now()).await?;
    let made = match made {
        Some(made) => Some(made),
        None => {
            let after = copies.copies(MailboxRole::Drafts, &row.token).await?;
            after.into_iter().find(|copy| !before.contains(copy))
        }
    };
    let noted = made.clone();
    core.write(move |w| draft::kept(w, id, revision, noted.as_ref())).await?;
    copies.forget(&old).await?;
    for copy in &old {
        seen.note(id, copy.clone(), core.now());
    }
    touched(link, old.iter().chain(&made));
    Ok(())
}

async fn build(
    core: &Core,
    row: &Outgoing,
    files: Vec<OutgoingFile>,
) -> Result<Vec<u8>, RoundError> {
    let account = core.account(row.account).await?;
    let (packer, row, now) = (core.store.packer(), row.clone(), core.now());
    let built = tokio::task::spawn_blocking(move || -> Result<Vec<u8>, StoreError> {
        let mut with_bytes = Vec::with_capacity(files.len());
        for file in files {
            let bytes = Bytes::from(packer.file(&file.blob)?);
            with_bytes.push((file, bytes));
        }
        Ok(compose::draft(&row, &with_bytes, &account, now))
    });
    Ok(built.await.map_err(|_| RoundError::Internal("building a draft"))??)
}

/// Looks at a copy of a draft that we did not make; true where what it says took our place.
async fn reconcile(
    core: &Core,
    link: &Link,
    provider: &dyn Provider,
    copies: &dyn CopySink,
    row: &Outgoing,
    copy: &CopyName,
) -> Result<bool, RoundError> {
    let Some(source) = fetch(core, link, provider, copy).await? else { return Ok(false) };
    let parsed = tokio::task::spawn_blocking(move || compose::parse(&source))
        .await
        .map_err(|_| RoundError::Internal("reading a draft"))?;
    let id = row.id;
    let only_copy = row.draft_copy.is_none();
    let (files, made) = core
        .store
        .read(move |c: &Connection| Ok((outgoing::files(c, id)?, draft::made(c, id)?)))
        .await?;
    let says =
        Gist::of(&parsed.composition, parsed.files.iter().map(|file| file.bytes.len() as u64));
    if says == Gist::of(&row.composition, files.iter().map(|file| file.size)) {
        if let Some(ours) = &row.draft_copy
            && !copies.copies(MailboxRole::Drafts, &row.token).await?.contains(ours)
        {
            // It stands in the place of ours: it is the one copy, and says what is to be said.
            let (revision, name) = (row.revision, copy.clone());
            core.write(move |w| draft::kept(w, id, revision, Some(&name))).await?;
            return Ok(false);
        }
        copies.forget(std::slice::from_ref(copy)).await?;
        if only_copy {
            core.write(move |w| draft::kept(w, id, 0, None)).await?;
        }
        touched(link, [copy]);
        return Ok(false);
    }
    // What was put there from here before, and nobody has written on since: it is only left over.
    let fingerprint = says.fingerprint();
    let ours = made
        .iter()
        .any(|made| made.gist == fingerprint && parsed.date.is_none_or(|date| date <= made.at));
    // A program that dates its drafts by the second may be a second behind.
    let newer = !ours && parsed.date.is_some_and(|date| date + SECOND > row.updated_at);
    let packer = core.store.packer();
    let files = tokio::task::spawn_blocking(move || -> Result<_, StoreError> {
        let files = parsed.files.into_iter().map(|file| {
            Ok(OutgoingFile {
                blob: packer.keep_file(&file.bytes)?,
                name: file.name,
                media_type: file.media_type,
                size: file.bytes.len() as u64,
                content_id: file.content_id,
            })
        });
        Ok((parsed.composition, files.collect::<Result<Vec<_>, StoreError>>()?))
    });
    let (written, files) = files.await.map_err(|_| RoundError::Internal("reading a draft"))??;
    if !newer {
        if !ours {
            core.write(move |w| draft::set_aside(w, id, &written, &files)).await?;
        }
        copies.forget(std::slice::from_ref(copy)).await?;
        let left = match &row.draft_copy {
            Some(ours) => copies.copies(MailboxRole::Drafts, &row.token).await?.contains(ours),
            None => false,
        };
        if !left {
            // It stood in the place of ours, which is made again.
            core.write(move |w| draft::kept(w, id, 0, None)).await?;
        }
        touched(link, [copy]);
        return Ok(false);
    }
    let (revision, name) = (row.revision, copy.clone());
    core.write(move |w| draft::taken_over(w, id, revision, &written, &files, &name)).await?;
    if let Some(ours) = &row.draft_copy {
        copies.forget(std::slice::from_ref(ours)).await?;
        touched(link, [ours]);
    }
    Ok(true)
}

async fn fetch(
    core: &Core,
    link: &Link,
    provider: &dyn Provider,
    copy: &CopyName,
) -> Result<Option<Bytes>, RoundError> {
    let Some(messages) = provider.messages() else { return Ok(None) };
    let (account, key) = (link.account, copy.0.clone());
    let scope = core.store.read(move |c: &Connection| scope::find(c, account, &key)).await?;
    let Some(scope) = scope else { return Ok(None) };
    let keys = std::slice::from_ref(&copy.1);
    let bodies = messages.bodies(&scope.remote, scope.cursor.as_ref(), keys).await?;
    Ok(bodies.into_iter().find(|body| body.key == copy.1).map(|body| body.source))
}
